use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use lettre::address::AddressError;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::Letter;
use crate::config::Config;
use crate::retries;

/// A server has so long for each command.
const PATIENCE: Duration = Duration::from_secs(15);
/// What a server says of an address that it will never deliver to (RFC 5321, section 4.2.3). Other refusals may be about our
/// account there, or about what comes from us at the moment.
const NO_SUCH_MAILBOX: [u16; 3] = [550, 551, 553];

/// Where mail goes.
pub enum Mailer {
    /// Kept in the database, for testers to read.
    Kept,
    Smtp {
        server: AsyncSmtpTransport<Tokio1Executor>,
        from: Mailbox,
    },
}

impl Mailer {
    pub fn new(config: &Config) -> Result<Self> {
        let url = config.smtp_url.expose_secret();
        if url.is_empty() {
            return Ok(Self::Kept);
        }
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(PATIENCE)).build();
        Ok(Self::Smtp { server, from: config.mail_from.parse().context("the sender of mail")? })
    }

    /// Hands the letter over; what of it is to be kept.
    pub async fn send(&self, letter: &Letter, id: Uuid, now: DateTime<Utc>) -> Result<Option<Value>> {
        let (text, html) = (letter.plain()?, letter.html()?);
        let (server, from) = match self {
            Self::Kept => {
                let content = json!({ "to": letter.to, "subject": letter.subject, "text": text, "html": html });
                return Ok(Some(content));
            }
            Self::Smtp { server, from } => (server, from),
        };
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, letter.to.parse()?))
            .subject(letter.subject.as_str())
            // The same at each attempt, so that a mailbox can tell a repetition.
            .message_id(Some(format!("<{id}@{}>", from.email.domain())))
            .date(SystemTime::from(now))
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(link) = &letter.unsubscribe {
            message = message
                .raw_header(header("List-Unsubscribe", &format!("<{link}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let message = message.multipart(MultiPart::alternative_plain_html(text, html))?;
        timeout(retries::PATIENCE, server.send(message)).await.context("the server takes too long")??;
        Ok(None)
    }
}

/// Whether a mail that could not be sent never will be.
pub fn is_refused(error: &anyhow::Error) -> bool {
    let status = error.downcast_ref::<smtp::Error>().and_then(smtp::Error::status);
    error.is::<AddressError>() || status.is_some_and(|status| NO_SUCH_MAILBOX.contains(&status.into()))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
