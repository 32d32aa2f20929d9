//! Sends what is due, channel by channel, several parcels at once: none waits for one that is slow.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use entity::delivery::{ActiveModel, Channel, Column, Entity, Reason, Status};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::address::Address;
use super::claim::{self, Claimed, Parcel};
use super::texts;
use crate::error::Result;
use crate::mail::{self, Letter, News};
use crate::push::Message;
use crate::push_subscriptions;
use crate::state::AppState;
use crate::unsubscribe;

/// How many parcels of a channel are under way at once.
const LANES: usize = 8;
const MAX_ATTEMPTS: i32 = 12;

/// What became of an attempt.
pub enum Outcome {
    /// Taken by the other side; for mail that is kept, with its text
    Sent(Option<Value>),
    /// Will never be taken
    Refused,
    Failed,
}

/// Sends what is due on this channel; how many parcels were taken up. What fails ends the round, once what is under way has ended.
pub async fn deliver_due(state: &AppState, channel: Channel) -> Result<usize> {
    let (mut count, mut failure) = (0, None);
    let mut under_way = FuturesUnordered::new();
    loop {
        while failure.is_none() && under_way.len() < LANES {
            match claim::next(state, channel).await {
                Ok(Some(Claimed::Parcel(parcel))) => under_way.push(carry_out(state, *parcel)),
                Ok(Some(Claimed::Settled)) => {}
                Ok(None) => break,
                Err(error) => failure = Some(error),
            }
            count += 1;
        }
        match under_way.next().await {
            Some(Ok(())) => {}
            Some(Err(error)) => failure = Some(error),
            None => return failure.map_or(Ok(count), Err),
        }
    }
}

async fn carry_out(state: &AppState, parcel: Parcel) -> Result<()> {
    let outcome = match &parcel.address {
        Address::Email(email) => send_mail(state, &parcel, email).await,
        Address::Phone(number) => send_text(state, &parcel, number).await,
        Address::Browsers(browsers) => push_subscriptions::push_to_all(state, browsers, &parcel.message()).await?,
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
            Outcome::Failed
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
    let (status, reason) = match &outcome {
        Outcome::Sent(_) => (Status::Sent, None),
        Outcome::Refused => (Status::Dead, Some(Reason::Refused)),
        Outcome::Failed if parcel.attempts < MAX_ATTEMPTS => (Status::Failed, Some(Reason::Unreachable)),
        Outcome::Failed => (Status::Dead, Some(Reason::Unreachable)),
    };
    let sent_at = (status == Status::Sent).then_some(now);
    let row = ActiveModel { status: Set(status), reason: Set(reason), sent_at: Set(sent_at), ..Default::default() };
    let txn = state.begin_write().await?;
    let settled = Entity::update_many().set(row).filter(Column::Id.is_in(parcel.ids.iter().copied()));
    // What was deleted meanwhile went with whose it was, and nothing of it is kept.
    if settled.exec(&txn).await?.rows_affected > 0
        && let Outcome::Sent(Some(content)) = outcome
    {
        mail::keep(&txn, parcel.id, parcel.in_digest, &parcel.user, content, now).await?;
    }
    Ok(txn.commit().await?)
}
