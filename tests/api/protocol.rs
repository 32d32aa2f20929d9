//! HTTP as promised whatever the resource (promises L1, L2, L4, L7, L10, K1, K2).

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use support::{Answer, App, Pair};

const JSON: &str = "application/json";
const BODY_LIMIT: usize = 256 * 1024;

/// A sign-up with `more` in it, as text.
fn sign_up(more: &str) -> Vec<u8> {
    format!(r#"{{"name": "Ada", "email": "ada@example.org", "password": "a long walk"{more}}}"#).into_bytes()
}

async fn raw(app: &App, body: impl Into<Vec<u8>>) -> Answer {
    app.visitor().call_raw("POST", "/auth/sign-up", JSON, body.into()).await
}

pub(crate) fn goals(pair: &Pair) -> String {
    format!("/mentorships/{}/goals", pair.id)
}

pub(crate) fn goal_titled(title: &str) -> Value {
    json!({ "kind": "SHORT_TERM", "title": title })
}

#[tokio::test]
async fn every_refusal_is_a_problem_document() {
    let app = App::start().await;
    let (visitor, ann) = (app.visitor(), app.mentor("Ann").await);
    let path_404 =
        ["/nowhere", "/api/v1", "/api/v1/", "/notifications/", "/users/x", "/goals/1", "/goals/%00", "//goals"];
    for path in path_404 {
        let problem = ann.get(path).await.refused(404, "not_found");
        assert_eq!(problem["type"], "urn:mentorship:problem:not-found");
        assert!(!problem["title"].as_str().unwrap().is_empty() && !problem["detail"].as_str().unwrap().is_empty());
    }
    let refused = visitor.call("DELETE", "/auth/sign-in", &[], &Value::Null).await;
    assert_eq!(refused.header("allow"), Some("POST, OPTIONS"));
    refused.refused(405, "method_not_allowed");
    let refused = visitor.call("BREW", "/settings", &[], &Value::Null).await;
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
    refused.refused(405, "method_not_allowed");
    let options = visitor.call("OPTIONS", "/settings", &[], &Value::Null).await;
    assert_eq!((options.status, options.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
    visitor.get(format!("/settings?{}", "a".repeat(8 * 1024))).await.refused(414, "uri_too_long");
    visitor.get_with("/settings", &[("X-Long", &"a".repeat(16 * 1024))]).await.refused(431, "headers_too_large");
    visitor.get_with("/settings", &[("X-Long", &"a".repeat(15 * 1024))]).await.ok();
}

#[tokio::test]
async fn only_json_is_taken() {
    let app = App::start().await;
    let visitor = app.visitor();
    let kinds = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "*/*",
    ];
    for kind in kinds {
        visitor.call_raw("POST", "/auth/sign-up", kind, sign_up("")).await.refused(415, "unsupported_media_type");
    }
    visitor.call_raw_with("POST", "/auth/sign-up", &[], sign_up("")).await.refused(415, "unsupported_media_type");
    visitor.call_raw("POST", "/auth/sign-up", "application/json; charset=utf-8", sign_up("")).await.accepted();
}

#[tokio::test]
async fn a_patch_may_come_under_its_own_name() {
    let app = App::start().await;
    let (visitor, ann) = (app.visitor(), app.mentor("Ann").await);
    let patch = "application/merge-patch+json";
    let changed = ann.call_raw("PATCH", "/me", patch, br#"{"title": "Cook"}"#.to_vec()).await.ok();
    assert_eq!(changed["title"], "Cook");
    visitor.call_raw("POST", "/auth/sign-up", patch, sign_up("")).await.refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let app = App::start().await;
    let broken: [&[u8]; 10] = [
        b"",
        b"{",
        b"{\"name\": }",
        b"nul",
        b"{} {}",
        b"{'name': 'Ada'}",
        b"{\"name\": \"\\ud800\"}",
        b"{\"name\": \"\xff\"}",
        b"{\"name\": 1e999}",
        b"\xef\xbb\xbf{}",
    ];
    for body in broken {
        raw(&app, body).await.refused(400, "malformed_request");
    }
    for body in [&b"[]"[..], b"null", b"7", b"\"text\""] {
        raw(&app, body).await.refused(422, "invalid_input");
    }
}

#[tokio::test]
async fn what_parsers_read_differently_is_refused() {
    let app = App::start().await;
    raw(&app, sign_up(r#", "name": "Eve""#)).await.invalid("/name");
    raw(&app, sign_up(r#", "na\u006de": "Eve""#)).await.invalid("/name");
    for text in ["\\u3164", "\\u115f", "\\uffa0", "\\u034f", "\\ufff9", "\\udb40\\udc41"] {
        let body = format!(r#"{{"name": "Ada{text}", "email": "ada@example.org", "password": "a long walk"}}"#);
        raw(&app, body).await.invalid("/name");
    }
    for text in ["\\u0000", "a\\u0000b", "\\u0007", "\\u009f"] {
        let body = format!(r#"{{"name": "{text}", "email": "ada@example.org", "password": "a long walk"}}"#);
        raw(&app, body).await.invalid("/name");
    }
    let owner = app.owner().await;
    let etag = owner.get("/owner/settings").await.etag();
    for number in ["123456789012345678901234567890", "-1e30", "2147483648", "9223372036854775808", "1.5", "1e-7"] {
        let body = format!("{{\"coolingOffDays\": {number}}}").into_bytes();
        let headers = [("Content-Type", JSON), ("If-Match", etag.as_str())];
        owner.call_raw_with("PATCH", "/owner/settings", &headers, body).await.invalid("/coolingOffDays");
    }
}

#[tokio::test]
async fn bodies_are_bounded_in_depth_items_and_size() {
    let app = App::start().await;
    let nested = |levels: usize| sign_up(&format!(r#", "x": {}{}"#, "[".repeat(levels), "]".repeat(levels)));
    for levels in [31, 32, 1000, 100_000] {
        let problem = raw(&app, nested(levels)).await.refused(422, "invalid_input").to_string();
        assert_eq!(problem.contains("too_deep"), levels > 31, "{levels}: {problem:.300}");
    }
    let many = format!(r#", "x": [{}]"#, vec!["1"; 1001].join(","));
    raw(&app, sign_up(&many)).await.refused(422, "invalid_input");
    let padded = |size: usize| [sign_up(""), vec![b' '; size - sign_up("").len()]].concat();
    raw(&app, padded(BODY_LIMIT + 1)).await.refused(413, "payload_too_large");
    raw(&app, padded(BODY_LIMIT)).await.accepted();
}

#[tokio::test]
async fn bodies_are_bounded_after_decompression() {
    let app = App::start().await;
    let visitor = app.visitor();
    let gzip = |body: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    };
    let send = async |encoding: &str, body: Vec<u8>| {
        let headers = [("Content-Type", JSON), ("Content-Encoding", encoding)];
        visitor.call_raw_with("POST", "/auth/sign-up", &headers, body).await
    };
    let bomb = gzip(&vec![b' '; 8 * 1024 * 1024]);
    assert!(bomb.len() < BODY_LIMIT);
    send("gzip", gzip(&sign_up(""))).await.accepted();
    send("gzip", bomb).await.refused(413, "payload_too_large");
    send("gzip", sign_up("")).await.refused(400, "malformed_request");
    for encoding in ["br", "zstd", "gzip, gzip", "rot13"] {
        send(encoding, sign_up("")).await.refused(415, "unsupported_media_type");
    }
}

#[tokio::test]
async fn unknown_fields_are_named_all_at_once() {
    let app = App::start().await;
    let problem = raw(&app, sign_up(r#", "role": "OWNER", "a/b": {"c": 1}"#)).await.refused(422, "invalid_input");
    let mut pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
    pointers.sort_by_key(Value::to_string);
    assert_eq!(pointers, ["/a~1b", "/role"]);
}

#[tokio::test]
async fn queries_are_checked_like_bodies() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    ann.get("/notifications?colour=red").await.invalid("/colour");
    ann.get("/notifications?limit=5&limit=6").await.invalid("/limit");
    for limit in ["0", "101", "-1", "1.5", "x", "", "99999999999999999999", "%00"] {
        ann.get(format!("/notifications?limit={limit}")).await.invalid("/limit");
    }
    for limit in [1, 100] {
        ann.get(format!("/notifications?limit={limit}")).await.ok();
    }
    ann.get("/notifications?limit=%FF").await.refused(400, "malformed_request");
    ann.get("/notifications?limit=%").await.invalid("/limit");
}

#[tokio::test]
async fn a_cursor_is_ours_and_of_this_list() {
    let app = App::start().await;
    let pair = app.pair().await;
    for title in ["One", "Two", "Three"] {
        pair.mentee.post(goals(&pair), goal_titled(title)).await.created();
    }
    let page = pair.mentee.get(format!("{}?limit=2", goals(&pair))).await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = pair.mentee.get(format!("{}?limit=2&cursor={cursor}", goals(&pair))).await.ok();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["nextCursor"]), (1, &Value::Null));

    let mut tampered = cursor.to_owned();
    let last = if tampered.pop() == Some('A') { 'B' } else { 'A' };
    tampered.push(last);
    for bad in [tampered.as_str(), &cursor[1..], "x", "....", &"A".repeat(400)] {
        let answer = pair.mentee.get(format!("{}?cursor={bad}", goals(&pair))).await;
        answer.refused(400, "invalid_cursor");
    }
    pair.mentee.get(format!("/notifications?cursor={cursor}")).await.refused(400, "invalid_cursor");
    pair.mentee.get(format!("{}?cursor={}", goals(&pair), "A".repeat(501))).await.invalid("/cursor");
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = App::start().await;
    let owner = app.owner().await;
    for path in ["/owner/settings", "/settings", "/admin/users", "/openapi.json", "/health/live", "/nowhere"] {
        let get = owner.get(path).await;
        let head = owner.call("HEAD", path, &[], &Value::Null).await;
        assert_eq!((head.status, head.bytes()), (get.status, &b""[..]), "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn refusals_tell_nothing_of_the_inside() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let refusals = [
        raw(&app, "{").await,
        raw(&app, r#"{"name": {}}"#).await,
        ann.get("/goals/'%20OR%201=1").await,
        ann.get("/notifications?limit=';DROP%20TABLE%20users").await,
        ann.get("/notifications?cursor=AAAA").await,
        ann.get_with("/notifications", &[("Authorization", "Bearer x.y.z")]).await,
    ];
    for refusal in refusals {
        let text = String::from_utf8_lossy(refusal.bytes()).to_lowercase();
        for word in ["sqlx", "sea_orm", "sea-orm", "serde", "actix", ".rs", "panicked", "select ", "/src/", "users."] {
            assert!(!text.contains(word), "{word}: {refusal}");
        }
    }
}
