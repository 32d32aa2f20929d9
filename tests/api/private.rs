//! What is private stays where it was written: no event, notification, mail, audit entry or refusal repeats it (promise F6).

use chrono::TimeDelta;
use entity::{event, mail, notification, user};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use support::App;

use crate::match_runs::{RUNS, id_of, run};
use crate::matching::{offers, seeks, skill};
use crate::suggestions::{accept, listed};

const CANARY: &str = "canary-7f3a";

/// Everything that was written down for others than the author, as text.
async fn told(app: &App) -> String {
    app.deliver_mail().await;
    let events = event::Entity::find().all(app.db()).await.unwrap();
    let notifications = notification::Entity::find().all(app.db()).await.unwrap();
    let mails = mail::Entity::find().all(app.db()).await.unwrap();
    format!(
        "{:?} {notifications:?} {:?}",
        events.iter().map(|event| (&event.kind, event.data.to_string())).collect::<Vec<_>>(),
        mails.iter().map(|mail| &mail.content).collect::<Vec<_>>(),
    )
}

#[tokio::test]
async fn private_notes_staff_reasons_and_unrevealed_answers_are_told_to_nobody() {
    let app = App::start().await;
    let (admin, pair) = (app.admin().await, app.pair().await);
    let notes = format!("/mentorships/{}/notes", pair.id);
    let private = json!({ "visibility": "PRIVATE", "text": format!("private {CANARY}") });
    let note = pair.mentee.post(&notes, private).await.created();
    let refused = pair.mentor.get(format!("/notes/{}", note["id"].as_str().unwrap())).await;
    refused.refused(404, "not_found");

    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let suggestion = app.suggestion(&ann, &bo).await;
    ann.post(format!("/suggestions/{suggestion}/decline"), Value::Null).await.ok();
    let seen = bo.get(format!("/suggestions/{suggestion}")).await;

    let note = json!({ "note": format!("staff {CANARY}") });
    admin.post(format!("/admin/users/{}/suspend", ann.id), note).await.ok();
    let ended = json!({ "reason": "CONDUCT", "note": format!("end {CANARY}") });
    admin.post(format!("/admin/mentorships/{}/end", pair.id), ended).await.ok();
    let suspended = ann.get("/me").await;
    suspended.refused(403, "account_suspended");

    let told = told(&app).await;
    assert!(told.contains("note.added") && told.contains("user.suspended"), "{told}");
    let log = admin.get("/admin/audit-log").await.ok().to_string();
    for text in [told, log, refused.to_string(), suspended.to_string(), seen.to_string()] {
        assert!(!text.contains(CANARY) && !text.contains("CONDUCT"), "{text}");
    }
    assert!(!seen.to_string().contains("DECLINED") || seen.status != 200, "{seen}");
}

/// A wish, an answer, a pause and a refusal by the staff weigh in matching; who reads why, or what became of a run, reads none of them.
#[tokio::test]
async fn reasons_and_match_runs_tell_nothing_private() {
    let app = App::start().await;
    let (admin, rust) = (app.admin().await, skill(&app, "Rust").await);
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &cy, rust).await;
    let ban = json!({ "oneId": ann.id, "otherId": cy.id, "note": CANARY });
    admin.post("/admin/pair-bans", ban).await.created();
    app.change_user(&ann, |row| row.gender = Set(Some(user::Gender::NonBinary))).await;
    seeks(&app, &bo, rust).await;
    bo.patch("/me", json!({ "preferredMentorGender": "NON_BINARY" })).await.ok();
    let id = listed(&bo, "").await[0]["id"].as_str().unwrap().parse().unwrap();
    accept(&bo, id).await;
    let why = format!("/me/suggestions/{id}/why");
    let mut read = vec![ann.get(&why).await.to_string()];
    ann.post(format!("/suggestions/{id}/not-now"), Value::Null).await.ok();
    read.push(bo.get(&why).await.to_string());
    app.clock.advance(TimeDelta::days(31));

    let ready = id_of(&run(&app, &admin, json!({ "filters": { "mentorIds": [ann.id] } })).await);
    let run = format!("{RUNS}/{ready}");
    for part in ["", "/pairs", "/unmatched", "/insights", "/certificate"] {
        read.push(admin.get(format!("{run}{part}")).await.to_string());
    }
    assert!(read[3].contains(&bo.id.to_string()), "{}", read[3]);
    admin.post(format!("{run}/publish"), json!({ "as": "SUGGESTIONS" })).await.ok();
    assert!(read.iter().all(|text| !text.to_lowercase().contains("gender")), "{read:?}");
    let log = told(&app).await;
    assert!(log.contains("match_run.published") && log.contains("suggestion.put_off"), "{log}");
    for text in read.into_iter().chain([log]) {
        for word in [CANARY, "NON_BINARY", "ACCEPTED", "DECLINED", "notBefore", "pausedUntil"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

/// The address of one is in nothing that is written for another.
#[tokio::test]
async fn addresses_are_told_to_their_owners_only() {
    let app = App::start().await;
    let (admin, pair) = (app.admin().await, app.pair().await);
    for (who, email) in [(&pair.mentor, "mentor"), (&pair.mentee, "mentee")] {
        let email = format!("{email}.{CANARY}@example.org");
        app.change_user(who, |row| row.email = Set(email)).await;
    }
    let path = format!("/mentorships/{}", pair.id);
    let message = json!({ "clientId": app.state.new_id(), "content": "Hello" });
    pair.mentor.post(format!("{path}/messages"), message).await.created();
    pair.mentee.post(format!("{path}/complete"), json!({ "reason": "GOALS_REACHED" })).await.ok();
    admin.post(format!("/admin/users/{}/password-reset", pair.mentor.id), Value::Null).await.queued();
    admin
        .put(format!("/owner/users/{}/role", pair.mentor.id), json!({ "role": "ADMIN" }))
        .await
        .refused(403, "forbidden");
    app.visitor().post("/auth/sign-in-link", json!({ "email": format!("mentee.{CANARY}@example.org") })).await.queued();
    app.deliver_mail().await;

    let users = user::Entity::find().all(app.db()).await.unwrap();
    assert_eq!(users.iter().filter(|user| user.email.contains(CANARY)).count(), 2);
    for event in event::Entity::find().all(app.db()).await.unwrap() {
        assert!(!event.data.to_string().contains(CANARY), "{event:?}");
    }
    for mail in mail::Entity::find().all(app.db()).await.unwrap() {
        let content = mail.content.unwrap_or_default();
        let text = format!("{} {} {}", content["subject"], content["text"], content["html"]);
        assert!(content["to"].to_string().contains(CANARY) && !text.contains(CANARY), "{content}");
    }
    let of_both = format!("{:?}{:?}", pair.mentor.all("/notifications").await, pair.mentee.all("/notifications").await);
    assert!(of_both.len() > 50 && !of_both.contains(CANARY), "{of_both}");
}
