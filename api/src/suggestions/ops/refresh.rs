use chrono::{DateTime, TimeDelta, Utc};
use entity::setting;
use entity::side::Side;
use entity::suggestion::{Column, Entity, Response};
use matching::{Horizon, PairBlocks, Profile, Refused, Rule, Seats, judge};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::search::{Seeker, Standing};
use super::{fence, store, withdraw};
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::state::AppState;
use crate::{settings, users};

const SIDES: [Side; 2] = [Side::Mentor, Side::Mentee];

/// Suggests `user` to others and others to them, on each side they are available on, until their lists are full.
pub async fn refresh(txn: &DatabaseTransaction, state: &AppState, user: Uuid) -> Result<()> {
    users::ops::lock(txn, user).await?;
    let settings = settings::ops::current(txn).await?;
    for side in SIDES {
        if let Some(seeker) = Seeker::find(txn, state, user, side, &settings).await? {
            let fits = seeker.new_fits(txn, seeker.places()).await?;
            let fits = fence::hold(txn, &seeker, &settings, fits).await?;
            store::insert(txn, state, seeker.policy.version, fits, expiry(&settings, seeker.now)).await?;
        }
    }
    Ok(())
}

/// What filling somebody's lists comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// There is somebody new
    Due,
    /// There is nobody new, and somebody already
    Filled,
    Empty,
}

/// Whether [`refresh`] would find somebody new for `user`. It only reads, and nothing at all of those whom the index has as paused,
/// full or not on a side: they are many, and their empty lists are read again and again.
pub async fn outlook(state: &AppState, user: Uuid) -> Result<Outlook> {
    let (db, candidates) = (state.read(), &state.candidates);
    candidates.catch_up(db, state.clock.now()).await?;
    let open = |side: &Side| candidates.read(|index| index.is_open(*side, user)).unwrap_or_default();
    let sides: Vec<_> = SIDES.into_iter().filter(open).collect();
    if sides.is_empty() {
        return Ok(Outlook::Empty);
    }
    let settings = settings::ops::current(db).await?;
    let mut outlook = Outlook::Empty;
    for side in sides {
        let Some(seeker) = Seeker::find(db, state, user, side, &settings).await? else { continue };
        if !seeker.new_fits(db, seeker.places().min(1)).await?.is_empty() {
            return Ok(Outlook::Due);
        }
        if !seeker.standing.is_empty() {
            outlook = Outlook::Filled;
        }
    }
    Ok(outlook)
}

/// After a change of their profile: whoever is now among the best for `user` is suggested at once, and what the change rules out
/// lapses, whatever the other side answered. The rest stays, up to twice the length of a list.
pub async fn revise(txn: &DatabaseTransaction, state: &AppState, user: Uuid) -> Result<()> {
    let settings = settings::ops::current(txn).await?;
    for side in SIDES {
        if let Some(seeker) = Seeker::find(txn, state, user, side, &settings).await? {
            revise_side(txn, &seeker, &settings).await?;
        }
    }
    Ok(())
}

async fn revise_side(txn: &DatabaseTransaction, seeker: &Seeker<'_>, settings: &setting::Model) -> Result<()> {
    let length = usize::from(seeker.policy.list_length);
    let mut fits = seeker.all_fits(txn, length).await?;
    let best: Vec<_> = fits.iter().map(|fit| fit.partner_of(seeker.side)).collect();
    fits.retain(|fit| !seeker.standing.iter().any(|one| one.other_id == fit.partner_of(seeker.side)));
    let (mut lapsing, staying) = ruled_out(txn, seeker).await?;
    let over = (staying.len() + fits.len()).saturating_sub(2 * length);
    let can_go = |one: &&Standing| one.response == Response::Pending && !best.contains(&one.other_id);
    lapsing.extend(staying.into_iter().filter(can_go).take(over).map(|one| one.id));
    lapse(txn, seeker.state, lapsing).await?;
    let fits = fence::hold(txn, seeker, settings, fits).await?;
    store::insert(txn, seeker.state, seeker.policy.version, fits, expiry(settings, seeker.now)).await
}

/// Which of the seeker's own open suggestions would not be made any more, and the others. Whether the other side has time and a place
/// just now does not matter.
async fn ruled_out<'a>(txn: &DatabaseTransaction, seeker: &'a Seeker<'_>) -> Result<(Vec<Uuid>, Vec<&'a Standing>)> {
    let others: Vec<_> = seeker.standing.iter().map(|one| one.other_id).collect();
    let profiles = profiles::load(txn, seeker.side.other(), Who::These(&others), seeker.now).await?;
    let (horizon, blocks) = (Horizon::new(seeker.now), PairBlocks::default());
    let is_refused = |other: &Profile| {
        let (standing, seats) = (matching::Standing::default(), Seats { free: 1, ..Seats::default() });
        let other = Profile { standing, seats, ..other.clone() };
        let (mentor, mentee) = seeker.side.pick((&seeker.profile, &other), (&other, &seeker.profile));
        let refused = judge(&seeker.policy, mentor, mentee, &blocks, &horizon).err();
        matches!(refused, Some(Refused::Rule(Rule::GenderPreference | Rule::NothingShared | Rule::Floor)))
    };
    let is_out =
        |one: &&Standing| one.response == Response::Pending && profiles.get(&one.other_id).is_some_and(is_refused);
    let (out, staying): (Vec<_>, Vec<_>) = seeker.standing.iter().partition(is_out);
    Ok((out.into_iter().map(|one| one.id).collect(), staying))
}

/// One that the other side is answering at this very moment is left to them: whoever answers holds its row and may wait for the
/// user's, which is locked here.
async fn lapse(txn: &DatabaseTransaction, state: &AppState, ids: Vec<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let free = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids)).order_by_asc(Column::Id);
    let free = free.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    withdraw::lapse(txn, state, free.into_tuple().all(txn).await?).await
}

fn expiry(settings: &setting::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::days(settings.suggestion_days.into())
}
