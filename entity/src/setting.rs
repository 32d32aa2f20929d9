//! The one row of settings.

use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    /// When somebody may delete a message of theirs.
    pub enum MessageDeletion {
        Never,
        /// As long as it can be edited
        WhileEditable,
        Always,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    pub name: String,
    pub tagline: Option<String>,
    pub logo_url: Option<String>,
    pub brand_color: Option<String>,
    pub member_approval: bool,
    pub mentorship_approval: bool,
    pub cooling_off_days: i32,
    pub suggestion_days: i32,
    pub not_now_days: i32,
    pub request_days: i32,
    pub max_open_requests: i32,
    pub staff_second_factor: bool,
    /// For how long a message can be edited; not at all where it is 0
    pub message_edit_minutes: i32,
    pub message_deletion: MessageDeletion,
    /// To how many strangers somebody may write first within a day
    pub first_messages_per_day: i32,
    pub version: i32,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The id of the one row.
pub const ID: i16 = 1;
