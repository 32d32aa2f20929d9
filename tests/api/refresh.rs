//! Refresh tokens: each is used once, a retry gets the same successor, reuse ends the session (promises C1, C5 to C7).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{idempotency_key, session};
use sea_orm::{ActiveEnum, EntityTrait, PaginatorTrait};
use serde_json::json;
use support::App;
use tokio::task::JoinSet;

use crate::identity::{call, refresh, text, tokens};

async fn ended_reason(app: &App) -> Option<String> {
    let session = session::Entity::find().one(app.db()).await.unwrap().unwrap();
    session.ended_reason.map(|reason| reason.to_value())
}

#[tokio::test]
async fn each_refresh_gives_the_next_token() {
    let app = App::start().await;
    let first = tokens(&app).await;
    app.clock.advance(TimeDelta::minutes(20));
    let second = refresh(&app, &first).await;
    assert_eq!(second.header("cache-control"), Some("no-store"));
    let second = second.ok();
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    call(&app, &first).await.refused(401, "unauthenticated");
    call(&app, &second).await.ok();
    refresh(&app, &second).await.ok();
}

#[tokio::test]
async fn a_lost_answer_can_be_fetched_again_for_ten_seconds() {
    let app = App::start().await;
    let first = tokens(&app).await;
    let second = refresh(&app, &first).await.ok();
    app.clock.advance(TimeDelta::seconds(10));
    let again = refresh(&app, &first).await.ok();
    assert_eq!(again["refreshToken"], second["refreshToken"]);
    call(&app, &again).await.ok();
    app.clock.advance(TimeDelta::seconds(1));
    refresh(&app, &first).await.refused(401, "invalid_refresh_token");
    assert_eq!(ended_reason(&app).await.as_deref(), Some("REUSED"));
    call(&app, &second).await.refused(401, "unauthenticated");
    refresh(&app, &second).await.refused(401, "invalid_refresh_token");
}

#[tokio::test]
async fn a_parent_is_spent_once_its_successor_was_used() {
    let app = App::start().await;
    let first = tokens(&app).await;
    let second = refresh(&app, &first).await.ok();
    let third = refresh(&app, &second).await.ok();
    refresh(&app, &first).await.refused(401, "invalid_refresh_token");
    assert_eq!(ended_reason(&app).await.as_deref(), Some("REUSED"));
    call(&app, &third).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn refreshing_at_once_gives_everybody_the_same_successor() {
    let app = App::start().await;
    let mut tokens = tokens(&app).await;
    for _ in 0..5 {
        let mut attempts = JoinSet::new();
        for _ in 0..20 {
            let (visitor, body) = (app.visitor(), json!({ "refreshToken": tokens["refreshToken"] }));
            attempts.spawn(async move { visitor.post("/auth/refresh", body).await.ok() });
        }
        let answers = attempts.join_all().await;
        let successors: BTreeSet<_> = answers.iter().map(|answer| text(answer, "refreshToken")).collect();
        assert_eq!(successors.len(), 1);
        tokens = answers[0].clone();
    }
    call(&app, &tokens).await.ok();
    assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 1);
}

#[tokio::test]
async fn refreshing_at_once_with_a_spent_token_ends_the_one_session() {
    let app = App::start().await;
    let first = tokens(&app).await;
    let second = refresh(&app, &first).await.ok();
    refresh(&app, &second).await.ok();
    let mut attempts = JoinSet::new();
    for _ in 0..20 {
        let (visitor, body) = (app.visitor(), json!({ "refreshToken": first["refreshToken"] }));
        attempts.spawn(async move { visitor.post("/auth/refresh", body).await.status });
    }
    assert_eq!(attempts.join_all().await, [401; 20]);
    assert_eq!(ended_reason(&app).await.as_deref(), Some("REUSED"));
    assert_eq!(session::Entity::find().count(app.db()).await.unwrap(), 1);
    let told = app.mails_to("ada@example.org").await;
    assert_eq!(told.iter().filter(|mail| mail["kind"] == "SESSION_REUSED").count(), 1);
}

#[tokio::test]
async fn a_session_ends_after_fourteen_idle_days() {
    let app = App::start().await;
    let first = tokens(&app).await;
    app.clock.advance(TimeDelta::days(14) - TimeDelta::seconds(1));
    let second = refresh(&app, &first).await.ok();
    app.clock.advance(TimeDelta::days(14));
    refresh(&app, &second).await.refused(401, "invalid_refresh_token");
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let app = App::start().await;
    let mut tokens = tokens(&app).await;
    let end = app.clock.now() + TimeDelta::days(30);
    for _ in 0..2 {
        app.clock.advance(TimeDelta::days(12));
        tokens = refresh(&app, &tokens).await.ok();
    }
    assert_eq!(text(&tokens, "refreshExpiresAt").parse(), Ok(end));
    app.clock.advance(TimeDelta::days(6));
    refresh(&app, &tokens).await.refused(401, "invalid_refresh_token");
}

#[tokio::test]
async fn a_refresh_token_cannot_be_made_up() {
    let app = App::start().await;
    let tokens = tokens(&app).await;
    let good = text(&tokens, "refreshToken");
    for forged in
        [format!("{good}A"), good.replace("mrt_", ""), "mrt_".to_owned(), text(&tokens, "accessToken")[..200].into()]
    {
        refresh(&app, &json!({ "refreshToken": forged })).await.refused(401, "invalid_refresh_token");
    }
    assert_eq!(ended_reason(&app).await, None);
    refresh(&app, &tokens).await.ok();
}

#[tokio::test]
async fn the_database_holds_no_token() {
    let app = App::start().await;
    let tokens = tokens(&app).await;
    let row = session::Entity::find().one(app.db()).await.unwrap().unwrap();
    assert!(!text(&tokens, "refreshToken").contains(&row.refresh_hash));
    assert_eq!(row.refresh_hash.len(), 64);
}

#[tokio::test]
async fn tokens_are_not_kept_for_retries() {
    let app = App::start().await;
    let first = tokens(&app).await;
    let key = [("Idempotency-Key", "again")];
    let body = json!({ "refreshToken": first["refreshToken"] });
    app.visitor().post_with("/auth/refresh", &key, body.clone()).await.ok();
    assert_eq!(idempotency_key::Entity::find().count(app.db()).await.unwrap(), 0);
    app.clock.advance(TimeDelta::seconds(11));
    app.visitor().post_with("/auth/refresh", &key, body).await.refused(401, "invalid_refresh_token");
}
