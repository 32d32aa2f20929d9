//! The scene of a cell of the matrix: two people, what is between them, and the row that is acted on.

use chrono::TimeDelta;
use entity::{account, meeting, mentorship, push_subscription, user};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::proofs::{PASSWORD, fresh_address};

mod runs;

pub use runs::end_runs;

/// `author` and `other` are `mentor` and `mentee`, either way round; `word` stands in the address.
pub struct Scene {
    pub mentor: Client,
    pub mentee: Client,
    pub author: Client,
    pub other: Client,
    pub word: String,
}

/// On what an operation at `path` acts where the matrix does not say.
pub fn usual(path: &str) -> &'static str {
    let path = path.trim_start_matches("/api/v1");
    let starts = [
        ("/me/accounts/{id}", "way in"),
        ("/me/sessions/{id}", "session"),
        ("/me/push-subscriptions/{id}", "push subscription"),
        ("/admin/invitations/{id}", "invitation"),
        ("/admin/pair-bans/{id}", "pair ban"),
        ("/admin/issues", "issue"),
        ("/me/issues", "issue"),
        ("/me/blocks", "block"),
        ("/me/access-log", "issue that was read"),
        ("/messages/{id}", "message"),
        ("/admin/mentorships/{id}", "mentorship"),
        ("/admin/match-runs/{id}", "match run"),
        ("/admin/match-runs", "free members"),
        ("/owner/matching-reports/{id}", "matching report"),
        ("/admin/mentorships", "free members"),
        ("/admin/taxonomy/{kind}/{slug}", "term"),
        ("/skills/{slug}", "term"),
        ("/suggestions/", "suggestion"),
        ("/me/suggestions", "suggestion"),
        ("/mentorships/{id}/", "busy mentorship"),
        ("/mentorships/{id}", "mentorship"),
        ("/goals/{id}/milestones", "goal with a milestone"),
        ("/goals/", "goal"),
        ("/milestones/", "milestone"),
        ("/notes/", "note"),
        ("/meetings/", "meeting"),
        ("/conversations/", "conversation"),
        ("/conversations", "conversation"),
        ("/notifications/{id}", "notification"),
        ("/notifications", "notification"),
    ];
    let busy = ["/me/mentorships", "/me/meetings", "/me/dashboard", "/me/threads", "/me/messages"];
    let found = starts.iter().find(|(start, _)| path.starts_with(start)).map(|(_, kind)| *kind);
    match found {
        Some(kind) => kind,
        None if busy.contains(&path) => "busy mentorship",
        None if path.contains("{id}") || path.contains("{slug}") => {
            panic!("there is no scene for {path}: add one to tests/api/stage.rs")
        }
        None => "mentorship",
    }
}

/// Two people and the row `on`, which the mentee made where `by_mentee`, else the mentor.
pub async fn build(app: &App, on: &str, by_mentee: bool) -> Scene {
    let (mentor, mentee) = (app.mentor("Mona Mentor").await, app.mentee("Milo Mentee").await);
    let (author, other) = if by_mentee { (&mentee, &mentor) } else { (&mentor, &mentee) };
    let word = match on {
        "free members" => String::new(),
        "match run" => runs::ready(app, &mentor, &mentee).await.to_string(),
        "matching report" => runs::report(app).await.to_string(),
        "suggestion" => app.suggestion(&mentor, &mentee).await.to_string(),
        "request" => app.request(&mentor, &mentee).await.to_string(),
        "accepted request" => accepted(app, &mentor, &mentee).await.to_string(),
        "term" => text_of(&app.admin().await.post("/admin/taxonomy/skills", new_term(app)).await.created(), "slug"),
        _ => {
            let id = app.mentorship(&mentor, &mentee).await;
            within(app, id, on, author, other).await
        }
    };
    Scene { author: author.clone(), other: other.clone(), mentor, mentee, word }
}

/// A name that no term has.
pub fn new_term(app: &App) -> Value {
    json!({ "name": format!("Term {}", app.state.new_id().simple()) })
}

fn text_of(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap().to_owned()
}

async fn accepted(app: &App, mentor: &Client, mentee: &Client) -> Uuid {
    let now = app.clock.now();
    app.mentorship_with(mentor, mentee, |row| row.accepted_at = Set(Some(now))).await
}

/// The row `on` of somebody who takes part in the mentorship `id`.
async fn within(app: &App, id: Uuid, on: &str, author: &Client, other: &Client) -> String {
    match on {
        "mentorship" => id.to_string(),
        "busy mentorship" => {
            for kind in ["goal with a milestone", "note", "meeting", "message"] {
                made(app, id, kind, author, other).await;
            }
            id.to_string()
        }
        "account" => author.id.to_string(),
        "way in" => linked(app, author).await.to_string(),
        "session" => text_of(&author.get("/me/sessions").await.ok()["items"][0], "id"),
        "push subscription" => subscribed(app, author).await.to_string(),
        "invitation" => text_of(
            &app.admin().await.post("/admin/invitations", json!({ "email": fresh_address(app) })).await.created(),
            "id",
        ),
        "pair ban" => text_of(&ban(app, author, other).await, "id"),
        "newcomer" => app.newcomer("Nora Newcomer").await.id.to_string(),
        "admin account" => app.admin().await.id.to_string(),
        "pending account" => in_status(app, user::Status::PendingApproval).await,
        "suspended account" => {
            app.change_user(author, |row| row.status = Set(user::Status::Suspended)).await;
            author.id.to_string()
        }
        _ => made(app, id, on, author, other).await,
    }
}

pub async fn ban(app: &App, one: &Client, other: &Client) -> Value {
    let body = json!({ "oneId": one.id, "otherId": other.id, "note": "They are siblings" });
    app.admin().await.post("/admin/pair-bans", body).await.created()
}

/// An account of `whom` at a provider, beside a password.
async fn linked(app: &App, whom: &Client) -> Uuid {
    app.set_password(whom, PASSWORD).await;
    let (id, now) = (app.state.new_id(), app.clock.now());
    let row = account::ActiveModel {
        id: Set(id),
        user_id: Set(whom.id),
        provider: Set("github".to_owned()),
        provider_account_id: Set(id.to_string()),
        password_hash: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    account::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    id
}

/// A browser in which `whom` takes push messages.
async fn subscribed(app: &App, whom: &Client) -> Uuid {
    let id = app.state.new_id();
    let row = push_subscription::ActiveModel {
        id: Set(id),
        user_id: Set(whom.id),
        endpoint: Set(format!("https://push.example.org/{id}")),
        p256dh: Set(String::new()),
        auth: Set(String::new()),
        user_agent: Set(None),
        created_at: Set(app.clock.now()),
    };
    push_subscription::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    id
}

async fn in_status(app: &App, status: user::Status) -> String {
    app.person("Sam Somebody", |row| row.status = Set(status)).await.id.to_string()
}

/// What `author` makes over the API, in the mentorship `id` with `other`.
async fn made(app: &App, id: Uuid, kind: &str, author: &Client, other: &Client) -> String {
    let post = async |by: &Client, path: String, body: Value| text_of(&by.post(path, body).await.created(), "id");
    let goal = json!({ "kind": "SHORT_TERM", "title": "Give a talk" });
    match kind {
        "goal" => post(author, format!("/mentorships/{id}/goals"), goal).await,
        "goal with a milestone" | "milestone" => {
            let goal = post(author, format!("/mentorships/{id}/goals"), goal).await;
            let milestone = post(author, format!("/goals/{goal}/milestones"), json!({ "title": "Outline" })).await;
            if kind == "milestone" { milestone } else { goal }
        }
        "note" | "private note" => {
            let visibility = if kind == "note" { "SHARED" } else { "PRIVATE" };
            post(author, format!("/mentorships/{id}/notes"), json!({ "visibility": visibility, "text": "A note" }))
                .await
        }
        "meeting" => {
            let body =
                json!({ "scheduledAt": "2026-11-20T16:00:00Z", "durationMinutes": 45, "timeZone": "Europe/Berlin" });
            post(author, format!("/mentorships/{id}/meetings"), body).await
        }
        "past meeting" => past_meeting(app, id, author).await,
        "message" => post(author, format!("/mentorships/{id}/messages"), message(app)).await,
        "conversation" => {
            let id = post(author, "/conversations".to_owned(), json!({ "userId": other.id })).await;
            post(author, format!("/conversations/{id}/messages"), message(app)).await;
            id
        }
        "block" => post(author, "/me/blocks".to_owned(), json!({ "userId": other.id })).await,
        "issue" => {
            let message = post(other, format!("/mentorships/{id}/messages"), message(app)).await;
            post(author, format!("/messages/{message}/report"), report()).await
        }
        "issue that was read" => {
            let issue = Box::pin(made(app, id, "issue", author, other)).await;
            app.admin().await.get(format!("/admin/issues/{issue}/messages")).await.ok();
            issue
        }
        "notification" => {
            post(other, format!("/mentorships/{id}/goals"), goal).await;
            text_of(&author.get("/notifications").await.ok()["items"][0], "id")
        }
        other => panic!("nobody knows how to make a {other}: add it to tests/api/stage.rs"),
    }
}

fn message(app: &App) -> Value {
    json!({ "clientId": app.state.new_id(), "content": "Shall we talk on Thursday?" })
}

pub fn report() -> Value {
    json!({ "category": "HARASSMENT", "text": "I do not want to read this." })
}

async fn past_meeting(app: &App, mentorship_id: Uuid, author: &Client) -> String {
    let (id, now) = (app.state.new_id(), app.clock.now());
    let row = meeting::ActiveModel {
        id: Set(id),
        mentorship_id: Set(mentorship_id),
        proposed_by_id: Set(author.id),
        scheduled_at: Set(now - TimeDelta::days(1)),
        duration_minutes: Set(45),
        ends_at: Set(now - TimeDelta::days(1) + TimeDelta::minutes(45)),
        time_zone: Set("Europe/Berlin".to_owned()),
        status: Set(meeting::Status::Confirmed),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    meeting::Entity::insert(row).exec_without_returning(app.db()).await.unwrap();
    id.to_string()
}

/// Ends what the two have: a mentorship that had started is completed by `by`, a request declined or withdrawn.
pub async fn end(app: &App, scene: &Scene, by: &Client) {
    use mentorship::{Column, EndReason, Entity, Status};

    let refused = if by.id == scene.mentor.id { EndReason::Declined } else { EndReason::Withdrawn };
    let moves =
        [(Status::Active, Status::Completed, EndReason::GoalsReached), (Status::Pending, Status::Canceled, refused)];
    for (from, to, reason) in moves {
        let update = Entity::update_many()
            .col_expr(Column::Status, Expr::value(to.to_string()))
            .col_expr(Column::EndReason, Expr::value(reason.to_string()))
            .col_expr(Column::EndDate, Expr::value(app.clock.now()))
            .col_expr(Column::EndedById, Expr::value(by.id))
            .filter(mentorship::of_participant(by.id))
            .filter(Column::Status.eq(from));
        update.exec(app.db()).await.unwrap();
    }
}
