//! Mail over a real SMTP server: every kind, each link good once; outages, retries and quotas (promises A1, A9, K4, M6).

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::mail::{Kind, Status};
use sea_orm::{EntityTrait, Iterable};
use serde_json::{Value, json};
use support::{App, SmtpServer, token_in};

use crate::proofs::{PASSWORD, fresh_address};

async fn with_server(server: &SmtpServer) -> App {
    let url = server.url.clone();
    App::start_with(|config| config.smtp_url = url.into()).await
}

/// The mail that follows from what was just done; no other does.
async fn next(app: &App, server: &mut SmtpServer) -> String {
    app.deliver_mail().await;
    server.next().await
}

#[tokio::test]
async fn a_mail_server_gets_every_mail_that_asks_for_something_and_each_link_works_once() {
    let mut server = SmtpServer::start();
    let app = with_server(&server).await;
    let (admin, email, new) = (app.admin().await, fresh_address(&app), fresh_address(&app));
    let redeem = async |mail: &str, path: &str, more: Value| {
        let mut body = json!({ "token": token_in(mail) });
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        let first = app.visitor().post(path, body.clone()).await;
        assert!(first.status < 300, "{first}");
        app.visitor().post(path, body).await.refused(401, "invalid_token");
        first
    };

    let person = json!({ "name": "Ada", "email": email, "password": PASSWORD });
    app.visitor().post("/auth/sign-up", person.clone()).await.accepted();
    let mail = next(&app, &mut server).await;
    assert!(mail.contains(&format!("To: {email}")) && mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    assert!(!mail.contains("Ada"), "an unverified address is told a name that somebody typed: {mail}");
    redeem(&mail, "/auth/verify-email", Value::Null).await;
    app.visitor().post("/auth/sign-up", person).await.accepted();
    assert!(next(&app, &mut server).await.contains("a member of Mentorship already"));

    app.visitor().post("/auth/sign-in-link", json!({ "email": email })).await.queued();
    let mail = next(&app, &mut server).await;
    let tokens = redeem(&mail, "/auth/sign-in-link/redeem", Value::Null).await.ok();
    let bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    let bearer = [("Authorization", bearer.as_str())];

    app.visitor().post_with("/me/email", &bearer, json!({ "email": new })).await.queued();
    app.deliver_mail().await;
    let (first, second) = (server.next().await, server.next().await);
    let (asks, tells) = if first.contains(&format!("To: {new}")) { (first, second) } else { (second, first) };
    assert!(tells.contains(&format!("To: {email}")) && !tells.contains("#token"), "{tells}");
    redeem(&asks, "/auth/email-change/confirm", Value::Null).await;
    let mail = next(&app, &mut server).await;
    assert!(mail.contains(&format!("To: {email}")), "{mail}");
    redeem(&mail, "/auth/email-change/undo", Value::Null).await;
    let mail = next(&app, &mut server).await;
    redeem(&mail, "/auth/password-reset/redeem", json!({ "password": "another walk by the river" })).await;
    assert!(next(&app, &mut server).await.contains("was changed"));

    let invited = fresh_address(&app);
    admin.post("/admin/invitations", json!({ "email": invited })).await.created();
    let mail = next(&app, &mut server).await;
    redeem(&mail, "/auth/invitations/accept", json!({ "name": "Bo", "password": PASSWORD })).await;
    assert_eq!(server.waiting(), None);
    app.visitor().get("/development/mails").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_stolen_refresh_token_is_told_by_mail() {
    let mut server = SmtpServer::start();
    let app = with_server(&server).await;
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    let first = app.visitor().post("/auth/sign-in", json!({ "email": ann.email, "password": PASSWORD })).await.ok();
    let second = crate::identity::refresh(&app, &first).await.ok();
    crate::identity::refresh(&app, &second).await.ok();
    crate::identity::refresh(&app, &first).await.refused(401, "invalid_refresh_token");
    let mail = next(&app, &mut server).await;
    assert!(mail.contains(&format!("To: {}", ann.email)) && mail.contains("used from two places"), "{mail}");
    crate::identity::call(&app, &second).await.refused(401, "unauthenticated");
}

/// The notices of what else changes about signing in, over the same server.
#[tokio::test]
async fn the_second_factor_is_told_by_mail() {
    let mut server = SmtpServer::start();
    let app = with_server(&server).await;
    let ann = app.mentor("Ann").await;
    let secret = ann.post("/me/second-factor", Value::Null).await.ok()["secret"].as_str().unwrap().to_owned();
    let code = support::code_at(&secret, app.clock.now());
    ann.post("/me/second-factor/confirm", json!({ "code": code })).await.ok();
    assert!(next(&app, &mut server).await.contains("takes a second factor now"));
    ann.delete("/me/second-factor").await.no_content();
    assert!(next(&app, &mut server).await.contains("takes no second factor any more"));
}

#[tokio::test]
async fn mail_waits_for_a_server_that_is_down() {
    let server = SmtpServer::start();
    let address = server.url.trim_start_matches("smtp://").to_owned();
    let app = with_server(&server).await;
    drop(server);
    let ann = app.newcomer("Ann").await;
    app.visitor().post("/auth/sign-in-link", json!({ "email": ann.email })).await.queued();
    for minutes in [1, 2, 4] {
        app.deliver_mail().await;
        app.clock.advance(TimeDelta::minutes(minutes));
    }
    let mut server = SmtpServer::start_at(&address);
    let mail = next(&app, &mut server).await;
    app.visitor().post("/auth/sign-in-link/redeem", json!({ "token": token_in(&mail) })).await.ok();
    app.deliver_mail().await;
    assert_eq!(server.waiting(), None);
}

#[tokio::test]
async fn mail_that_nobody_takes_is_given_up_in_the_end() {
    let app = App::start_with(|config| config.smtp_url = "smtp://127.0.0.1:1".to_owned().into()).await;
    let ann = app.newcomer("Ann").await;
    app.visitor().post("/auth/sign-in-link", json!({ "email": ann.email })).await.queued();
    for _ in 0..13 {
        app.deliver_mail().await;
        app.clock.advance(TimeDelta::hours(9));
    }
    let mail = entity::mail::Entity::find().one(app.db()).await.unwrap().unwrap();
    assert_eq!((mail.status, mail.attempts), (Status::Failed, 12));
}

/// How to ask for each kind of mail that somebody can ask for, over and over, from wherever.
async fn ask(app: &App, kind: Kind, email: &str) {
    let visitor = app.visitor();
    let asked = json!({ "email": email });
    match kind {
        Kind::SignInLink => visitor.post("/auth/sign-in-link", asked).await.queued(),
        Kind::ResetPassword => visitor.post("/auth/password-reset", asked).await.queued(),
        Kind::AlreadyMember => {
            let person = json!({ "name": "Eve", "email": email, "password": PASSWORD });
            visitor.post("/auth/sign-up", person).await.accepted();
        }
        Kind::ChangeEmail => app.newcomer("Eve").await.post("/me/email", asked).await.queued(),
        Kind::Invitation => _ = app.admin().await.post("/admin/invitations", asked).await.created(),
        other => panic!("nobody asks for {other}"),
    }
}

#[tokio::test]
async fn an_address_gets_three_of_a_kind_an_hour_and_ten_a_day_whoever_asks() {
    for kind in [Kind::SignInLink, Kind::ResetPassword, Kind::AlreadyMember, Kind::ChangeEmail, Kind::Invitation] {
        let app = App::start().await;
        let of_member = !matches!(kind, Kind::ChangeEmail | Kind::Invitation);
        let email = if of_member { app.mentor("Ann").await.email } else { fresh_address(&app) };
        let mut counts = Vec::new();
        for _ in 0..6 {
            for _ in 0..5 {
                ask(&app, kind, &email.to_uppercase().replace("EXAMPLE.ORG", "example.org")).await;
                app.deliver_mail().await;
            }
            counts.push(app.mails_to(&email).await.iter().filter(|mail| mail["kind"] == kind.to_string()).count());
            app.clock.advance(TimeDelta::minutes(61));
        }
        assert_eq!(counts, [3, 6, 9, 10, 10, 10], "{kind}");
        app.clock.advance(TimeDelta::days(1));
        ask(&app, kind, &email).await;
        assert_eq!(app.mails_to(&email).await.iter().filter(|mail| mail["kind"] == kind.to_string()).count(), 11);
    }
}

#[tokio::test]
async fn verification_and_notices_have_a_quota_too() {
    let app = App::start().await;
    let ann = app.newcomer("Ann").await;
    app.change_user(&ann, |row| row.email_verified_at = sea_orm::ActiveValue::Set(None)).await;
    for round in 0..5 {
        ann.post("/me/email/verification", Value::Null).await.queued();
        ann.put("/me/password", json!({ "password": format!("walk number {round} by the river") })).await.no_content();
        ann.post("/me/email", json!({ "email": fresh_address(&app) })).await.queued();
    }
    let mut counts = BTreeMap::new();
    for mail in app.mails_to(&ann.email).await {
        *counts.entry(mail["kind"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    let three = |kind: &str| (kind.to_owned(), 3);
    assert_eq!(counts, ["VERIFY_EMAIL", "PASSWORD_CHANGED", "EMAIL_CHANGE_REQUESTED"].map(three).into());
}

#[tokio::test]
async fn mail_goes_to_the_stored_address_and_to_nobody_else() {
    let app = App::start().await;
    let ann = app.newcomer("Ann").await;
    let upper = ann.email.to_uppercase();
    app.visitor().post("/auth/sign-in-link", json!({ "email": upper })).await.queued();
    assert_eq!(app.mail(&ann.email, "SIGN_IN_LINK").await["to"], json!(ann.email));
    for typed in ["nobody@example.org", &ann.email.replace('a', "а"), &format!(" {}", ann.email)] {
        app.visitor().post("/auth/sign-in-link", json!({ "email": typed })).await.queued();
        app.deliver_mail().await;
    }
    let kept = entity::mail::Entity::find().all(app.db()).await.unwrap();
    let sent: Vec<_> = kept.iter().filter(|mail| mail.status == Status::Sent).collect();
    assert_eq!(sent.len(), 1);
    assert!(kept.iter().filter(|mail| mail.status == Status::Dropped).all(|mail| mail.email_key.is_empty()));
}

#[tokio::test]
async fn nodes_that_deliver_at_once_send_each_mail_once() {
    let mut server = SmtpServer::start();
    let app = with_server(&server).await;
    let other = app.another_node().await;
    for _ in 0..20 {
        let ann = app.newcomer("Ann").await;
        app.visitor().post("/auth/sign-in-link", json!({ "email": ann.email })).await.queued();
    }
    tokio::join!(app.deliver_mail(), other.deliver_mail(), app.deliver_mail());
    app.deliver_mail().await;
    let mut recipients = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let mail = server.next().await;
        recipients.insert(mail.lines().find(|line| line.starts_with("To: ")).unwrap().to_owned());
    }
    assert_eq!(recipients.len(), 20);
    assert_eq!(server.waiting(), None);
}

#[test]
fn every_kind_has_a_text() {
    for kind in Kind::iter() {
        let secret = Some("mvt_x".to_owned());
        let letter =
            api::mail::Letter::new(kind, "Guild & Sons".to_owned(), "https://app.x", "a@x.org".to_owned(), secret);
        let (text, html) = (letter.plain().unwrap(), letter.html().unwrap());
        assert!(letter.subject.contains("Guild & Sons") && !letter.subject.contains('{'), "{}", letter.subject);
        assert!(text.contains("https://app.x/") && text.lines().count() > 4, "{text}");
        assert!(html.contains("Guild &#38; Sons") && !html.contains("Guild & Sons"), "{html}");
    }
}
