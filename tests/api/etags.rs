//! A version decides what may be changed, a whole tag what may be kept (promise L7).

use entity::mentorship;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;
use support::{App, Client, Pair};

use crate::protocol::{goal_titled, goals};

fn address(pair: &Pair) -> String {
    format!("/mentorships/{}", pair.id)
}

/// The status of a GET by somebody who has the copies `tags`.
async fn with_copy(who: &Client, path: &str, tags: &str) -> u16 {
    who.get_with(path, &[("If-None-Match", tags)]).await.status
}

#[tokio::test]
async fn a_copy_is_stale_when_anything_that_it_shows_has_changed() {
    let app = App::start().await;
    let pair = app.pair().await;
    let path = address(&pair);
    let before = pair.mentor.get(&path).await.etag();
    assert_eq!(with_copy(&pair.mentor, &path, &before).await, 304);
    app.change_user(&pair.mentee, |row| row.name = Set("Mila Mentee".to_owned())).await;
    let now = pair.mentor.get_with(&path, &[("If-None-Match", &before)]).await;
    assert_eq!(now.ok()["mentee"]["name"], "Mila Mentee");
    assert_ne!(now.etag(), before);
    // The row itself is the same: the old tag still names its version.
    let version = |tag: &str| tag.split('.').next().unwrap().to_owned();
    assert_eq!(version(&now.etag()), version(&before));
    pair.mentor.patch_if(&path, &before, json!({ "message": "Welcome" })).await.ok();
}

#[tokio::test]
async fn each_viewer_has_a_tag_of_their_own() {
    let app = App::start().await;
    let pair = app.pair().await;
    let path = address(&pair);
    let (of_mentor, of_mentee) = (pair.mentor.get(&path).await, pair.mentee.get(&path).await);
    assert_ne!(of_mentor.json(), of_mentee.json());
    assert_ne!(of_mentor.etag(), of_mentee.etag());
    assert_eq!(with_copy(&pair.mentee, &path, &of_mentor.etag()).await, 200);
    assert_eq!(with_copy(&pair.mentee, &path, &of_mentee.etag()).await, 304);
    for answer in [of_mentor, pair.mentor.get_with(&path, &[("If-None-Match", "*")]).await] {
        let vary = answer.all("vary").to_lowercase();
        assert!(vary.contains("authorization"), "{vary}");
    }
}

#[tokio::test]
async fn tags_are_compared_as_rfc_9110_says() {
    let app = App::start().await;
    let pair = app.pair().await;
    let goal = pair.mentee.post(goals(&pair), goal_titled("Learn")).await;
    let (path, tag) = (goal.header("location").unwrap().to_owned(), goal.etag());
    let weak = format!("W/{tag}");
    for known in [tag.as_str(), &weak, "*", &format!("\"x\", {tag}"), &format!("\"x\",{weak}")] {
        assert_eq!(with_copy(&pair.mentor, &path, known).await, 304, "{known}");
    }
    for other in ["\"x\"", "\"1\"", "W/\"1\"", "\"1.0000000000000000\""] {
        assert_eq!(with_copy(&pair.mentor, &path, other).await, 200, "{other}");
    }
    let patch = async |tag: &str| pair.mentee.patch_if(&path, tag, json!({ "title": "Learn more" })).await;
    for stale in [weak.as_str(), "\"2\"", "\"\"", "\"x\"", "\".1\"", "\"01\"", "\"+1\"", "W/\"1\""] {
        patch(stale).await.refused(412, "precondition_failed");
    }
    patch("1").await.refused(412, "precondition_failed");
    let changed = patch(&tag).await;
    changed.ok();
    patch(&tag).await.refused(412, "precondition_failed");
    // The version alone will do, and so will any.
    patch("\"x\", \"2\"").await.ok();
    patch("*").await.ok();
}

#[tokio::test]
async fn what_was_made_comes_with_its_version() {
    let app = App::start().await;
    let (mona, milo, admin) = (app.mentor("Mona Mentor").await, app.mentee("Milo Mentee").await, app.admin().await);
    let asked = milo.post("/me/mentorships", json!({ "mentorId": mona.id, "message": "May I?" })).await;
    asked.created();
    let path = asked.header("location").unwrap();
    assert_eq!(milo.get(path).await.etag(), asked.etag());
    milo.patch_if(path, asked.etag(), json!({ "message": "May I, please?" })).await.ok();
    let (mara, max) = (app.mentor("Mara Mentor").await, app.mentee("Max Mentee").await);
    let given = admin.post("/admin/mentorships", json!({ "mentorId": mara.id, "menteeId": max.id })).await;
    given.created();
    assert_eq!(admin.get(given.header("location").unwrap()).await.etag(), given.etag());
}

#[tokio::test]
async fn a_version_counts_on_behind_a_tag() {
    let app = App::start().await;
    let pair = app.pair().await;
    let row = mentorship::Entity::find().one(app.db()).await.unwrap().unwrap();
    let tag = pair.mentor.get(address(&pair)).await.etag();
    let mut row = row.into_active_model();
    row.version = Set(10);
    row.update(app.db()).await.unwrap();
    // "1…" is not "10".
    pair.mentor.patch_if(address(&pair), tag, json!({ "message": "Hi" })).await.refused(412, "precondition_failed");
    assert!(pair.mentor.get(address(&pair)).await.etag().starts_with("\"10."));
}
