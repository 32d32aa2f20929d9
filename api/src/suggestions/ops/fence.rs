//! Between finding somebody and storing it, they may pause, leave, or be kept from the seeker: none of that is missed.

use std::collections::HashSet;

use entity::setting;
use entity::user::{Column, Entity};
use matching::Fit;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::search::Seeker;
use crate::candidates::blocks;
use crate::error::Result;

/// Those of the fits that hold, and go on to hold until the transaction ends: neither side can be changed before. The seeker's row
/// is locked already. Whoever is being changed at this very moment is left out rather than waited for, as they may be waiting for
/// the seeker; a list that stays short for that is filled when it is read.
pub async fn hold(
    txn: &DatabaseTransaction,
    seeker: &Seeker<'_>,
    settings: &setting::Model,
    mut fits: Vec<Fit>,
) -> Result<Vec<Fit>> {
    if fits.is_empty() {
        return Ok(fits);
    }
    let held = lock(txn, fits.iter().map(|fit| fit.partner_of(seeker.side))).await?;
    let blocked = blocks::of(txn, seeker.profile.user_id, seeker.side, settings, seeker.now).await?;
    let free: Vec<_> = held.into_iter().filter(|partner| !blocked.contains(partner)).collect();
    let judged = seeker.judge(txn, &free).await?;
    fits.retain(|fit| judged.get(&fit.partner_of(seeker.side)).is_some_and(|now| now.as_ref() == Ok(fit)));
    Ok(fits)
}

/// Many may hold the same partner.
async fn lock(txn: &DatabaseTransaction, partners: impl Iterator<Item = Uuid>) -> Result<HashSet<Uuid>> {
    let these = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(partners));
    let free = these.order_by_asc(Column::Id).lock_with_behavior(LockType::Share, LockBehavior::SkipLocked);
    Ok(free.into_tuple().all(txn).await?.into_iter().collect())
}
