//! Stopping mail by the link in it, without signing in (RFC 8058): GET shows, POST acts (promise A5).

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{Answer, App, Client, SmtpServer};

use crate::deliveries::{by, prefer, say, set_goal};

const FORM: &str = "application/x-www-form-urlencoded";

/// The path of the link in a mail.
fn link_in(text: &str) -> String {
    let (_, rest) = text.split_once("/api/v1/unsubscribe/").unwrap_or_else(|| panic!("no link in {text}"));
    let token: String =
        rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
    format!("/unsubscribe/{token}")
}

async fn post(app: &App, path: &str) -> Answer {
    app.visitor().call_raw("POST", path, FORM, b"List-Unsubscribe=One-Click".to_vec()).await
}

async fn preferences(who: &Client) -> Value {
    who.get("/me/notification-preferences").await.ok()
}

async fn newest_mail(app: &App, whom: &Client) -> String {
    app.deliver_notifications().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver_notifications().await;
    app.mails_to(&whom.email).await[0]["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn one_click_stops_the_kind_and_looking_at_the_page_does_not() {
    let app = App::start().await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    let link = link_in(&newest_mail(&app, &pair.mentee).await);
    let before = preferences(&pair.mentee).await;
    for _ in 0..2 {
        let page = app.visitor().get(&link).await;
        let text = String::from_utf8(page.bytes().to_vec()).unwrap();
        assert!(page.status == 200 && text.contains("no more mail about messages?"), "{page}");
    }
    assert_eq!(preferences(&pair.mentee).await, before);
    for _ in 0..2 {
        assert_eq!(post(&app, &link).await.status, 200);
    }
    let after = preferences(&pair.mentee).await;
    assert_eq!(after["kinds"]["MESSAGES"], by([false; 3]));
    assert_eq!((&after["kinds"]["GOALS"], &after["digest"]), (&before["kinds"]["GOALS"], &json!("IMMEDIATE")));
    assert_eq!(app.log_of(pair.mentee.id).await, ["user.changed"]);
    // The page offers to stop all of it too.
    let page = post(&app, &link).await;
    let text = String::from_utf8(page.bytes().to_vec()).unwrap();
    let (_, token) = text.split_once("action=\"").unwrap();
    let all = format!("/unsubscribe/{}", token.split_once('"').unwrap().0);
    assert_eq!(post(&app, &all).await.status, 200);
    assert_eq!(preferences(&pair.mentee).await["digest"], "OFF");
}

#[tokio::test]
async fn the_link_in_a_digest_stops_all_mail() {
    let app = App::start().await;
    let pair = app.pair().await;
    prefer(&pair.mentee, by([true, false, false]), "DAILY", Value::Null).await;
    set_goal(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    app.clock.advance(TimeDelta::days(1));
    let link = link_in(&newest_mail(&app, &pair.mentee).await);
    assert_eq!(post(&app, &link).await.status, 200);
    assert_eq!(preferences(&pair.mentee).await["digest"], "OFF");
}

#[tokio::test]
async fn mail_programs_find_the_link_in_the_headers() {
    let mut server = SmtpServer::start();
    let url = server.url.clone();
    let app = App::start_with(|config| config.smtp_url = url.into()).await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.deliver_notifications().await;
    let mail = server.next().await;
    let headers = mail.split_once("\n\n").unwrap().0.replace("\n ", " ");
    let of = |name: &str| headers.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned());
    assert_eq!(of("List-Unsubscribe-Post:").unwrap(), "List-Unsubscribe=One-Click");
    let link = of("List-Unsubscribe:").unwrap();
    assert!(link.starts_with("<http://localhost:8080/api/v1/unsubscribe/") && link.ends_with('>'), "{link}");
    assert_eq!(post(&app, &link_in(&link)).await.status, 200);
    assert_eq!(preferences(&pair.mentee).await["kinds"]["MESSAGES"]["email"], json!(false));
}

#[tokio::test]
async fn no_other_link_does_anything() {
    let app = App::start().await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    let link = link_in(&newest_mail(&app, &pair.mentee).await);
    let forged = format!("{}A", &link[..link.len() - 1]);
    let forged = if forged == link { format!("{}B", &link[..link.len() - 1]) } else { forged };
    for path in [forged.as_str(), "/unsubscribe/x", &link[..link.len() - 4]] {
        app.visitor().get(path).await.refused(404, "not_found");
        post(&app, path).await.refused(404, "not_found");
    }
    app.visitor().post(&link, json!({})).await.refused(415, "unsupported_media_type");
    assert_eq!(preferences(&pair.mentee).await["kinds"]["MESSAGES"]["email"], json!(true));
    // Browsers say from which page a form was sent, and mail programs send it in either form.
    let own = [("Origin", "http://localhost:8080"), ("Content-Type", FORM)];
    let answer = app.visitor().call_raw_with("POST", &link, &own, b"List-Unsubscribe=One-Click".to_vec()).await;
    assert_eq!(answer.status, 200, "{answer}");
    let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let answer = app.visitor().call_raw("POST", &link, "multipart/form-data; boundary=x", parts.into()).await;
    assert_eq!(answer.status, 200, "{answer}");
    // Whoever is gone gets no mail anyway.
    pair.mentee.delete("/me").await.no_content();
    assert_eq!(post(&app, &link).await.status, 200);
}

#[tokio::test]
async fn a_form_that_does_not_say_so_stops_nothing() {
    let app = App::start().await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    let link = link_in(&newest_mail(&app, &pair.mentee).await);
    let parts = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--x--\r\n")
    };
    let multipart = "multipart/form-data; boundary=x";
    for (kind, body) in [
        (FORM, String::new()),
        (FORM, "List-Unsubscribe=".to_owned()),
        (FORM, "List-Unsubscribe=No".to_owned()),
        (FORM, "Other=One-Click".to_owned()),
        (multipart, String::new()),
        (multipart, parts("Other", "One-Click")),
        (multipart, parts("List-Unsubscribe", "No")),
        ("multipart/form-data", parts("List-Unsubscribe", "One-Click")),
    ] {
        let answer = app.visitor().call_raw("POST", &link, kind, body.clone().into()).await;
        answer.invalid("/List-Unsubscribe");
    }
    assert_eq!(preferences(&pair.mentee).await["kinds"]["MESSAGES"]["email"], json!(true));
}

#[tokio::test]
async fn whoever_wants_mail_again_gets_it_and_the_old_link_stops_it_again() {
    let app = App::start().await;
    let pair = app.pair().await;
    set_goal(&pair.mentor, pair.id).await;
    let link = link_in(&newest_mail(&app, &pair.mentee).await);
    for mails in 2..=3 {
        post(&app, &link).await;
        set_goal(&pair.mentor, pair.id).await;
        newest_mail(&app, &pair.mentee).await;
        assert_eq!(app.mails_to(&pair.mentee.email).await.len(), mails - 1);
        let mut wanted = preferences(&pair.mentee).await;
        wanted["kinds"]["GOALS"]["email"] = json!(true);
        pair.mentee.put("/me/notification-preferences", wanted).await.ok();
        set_goal(&pair.mentor, pair.id).await;
        newest_mail(&app, &pair.mentee).await;
        assert_eq!(app.mails_to(&pair.mentee.email).await.len(), mails);
    }
}
