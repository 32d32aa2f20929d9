//! The list of one's threads: of mentorships and of conversations alike, with what is unread.

use chrono::TimeDelta;
use entity::{mentorship, user};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client};

use crate::erasure::erase;
use crate::message_search::found_by;
use crate::messages::{list, message, send, threads};

async fn listed(who: &Client, query: &str) -> Vec<Value> {
    who.all(format!("/me/threads{query}")).await
}

#[tokio::test]
async fn a_thread_shows_its_last_message_and_what_is_unread() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let id = json!(thread.rsplit('/').next().unwrap());
        let empty = listed(&bo, "").await.remove(0);
        assert_eq!((&empty["lastMessage"], &empty["lastMessageSeq"]), (&Value::Null, &json!(0)));
        send(&ann, &thread, "One").await;
        let last = send(&ann, &thread, "Two").await;
        let seen = listed(&bo, "").await.remove(0);
        let of_mentorship = thread.starts_with("/mentorships");
        let expected = if of_mentorship { [id, Value::Null] } else { [Value::Null, id] };
        assert_eq!([seen["mentorshipId"].clone(), seen["conversationId"].clone()], expected);
        assert_eq!((&seen["other"]["id"], &seen["lastMessage"]), (&json!(ann.id), &last));
        let counts = |seen: &Value| [&seen["lastMessageSeq"], &seen["readSeq"], &seen["unreadCount"]].map(Value::clone);
        assert_eq!(counts(&seen), [json!(2), json!(0), json!(2)]);
        assert_eq!(seen["canWrite"], true);
        assert_eq!(counts(&listed(&ann, "").await[0]), [json!(2), json!(2), json!(0)]);
        assert_eq!((listed(&bo, "?unread=true").await.len(), listed(&bo, "?unread=false").await.len()), (1, 0));
        bo.put(format!("{thread}/read-marker"), json!({ "seq": 2 })).await.ok();
        assert_eq!((listed(&bo, "?unread=true").await.len(), listed(&bo, "?unread=false").await.len()), (0, 1));
    }
}

#[tokio::test]
async fn both_kinds_stand_in_one_order_page_by_page() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    let mut paths = Vec::new();
    for at in 0..6 {
        let other = app.member(&format!("Member {at}")).await;
        let id = match at % 3 {
            0 => app.mentorship(&ann, &other).await.to_string(),
            1 => app.mentorship(&other, &ann).await.to_string(),
            _ => {
                app.suggestion(&ann, &other).await;
                let opened = ann.post("/conversations", json!({ "userId": other.id })).await.created();
                opened["id"].as_str().unwrap().to_owned()
            }
        };
        let kind = if at % 3 == 2 { "conversations" } else { "mentorships" };
        paths.push((format!("/{kind}/{id}"), other));
        app.clock.advance(TimeDelta::seconds(1));
    }
    for at in [4, 2, 0] {
        send(&paths[at].1, &paths[at].0, "Hello").await;
        app.clock.advance(TimeDelta::seconds(1));
    }
    let expected: Vec<_> = [0, 2, 4, 5, 3, 1].map(|at: usize| json!(paths[at].1.id)).into();
    for limit in [1, 2, 5, 20] {
        let pages = ann.pages(format!("/me/threads?limit={limit}")).await;
        assert!(pages.iter().all(|page| page.len() <= limit));
        let others: Vec<_> = pages.concat().into_iter().map(|one| one["other"]["id"].clone()).collect();
        assert_eq!(others, expected);
    }
    let unread: Vec<_> =
        listed(&ann, "?unread=true&limit=1").await.into_iter().map(|one| one["other"]["id"].clone()).collect();
    assert_eq!(unread, expected[..3]);
}

#[tokio::test]
async fn a_request_is_no_thread_and_what_has_ended_is() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    app.request(&ann, &bo).await;
    assert!(listed(&ann, "").await.is_empty() && listed(&bo, "").await.is_empty());
    let id = app.mentorship(&ann, &cy).await;
    app.end(id).await;
    let ended = listed(&cy, "").await.remove(0);
    assert_eq!((&ended["mentorshipId"], &ended["canWrite"]), (&json!(id), &json!(false)));
}

#[tokio::test]
async fn whom_one_cannot_reach_one_cannot_write_to() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let body = message("Before");
        let before = ann.post(format!("{thread}/messages"), body.clone()).await.created();
        app.change_user(&bo, |row| row.status = Set(user::Status::Suspended)).await;
        ann.post(format!("{thread}/messages"), message("Hello?")).await.refused(409, "thread_closed");
        assert_eq!(ann.post(format!("{thread}/messages"), body).await.ok(), before);
        ann.patch(format!("/messages/{}", before["id"].as_str().unwrap()), json!({ "content": "Hello?" }))
            .await
            .refused(409, "thread_closed");
        assert_eq!(listed(&ann, "").await[0]["canWrite"], false);
        for path in [format!("{thread}/messages"), "/me/threads".to_owned(), "/me/messages?q=Before".to_owned()] {
            bo.get(path).await.refused(403, "account_suspended");
        }
        bo.put(format!("{thread}/read-marker"), json!({ "seq": 1 })).await.refused(403, "account_suspended");
        app.change_user(&bo, |row| row.status = Set(user::Status::Active)).await;
        assert_eq!(send(&ann, &thread, "Welcome back").await["seq"], 2);
    }
}

/// Promise O4, for threads.
#[tokio::test]
async fn the_thread_with_a_former_member_stays_readable() {
    let app = App::start().await;
    for (thread, ann, bo) in threads(&app).await {
        let sent = send(&ann, &thread, "needle of Ann").await;
        send(&bo, &thread, "needle of Bo").await;
        erase(&ann).await.no_content();
        let seen = listed(&bo, "").await.remove(0);
        assert_eq!((&seen["other"]["name"], &seen["canWrite"]), (&json!("Former member"), &json!(false)));
        assert_eq!(list(&bo, &thread, "?order=ASC").await["items"][0], sent);
        assert_eq!(found_by(&bo, "needle of ann").await, [sent["id"].clone()]);
        bo.get(&thread).await.ok();
        let refused = bo.post(format!("{thread}/messages"), message("Hello?")).await;
        let code = if thread.starts_with("/mentorships") { "mentorship_closed" } else { "thread_closed" };
        refused.refused(409, code);
        bo.post(format!("/messages/{}/report", sent["id"].as_str().unwrap()), crate::issues::report()).await.created();
    }
}

/// Promise K6: so many strangers are written to first in a day, also when all are written to at once.
#[tokio::test(flavor = "multi_thread")]
async fn first_messages_to_strangers_are_few() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let mut requests = Vec::new();
    for at in 0..12 {
        let other = app.mentee(&format!("Stranger {at}")).await;
        app.suggestion(&ann, &other).await;
        let opened = ann.post("/conversations", json!({ "userId": other.id })).await.created();
        requests.push((
            ann.clone(),
            format!("/conversations/{}/messages", opened["id"].as_str().unwrap()),
            message("Hi"),
        ));
    }
    let answers = crate::races::at_once(requests.clone()).await;
    assert_eq!(crate::races::with_status(&answers, 201), 10, "{answers:?}");
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 201).collect();
    for answer in &refused {
        answer.refused(429, "too_many_first_messages");
        assert_eq!(answer.header("retry-after"), Some("86400"));
    }
    let (done, waiting) = (
        requests.iter().zip(&answers).find(|(_, answer)| answer.status == 201).unwrap().0,
        requests.iter().zip(&answers).find(|(_, answer)| answer.status != 201).unwrap().0,
    );
    // Going on is no first message, and neither is one to a partner.
    ann.post(&done.1, message("And then?")).await.created();
    let partner = app.mentee("Partner").await;
    app.mentorship_with(&ann, &partner, |row| {
        row.status = Set(mentorship::Status::Completed);
        (row.accepted_at, row.start_date) = (Set(Some(app.clock.now())), Set(Some(app.clock.now())));
        row.end_date = Set(Some(app.clock.now()));
    })
    .await;
    let opened = ann.post("/conversations", json!({ "userId": partner.id })).await.created();
    send(&ann, &format!("/conversations/{}", opened["id"].as_str().unwrap()), "Hello again").await;
    app.clock.advance(TimeDelta::hours(24) - TimeDelta::milliseconds(1));
    ann.post(&waiting.1, message("Hi")).await.refused(429, "too_many_first_messages");
    app.clock.advance(TimeDelta::milliseconds(1));
    ann.post(&waiting.1, waiting.2.clone()).await.created();
}
