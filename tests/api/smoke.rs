use chrono::TimeDelta;
use serde_json::json;
use support::App;

#[tokio::test]
async fn a_server_answers_on_a_database_of_its_own() {
    let app = App::start().await;
    assert_eq!(app.visitor().get("/health/ready").await.ok(), json!({ "status": "ok" }));
    app.visitor().get("/nowhere").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_member_has_a_session() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.visitor().post("/auth/sign-out", json!({})).await.refused(401, "unauthenticated");
    ann.post("/auth/sign-out", json!({})).await.no_content();
    ann.post("/auth/sign-out", json!({})).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_session_of_a_test_outlives_its_clock() {
    let app = App::start().await;
    let pair = app.pair().await;
    app.suggestion(&pair.mentor, &pair.mentee).await;
    app.clock.advance(TimeDelta::days(3));
    pair.mentee.post("/auth/sign-out", json!({})).await.no_content();
}
