//! What an operation does not take is refused by name (promise F1), and what it answers with is bounded (promise L6).

use serde_json::{Map, Value, json};
use support::{App, document};

use crate::walk::{address, admitted, nobody, required_query};

#[tokio::test]
async fn a_move_takes_no_query_and_no_fields() {
    let app = App::start().await;
    let (mona, milo) = (app.mentor("Mona Mentor").await, app.mentee("Milo Mentee").await);
    let accept = format!("/mentorships/{}/accept", app.request(&mona, &milo).await);
    mona.post(format!("{accept}?force=true"), Value::Null).await.invalid("/force");
    mona.post(&accept, json!({ "role": "OWNER" })).await.invalid("/role");
    mona.post(&accept, json!([])).await.invalid("");
    mona.call_raw("POST", &accept, "application/json", b"{".to_vec()).await.refused(400, "malformed_request");
    mona.call_raw("POST", &accept, "text/plain", b"x".to_vec()).await.refused(415, "unsupported_media_type");
    mona.post(format!("{accept}?force=%FF"), Value::Null).await.refused(400, "malformed_request");
    // The guard is before all that.
    app.visitor().post(format!("{accept}?force=true"), Value::Null).await.refused(401, "unauthenticated");
    app.newcomer("Nora").await.post(&accept, json!({ "role": "OWNER" })).await.refused(422, "invalid_input");
    assert_eq!(mona.post(format!("{accept}?"), json!({})).await.ok()["status"], "ACTIVE");
}

#[tokio::test]
async fn every_operation_without_a_body_refuses_one() {
    let app = App::start().await;
    let without =
        document().operations.iter().filter(|one| one.method != "GET" && one.json.get("requestBody").is_none());
    let mut tried = 0;
    for operation in without {
        let client = admitted(&app, operation).await;
        let path = address(operation, nobody(&app));
        let send = async |body: &Value| client.call(&operation.method, &path, &[], body).await;
        send(&json!({ "noSuchField": 1 })).await.invalid("/noSuchField");
        for nothing in [json!({}), Value::Null] {
            let status = send(&nothing).await.status;
            assert!(![400, 415, 422].contains(&status), "{}: {status}", operation.id);
        }
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
}

#[tokio::test]
async fn the_body_of_a_get_means_nothing() {
    let app = App::start().await;
    for operation in document().operations.iter().filter(|one| one.method == "GET") {
        let client = admitted(&app, operation).await;
        let path = format!("{}{}", address(operation, nobody(&app)), required_query(operation));
        let plain = client.get(&path).await.status;
        let headers = [("Content-Type", "text/plain"), ("Content-Encoding", "rot13")];
        assert_eq!(client.call_raw_with("GET", &path, &headers, b"x".to_vec()).await.status, plain, "{path}");
    }
}

#[tokio::test]
async fn problems_stay_within_their_schema_whatever_is_sent() {
    let app = App::start().await;
    let send = async |body: &Value| app.visitor().post("/auth/sign-in", body.clone()).await;
    // Each answer is held against the document.
    let named = |name: String| json!({ "email": "a", "password": "b", name: 1 });
    for name in ["a".repeat(600), "é".repeat(600), "~/".repeat(600)] {
        let problem = send(&named(name)).await.refused(422, "invalid_input");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    }
    let many: Map<_, _> = (0..1001).map(|number| (format!("field{number}"), json!(1))).collect();
    let problem = send(&Value::Object(many)).await.refused(422, "invalid_input");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1000);
    let query = (0..300).map(|number| format!("x{number}=1")).collect::<Vec<_>>().join("&");
    let problem = app.visitor().get(format!("/settings?{query}")).await.refused(422, "invalid_input");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 300);
}
