//! One mail after the other: claimed and addressed in a transaction, then sent, then marked. A claim is also the time of the
//! next attempt, so a node that dies in between leaves the mail to be sent by another.

use chrono::{DateTime, TimeDelta, Utc};
use entity::mail::{ActiveModel, Column, Entity, Kind, Model, Status};
use entity::verification_token::Purpose;
use entity::{user, verification_token};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::erase::erased_key;
use super::{Letter, is_refused};
use crate::error::Result;
use crate::retries::{self, MAX_ATTEMPTS};
use crate::settings;
use crate::state::AppState;
use crate::verification::ops::{issue, renew};

/// As many of a kind to one address, whoever asks for them: so many in so long.
const QUOTAS: [(u64, TimeDelta); 2] = [(3, TimeDelta::hours(1)), (10, TimeDelta::days(1))];
/// For how long a mail counts.
pub(super) const LONGEST_QUOTA: TimeDelta = QUOTAS[1].1;

/// Sends what is due; how many mails were taken up.
pub async fn deliver_due(state: &AppState) -> Result<usize> {
    let mut count = 0;
    while is_any_due(state).await? {
        match claim(state).await? {
            Claimed::Nothing => break,
            Claimed::Dropped => {}
            Claimed::Letter(mail, letter) => deliver(state, *mail, *letter).await?,
        }
        count += 1;
    }
    Ok(count)
}

enum Claimed {
    Nothing,
    Dropped,
    Letter(Box<Model>, Box<Letter>),
}

fn due(now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::Status.eq(Status::Queued)).add(Column::DueAt.lte(now))
}

async fn is_any_due(state: &AppState) -> Result<bool> {
    let first = Entity::find().select_only().column(Column::Id).filter(due(state.clock.now())).limit(1);
    Ok(first.into_tuple::<Uuid>().one(state.read()).await?.is_some())
}

async fn claim(state: &AppState) -> Result<Claimed> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let next = Entity::find().filter(due(now)).order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    let next = next.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(&txn).await?;
    let Some(mail) = next else { return Ok(Claimed::Nothing) };
    let written = write(&txn, state, &mail).await?;
    let attempts = mail.attempts + 1;
    let mut row = mail.into_active_model();
    row.attempts = Set(attempts);
    row.due_at = Set(retries::claimed_until(attempts, now));
    let Some(letter) = written else {
        row.status = Set(Status::Dropped);
        // Nobody's address is kept.
        row.email_key = Set(String::new());
        row.update(&txn).await?;
        txn.commit().await?;
        return Ok(Claimed::Dropped);
    };
    row.email_key = Set(user::email_key(&letter.to));
    row.sent_at = Set(Some(now));
    let mail = row.update(&txn).await?;
    txn.commit().await?;
    Ok(Claimed::Letter(Box::new(mail), Box::new(letter)))
}

async fn deliver(state: &AppState, mail: Model, letter: Letter) -> Result<()> {
    let sent = state.mailer.send(&letter, mail.id, state.clock.now()).await;
    let (id, attempts) = (mail.id, mail.attempts);
    let mut row: ActiveModel = Default::default();
    // Nothing where the mail was deleted meanwhile, with whose it was.
    let mut this = Condition::all().add(Column::Id.eq(id));
    match sent {
        Ok(content) => {
            row.status = Set(Status::Sent);
            row.content = Set(content);
        }
        Err(error) => {
            tracing::warn!(cause = %format!("{error:#}"), attempts, "a mail could not be sent");
            // Whoever took it up since says what becomes of it.
            this = this.add(Column::Attempts.eq(attempts)).add(Column::Status.eq(Status::Queued));
            if attempts >= MAX_ATTEMPTS || is_refused(&error) {
                row.status = Set(Status::Failed);
            } else {
                row.due_at = Set(retries::next_attempt(attempts, state.clock.now()));
            }
        }
    }
    let txn = state.begin_write().await?;
    Entity::update_many().set(row).filter(this).exec(&txn).await?;
    Ok(txn.commit().await?)
}

/// The letter, with a token of its own; `None` where there is nobody to send it to, or too many went there already.
async fn write(txn: &DatabaseTransaction, state: &AppState, mail: &Model) -> Result<Option<Letter>> {
    let programme = settings::ops::current(txn).await?.name;
    if let Some(id) = mail.token_id {
        let token = verification_token::Entity::find().filter(verification_token::Column::Id.eq(id)).one(txn).await?;
        let Some(token) = token.filter(|token| token.used_at.is_none()) else { return Ok(None) };
        if is_too_many(txn, state, mail, &token.email).await? {
            return Ok(None);
        }
        let email = token.email.clone();
        let secret = renew(txn, state, token).await?;
        return Ok(Some(Letter::new(mail.kind, programme, &state.config.app_url, email, Some(secret))));
    }
    let Some(user) = recipient(txn, mail).await?.filter(|user| wants(mail.kind, user)) else { return Ok(None) };
    if is_too_many(txn, state, mail, &user.email).await? {
        return Ok(None);
    }
    let secret = match purpose_of(mail.kind) {
        Some(purpose) => Some(issue(txn, state, purpose, &user).await?),
        None => None,
    };
    Ok(Some(Letter::new(mail.kind, programme, &state.config.app_url, user.email, secret)))
}

async fn recipient(txn: &impl ConnectionTrait, mail: &Model) -> Result<Option<user::Model>> {
    let who = match mail.user_id {
        Some(id) => user::Column::Id.eq(id),
        None => user::Column::EmailKey.eq(mail.email_key.as_str()),
    };
    Ok(user::Entity::find().filter(who).one(txn).await?)
}

/// Whether there is anything to tell: what was asked for may have come about in the meantime.
fn wants(kind: Kind, user: &user::Model) -> bool {
    match kind {
        _ if user.erased_at.is_some() => false,
        Kind::VerifyEmail => user.email_verified_at.is_none(),
        Kind::SignInLink | Kind::ResetPassword => user.status != user::Status::Suspended,
        _ => true,
    }
}

fn purpose_of(kind: Kind) -> Option<Purpose> {
    match kind {
        Kind::VerifyEmail => Some(Purpose::VerifyEmail),
        Kind::SignInLink => Some(Purpose::SignIn),
        Kind::ResetPassword => Some(Purpose::ResetPassword),
        _ => None,
    }
}

async fn is_too_many(txn: &DatabaseTransaction, state: &AppState, mail: &Model, email: &str) -> Result<bool> {
    let (now, key) = (state.clock.now(), user::email_key(email));
    let erased = erased_key(state, &key);
    state.lock_word(txn, &format!("mail {} {key}", mail.kind)).await?;
    for (most, span) in QUOTAS {
        let like_it = Condition::all()
            .add(Column::EmailKey.is_in([&key, &erased]))
            .add(Column::Kind.eq(mail.kind))
            .add(Column::SentAt.gt(now - span))
            .add(Column::Id.ne(mail.id));
        if Entity::find().filter(like_it).count(txn).await? >= most {
            return Ok(true);
        }
    }
    Ok(false)
}
