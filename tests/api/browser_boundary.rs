//! What a browser may do from which page, and for which hosts the server answers (promises D1, D2, D5, D7, D8).

use std::collections::BTreeSet;

use serde_json::Value;
use support::{Answer, App, Operation, document};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::walk::{address, admitted, nobody, required_query, takes_json};

const ORIGIN: &str = "https://app.x.example";
const FOREIGN: [&str; 12] = [
    "https://app.x.example.evil.test",
    "https://evil-app.x.example",
    "https://evil.app.x.example",
    "https://x.example",
    "http://app.x.example",
    "https://app.x.example:8443",
    "https://app.x.example:443",
    "https://APP.x.example",
    "https://app.x.example.",
    "https://app.x.example/",
    "null",
    "*",
];
const METHODS: &str = "DELETE, GET, HEAD, PATCH, POST, PUT";
const HEADERS: &str =
    "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, x-mentorship-client";

async fn start() -> App {
    App::start_with(|config| config.cors_origins = vec![ORIGIN.to_owned(), "http://localhost:3000".to_owned()]).await
}

async fn preflight(app: &App, origin: &str, method: &str, headers: &str) -> Answer {
    let mut asked = vec![("Origin", origin), ("Access-Control-Request-Method", method)];
    if !headers.is_empty() {
        asked.push(("Access-Control-Request-Headers", headers));
    }
    app.visitor().call("OPTIONS", "/me", &asked, &Value::Null).await
}

/// The words of a list, in order.
fn words(answer: &Answer, name: &str) -> String {
    let listed = answer.all(name).to_lowercase();
    listed.split(',').map(str::trim).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn assert_tells_nothing(answer: &Answer) {
    let told: Vec<_> = answer.names().into_iter().filter(|name| name.starts_with("access-control-")).collect();
    assert!(told.is_empty(), "{told:?} {answer}");
    assert!(words(answer, "vary").contains("origin"), "{answer}");
}

#[tokio::test]
async fn a_page_of_a_listed_origin_may_call_and_see() {
    let app = start().await;
    let allowed = app.visitor().get_with("/settings", &[("Origin", ORIGIN)]).await;
    assert_eq!(allowed.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(allowed.header("access-control-allow-credentials"), Some("true"));
    assert!(words(&allowed, "vary").contains("origin"));
    let seen = words(&allowed, "access-control-expose-headers");
    for name in ["etag", "location", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"] {
        assert!(seen.split(", ").any(|one| one == name), "{name}: {seen}");
    }
    allowed.ok();
    let refused = app.visitor().get_with("/me", &[("Origin", ORIGIN)]).await;
    assert_eq!(refused.header("access-control-allow-origin"), Some(ORIGIN));
    refused.refused(401, "unauthenticated");
}

#[tokio::test]
async fn no_other_origin_is_told_anything() {
    let app = start().await;
    for origin in FOREIGN {
        let answer = app.visitor().get_with("/settings", &[("Origin", origin)]).await;
        assert_tells_nothing(&answer);
        answer.ok();
        let answer = preflight(&app, origin, "POST", "content-type").await;
        assert_tells_nothing(&answer);
        assert_eq!(answer.status, 400);
    }
    assert_tells_nothing(&app.visitor().get("/settings").await);
    assert_tells_nothing(&app.visitor().get_with("/nowhere", &[("Origin", "null")]).await);
    let nobody = App::start_with(|config| config.cors_origins = Vec::new()).await;
    assert_tells_nothing(&preflight(&nobody, ORIGIN, "GET", "").await);
}

#[tokio::test]
async fn a_preflight_lists_what_is_really_taken_and_for_ten_minutes_at_most() {
    let app = start().await;
    let answer = preflight(&app, ORIGIN, "PATCH", "authorization, if-match, x-mentorship-client").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(ORIGIN)));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(words(&answer, "access-control-allow-methods").to_uppercase(), METHODS);
    assert_eq!(words(&answer, "access-control-allow-headers"), HEADERS);
    assert!(answer.header("access-control-max-age").unwrap().parse::<u32>().unwrap() <= 600);
    let documented: BTreeSet<_> = document().operations.iter().map(|operation| operation.method.as_str()).collect();
    let real = ["DELETE", "GET", "PATCH", "POST", "PUT"];
    assert_eq!(documented, real.into_iter().collect());
    for (method, headers) in [("TRACE", ""), ("PROPFIND", ""), ("GET", "x-other"), ("GET", "cookie")] {
        assert_eq!(preflight(&app, ORIGIN, method, headers).await.status, 400, "{method} {headers}");
    }
}

/// What a form of another page can send without a preflight reaches no operation, but for the link that is its own proof.
#[tokio::test]
async fn no_operation_takes_a_body_that_needs_no_preflight() {
    let app = App::start().await;
    let writes = |one: &&Operation| one.method != "GET" && (takes_json(one) || one.json.get("requestBody").is_none());
    for operation in document().operations.iter().filter(writes) {
        let path = format!("{}{}", address(operation, nobody(&app)), required_query(operation));
        let client = admitted(&app, operation).await;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let answer = client.call_raw(&operation.method, &path, kind, b"{}".to_vec()).await;
            answer.refused(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_what_browsers_need() {
    let hosts = vec!["127.0.0.1".to_owned()];
    let app = App::start_with(|config| (config.allowed_hosts, config.rate_limit) = (hosts, 12)).await;
    let visitor = app.visitor();
    let large = vec![b' '; 256 * 1024 + 1];
    let mut answers = vec![
        (200, visitor.get("/settings").await),
        (200, visitor.get("/openapi.json").await),
        (200, visitor.get("/health/ready").await),
        (404, visitor.get("/nowhere").await),
        (401, visitor.get("/notifications").await),
        (405, visitor.call("DELETE", "/settings", &[], &Value::Null).await),
        (431, visitor.get_with("/settings", &[("X-Long", &"a".repeat(16 * 1024))]).await),
        (413, visitor.call_raw("POST", "/auth/sign-up", "application/json", large).await),
        (415, visitor.call_raw("POST", "/auth/sign-up", "text/plain", Vec::new()).await),
        (400, visitor.call_raw("POST", "/auth/sign-up", "application/json", b"{".to_vec()).await),
        (421, visitor.get_with("/settings", &[("Host", "evil.test")]).await),
        (204, visitor.call("OPTIONS", "/settings", &[], &Value::Null).await),
        (200, preflight(&app, "http://localhost:3000", "GET", "").await),
        (400, preflight(&app, "http://evil.test", "GET", "").await),
    ];
    while answers.last().unwrap().1.status != 429 {
        let next = visitor.get("/settings").await;
        answers.push((next.status, next));
    }
    app.state.lifecycle.drain();
    answers.push((503, visitor.get("/health/ready").await));
    for (status, answer) in &answers {
        assert_eq!(answer.status, *status, "{answer}");
        assert_guarded(answer, "default-src 'none'; frame-ancestors 'none'");
        let cached = answer.header("cache-control").unwrap_or_default();
        assert!(cached.contains("private") || cached == "no-store", "{answer}");
        assert_eq!(answer.header("strict-transport-security"), None, "{answer}");
    }
}

#[track_caller]
fn assert_guarded(answer: &Answer, policy: &str) {
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in expected {
        assert_eq!(answer.header(name), Some(value), "{name}: {answer}");
    }
    assert_eq!(answer.header("server"), None, "{answer}");
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_keep_to_it() {
    let app = App::start_with(|config| config.public_url = "https://api.example.org".to_owned()).await;
    for path in ["/settings", "/nowhere", "/me"] {
        let told = app.visitor().get(path).await;
        assert!(told.header("strict-transport-security").unwrap().starts_with("max-age=31536000"), "{told}");
    }
}

#[tokio::test]
async fn the_page_of_the_documentation_has_a_policy_and_a_switch_of_its_own() {
    let app = App::start().await;
    let page = app.visitor().get("/docs/").await;
    assert_eq!(page.status, 200);
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
    assert_guarded(&page, policy);
    let without = App::start_with(|config| config.docs = false).await;
    for path in ["/docs/", "/docs/index.html", "/docs/swagger-ui.css"] {
        without.visitor().get(path).await.refused(404, "not_found");
    }
    without.visitor().get("/openapi.json").await.ok();
    without.visitor().get("/health/live").await.ok();
}

#[tokio::test]
async fn another_host_than_ours_is_refused() {
    let hosts = ["api.x.example", "admin.x.example:8443"].map(str::to_owned).to_vec();
    let app = App::start_with(|config| config.allowed_hosts = hosts).await;
    let ask = async |host: &str, path: &str| app.visitor().get_with(path, &[("Host", host)]).await;
    for host in ["api.x.example", "API.X.example", "api.x.example:8080", "admin.x.example:8443"] {
        ask(host, "/settings").await.ok();
    }
    let foreign = [
        "evil.test",
        "api.x.example.evil.test",
        "evil-api.x.example",
        "x.example",
        "api.x.example.",
        "admin.x.example",
        "admin.x.example:80",
        "127.0.0.1",
        "localhost",
        "api.x.example@evil.test",
        "evil@api.x.example",
        "",
    ];
    for host in foreign {
        ask(host, "/settings").await.refused(421, "misdirected_request");
        ask(host, "/nowhere").await.refused(421, "misdirected_request");
        ask(host, "/health/live").await.ok();
    }
    let asked = [("Host", "evil.test"), ("X-Forwarded-Host", "api.x.example"), ("Origin", "http://localhost:3000")];
    let refused = app.visitor().get_with("/settings", &asked).await;
    assert_eq!(refused.header("access-control-allow-origin"), None);
    refused.refused(421, "misdirected_request");
    for head in [
        "GET http://evil.test/api/v1/settings HTTP/1.1\r\nHost: api.x.example",
        "GET /api/v1/settings HTTP/1.1\r\nHost: api.x.example\r\nHost: evil.test",
        "GET /api/v1/settings HTTP/1.0",
    ] {
        let status = raw(&app, head).await;
        assert!(matches!(status, 400 | 421), "{status} to {head}");
    }
    assert_eq!(raw(&app, "GET http://api.x.example/api/v1/settings HTTP/1.1\r\nHost: api.x.example").await, 200);
}

#[tokio::test]
async fn where_no_hosts_are_named_any_is_answered_in_development() {
    let app = App::start().await;
    app.visitor().get_with("/settings", &[("Host", "evil.test")]).await.ok();
}

/// The status that is answered to a request of this head, as it stands.
async fn raw(app: &App, head: &str) -> u16 {
    let mut stream = TcpStream::connect(app.base().trim_start_matches("http://")).await.unwrap();
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[9..12]).parse().unwrap()
}
