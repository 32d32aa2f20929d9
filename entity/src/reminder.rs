//! A reminder that was given: each stage once for what it is about.

use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    pub enum Stage as ReminderStage {
        RequestDay3,
        RequestDay10,
        MeetingDay,
        MeetingHour,
        SilenceDay21,
        SilenceDay28,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub stage: Stage,
    /// When the request was made, the meeting begins, or the silence began: what comes anew is reminded of anew
    #[sea_orm(primary_key, auto_increment = false)]
    pub about_at: DateTimeUtc,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
