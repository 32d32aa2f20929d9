use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client, Pair};
use uuid::Uuid;

fn note(visibility: &str) -> Value {
    json!({ "visibility": visibility, "text": "We spoke of patience." })
}

/// A note by `author`: its path and its `ETag`.
async fn write(pair: &Pair, author: &Client, visibility: &str) -> (String, String) {
    let answer = author.post(format!("/mentorships/{}/notes", pair.id), note(visibility)).await;
    (format!("/notes/{}", answer.created()["id"].as_str().unwrap()), answer.etag())
}

async fn listed(by: &Client, pair: &Pair) -> Vec<Value> {
    by.get(format!("/mentorships/{}/notes", pair.id)).await.ok()["items"].as_array().unwrap().clone()
}

async fn told(who: &Client) -> Vec<Value> {
    let items = who.get("/notifications").await.ok()["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["kind"].clone()).collect()
}

#[tokio::test]
async fn a_shared_note_is_for_both() {
    let app = App::start().await;
    let pair = app.pair().await;
    let answer = pair.mentor.post(format!("/mentorships/{}/notes", pair.id), note("SHARED")).await;
    let made = answer.created();
    let path = format!("/notes/{}", made["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!((&made["authorId"], &made["text"]), (&json!(pair.mentor.id), &json!("We spoke of patience.")));
    assert_eq!(pair.mentee.get(&path).await.ok(), made);
    assert_eq!(pair.mentee.get_with(&path, &[("If-None-Match", &answer.etag())]).await.status, 304);
    assert_eq!(listed(&pair.mentee, &pair).await, [made]);
    assert_eq!((told(&pair.mentee).await, told(&pair.mentor).await), (vec![json!("NOTE_SHARED")], vec![]));
    let changed = pair.mentee.patch_if(&path, answer.etag(), json!({ "text": "And of courage." })).await;
    assert_eq!((&changed.ok()["text"], &changed.ok()["authorId"]), (&json!("And of courage."), &json!(pair.mentor.id)));
    pair.mentor.patch_if(&path, answer.etag(), json!({ "text": "No." })).await.refused(412, "precondition_failed");
    pair.mentor.patch(&path, json!({ "text": "No." })).await.refused(428, "precondition_required");
}

#[tokio::test]
async fn only_the_author_deletes_a_note_or_changes_who_reads_it() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = write(&pair, &pair.mentor, "SHARED").await;
    pair.mentee.delete_if(&path, &etag).await.refused(403, "not_author");
    pair.mentee.patch_if(&path, &etag, json!({ "visibility": "PRIVATE" })).await.refused(403, "not_author");
    pair.mentor.delete(&path).await.refused(428, "precondition_required");
    pair.mentor.delete_if(&path, "\"9\"").await.refused(412, "precondition_failed");
    pair.mentor.delete_if(&path, &etag).await.no_content();
    pair.mentor.get(&path).await.refused(404, "not_found");
    pair.mentor.delete_if(&path, &etag).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_private_note_is_its_authors_alone() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = write(&pair, &pair.mentee, "PRIVATE").await;
    let others = [pair.mentor.clone(), app.mentee("Stella").await, app.admin().await, app.owner().await];
    for other in &others {
        other.get(&path).await.refused(404, "not_found");
        other.patch_if(&path, &etag, json!({ "text": "Seen" })).await.refused(404, "not_found");
        other.patch(&path, json!({ "text": "Seen" })).await.refused(404, "not_found");
        other.delete_if(&path, &etag).await.refused(404, "not_found");
    }
    app.visitor().get(&path).await.refused(401, "unauthenticated");
    assert_eq!(listed(&pair.mentor, &pair).await, [Value::Null; 0]);
    let filtered = pair.mentor.get(format!("/mentorships/{}/notes?visibility=PRIVATE", pair.id)).await.ok();
    assert_eq!(filtered["items"], json!([]));
    assert_eq!(told(&pair.mentor).await, [Value::Null; 0]);
    assert_eq!(listed(&pair.mentee, &pair).await.len(), 1);
    let changed = pair.mentee.patch_if(&path, etag, json!({ "text": "Only mine" })).await;
    pair.mentee.delete_if(&path, changed.etag()).await.no_content();
}

#[tokio::test]
async fn the_log_says_nothing_of_a_private_note() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = write(&pair, &pair.mentee, "PRIVATE").await;
    pair.mentee.patch_if(&path, etag, json!({ "text": "Only mine" })).await.ok();
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    let log = entity::event::Entity::find().filter(entity::event::Column::StreamId.eq(id)).all(app.db()).await.unwrap();
    assert_eq!(log.len(), 2);
    assert!(log.iter().all(|event| event.data == Value::Null), "{log:?}");
}

#[tokio::test]
async fn shared_notes_are_not_for_strangers_and_staff() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = write(&pair, &pair.mentee, "SHARED").await;
    let list = format!("/mentorships/{}/notes", pair.id);
    for other in [app.mentor("Stella").await, app.admin().await, app.owner().await] {
        other.get(&path).await.refused(404, "not_found");
        other.get(&list).await.refused(404, "not_found");
        other.post(&list, note("SHARED")).await.refused(404, "not_found");
        other.patch_if(&path, &etag, json!({ "text": "Seen" })).await.refused(404, "not_found");
        other.delete_if(&path, &etag).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_private_note_can_be_shared_and_taken_back() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = write(&pair, &pair.mentor, "PRIVATE").await;
    let shared = pair.mentor.patch_if(&path, etag, json!({ "visibility": "SHARED" })).await;
    assert_eq!(pair.mentee.get(&path).await.ok(), shared.ok());
    assert_eq!(told(&pair.mentee).await, [json!("NOTE_SHARED")]);
    let same = pair.mentor.patch_if(&path, shared.etag(), json!({ "visibility": "SHARED" })).await;
    assert_eq!(same.etag(), shared.etag());
    pair.mentor.patch_if(&path, same.etag(), json!({ "visibility": "PRIVATE" })).await.ok();
    pair.mentee.get(&path).await.refused(404, "not_found");
    assert_eq!(told(&pair.mentee).await.len(), 1);
}

#[tokio::test]
async fn former_partners_read_their_notes_and_change_none() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (shared, etag) = write(&pair, &pair.mentor, "SHARED").await;
    let (private, _) = write(&pair, &pair.mentor, "PRIVATE").await;
    app.end(pair.id).await;
    pair.mentee.get(&shared).await.ok();
    assert_eq!((listed(&pair.mentee, &pair).await.len(), listed(&pair.mentor, &pair).await.len()), (1, 2));
    pair.mentee.get(&private).await.refused(404, "not_found");
    pair.mentee.patch_if(&private, &etag, json!({ "text": "Seen" })).await.refused(404, "not_found");
    for path in [&shared, &private] {
        pair.mentor.get(path).await.ok();
        pair.mentor.patch_if(path, &etag, json!({ "text": "Late" })).await.refused(409, "mentorship_closed");
        pair.mentor.delete_if(path, &etag).await.refused(409, "mentorship_closed");
    }
    let late = pair.mentor.post(format!("/mentorships/{}/notes", pair.id), note("PRIVATE")).await;
    late.refused(409, "mentorship_closed");
}

#[tokio::test]
async fn notes_come_in_pages() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut written = Vec::new();
    for visibility in ["SHARED", "PRIVATE", "SHARED", "SHARED"] {
        written.push(write(&pair, &pair.mentor, visibility).await.0);
    }
    written.remove(1);
    let list = format!("/mentorships/{}/notes", pair.id);
    let first = pair.mentee.get(format!("{list}?limit=2")).await.ok();
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = pair.mentee.get(format!("{list}?limit=2&cursor={cursor}")).await.ok();
    let seen = [first["items"].as_array().unwrap().clone(), second["items"].as_array().unwrap().clone()].concat();
    let seen: Vec<_> = seen.iter().map(|one| format!("/notes/{}", one["id"].as_str().unwrap())).collect();
    assert_eq!((seen, &second["nextCursor"]), (written, &Value::Null));
}

#[tokio::test]
async fn what_is_written_is_bounded() {
    let app = App::start().await;
    let pair = app.pair().await;
    let list = format!("/mentorships/{}/notes", pair.id);
    let (path, etag) = write(&pair, &pair.mentee, "SHARED").await;
    for (name, value) in [
        ("text", json!("")),
        ("text", json!(" \n")),
        ("text", json!("x".repeat(10_001))),
        ("text", json!("a\u{0}b")),
        ("text", json!(null)),
        ("visibility", json!("PUBLIC")),
        ("authorId", json!(pair.mentor.id)),
    ] {
        let mut body = note("SHARED");
        body[name] = value.clone();
        pair.mentee.post(&list, body).await.invalid(&format!("/{name}"));
        pair.mentee.patch_if(&path, &etag, json!({ name: value })).await.invalid(&format!("/{name}"));
    }
    let longest = json!({ "visibility": "SHARED", "text": "ü".repeat(10_000) });
    assert_eq!(pair.mentee.post(&list, longest.clone()).await.created()["text"], longest["text"]);
}
