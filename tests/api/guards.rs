//! Each operation refuses whom it does not admit, and nobody else.

use api::config::EmailVerification;
use chrono::TimeDelta;
use entity::user::{Role, Status};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use support::{Answer, App, Client, Operation, document};

use crate::walk::{address, empty_body, nobody, required_query};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Visitor,
    Suspended,
    Pending,
    Unverified,
    /// A member who has not been through the survey.
    Newcomer,
    /// A member who is not to be matched for a while.
    Paused,
    Member,
    Admin,
    Owner,
}

const ALL: [Who; 9] = [
    Who::Visitor,
    Who::Suspended,
    Who::Pending,
    Who::Unverified,
    Who::Newcomer,
    Who::Paused,
    Who::Member,
    Who::Admin,
    Who::Owner,
];

/// The refusal due to `who` by an operation for `role`; `None` where they are admitted.
fn refusal(role: Option<&str>, who: Who) -> Option<(u16, &'static str)> {
    let least = match role? {
        "registered" => Who::Pending,
        "member" => Who::Newcomer,
        "admin" => Who::Admin,
        "owner" => Who::Owner,
        other => panic!("the role {other:?} is unknown"),
    };
    match who {
        Who::Visitor => Some((401, "unauthenticated")),
        Who::Suspended => Some((403, "account_suspended")),
        _ if who >= least => None,
        Who::Pending => Some((403, "account_pending")),
        Who::Unverified => Some((403, "email_not_verified")),
        _ => Some((403, "forbidden")),
    }
}

async fn make(app: &App, who: Who) -> Client {
    let name = format!("{who:?}");
    match who {
        Who::Visitor => app.visitor(),
        Who::Suspended => app.person(&name, |row| row.status = Set(Status::Suspended)).await,
        Who::Pending => app.person(&name, |row| row.status = Set(Status::PendingApproval)).await,
        Who::Unverified => app.person(&name, |row| row.email_verified_at = Set(None)).await,
        Who::Newcomer => app.newcomer(&name).await,
        Who::Paused => {
            let until = app.clock.now() + TimeDelta::days(3);
            app.person(&name, |row| row.paused_until = Set(Some(until))).await
        }
        Who::Member => app.member(&name).await,
        Who::Admin => app.person(&name, |row| row.role = Set(Role::Admin)).await,
        Who::Owner => app.person(&name, |row| row.role = Set(Role::Owner)).await,
    }
}

/// A request without a row behind it: the guard comes before all else, so it makes no difference.
async fn try_it(app: &App, operation: &Operation, who: Who) -> Answer {
    let path = format!("{}{}", address(operation, nobody(app)), required_query(operation));
    make(app, who).await.call(&operation.method, path, &[], &empty_body(operation)).await
}

#[tokio::test]
async fn each_operation_admits_whom_it_names_and_nobody_else() {
    let app = App::start_with(|config| config.email_verification = EmailVerification::Required).await;
    for operation in &document().operations {
        for who in ALL {
            let answer = try_it(&app, operation, who).await;
            match refusal(operation.role.as_deref(), who) {
                Some((status, code)) => _ = answer.refused(status, code),
                None if operation.id.ends_with("_by_cookie") => _ = answer.refused(403, "cross_site"),
                None => assert!(!matches!(answer.status, 401 | 403), "{} refuses {who:?}\n{answer}", operation.id),
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_nobody() {
    let app = App::start().await;
    for operation in document().operations.iter().filter(|operation| !operation.is_public()) {
        let path = address(operation, nobody(&app));
        let headers = [("Authorization", "Bearer eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0.e30.")];
        let answer = app.visitor().call(&operation.method, path, &headers, &empty_body(operation)).await;
        answer.refused(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{answer}");
    }
}

#[tokio::test]
async fn a_kept_answer_is_not_replayed_to_the_suspended() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, key) = (format!("/mentorships/{}/notes", pair.id), [("Idempotency-Key", "once")]);
    let note = json!({ "visibility": "PRIVATE", "text": "We talked about the river." });
    pair.mentee.post_with(&path, &key, note.clone()).await.created();
    let again = pair.mentee.post_with(&path, &key, note.clone()).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"), "{again}");
    app.change_user(&pair.mentee, |row| row.status = Set(Status::Suspended)).await;
    pair.mentee.post_with(&path, &key, note).await.refused(403, "account_suspended");
}
