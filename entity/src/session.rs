//! One signed-in device.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    /// Why a session is over
    pub enum EndedReason as SessionEndedReason {
        SignedOut,
        Reused,
        Suspended,
        Expired,
        Revoked,
    }
}

text_enum! {
    /// How a device takes and returns its refresh token.
    pub enum Mode as SessionMode {
        Bearer,
        Cookie,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub refresh_hash: String,
    pub refresh_counter: i64,
    pub refresh_rotated_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub auth_time: DateTimeUtc,
    pub idle_expires_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_reason: Option<EndedReason>,
    pub user_agent: Option<String>,
    pub address_hint: Option<String>,
    pub mode: Mode,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn is_live(&self, now: DateTimeUtc) -> bool {
        self.ended_at.is_none() && now < self.idle_expires_at && now < self.expires_at
    }
}

/// The sessions for which [`Model::is_live`].
pub fn live(now: DateTimeUtc) -> Condition {
    Condition::all().add(Column::EndedAt.is_null()).add(Column::IdleExpiresAt.gt(now)).add(Column::ExpiresAt.gt(now))
}
