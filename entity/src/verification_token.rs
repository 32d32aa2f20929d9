//! A token that proves, once, that somebody reads an e-mail address.

use chrono::TimeDelta;
use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    /// What a token is good for
    pub enum Purpose as VerificationPurpose {
        VerifyEmail,
        ResetPassword,
        SignIn,
        Invitation,
        ChangeEmail,
        UndoEmailChange,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "verification_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Nobody's yet where it is an invitation
    pub user_id: Option<Uuid>,
    pub purpose: Purpose,
    pub email: String,
    pub token_hash: String,
    /// The admin who invites
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
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

impl Purpose {
    /// For how long a token is good after it was mailed.
    pub fn lifetime(self) -> TimeDelta {
        match self {
            Self::VerifyEmail | Self::ChangeEmail => TimeDelta::hours(24),
            Self::ResetPassword => TimeDelta::minutes(30),
            Self::SignIn => TimeDelta::minutes(15),
            Self::Invitation | Self::UndoEmailChange => TimeDelta::days(7),
        }
    }
}

/// Tokens that can still be used.
pub fn live(now: DateTimeUtc) -> Condition {
    Condition::all().add(Column::UsedAt.is_null()).add(Column::ExpiresAt.gt(now))
}
