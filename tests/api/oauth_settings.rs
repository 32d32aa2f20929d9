//! What is wrong with sign-in providers in the configuration, all of it at once and without a secret (promise M12).

use api::config::Config;

const GOOD: &str = r#"[{"id": "acme", "name": "Acme", "issuer": "https://id.acme.example/realm", "clientId": "us",
    "clientSecret": "hunter2", "trustsEmail": true}]"#;

fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_variables(variables).map_err(|faults| faults.to_string())
}

fn assert_refused(variables: &[(&str, &str)], words: &[&str]) {
    let faults = read(variables).unwrap_err();
    assert_eq!(faults.lines().count(), words.len() + 1, "{faults}");
    for word in words {
        assert!(faults.contains(word), "{word}: {faults}");
    }
    assert!(!faults.contains("hunter2"), "{faults}");
}

#[test]
fn a_provider_is_read_from_one_setting() {
    let config = read(&[("MENTORSHIP_OIDC_PROVIDERS", GOOD)]).unwrap();
    assert_eq!(config.providers.own[0].id, "acme");
    assert!(config.providers.own[0].trusts_email);
    assert!(!format!("{config:?}").contains("hunter2"));
    let distrusted = read(&[("MENTORSHIP_OIDC_PROVIDERS", &GOOD.replace(r#", "trustsEmail": true"#, ""))]).unwrap();
    assert!(!distrusted.providers.own[0].trusts_email);
}

#[test]
fn what_is_no_list_of_providers_stops_the_start() {
    let unreadable =
        ["", "acme", "{}", r#"["hunter2"]"#, &GOOD.replace("true", r#""hunter2""#), &GOOD.replace("issuer", "hunter2")];
    for text in unreadable {
        assert_refused(&[("MENTORSHIP_OIDC_PROVIDERS", text)], &["MENTORSHIP_OIDC_PROVIDERS"]);
    }
}

#[test]
fn each_fault_of_a_provider_is_told() {
    let with = |from: &str, to: &str| GOOD.replace(from, to);
    let wrong = [
        (with(r#""acme""#, r#""Acme!""#), "1 to 30"),
        (with(r#""acme""#, r#""google""#), "taken"),
        (with(r#""acme""#, r#""password""#), "taken"),
        (with(r#""Acme""#, r#"" ""#), "no name"),
        (with(r#""us""#, r#""""#), "lacks"),
        (with("https://id.acme.example/realm", "id.acme.example"), "not an address"),
        (with("https://id.acme.example/realm", "ftp://id.acme.example"), "not an https address"),
        (with("https://id.acme.example/realm", "https://id.acme.example/?x=1"), "not an https address"),
        (format!("[{one}, {one}]", one = &GOOD[1..GOOD.len() - 1]), "taken"),
    ];
    for (text, word) in wrong {
        assert_refused(&[("MENTORSHIP_OIDC_PROVIDERS", &text)], &[word]);
    }
}

#[test]
fn presets_need_both_their_id_and_their_secret() {
    let halves = [("MENTORSHIP_GOOGLE_CLIENT_ID", "us"), ("MENTORSHIP_GITHUB_CLIENT_SECRET", "hunter2")];
    assert_refused(&halves, &["GOOGLE_CLIENT_ID", "GITHUB_CLIENT_ID"]);
    let elsewhere = [("MENTORSHIP_GITHUB_URL", "github.example"), ("MENTORSHIP_GITHUB_API_URL", "file:///etc")];
    assert_refused(&elsewhere, &["MENTORSHIP_GITHUB_URL", "MENTORSHIP_GITHUB_API_URL"]);
}

#[test]
fn production_talks_to_providers_over_https() {
    let plain = GOOD.replace("https://", "http://");
    read(&[("MENTORSHIP_OIDC_PROVIDERS", &plain), ("MENTORSHIP_GITHUB_URL", "http://localhost:9")]).unwrap();
    let production = [
        ("APP_ENV", "production"),
        ("MENTORSHIP_OIDC_PROVIDERS", plain.as_str()),
        ("MENTORSHIP_GITHUB_URL", "http://localhost:9"),
    ];
    let faults = read(&production).unwrap_err();
    assert!(faults.lines().any(|line| line.contains("\"acme\"") && line.contains("https in production")), "{faults}");
    assert!(faults.lines().any(|line| line.contains("GITHUB_URL must be https in production")), "{faults}");
}
