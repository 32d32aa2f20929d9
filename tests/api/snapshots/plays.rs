//! What takes more than one request, or none: made ready, so that one act remains.

use chrono::TimeDelta;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client};

use crate::cell::Cell;
use crate::deliveries::say;
use crate::meetings::TOMORROW;
use crate::proofs::{self, PASSWORD};
use crate::second_factor::enable;
use crate::suggestions::demand_approval;

/// What is still to be done, and who is to see it.
pub struct Act {
    pub people: Vec<Client>,
    what: What,
}

enum What {
    Call(Box<Cell<'static>>),
    Send {
        by: Box<Client>,
        method: &'static str,
        path: String,
        body: Value,
    },
    /// The clock goes on, and what it reminds of is done.
    Remind(TimeDelta),
}

impl Act {
    pub fn call(cell: Cell<'static>) -> Self {
        Self { people: cell.people(), what: What::Call(Box::new(cell)) }
    }

    fn post(people: [&Client; 2], by: &Client, path: impl Into<String>, body: Value) -> Self {
        Self::send(people, by, ("POST", path.into()), body)
    }

    fn send(people: [&Client; 2], by: &Client, (method, path): (&'static str, String), body: Value) -> Self {
        Self {
            people: people.map(Clone::clone).to_vec(),
            what: What::Send { by: Box::new(by.clone()), method, path, body },
        }
    }

    fn remind(people: [&Client; 2], after: TimeDelta) -> Self {
        Self { people: people.map(Clone::clone).to_vec(), what: What::Remind(after) }
    }

    pub async fn perform(&self, app: &App) {
        let answer = match &self.what {
            What::Call(cell) => cell.send().await,
            What::Send { by, method, path, body } => by.call(method, path, &[], body).await,
            What::Remind(after) => {
                app.clock.advance(*after);
                return app.remind().await;
            }
        };
        assert!(answer.status < 300, "{answer}");
    }
}

/// The play of this name, up to its last act.
pub async fn prepare(app: &App, name: &str) -> Act {
    let (mentor, mentee) = (app.mentor("Mona Mentor").await, app.mentee("Milo Mentee").await);
    let people = [&mentor, &mentee];
    match name {
        "the onboarding is completed" => {
            app.change_user(&mentee, |row| row.onboarding_completed_at = Set(None)).await;
            Act::post(people, &mentee, "/me/onboarding/complete", json!({}))
        }
        "an address is verified" => {
            app.change_user(&mentee, |row| row.email_verified_at = Set(None)).await;
            mentee.post("/me/email/verification", Value::Null).await.queued();
            let token = app.mailed_token(&mentee.email, "VERIFY_EMAIL").await;
            Act::post(people, &app.visitor(), "/auth/verify-email", json!({ "token": token }))
        }
        "an address is changed" => {
            let email = proofs::fresh_address(app);
            mentee.post("/me/email", json!({ "email": email })).await.queued();
            let token = app.mailed_token(&email, "CHANGE_EMAIL").await;
            Act::post(people, &app.visitor(), "/auth/email-change/confirm", json!({ "token": token }))
        }
        "a second factor is given up" => {
            enable(app, &mentee).await;
            Act::send(people, &mentee, ("DELETE", "/me/second-factor".to_owned()), Value::Null)
        }
        "a recovery code is used" => {
            app.set_password(&mentee, PASSWORD).await;
            let (_, codes) = enable(app, &mentee).await;
            let body = json!({ "email": mentee.email, "password": PASSWORD, "secondFactor": codes[0] });
            Act::post(people, &app.visitor(), "/auth/sign-in", body)
        }
        "the second side accepts" => {
            let path = format!("/suggestions/{}/accept", app.suggestion(&mentor, &mentee).await);
            mentee.post(&path, Value::Null).await.ok();
            Act::post(people, &mentor, path, Value::Null)
        }
        "a request is accepted and waits for approval" => {
            demand_approval(app).await;
            let path = format!("/mentorships/{}/accept", app.request(&mentor, &mentee).await);
            Act::post(people, &mentor, path, Value::Null)
        }
        "a request waits" => {
            app.request(&mentor, &mentee).await;
            Act::remind(people, TimeDelta::days(3))
        }
        "a mentorship falls silent" => {
            say(&mentor, app.mentorship(&mentor, &mentee).await).await;
            Act::remind(people, TimeDelta::days(21))
        }
        "a meeting is near" => {
            let path = format!("/mentorships/{}/meetings", app.mentorship(&mentor, &mentee).await);
            let made = mentor.post(path, crate::meetings::meeting(TOMORROW)).await.created();
            mentee.post(format!("/meetings/{}/confirm", made["id"].as_str().unwrap()), Value::Null).await.ok();
            Act::remind(people, TimeDelta::hours(23) + TimeDelta::minutes(30))
        }
        "a message of a conversation is edited" => {
            let path = said_in_conversation(app, people).await;
            Act::send(people, &mentor, ("PATCH", path), json!({ "content": "Otherwise" }))
        }
        "a message of a conversation is deleted" => {
            let path = said_in_conversation(app, people).await;
            Act::send(people, &mentor, ("DELETE", path), Value::Null)
        }
        "an issue is taken on" => {
            let admin = app.admin().await;
            let made = mentee.post("/me/issues", crate::stage::report()).await.created();
            let path = format!("/admin/issues/{}/assignee", made["id"].as_str().unwrap());
            Act::send([&admin, &mentee], &admin, ("PUT", path), json!({ "userId": admin.id }))
        }
        other => panic!("nobody knows how {other}: add it to tests/api/snapshots/plays.rs"),
    }
}

/// A message of the mentor's.
async fn said_in_conversation(app: &App, [mentor, mentee]: [&Client; 2]) -> String {
    app.suggestion(mentor, mentee).await;
    let opened = mentor.post("/conversations", json!({ "userId": mentee.id })).await.created();
    let thread = format!("/conversations/{}", opened["id"].as_str().unwrap());
    let sent = crate::live::send(app, mentor, &thread, "So").await;
    format!("/messages/{}", sent["id"].as_str().unwrap())
}
