//! What the server makes of its environment, and what it refuses to start with (promise M12).

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use api::config::{AppEnv, Config};
use support::{Key, SIGNING_KEY};

const PRODUCTION: [(&str, &str); 7] = [
    ("APP_ENV", "production"),
    ("MENTORSHIP_PUBLIC_URL", "https://api.example.org"),
    ("MENTORSHIP_CORS_ORIGINS", "https://app.example.org, https://admin.example.org:8443"),
    ("MENTORSHIP_APP_URL", "https://app.example.org"),
    ("MENTORSHIP_SMTP_URL", "smtps://mentorship:hunter2@mail.example.org"),
    ("MENTORSHIP_SIGNING_KEY", SIGNING_KEY),
    ("MENTORSHIP_TOKEN_SECRET", "a secret of a good thirty-two characters"),
];

fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_variables(variables).map_err(|faults| faults.to_string())
}

/// Production with some of its variables changed.
fn production_with(changes: &[(&str, &str)]) -> Result<Config, String> {
    read(&[PRODUCTION.as_slice(), changes].concat())
}

fn assert_refused(outcome: Result<Config, String>, words: &str) {
    let faults = outcome.unwrap_err();
    let named = faults.lines().filter(|line| line.contains(words)).count();
    assert_eq!(named, 1, "{faults}");
}

#[test]
fn development_needs_no_variable() {
    let config = read(&[("PATH", "/usr/bin"), ("HOME", "/root"), ("MENTOR", "x")]).unwrap();
    assert_eq!((config.app_env, config.port), (AppEnv::Development, 8080));
    assert!(!config.verified_email_required());
}

#[test]
fn production_takes_what_is_safe() {
    let config = production_with(&[]).unwrap();
    assert_eq!(config.cors_origins, ["https://app.example.org", "https://admin.example.org:8443"]);
    assert!(config.verified_email_required() && config.logs_json());
}

#[test]
fn production_refuses_to_start_on_defaults() {
    let faults = read(&[("APP_ENV", "production")]).unwrap_err();
    for name in ["SIGNING_KEY", "TOKEN_SECRET", "PUBLIC_URL", "CORS_ORIGINS", "APP_URL", "SMTP_URL"] {
        assert!(faults.contains(name), "{faults}");
    }
}

#[test]
fn weak_keys_are_refused() {
    for key in ["", "x", "c2hvcnQ=", &SIGNING_KEY[..60], "development"] {
        assert_refused(production_with(&[("MENTORSHIP_SIGNING_KEY", key)]), "MENTORSHIP_SIGNING_KEY");
    }
    for secret in ["", "too short", "development-only-secret-of-32-characters"] {
        assert_refused(production_with(&[("MENTORSHIP_TOKEN_SECRET", secret)]), "MENTORSHIP_TOKEN_SECRET");
    }
    assert_refused(read(&[("MENTORSHIP_TOKEN_SECRET", "too short")]), "MENTORSHIP_TOKEN_SECRET");
}

#[test]
fn sms_needs_a_whole_account_and_push_a_key() {
    let sms =
        [("MENTORSHIP_SMS_ACCOUNT", "AC1"), ("MENTORSHIP_SMS_TOKEN", "x"), ("MENTORSHIP_SMS_FROM", "+15005550006")];
    assert_eq!(production_with(&sms).unwrap().channels.sms_account, "AC1");
    assert_refused(production_with(&sms[..2]), "go together");
    assert_refused(production_with(&[("MENTORSHIP_SMS_URL", "http://sms.example.org")]), "MENTORSHIP_SMS_URL");
    assert_refused(production_with(&[("MENTORSHIP_SMS_URL", "https://sms.example.org/x")]), "MENTORSHIP_SMS_URL");
    assert_refused(
        production_with(&[sms.as_slice(), &[("MENTORSHIP_SMS_ACCOUNT", "a/b")]].concat()),
        "MENTORSHIP_SMS_ACCOUNT must",
    );
    assert_refused(production_with(&[("MENTORSHIP_PUSH_ANYWHERE", "true")]), "MENTORSHIP_PUSH_ANYWHERE");
    for key in ["x", SIGNING_KEY] {
        assert_refused(read(&[("MENTORSHIP_VAPID_KEY", key)]), "MENTORSHIP_VAPID_KEY");
    }
}

#[test]
fn mail_needs_a_server_a_sender_and_pages_to_lead_to() {
    for url in ["", "mail.example.org", "http://mail.example.org", "smtp://"] {
        assert_refused(production_with(&[("MENTORSHIP_SMTP_URL", url)]), "MENTORSHIP_SMTP_URL");
    }
    assert_refused(production_with(&[("MENTORSHIP_MAIL_FROM", "nobody")]), "MENTORSHIP_MAIL_FROM");
    for url in
        ["", "app.example.org", "https://app.example.org/?x", "https://app.example.org/#x", "http://app.example.org"]
    {
        assert_refused(production_with(&[("MENTORSHIP_APP_URL", url)]), "MENTORSHIP_APP_URL");
    }
    assert_eq!(production_with(&[("MENTORSHIP_APP_URL", "https://x.org/app/")]).unwrap().app_url, "https://x.org/app");
}

#[test]
fn further_keys_are_public_or_private_and_none_of_development() {
    let (public, private) = (Key::STRANGE.spki(), Key::STRANGE.pkcs8());
    let config = production_with(&[("MENTORSHIP_VERIFICATION_KEYS", &format!("{public}, {private}"))]).unwrap();
    assert_eq!(config.verification_keys().unwrap().len(), 2);
    for bad in ["x", "c2hvcnQ=", &public[..58], &format!("{public},x"), "development"] {
        assert_refused(production_with(&[("MENTORSHIP_VERIFICATION_KEYS", bad)]), "MENTORSHIP_VERIFICATION_KEYS");
    }
    for known in [Key::DEVELOPMENT.spki(), Key::DEVELOPMENT.pkcs8()] {
        let refused = production_with(&[("MENTORSHIP_VERIFICATION_KEYS", &known)]);
        assert_refused(refused, "MENTORSHIP_VERIFICATION_KEYS");
        read(&[("MENTORSHIP_VERIFICATION_KEYS", &known)]).unwrap();
    }
    let signing = production_with(&[("MENTORSHIP_SIGNING_KEY", &Key::DEVELOPMENT.pkcs8())]);
    assert_refused(signing, "MENTORSHIP_SIGNING_KEY");
}

#[test]
fn origins_are_exact() {
    let inexact = [
        "*",
        "null",
        "https://*.example.org",
        "https://app.example.org/",
        "https://app.example.org/path",
        "https://APP.example.org",
        "app.example.org",
        "ftp://app.example.org",
        "https://user@app.example.org",
    ];
    for origin in inexact {
        assert_refused(production_with(&[("MENTORSHIP_CORS_ORIGINS", origin)]), "is not an exact origin");
    }
    assert_refused(production_with(&[("MENTORSHIP_CORS_ORIGINS", "http://app.example.org")]), "https origins");
    assert_refused(production_with(&[("MENTORSHIP_PUBLIC_URL", "http://api.example.org")]), "MENTORSHIP_PUBLIC_URL");
    assert!(production_with(&[("MENTORSHIP_CORS_ORIGINS", "")]).unwrap().cors_origins.is_empty());
}

#[test]
fn hosts_and_proxies_are_exact() {
    assert_eq!(production_with(&[]).unwrap().hosts(), ["api.example.org", "localhost", "127.0.0.1", "[::1]"]);
    let named = [("MENTORSHIP_ALLOWED_HOSTS", "api.example.org, internal:8080, [::1]:80")];
    assert_eq!(production_with(&named).unwrap().hosts(), ["api.example.org", "internal:8080", "[::1]:80"]);
    assert!(read(&[]).unwrap().hosts().is_empty());
    for host in ["*", "*.example.org", "https://api.example.org", "api.example.org/x", "API.example.org", "a b", "x@y"]
    {
        assert_refused(production_with(&[("MENTORSHIP_ALLOWED_HOSTS", host)]), "is not a host name");
    }
    let proxies = production_with(&[("MENTORSHIP_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32")]).unwrap();
    assert_eq!(proxies.trusted_proxies.len(), 2);
    for network in ["10.0.0.0/33", "10.0.0.1", "proxy", "*"] {
        assert_refused(production_with(&[("MENTORSHIP_TRUSTED_PROXIES", network)]), "MENTORSHIP_TRUSTED_PROXIES");
    }
    for url in ["localhost:6379", "http://redis", "redis:"] {
        assert_refused(production_with(&[("REDIS_URL", url)]), "REDIS_URL");
    }
    assert!(production_with(&[("REDIS_URL", "rediss://:secret@redis.internal:6380/1")]).is_ok());
}

#[test]
fn production_has_the_limits_that_are_promised() {
    let limits = |config: &Config| (config.requests_a_minute(), config.attempts_a_minute());
    assert_eq!(limits(&production_with(&[]).unwrap()), (100, 60));
    let named = [("MENTORSHIP_RATE_LIMIT", "7"), ("MENTORSHIP_ATTEMPT_LIMIT", "8")];
    assert_eq!(limits(&production_with(&named).unwrap()), (7, 8));
    assert_refused(production_with(&[("MENTORSHIP_RATE_LIMIT", "10000001")]), "MENTORSHIP_RATE_LIMIT");
}

#[test]
fn a_variable_that_names_no_setting_is_refused() {
    assert_refused(read(&[("MENTORSHIP_SINGING_KEY", "la la la")]), "MENTORSHIP_SINGING_KEY names no setting");
    assert_refused(read(&[("MENTORSHIP_PORT_", "1")]), "MENTORSHIP_PORT_ names no setting");
}

#[test]
fn what_is_no_text_is_refused_where_it_is_ours() {
    let not_text = || OsString::from_vec(vec![0xff]);
    let with = |name: OsString, value: OsString| {
        Config::from_os_variables([(name, value)]).map_err(|faults| faults.to_string())
    };
    assert_refused(with("PORT".into(), not_text()), "PORT is not UTF-8 text");
    assert_refused(with("MENTORSHIP_TOKEN_SECRET".into(), not_text()), "MENTORSHIP_TOKEN_SECRET is not UTF-8 text");
    assert_refused(with(OsString::from_vec(b"MENTORSHIP_\xff".to_vec()), "1".into()), "names no setting");
    assert_eq!(with("LESSCHARSET".into(), not_text()).unwrap().port, 8080);
    assert_eq!(with(not_text(), "1".into()).unwrap().port, 8080);
}

#[test]
fn every_fault_is_told_at_once() {
    let faults = production_with(&[
        ("PORT", "eighty"),
        ("MENTORSHIP_NONSENSE", "1"),
        ("MENTORSHIP_DOCS", "perhaps"),
        ("APP_ENV", "staging"),
        ("MENTORSHIP_SQLITE_SYNCHRONOUS", "OFF"),
    ]);
    let faults = faults.unwrap_err();
    for name in ["PORT", "MENTORSHIP_NONSENSE", "MENTORSHIP_DOCS", "APP_ENV", "MENTORSHIP_SQLITE_SYNCHRONOUS"] {
        assert!(faults.lines().any(|line| line.contains(name)), "{name}: {faults}");
    }
    let faults = production_with(&[
        ("DATABASE_URL", "mysql://localhost/x"),
        ("MENTORSHIP_TOKEN_SECRET", "too short"),
        ("MENTORSHIP_SIGNING_KEY", "bad"),
        ("MENTORSHIP_CORS_ORIGINS", "*"),
        ("MENTORSHIP_REQUEST_TIMEOUT", "0"),
        ("RUST_LOG", "api=loud=very"),
    ]);
    assert_eq!(faults.unwrap_err().lines().count(), 7);
}

#[test]
fn secrets_show_nowhere() {
    let (database, key) = ("postgres://me:hunter2@db/x", Key::STRANGE.pkcs8());
    let config = production_with(&[("DATABASE_URL", database), ("MENTORSHIP_VERIFICATION_KEYS", &key)]);
    let shown = format!("{:?}", config.unwrap());
    for secret in [SIGNING_KEY, &key, "thirty-two", "hunter2"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let faults = production_with(&[("DATABASE_URL", "mysql://me:hunter2@db/x"), ("MENTORSHIP_SIGNING_KEY", "hunter2")]);
    assert!(!faults.unwrap_err().contains("hunter2"));
}
