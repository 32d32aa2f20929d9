//! A browser that takes push messages for a member (W3C Push API, RFC 8030).

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push_subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// Where messages go: whoever knows it can send there, so it is a secret
    pub endpoint: String,
    /// The browser's public key, base64url
    pub p256dh: String,
    /// Its authentication secret, base64url
    pub auth: String,
    pub user_agent: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl ActiveModelBehavior for ActiveModel {}

pub fn of_user(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id))
}
