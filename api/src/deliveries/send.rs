//! Sends what is due, channel by channel, several parcels at once: none waits for one that is slow.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, Utc};
use entity::delivery::{ActiveModel, Browsers, Channel, Column, Entity, Reason, Status};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::address::Address;
use super::claim::{self, Claimed, Parcel};
use super::texts;
use crate::error::Result;
use crate::mail::{self, Letter, News};
use crate::push::Message;
use crate::push_subscriptions;
use crate::retries::{self, MAX_ATTEMPTS};
use crate::state::AppState;
use crate::unsubscribe;

/// How many parcels of a channel are under way at once.
const LANES: usize = 8;

/// What became of an attempt.
pub enum Outcome {
    /// Taken by the other side; for mail that is kept, with its text
    Sent(Option<Value>),
    /// These browsers are done with it, and others failed
    Partly(Browsers),
    /// Will never be taken
    Refused,
    Failed,
}

/// Sends what is due on this channel; how many parcels were taken up. What fails ends its lane, and the round once the others have ended.
pub async fn deliver_due(state: &AppState, channel: Channel) -> Result<usize> {
    if !claim::is_any_due(state, channel).await? {
        return Ok(0);
    }
    join_all((0..LANES).map(|_| deliver_in_turn(state, channel))).await.into_iter().sum()
}

/// One parcel after the other. Lanes never wait for one another with a transaction open: each goes on whenever it can.
async fn deliver_in_turn(state: &AppState, channel: Channel) -> Result<usize> {
    let mut count = 0;
    while let Some(claimed) = claim::next(state, channel).await? {
        count += 1;
        if let Claimed::Parcel(parcel) = claimed {
            carry_out(state, *parcel).await?;
        }
    }
    Ok(count)
}

async fn carry_out(state: &AppState, parcel: Parcel) -> Result<()> {
    let outcome = match &parcel.address {
        Address::Email(email) => send_mail(state, &parcel, email).await,
        Address::Phone(number) => send_text(state, &parcel, number).await,
        Address::Browsers(browsers) => {
            push_subscriptions::push_to_all(state, browsers, &parcel.taken_by, &parcel.message()).await?
        }
    };
    settle(state, &parcel, outcome).await
}

async fn send_mail(state: &AppState, parcel: &Parcel, email: &str) -> Outcome {
    let kinds: Vec<_> = parcel.told.iter().map(|one| one.kind).collect();
    let group = kinds.first().and_then(|kind| kind.group());
    let scope = if parcel.in_digest { Some(unsubscribe::Scope::All) } else { group.map(unsubscribe::Scope::Group) };
    let news = News {
        lines: texts::lines(&kinds),
        in_digest: parcel.in_digest,
        unsubscribe: scope.map(|scope| unsubscribe::link(state, parcel.user.id, scope)),
    };
    let letter = Letter::of_news(news, parcel.programme.clone(), &state.config.app_url, email.to_owned());
    match state.mailer.send(&letter, parcel.id, state.clock.now()).await {
        Ok(content) => Outcome::Sent(content),
        Err(error) => {
            tracing::warn!(cause = %format!("{error:#}"), attempts = parcel.attempts, "a notification was not mailed");
            if mail::is_refused(&error) { Outcome::Refused } else { Outcome::Failed }
        }
    }
}

async fn send_text(state: &AppState, parcel: &Parcel, number: &str) -> Outcome {
    let Some(gateway) = &state.channels.sms else { return Outcome::Failed };
    let happened = parcel.told.first().map_or("There is news for you", |one| texts::line(one.kind));
    let text = format!("{}: {happened}. {}/notifications", parcel.programme, state.config.app_url);
    gateway.send(number, &text).await
}

impl Parcel {
    /// What a browser is told: enough to show something, and to find it in the app.
    fn message(&self) -> Message {
        let told = self.told.first();
        let text = json!({
            "notificationId": told.map(|one| one.id),
            "kind": told.map(|one| one.kind),
            "subjectKind": told.map(|one| &one.subject_kind),
            "subjectId": told.map(|one| one.subject_id),
            "title": self.programme,
            "body": told.map(|one| texts::line(one.kind)),
        });
        Message { topic: BASE64_URL_SAFE_NO_PAD.encode(self.id), text: text.to_string() }
    }
}

async fn settle(state: &AppState, parcel: &Parcel, outcome: Outcome) -> Result<()> {
    let now = state.clock.now();
    let row = settled(&outcome, parcel.attempts, now);
    let mut these =
        Condition::all().add(Column::Id.is_in(parcel.ids.iter().copied())).add(Column::Status.ne(Status::Sent));
    if !matches!(outcome, Outcome::Sent(_)) {
        // Whoever took it up since says what becomes of it.
        these = these.add(Column::Attempts.eq(parcel.attempts));
    }
    let txn = state.begin_write().await?;
    let settled = Entity::update_many().set(row).filter(these).exec(&txn).await?;
    // What was deleted meanwhile went with whose it was, and nothing of it is kept.
    if settled.rows_affected > 0
        && let Outcome::Sent(Some(content)) = outcome
    {
        mail::keep(&txn, parcel.id, parcel.in_digest, &parcel.user, content, now).await?;
    }
    Ok(txn.commit().await?)
}

/// What an attempt leaves behind. What some browsers took counts as sent once the others were tried often enough.
fn settled(outcome: &Outcome, attempts: i32, now: DateTime<Utc>) -> ActiveModel {
    let is_last = attempts >= MAX_ATTEMPTS;
    let (status, reason) = match outcome {
        Outcome::Sent(_) => (Status::Sent, None),
        Outcome::Partly(_) if is_last => (Status::Sent, None),
        Outcome::Refused => (Status::Dead, Some(Reason::Refused)),
        Outcome::Failed if is_last => (Status::Dead, Some(Reason::Unreachable)),
        Outcome::Partly(_) | Outcome::Failed => (Status::Failed, Some(Reason::Unreachable)),
    };
    let mut row = ActiveModel { reason: Set(reason), ..Default::default() };
    match status {
        Status::Sent => row.sent_at = Set(Some(now)),
        Status::Failed => row.due_at = Set(retries::next_attempt(attempts, now)),
        _ => {}
    }
    if let Outcome::Partly(browsers) = outcome {
        row.taken_by = Set(Some(browsers.clone()));
    }
    row.status = Set(status);
    row
}
