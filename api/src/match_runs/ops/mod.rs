mod create;
mod edit;
mod export;
pub mod population;
mod publish;
mod read;
pub mod stale;
pub mod store;

use entity::match_run::MoveError;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

pub(super) use create::{cancel, create};
pub(super) use edit::{Edited, edit};
pub(super) use export::csv;
pub(super) use publish::publish;
pub(super) use read::{Compared, Insights, Shown, compare, fairness, get, insights, list, pairs, planned, unmatched};
pub use store::lock_telling;

use crate::error::{Code, Error, Result};

fn refusal(error: MoveError) -> Error {
    Error::refused(Code::InvalidTransition, error.to_string())
}

/// For whoever leaves: no frozen input keeps what they told, and no plan why they fitted. A run that is ready can then be
/// published, but not edited any more.
pub async fn forget(txn: &DatabaseTransaction, user: Uuid) -> Result<()> {
    use entity::match_run_pair::{ActiveModel, Column, Entity};
    use sea_orm::{ActiveValue::Set, Condition};

    store::drop_snapshots(txn, None).await?;
    let theirs = Condition::any().add(Column::MentorId.eq(user)).add(Column::MenteeId.eq(user));
    let untold = ActiveModel { reasons: Set(entity::suggestion::Reasons::default()), ..Default::default() };
    Entity::update_many().set(untold).filter(theirs).exec(txn).await?;
    Ok(())
}
