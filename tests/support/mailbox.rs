use std::time::Duration;

use entity::delivery::Channel;
use serde_json::Value;
use tokio::time::timeout;

use crate::app::App;

/// How long a mail may take that another test's round is sending.
const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// Sends all mail that is due, as the program itself does every second.
    pub async fn deliver_mail(&self) {
        api::mail::deliver_due(&self.state).await.unwrap();
    }

    /// Sends what is due of notifications by every channel, as the program itself does every second.
    pub async fn deliver_notifications(&self) {
        api::deliveries::plan_new(&self.state).await.unwrap();
        for channel in Channel::ALL {
            api::deliveries::deliver_due(&self.state, channel).await.unwrap();
        }
    }

    /// Reminds of what is due.
    pub async fn remind(&self) {
        api::reminders::work(&self.state).await.unwrap();
    }

    /// All mails to `email`, the newest first, after what is due was sent.
    pub async fn mails_to(&self, email: &str) -> Vec<Value> {
        self.deliver_mail().await;
        let address: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
        self.visitor().all(format!("/development/mails?to={address}")).await
    }

    /// The newest mail of `kind` to `email`.
    pub async fn mail(&self, email: &str, kind: &str) -> Value {
        let found = timeout(PATIENCE, async {
            loop {
                if let Some(mail) = self.mails_to(email).await.into_iter().find(|mail| mail["kind"] == kind) {
                    return mail;
                }
                tokio::task::yield_now().await;
            }
        });
        found.await.unwrap_or_else(|_| panic!("no mail {kind} to {email}"))
    }

    /// The token in the link of that mail.
    pub async fn mailed_token(&self, email: &str, kind: &str) -> String {
        token_in(self.mail(email, kind).await["text"].as_str().unwrap())
    }
}

/// The token of the link in the text of a mail.
pub fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("#token=").unwrap_or_else(|| panic!("no link with a token in {text:?}"));
    rest.split_whitespace().next().unwrap().to_owned()
}
