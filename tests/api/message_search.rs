//! Search in one's own threads: the same on both databases, for participants only (promises I10, K8, K9).

use std::time::{Duration, Instant};

use entity::{message, words};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseBackend, EntityTrait, Statement};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::messages::{list, send, threads};

pub async fn search(who: &Client, query: &str) -> Vec<Value> {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    who.all(format!("/me/messages?q={query}")).await
}

/// The ids of what is found.
pub async fn found_by(who: &Client, query: &str) -> Vec<Value> {
    search(who, query).await.into_iter().map(|hit| hit["id"].clone()).collect()
}

/// The excerpt, with each match in brackets.
fn shown(hit: &Value) -> String {
    let pieces = hit["excerpt"].as_array().unwrap().iter();
    let piece = |one: &Value| {
        let text = one["text"].as_str().unwrap();
        if one["isMatch"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    pieces.map(piece).collect()
}

#[tokio::test]
async fn each_word_begins_a_word_of_what_is_found() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let texts = [
            "Shall we go through your RÉSUMÉ on Thursday?",
            "Die Straße ist naß; e\u{301}te\u{301}",
            "東京で会いましょう",
            "l'Œuvre: v2.0_beta 50% off \"quoted\" * (x) 'y' \\z",
            "<script>alert('links stay text')</script> javascript:alert(1)",
        ];
        let mut sent = Vec::new();
        for text in texts {
            sent.push(send(&ann, &thread, text).await["id"].clone());
        }
        let finds = [
            ("resume", 0),
            ("Thurs résu", 0),
            ("your, YOUR!", 0),
            ("STRASSE nass", 1),
            ("ete", 1),
            ("京", 2),
            ("会い", 2),
            ("beta 50", 3),
            ("QUOTED x y z", 3),
            ("script", 4),
        ];
        for (query, at) in finds {
            for reader in [&ann, &bo] {
                assert_eq!(found_by(reader, query).await, [sent[at].clone()], "{query}");
            }
        }
        for nothing in ["sume", "thursday friday", "resume OR strasse", "quoted AND nothing", "大"] {
            assert!(found_by(&bo, nothing).await.is_empty(), "{nothing}");
        }
        let hit = search(&bo, "resume we").await.remove(0);
        assert_eq!(shown(&hit), "Shall [we] go through your [RÉSUMÉ] on Thursday?");
        assert_eq!((&hit["seq"], &hit["senderId"]), (&json!(1), &json!(ann.id)));
        let kind = if thread.starts_with("/mentorships") { "mentorshipId" } else { "conversationId" };
        assert_eq!(hit[kind].as_str(), thread.rsplit('/').next());
        let link = "<[script]>alert('links stay text')</[script]> javascript:alert(1)";
        assert_eq!(shown(&search(&bo, "script").await[0]), link);
    }
}

#[tokio::test]
async fn what_is_found_comes_newest_first_and_page_by_page() {
    let app = App::start().await;
    let (mut expected, ann) = (Vec::new(), app.member("Ann").await);
    let (bo, cy) = (app.mentee("Bo").await, app.mentor("Cy").await);
    let one = format!("/mentorships/{}", app.mentorship(&ann, &bo).await);
    let two = format!("/mentorships/{}", app.mentorship(&cy, &ann).await);
    for at in 0..7 {
        let (who, thread) = if at % 2 == 0 { (&bo, &one) } else { (&cy, &two) };
        expected.insert(0, send(who, thread, &format!("needle {at}")).await["id"].clone());
        send(who, thread, "hay").await;
    }
    for limit in [1, 3, 7, 20] {
        let pages = ann.pages(format!("/me/messages?q=needle&limit={limit}")).await;
        let ids: Vec<_> = pages.concat().into_iter().map(|hit| hit["id"].clone()).collect();
        assert_eq!(ids, expected);
        assert!(pages.iter().all(|page| page.len() <= limit));
    }
    let of_one = ann.all(format!("/me/messages?q=needle&mentorshipId={}", &one["/mentorships/".len()..])).await;
    assert_eq!(of_one.len(), 4);
    assert!(ann.all(format!("/me/messages?q=needle&conversationId={}", Uuid::new_v4())).await.is_empty());
    assert_eq!((found_by(&bo, "needle").await.len(), found_by(&cy, "needle").await.len()), (4, 3));
}

#[tokio::test]
async fn nobody_else_finds_anything() {
    let app = App::start().await;
    let suspended = app.member("Sam").await;
    for (thread, ann, bo) in threads(&app).await {
        let id = thread.rsplit('/').next().unwrap().to_owned();
        send(&ann, &thread, "needle").await;
        let partner = app.mentor("Other").await;
        app.mentorship(&partner, &bo).await;
        for other in [&partner, &app.member("Stranger").await, &app.admin().await, &app.owner().await] {
            for filter in ["", &format!("&mentorshipId={id}"), &format!("&conversationId={id}")] {
                assert!(other.all(format!("/me/messages?q=needle{filter}")).await.is_empty());
            }
            assert!(other.all("/me/threads").await.iter().all(|one| one["lastMessageSeq"] == 0));
        }
        app.visitor().get("/me/messages?q=needle").await.refused(401, "unauthenticated");
    }
    app.change_user(&suspended, |row| row.status = Set(entity::user::Status::Suspended)).await;
    suspended.get("/me/messages?q=needle").await.refused(403, "account_suspended");
    suspended.get("/me/threads").await.refused(403, "account_suspended");
}

#[tokio::test]
async fn a_query_needs_a_word_and_has_bounds() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    for bad in ["", "q=", "q=%20%21", "q=%F0%9F%91%8D"] {
        ann.get(format!("/me/messages?{bad}")).await.invalid("/q");
    }
    ann.get(format!("/me/messages?q={}", "a".repeat(201))).await.invalid("/q");
    ann.get(format!("/me/messages?q={}", "a+".repeat(100))).await.ok();
    ann.get("/me/messages?q=a&mentorshipId=7").await.invalid("/mentorshipId");
}

/// What an older release stored has no words yet: a job adds them, each once.
#[tokio::test]
async fn what_was_stored_before_is_found_after_the_job() {
    let app = App::start().await;
    let mut sent = Vec::new();
    let both = threads(&app).await;
    for (thread, ann, _) in &both {
        sent.push(send(ann, thread, "needle").await["id"].clone());
        let gone = send(ann, thread, "needle too").await;
        ann.delete(format!("/messages/{}", gone["id"].as_str().unwrap())).await.no_content();
    }
    forget_words(&app).await;
    index(&app).await;
    for ((_, ann, bo), id) in both.iter().zip(sent) {
        for reader in [ann, bo] {
            assert_eq!(found_by(reader, "needle").await, std::slice::from_ref(&id));
        }
    }
    assert_eq!(entries(&app).await, 2);
}

/// What an older release stored is edited before the job comes to it: an edit gives it words, and the job no others.
#[tokio::test]
async fn what_is_edited_before_the_job_is_found_once_by_what_it_says_then() {
    let app = App::start().await;
    let both = threads(&app).await;
    let mut sent = Vec::new();
    for (thread, ann, _) in &both {
        sent.push(send(ann, thread, "needle").await["id"].clone());
    }
    forget_words(&app).await;
    for ((_, ann, _), id) in both.iter().zip(&sent) {
        ann.patch(format!("/messages/{}", id.as_str().unwrap()), json!({ "content": "pin" })).await.ok();
    }
    index(&app).await;
    for ((_, ann, bo), id) in both.iter().zip(sent) {
        for reader in [ann, bo] {
            assert_eq!(found_by(reader, "pin").await, std::slice::from_ref(&id));
            assert!(found_by(reader, "needle").await.is_empty());
        }
    }
    assert_eq!(entries(&app).await, 2);
}

/// As an older release left what it stored.
async fn forget_words(app: &App) {
    app.db().execute_unprepared("DELETE FROM message_words").await.unwrap();
    let unsearchable = message::ActiveModel { is_searchable: Set(false), ..Default::default() };
    message::Entity::update_many().set(unsearchable).exec(app.db()).await.unwrap();
}

/// Several rounds of the job at once.
async fn index(app: &App) {
    let jobs = (0..4).map(|_| api::messages::ops::index(&app.state));
    for done in futures_util::future::join_all(jobs).await {
        done.unwrap();
    }
}

async fn entries(app: &App) -> i64 {
    let count = "SELECT count(*) AS n FROM message_words";
    let count = Statement::from_string(app.db().get_database_backend(), count);
    app.db().query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn more_searches_than_places_are_refused_at_once() {
    let app = App::start_with(|config| config.search_permits = 1).await;
    let ann = app.member("Ann").await;
    let _place = app.state.searches.begin().unwrap();
    let refused = ann.get("/me/messages?q=a").await;
    refused.refused(503, "unavailable");
    assert!(refused.header("retry-after").is_some());
}

/// A hundred times the messages cost at most two hundred times as much, and those of others cost nothing.
#[tokio::test]
async fn search_is_linear_in_ones_own_messages() {
    let app = App::start().await;
    let pair = app.pair().await;
    fill(&app, pair.id, &pair.mentor, &pair.mentee, 50).await;
    let few = cost(&pair.mentee).await;
    fill(&app, pair.id, &pair.mentor, &pair.mentee, 4950).await;
    let many = cost(&pair.mentee).await;
    assert!(many < few * 200, "{few:?} → {many:?}");
    assert_eq!(list(&pair.mentee, &format!("/mentorships/{}", pair.id), "?limit=1").await["items"][0]["seq"], 5000);
}

/// The least of some, so that what else runs here counts little.
async fn cost(who: &Client) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        who.get("/me/messages?q=need+hay&limit=100").await.ok();
        least = least.min(start.elapsed());
    }
    least
}

async fn fill(app: &App, thread: Uuid, mentor: &Client, mentee: &Client, count: i64) {
    let backend = app.db().get_database_backend();
    let last = list(mentor, &format!("/mentorships/{thread}"), "?limit=1").await;
    let last = last["items"][0]["seq"].as_i64().unwrap_or(0);
    let numbers: Vec<_> = (last + 1..=last + count).collect();
    for part in numbers.chunks(500) {
        let rows: Vec<_> = part.iter().map(|seq| row(app, thread, mentor.id, *seq)).collect();
        let entries = rows.iter().map(|row| {
            let entry = words::entry(backend, row.id, [mentor.id, mentee.id], &row.content);
            let cast = if backend == DatabaseBackend::Postgres {
                format!("'{entry}'::tsvector")
            } else {
                format!("'{entry}'")
            };
            let id = if backend == DatabaseBackend::Postgres {
                format!("'{}'", row.id)
            } else {
                format!("x'{}'", row.id.simple())
            };
            format!("({id}, {cast})")
        });
        let entries = entries.collect::<Vec<_>>().join(", ");
        let rows = rows.into_iter().map(message::ActiveModel::from);
        message::Entity::insert_many(rows).exec_without_returning(app.db()).await.unwrap();
        let sql = format!("INSERT INTO message_words (message_id, words) VALUES {entries}");
        app.db().execute_unprepared(&sql).await.unwrap();
    }
    let sql = format!("UPDATE mentorships SET last_message_seq = {}", last + count);
    app.db().execute_unprepared(&sql).await.unwrap();
}

fn row(app: &App, thread: Uuid, sender: Uuid, seq: i64) -> message::Model {
    message::Model {
        id: app.state.new_id(),
        mentorship_id: Some(thread),
        conversation_id: None,
        sender_id: sender,
        seq,
        content: format!("The {seq}. needle in a haystack"),
        client_id: app.state.new_id(),
        sent_at: app.clock.now(),
        edited_at: None,
        deleted_at: None,
        is_searchable: true,
    }
}
