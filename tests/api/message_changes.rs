//! Editing and deleting messages: within the policy, with the same number, and without anything left of what was said.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use support::{App, Client};

use crate::erasure::found;
use crate::issues::report;
use crate::message_search::found_by;
use crate::messages::{list, message, send, threads};

fn at(sent: &Value) -> String {
    format!("/messages/{}", sent["id"].as_str().unwrap())
}

async fn edit(who: &Client, sent: &Value, content: &str) -> Value {
    who.patch(at(sent), json!({ "content": content })).await.ok()
}

async fn set(app: &App, change: Value) {
    let owner = app.owner().await;
    let etag = owner.get("/owner/settings").await.etag();
    owner.patch_if("/owner/settings", etag, change).await.ok();
}

#[tokio::test]
async fn an_edited_message_has_its_place_and_says_when() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let first = send(&ann, &thread, "Helo").await;
        send(&bo, &thread, "Hello").await;
        app.clock.advance(TimeDelta::minutes(14));
        let edited = edit(&ann, &first, "  Hello 👋🏽 <b>https://example.org</b>\n").await;
        assert_eq!((&edited["id"], &edited["seq"], &edited["sentAt"]), (&first["id"], &json!(1), &first["sentAt"]));
        assert_eq!(edited["editedAt"], "2026-11-02T09:14:00.000Z");
        assert_eq!(list(&bo, &thread, "?order=ASC").await["items"][0], edited);
        assert_eq!(edited["content"], "  Hello 👋🏽 <b>https://example.org</b>\n");
        // Saying the same again is no change, however late.
        app.clock.advance(TimeDelta::minutes(60));
        assert_eq!(edit(&ann, &first, "  Hello 👋🏽 <b>https://example.org</b>\n").await, edited);
        ann.patch(at(&first), json!({ "content": "Late" })).await.refused(409, "message_fixed");
        app.clock.advance(TimeDelta::minutes(-74));
    }
}

#[tokio::test]
async fn a_deleted_message_leaves_its_place_and_nothing_else() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let body = message("canaryone is what I said");
        let path = format!("{thread}/messages");
        let sent = ann.post_with(&path, &[("Idempotency-Key", "1")], body.clone()).await.created();
        let edited = edit(&ann, &sent, "canarytwo is what I meant").await;
        assert!(found(&app, &["canaryone"]).await.is_empty());
        assert_eq!(found_by(&bo, "canarytwo").await, [edited["id"].clone()]);
        app.clock.advance(TimeDelta::days(100));
        ann.delete(at(&sent)).await.no_content();
        ann.delete(at(&sent)).await.no_content();
        for reader in [&ann, &bo] {
            let left = list(reader, &thread, "").await["items"][0].clone();
            assert_eq!((&left["content"], &left["seq"]), (&Value::Null, &json!(1)));
            assert!(left["deletedAt"].is_string());
            assert!(found_by(reader, "canarytwo").await.is_empty());
            assert_eq!(reader.get("/me/threads").await.ok()["items"][0]["lastMessage"], left);
        }
        let left = found(&app, &["canary"]).await;
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(entries_of(&app, &sent).await, 0);
        ann.patch(at(&sent), json!({ "content": "Again" })).await.refused(409, "message_deleted");
        // The retry of a request whose answer was lost finds what became of it, and the next message has the next number.
        assert_eq!(ann.post(&path, body).await.ok()["content"], Value::Null);
        assert_eq!(send(&bo, &thread, "Next").await["seq"], 2);
        app.clock.advance(TimeDelta::days(-100));
    }
}

/// Rows of the index that are about this message.
async fn entries_of(app: &App, sent: &Value) -> i64 {
    let id: uuid::Uuid = sent["id"].as_str().unwrap().parse().unwrap();
    let sql = "SELECT count(*) AS n FROM message_words WHERE message_id = $1";
    let ask = Statement::from_sql_and_values(app.db().get_database_backend(), sql, [id.into()]);
    app.db().query_one_raw(ask).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[tokio::test]
async fn only_its_sender_changes_a_message() {
    let app = App::start().await;
    let others = [app.member("Stranger").await, app.admin().await, app.owner().await];
    for (thread, ann, bo) in threads(&app).await {
        let sent = send(&ann, &thread, "Mine").await;
        bo.patch(at(&sent), json!({ "content": "Yours" })).await.refused(403, "not_author");
        bo.delete(at(&sent)).await.refused(403, "not_author");
        for other in &others {
            other.patch(at(&sent), json!({ "content": "Ours" })).await.refused(404, "not_found");
            other.delete(at(&sent)).await.refused(404, "not_found");
            other.post(format!("{}/report", at(&sent)), report()).await.refused(404, "not_found");
        }
        assert_eq!(list(&ann, &thread, "").await["items"], json!([sent]));
    }
}

#[tokio::test]
async fn the_owner_decides_for_how_long_and_who_deletes() {
    let app = App::start().await;
    let (thread, ann, _) = threads(&app).await.remove(0);
    let first = send(&ann, &thread, "One").await;
    set(&app, json!({ "messageEditMinutes": 0, "messageDeletion": "WHILE_EDITABLE" })).await;
    ann.patch(at(&first), json!({ "content": "Two" })).await.refused(409, "message_fixed");
    ann.delete(at(&first)).await.refused(409, "message_fixed");
    set(&app, json!({ "messageEditMinutes": 5 })).await;
    edit(&ann, &first, "Two").await;
    set(&app, json!({ "messageDeletion": "NEVER" })).await;
    ann.delete(at(&first)).await.refused(409, "message_fixed");
    set(&app, json!({ "messageDeletion": "WHILE_EDITABLE" })).await;
    ann.delete(at(&first)).await.no_content();
}

#[tokio::test]
async fn where_a_mentorship_ended_nothing_is_edited_and_all_can_be_taken_back() {
    let app = App::start().await;
    let pair = app.pair().await;
    let sent = send(&pair.mentor, &format!("/mentorships/{}", pair.id), "Before").await;
    app.end(pair.id).await;
    pair.mentor.patch(at(&sent), json!({ "content": "After" })).await.refused(409, "mentorship_closed");
    pair.mentor.delete(at(&sent)).await.no_content();
}

#[tokio::test]
async fn content_has_bounds_in_letters_and_bytes() {
    let app = App::start().await;
    let (thread, ann, _) = threads(&app).await.remove(0);
    let sent = send(&ann, &thread, &"👍".repeat(4096)).await;
    let path = format!("{thread}/messages");
    for bad in ["👍".repeat(4097), "a".repeat(5001), " \n".to_owned(), String::new()] {
        ann.post(&path, message(&bad)).await.invalid("/content");
        ann.patch(at(&sent), json!({ "content": bad })).await.invalid("/content");
    }
    ann.patch(at(&sent), json!({ "content": null })).await.invalid("/content");
    ann.patch(at(&sent), json!({})).await.invalid("/content");
}

#[tokio::test]
async fn each_change_is_told_once_and_without_words() {
    let app = App::start().await;
    for (thread, ann, _) in threads(&app).await {
        let sent = send(&ann, &thread, "canary").await;
        edit(&ann, &sent, "canary again").await;
        edit(&ann, &sent, "canary again").await;
        ann.delete(at(&sent)).await.no_content();
        ann.delete(at(&sent)).await.no_content();
        let id = thread.rsplit('/').next().unwrap().parse().unwrap();
        let kind = thread.split('/').nth(1).unwrap().trim_end_matches('s');
        let told: Vec<_> = app.log_of(id).await.into_iter().filter(|one| one.contains("message")).collect();
        let words = ["message_sent", "message_edited", "message_deleted"].map(|word| format!("{kind}.{word}"));
        assert_eq!(told, words);
    }
}

/// Whoever comes second finds the tombstone; the index never keeps words that the thread has lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_and_a_deletion_at_once_leave_nothing_to_be_found() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        for round in 0..20 {
            let sent = send(&ann, &thread, &format!("needle {round}")).await;
            let path = at(&sent);
            let (edited, deleted) =
                tokio::join!(ann.patch(&path, json!({ "content": "needle edited" })), ann.delete(&path));
            deleted.no_content();
            assert!(edited.status == 200 || edited.status == 409, "{edited}");
            assert!(found_by(&bo, "needle").await.is_empty());
            assert_eq!(entries_of(&app, &sent).await, 0);
        }
    }
}
