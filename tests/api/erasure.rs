//! Who leaves takes what is theirs along, at once and everywhere; partners keep what was shared (promises A3, C13, G2, O4).

use chrono::TimeDelta;
use entity::user;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryResult, Statement,
};
use serde_json::{Value, json};
use support::{Answer, App, Client, is_postgres};
use tokio::task::JoinSet;

use crate::identity::{call, refresh};
use crate::proofs::{PASSWORD, fresh_address};
use crate::second_factor::enable;

/// In each text that only Cora Canary ever sees or says of herself.
pub const CANARY: &str = "canary-4711-555-0199";

async fn sign_in(app: &App, email: &str) -> Answer {
    app.visitor().post("/auth/sign-in", json!({ "email": email, "password": PASSWORD })).await
}

pub async fn erase(who: &Client) -> Answer {
    who.delete("/me").await
}

/// Every value of every table of ours, as text.
async fn dump(app: &App) -> Vec<(String, String)> {
    let list = if is_postgres() {
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let ask = |sql: String| app.db().query_all_raw(Statement::from_string(app.db().get_database_backend(), sql));
    let mut values = Vec::new();
    for table in ask(list.to_owned()).await.unwrap() {
        let table: String = table.try_get("", "name").unwrap();
        let rows = if is_postgres() {
            format!("SELECT convert_to(to_jsonb(t)::text, 'UTF8') AS line FROM \"{table}\" t")
        } else {
            let columns = ask(format!("SELECT name FROM pragma_table_xinfo('{table}')")).await.unwrap();
            let columns: Vec<String> = columns.iter().map(|row| row.try_get("", "name").unwrap()).collect();
            let texts: Vec<_> = columns.iter().map(|name| format!("coalesce(CAST(\"{name}\" AS text), '')")).collect();
            format!("SELECT CAST({} AS blob) AS line FROM \"{table}\"", texts.join(" || ' | ' || "))
        };
        let lines = ask(rows).await.unwrap();
        let text =
            |row: &QueryResult| String::from_utf8_lossy(&row.try_get::<Vec<u8>>("", "line").unwrap()).into_owned();
        values.extend(lines.iter().map(|row| (table.clone(), text(row))));
    }
    values
}

pub async fn found(app: &App, words: &[&str]) -> Vec<(String, String)> {
    let said = |line: &str| words.iter().any(|word| line.to_lowercase().contains(&word.to_lowercase()));
    dump(app).await.into_iter().filter(|(_, line)| said(line)).collect()
}

/// Cora with everything that a member can have, in a mentorship with Milo.
struct Stage {
    app: App,
    cora: Client,
    milo: Client,
    mentorship: String,
    /// The address before the present one.
    former: String,
}

async fn stage() -> Stage {
    let app = App::seeded().await;
    let (cora, milo) = (app.member("Cora Canary").await, app.mentee("Milo").await);
    app.set_password(&cora, PASSWORD).await;
    let former = cora.email.clone();
    fill_profile(&cora).await;
    let mentorship = app.mentorship(&cora, &milo).await.to_string();
    share(&app, &cora, &milo, &mentorship).await;
    enable(&app, &cora).await;
    app.suggestion(&cora, &app.mentee("Sue").await).await;
    app.visitor().post("/auth/sign-in-link", json!({ "email": former })).await.queued();
    cora.post("/me/email", json!({ "email": format!("cora.{CANARY}@example.org") })).await.queued();
    let token = app.mailed_token(&format!("cora.{CANARY}@example.org"), "CHANGE_EMAIL").await;
    app.visitor().post("/auth/email-change/confirm", json!({ "token": token })).await.no_content();
    app.mail(&former, "EMAIL_CHANGED").await;
    Stage { app, cora, milo, mentorship, former }
}

async fn fill_profile(cora: &Client) {
    let profile = json!({
        "name": "Cora Canary", "title": CANARY, "location": CANARY, "about": CANARY, "motivation": CANARY,
        "sideProjects": CANARY, "image": format!("https://example.org/{CANARY}.png"), "timeZone": "Pacific/Chatham",
        "linkedinUrl": format!("https://www.linkedin.com/in/{CANARY}"), "gender": "FEMALE", "languages": ["gd"],
    });
    cora.patch("/me", profile).await.ok();
    cora.put("/me/mentor-skills", json!({ "items": [{ "skill": "devops", "level": 4 }] })).await;
}

async fn share(app: &App, cora: &Client, milo: &Client, mentorship: &str) {
    let path = |rest: &str| format!("/mentorships/{mentorship}/{rest}");
    let note = |visibility: &str, text: &str| json!({ "visibility": visibility, "text": text });
    cora.post_with(path("notes"), &[("Idempotency-Key", "1")], note("PRIVATE", CANARY)).await.created();
    cora.post(path("notes"), note("SHARED", "our plan")).await.created();
    for (from, content) in [(cora, "Hello Milo"), (milo, "Hello")] {
        let message = json!({ "clientId": app.state.new_id(), "content": content });
        from.post(path("messages"), message).await.created();
    }
    let meeting = json!({ "scheduledAt": "2026-12-01T09:00:00Z", "durationMinutes": 30, "timeZone": "UTC" });
    cora.post(path("meetings"), meeting).await.created();
}

#[tokio::test]
async fn nothing_personal_remains_in_any_table() {
    let Stage { app, cora, former, .. } = stage().await;
    let words = [CANARY, "Cora Canary", former.as_str(), "Pacific/Chatham"];
    let before: Vec<_> = found(&app, &words).await.into_iter().map(|(table, _)| table).collect();
    for table in ["users", "notes", "mails", "verification_tokens"] {
        assert!(before.iter().any(|found| found == table), "the stage put nothing into {table}: {before:?}");
    }
    erase(&cora).await.no_content();
    let after = found(&app, &words).await;
    assert!(after.is_empty(), "{after:#?}");

    let id = cora.id.to_string();
    let of_others = ["conversations", "event_streams", "events", "mentorships", "messages", "notes", "suggestions"];
    let of_others = [&of_others[..], &["meetings", "notifications", "users"]].concat();
    let plain = |line: &str| line.replace('-', "").contains(&id.replace('-', ""));
    let others: Vec<_> = dump(&app).await.into_iter().filter(|(_, line)| plain(line)).collect();
    for (table, line) in &others {
        assert!(of_others.contains(&table.as_str()), "{table}: {line}");
    }
    app.deliver_mail().await;
    assert!(found(&app, &words).await.is_empty());
}

#[tokio::test]
async fn partners_keep_what_was_shared_with_a_former_member() {
    let Stage { app, cora, milo, mentorship, .. } = stage().await;
    erase(&cora).await.no_content();
    let seen = milo.get(format!("/mentorships/{mentorship}")).await.ok();
    assert_eq!((&seen["status"], &seen["endReason"]), (&json!("CANCELED"), &json!("WITHDRAWN")));
    assert_eq!((&seen["mentor"]["name"], &seen["mentor"]["title"]), (&json!("Former member"), &Value::Null));
    let messages = milo.all(format!("/mentorships/{mentorship}/messages?order=ASC")).await;
    assert_eq!((messages.len(), &messages[0]["content"]), (2, &json!("Hello Milo")));
    let notes = milo.all(format!("/mentorships/{mentorship}/notes")).await;
    assert_eq!((notes.len(), &notes[0]["text"]), (1, &json!("our plan")));
    let meetings = milo.all(format!("/mentorships/{mentorship}/meetings")).await;
    assert_eq!(meetings[0]["status"], "CANCELED");
    let told = milo.all("/notifications").await;
    let of = |kind: &str| told.iter().find(|one| one["kind"] == kind).unwrap()["actor"]["name"].clone();
    assert_eq!(of("MENTORSHIP_CANCELED"), "Former member");
    milo.get(format!("/users/{}", cora.id)).await.refused(404, "not_found");
    assert!(milo.all("/mentors").await.iter().all(|one| one["id"] != json!(cora.id)));
    assert_eq!(app.log_of(cora.id).await.last().unwrap(), "user.erased");
}

#[tokio::test]
async fn suggestions_lapse_and_requests_end() {
    let app = App::start().await;
    let (cora, sue, max) = (app.member("Cora").await, app.mentee("Sue").await, app.mentor("Max").await);
    let (lena, tom) = (app.mentor("Lena").await, app.mentee("Tom").await);
    let suggestion = format!("/suggestions/{}", app.suggestion(&cora, &tom).await);
    let requests = [app.request(&cora, &sue).await, app.request(&max, &cora).await];
    let soon = app.clock.now() + TimeDelta::minutes(1);
    let late = app.mentorship_with(&lena, &cora, |row| row.expires_at = Set(Some(soon))).await;
    app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(tom.all("/me/suggestions").await.len(), 1);
    erase(&cora).await.no_content();
    assert!(tom.all("/me/suggestions").await.is_empty());
    tom.get(&suggestion).await.refused(404, "not_found");
    tom.post(format!("{suggestion}/accept"), Value::Null).await.refused(404, "not_found");
    let ends = [(requests[0], &sue, "WITHDRAWN"), (requests[1], &max, "WITHDRAWN"), (late, &lena, "EXPIRED")];
    for (id, who, reason) in ends {
        let seen = who.get(format!("/mentorships/{id}")).await.ok();
        assert_eq!((&seen["status"], &seen["endReason"]), (&json!("CANCELED"), &json!(reason)));
        assert_eq!(app.log_of(id).await, ["mentorship.canceled"]);
    }
}

async fn row(app: &App, who: &Client) -> user::Model {
    user::Entity::find().filter(user::Column::Id.eq(who.id)).one(app.db()).await.unwrap().unwrap()
}

#[tokio::test]
async fn every_way_in_is_closed_at_once_and_the_address_is_free() {
    let app = App::start().await;
    let cora = app.member("Cora").await;
    app.set_password(&cora, PASSWORD).await;
    let tokens = sign_in(&app, &cora.email).await.ok();
    erase(&cora).await.no_content();
    cora.get("/me").await.refused(401, "unauthenticated");
    erase(&cora).await.refused(401, "unauthenticated");
    call(&app, &tokens).await.refused(401, "unauthenticated");
    refresh(&app, &tokens).await.refused(401, "invalid_refresh_token");
    let (gone, unknown) = (sign_in(&app, &cora.email).await, sign_in(&app, &fresh_address(&app)).await);
    gone.refused(401, "invalid_credentials");
    assert_eq!(gone.names(), unknown.names());
    sign_in(&app, &format!("former-{}@invalid", cora.id)).await;

    let again = json!({ "name": "Cora Anew", "email": cora.email, "password": PASSWORD });
    app.visitor().post("/auth/sign-up", again).await.accepted();
    let anew = sign_in(&app, &cora.email).await.ok();
    assert_ne!(anew["user"]["id"], json!(cora.id));
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 2);
}

#[tokio::test]
async fn a_node_that_has_not_heard_of_it_writes_nothing_back() {
    let app = App::start().await;
    let other = app.another_node().await;
    let cora = app.member("Cora").await;
    let there = cora.at(other.base().to_owned());
    there.get("/me").await.ok();
    erase(&cora).await.no_content();
    there.patch("/me", json!({ "about": CANARY })).await.refused(401, "unauthenticated");
    there.put("/me/password", json!({ "password": PASSWORD })).await.refused(401, "unauthenticated");
    there.post("/me/email", json!({ "email": fresh_address(&app) })).await.refused(401, "unauthenticated");
    erase(&there).await.refused(401, "unauthenticated");
    assert!(found(&app, &[CANARY]).await.is_empty());
}

#[tokio::test]
async fn it_takes_a_recent_sign_in_and_no_rights() {
    let app = App::start().await;
    let cora = app.member("Cora").await;
    app.clock.advance(TimeDelta::minutes(6));
    erase(&cora).await.refused(401, "reauthentication_required");
    assert!(row(&app, &cora).await.erased_at.is_none());
    app.visitor().delete("/me").await.refused(401, "unauthenticated");

    let suspended = app.person("Sam", |row| row.status = Set(user::Status::Suspended)).await;
    erase(&suspended).await.refused(403, "account_suspended");
    let unverified = app.newcomer("Una").await;
    app.change_user(&unverified, |row| row.email_verified_at = Set(None)).await;
    let waiting = app.person("Wim", |row| row.status = Set(user::Status::PendingApproval)).await;
    for who in [unverified, waiting, app.newcomer("Nia").await, app.admin().await] {
        erase(&who).await.no_content();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_one_erases() {
    let app = App::start().await;
    for _ in 0..10 {
        let cora = app.member("Cora").await;
        let both = [cora.clone(), cora.clone()];
        let tries = both.iter().map(erase);
        let mut statuses: Vec<_> = futures_util::future::join_all(tries).await.iter().map(|one| one.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 401]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_stays() {
    let app = App::start().await;
    let owner = app.owner().await;
    erase(&owner).await.refused(409, "last_owner");
    let second = app.owner().await;
    erase(&second).await.no_content();
    owner.get("/admin/users").await.ok();
    app.change_user(&owner, |row| row.role = Set(user::Role::Regular)).await;
    for _ in 0..20 {
        let owners = [app.owner().await, app.owner().await];
        let mut leaving = JoinSet::new();
        for who in owners.clone() {
            leaving.spawn(async move { erase(&who).await });
        }
        let answers = leaving.join_all().await;
        let lost: Vec<_> = answers.iter().filter(|answer| answer.status != 204).collect();
        assert_eq!(lost.len(), 1, "{answers:?}");
        lost[0].refused(409, "last_owner");
        for who in owners {
            app.change_user(&who, |row| row.role = Set(user::Role::Regular)).await;
        }
    }
}
