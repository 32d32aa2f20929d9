//! A request that is done once, and its first answer, kept for retries. Without a status there is no answer yet.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// A digest of caller, address and key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub user_id: Uuid,
    /// Which of the requests with this key is the one that may do it.
    pub holder: Uuid,
    pub fingerprint: String,
    /// Set in the transaction that does it.
    pub done: bool,
    pub status: Option<i16>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub headers: Option<Json>,
    #[sea_orm(column_type = "Blob", nullable)]
    pub body: Option<Vec<u8>>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// After this long a request without an answer is taken for dead.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// What a retry meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Answered,
    InFlight,
    /// It died after its work was done and before its answer was kept.
    AnswerLost,
    /// It is too old, or died before its work was done: the retry takes its place.
    Lapsed,
}

impl Model {
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        if self.expires_at <= now {
            Standing::Lapsed
        } else if self.status.is_some() {
            Standing::Answered
        } else if self.created_at > now - LEASE {
            Standing::InFlight
        } else if self.done {
            Standing::AnswerLost
        } else {
            Standing::Lapsed
        }
    }
}

/// The rows whose standing is [`Standing::Lapsed`].
pub fn lapsed(now: DateTime<Utc>) -> Condition {
    let unanswered = Condition::all().add(Column::Status.is_null()).add(Column::Done.eq(false));
    let dead = unanswered.add(Column::CreatedAt.lte(now - LEASE));
    Condition::any().add(Column::ExpiresAt.lte(now)).add(dead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_never_lapses_before_its_time() {
        let made = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let key = |done: bool, status: Option<i16>| Model {
            digest: String::new(),
            user_id: Uuid::nil(),
            holder: Uuid::nil(),
            fingerprint: String::new(),
            done,
            status,
            headers: None,
            body: None,
            created_at: made,
            expires_at: made + LIFETIME,
        };
        let table = [
            (key(false, None), Standing::InFlight, Standing::Lapsed),
            (key(true, None), Standing::InFlight, Standing::AnswerLost),
            (key(true, Some(201)), Standing::Answered, Standing::Answered),
        ];
        for (key, at_once, later) in table {
            assert_eq!(key.standing(made + LEASE - TimeDelta::milliseconds(1)), at_once, "{key:?}");
            assert_eq!(key.standing(made + LEASE), later, "{key:?}");
            assert_eq!(key.standing(made + LIFETIME), Standing::Lapsed, "{key:?}");
        }
    }
}
