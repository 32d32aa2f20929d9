//! Pairs that the staff keep apart.

use serde_json::{Value, json};
use support::{App, Client};

use crate::matching::{offers, refresh, seeks, skill};
use crate::suggestions::listed;

struct Scene {
    app: App,
    admin: Client,
    ann: Client,
    bo: Client,
}

/// Two who would be suggested to each other.
async fn scene() -> Scene {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let (admin, ann, bo) = (app.admin().await, app.mentor("Ann").await, app.mentee("Bo").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &bo, rust).await;
    Scene { app, admin, ann, bo }
}

impl Scene {
    async fn ban(&self) -> Value {
        let body = json!({ "oneId": self.bo.id, "otherId": self.ann.id, "note": "They are siblings" });
        self.admin.post("/admin/pair-bans", body).await.created()
    }
}

#[tokio::test]
async fn two_who_are_kept_apart_lose_their_suggestion_and_get_no_other() {
    let scene = scene().await;
    refresh(&scene.app, &scene.bo).await;
    let id = listed(&scene.bo, "").await[0]["id"].as_str().unwrap().to_owned();
    scene.ann.post(format!("/suggestions/{id}/accept"), Value::Null).await.ok();
    scene.ban().await;
    for who in [&scene.ann, &scene.bo] {
        assert!(listed(who, "").await.is_empty());
        refresh(&scene.app, who).await;
        assert!(listed(who, "").await.is_empty());
    }
    scene.bo.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "suggestion_lapsed");
}

#[tokio::test]
async fn neither_a_request_nor_an_assignment_brings_them_together_and_no_reason_is_told() {
    let scene = scene().await;
    scene.ban().await;
    let refused = scene.bo.post("/me/mentorships", json!({ "mentorId": scene.ann.id })).await;
    let told = refused.refused(409, "not_suggestable").to_string();
    assert!(!told.contains("sibling") && !told.contains("ban"), "{told}");
    let pair = json!({ "mentorId": scene.ann.id, "menteeId": scene.bo.id });
    scene.admin.post("/admin/mentorships", pair).await.refused(409, "not_suggestable");
}

#[tokio::test]
async fn a_ban_is_one_for_the_pair_whoever_is_named_first() {
    let scene = scene().await;
    let first = scene.ban().await;
    let turned = json!({ "oneId": scene.ann.id, "otherId": scene.bo.id, "note": "Again" });
    scene.admin.post("/admin/pair-bans", turned).await.refused(409, "already_exists");
    for path in ["/admin/pair-bans".to_owned(), format!("/admin/pair-bans?userId={}", scene.ann.id)] {
        assert_eq!(scene.admin.all(path).await, std::slice::from_ref(&first));
    }
    assert!(scene.admin.all(format!("/admin/pair-bans?userId={}", scene.admin.id)).await.is_empty());
}

#[tokio::test]
async fn a_lifted_ban_lets_them_be_suggested_again() {
    let scene = scene().await;
    let ban = format!("/admin/pair-bans/{}", scene.ban().await["id"].as_str().unwrap());
    scene.admin.delete(&ban).await.no_content();
    scene.admin.delete(&ban).await.refused(404, "not_found");
    assert_eq!(listed(&scene.bo, "").await.len(), 1);
}

#[tokio::test]
async fn only_two_members_can_be_kept_apart() {
    let scene = scene().await;
    let same = json!({ "oneId": scene.ann.id, "otherId": scene.ann.id, "note": "?" });
    scene.admin.post("/admin/pair-bans", same).await.invalid("/otherId");
    let unknown = json!({ "oneId": scene.ann.id, "otherId": uuid::Uuid::from_u128(7), "note": "?" });
    scene.admin.post("/admin/pair-bans", unknown).await.invalid("/otherId");
}

#[tokio::test]
async fn the_reason_is_in_no_event() {
    let scene = scene().await;
    scene.ban().await;
    let owner = scene.app.owner().await;
    let log = owner.get("/admin/audit-log").await.ok().to_string();
    assert!(log.contains("pair_ban.added") && !log.contains("sibling"), "{log}");
}
