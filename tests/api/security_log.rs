//! The log of security events: each with its time, who, from where and by which request, in lines that nobody else writes (O2).

use serde_json::{Value, json};
use support::{Answer, App, Process};

use crate::proofs::PASSWORD;

/// The line of the security log that tells of `answer`.
fn line_of(log: &str, answer: &Answer) -> Value {
    let id = answer.header("x-request-id").unwrap();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut told = lines.filter(|line| line["operation"].is_string() && line["span"]["request_id"] == id);
    told.next().unwrap_or_else(|| panic!("the log does not tell of\n{answer}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_is_a_line_with_its_time_actor_address_and_request() {
    let app = App::start().await;
    app.set_clock_to_now();
    let (ann, owner) = (app.mentor("Ann").await, app.owner().await);
    app.set_password(&ann, PASSWORD).await;
    let url = app.url();
    let process = Process::serve(&[("DATABASE_URL", url.as_str()), ("MENTORSHIP_LOG_FORMAT", "json")]).await;
    let (visitor, at) = (app.visitor().at(process.url("")), process.url(""));
    let credentials = |password: &str| json!({ "email": ann.email, "password": password });

    let signed_in = visitor.post("/auth/sign-in", credentials(PASSWORD)).await;
    let failed = visitor.post("/auth/sign-in", credentials("not the password")).await;
    let forged = json!({ "email": "x\n{\"target\":\"security\"}", "password": "\u{1b}[31m" });
    let agent = [("User-Agent", "x\\n{\"outcome\":\"ok\"}")];
    let injected = visitor.post_with("/auth/sign-in", &agent, forged).await;
    let refused = ann.at(at.clone()).get("/owner/settings").await;
    let unknown = visitor.get("/me").await;
    let role = owner.at(at.clone()).put(format!("/owner/users/{}/role", ann.id), json!({ "role": "ADMIN" })).await;
    let tokens = signed_in.ok();
    let refresh = |tokens: &Value| json!({ "refreshToken": tokens["refreshToken"] });
    let second = visitor.post("/auth/refresh", refresh(&tokens)).await.ok();
    visitor.post("/auth/refresh", refresh(&second)).await.ok();
    let reused = visitor.post("/auth/refresh", refresh(&tokens)).await;

    process.signal("TERM");
    let (_, log) = process.wait();
    let nobody = Value::Null;
    for (answer, operation, outcome, actor) in [
        (&signed_in, "sign_in", "ok", json!(ann.id)),
        (&failed, "sign_in", "invalid_credentials", nobody.clone()),
        (&injected, "sign_in", "invalid_input", nobody.clone()),
        (&refused, "get_settings", "forbidden", json!(ann.id)),
        (&unknown, "get_me", "unauthenticated", nobody.clone()),
        (&role, "change_role", "ok", json!(owner.id)),
        (&reused, "refresh", "invalid_refresh_token", nobody.clone()),
    ] {
        let line = line_of(&log, answer);
        assert_eq!((&line["operation"], &line["outcome"]), (&json!(operation), &json!(outcome)), "{line}");
        assert_eq!((line.get("actor").unwrap_or(&nobody), &line["address"]), (&actor, &json!("127.0.0.1")), "{line}");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");
    }
    assert!(log.contains("a spent refresh token was used again"), "{log}");
    let written = log.lines().filter(|line| !line.starts_with('{') && !line.is_empty());
    assert!(written.filter(|line| !line.contains("http://")).count() == 0, "{log}");
    assert!(!log.contains('\u{1b}') && !log.contains(&ann.email), "{log}");
}
