//! Notifications and a mail server that is slow, or that refuses for good (promises M6, N9).

use chrono::TimeDelta;
use serde_json::json;
use support::{App, ScriptedSmtp};

use crate::deliveries::{MINUTE, pass, record, say, sent};

/// With something due for the mentee of a pair.
async fn with_news(server: &ScriptedSmtp) -> (App, support::Pair) {
    let url = server.url.clone();
    let app = App::start_with(|config| config.smtp_url = url.into()).await;
    let pair = app.pair().await;
    say(&pair.mentor, pair.id).await;
    app.deliver_notifications().await;
    app.clock.advance(MINUTE);
    (app, pair)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_the_server_takes_its_time_over_is_sent_once() {
    let mut server = ScriptedSmtp::holding().await;
    let (app, pair) = with_news(&server).await;
    let other = app.another_node().await;
    let sending = async {
        server.next().await;
        app.clock.advance(TimeDelta::seconds(61));
        other.deliver_notifications().await;
        server.release();
        server
    };
    let (mut server, ()) = tokio::join!(sending, app.deliver_notifications());
    assert_eq!((server.waiting(), record(&pair.mentee).await), (None, vec![sent(1)]));
    pass(&app, TimeDelta::hours(1)).await;
    assert_eq!((server.waiting(), record(&pair.mentee).await), (None, vec![sent(1)]));
}

#[tokio::test]
async fn an_address_that_the_server_does_not_know_is_given_up_at_once() {
    let server = ScriptedSmtp::answering_recipients("550 5.1.1 No such mailbox").await;
    let (app, pair) = with_news(&server).await;
    app.deliver_notifications().await;
    assert_eq!(record(&pair.mentee).await, [("EMAIL".to_owned(), "DEAD".to_owned(), json!("REFUSED"), 1)]);
    pass(&app, TimeDelta::hours(9)).await;
    assert_eq!(record(&pair.mentee).await[0].3, 1);
}

/// What is wrong with the account at the server or for a while can be mended.
#[tokio::test]
async fn what_may_be_taken_later_is_tried_again() {
    for answer in ["451 4.7.1 Greylisted", "530 5.7.0 Authentication required"] {
        let server = ScriptedSmtp::answering_recipients(answer).await;
        let (app, pair) = with_news(&server).await;
        app.deliver_notifications().await;
        let failed = |attempts| [("EMAIL".to_owned(), "FAILED".to_owned(), json!("UNREACHABLE"), attempts)];
        assert_eq!(record(&pair.mentee).await, failed(1));
        pass(&app, MINUTE).await;
        assert_eq!(record(&pair.mentee).await, failed(2));
    }
}
