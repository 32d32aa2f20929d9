mod open;
mod read;
mod staff;

use entity::issue::{ActiveModel, Column, Entity};
use entity::thread_access;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

pub(super) use open::{open, report_message, report_user};
pub(super) use read::{get, get_mine, list, list_accesses, list_mine, read_messages};
pub(super) use staff::{answer, assign, close};

use crate::error::Result;

/// Of whoever leaves: what they wrote and were told, and what was theirs to do. That somebody was reported stays.
pub async fn forget(txn: &DatabaseTransaction, user: Uuid) -> Result<()> {
    let wordless = ActiveModel { text: Set(None), answer: Set(None), ..Default::default() };
    Entity::update_many().set(wordless).filter(Column::ReporterId.eq(user)).exec(txn).await?;
    let unassigned = ActiveModel { assignee_id: Set(None), ..Default::default() };
    Entity::update_many().set(unassigned).filter(Column::AssigneeId.eq(user)).exec(txn).await?;
    thread_access::Entity::delete_many().filter(thread_access::of_user(user)).exec(txn).await?;
    Ok(())
}
