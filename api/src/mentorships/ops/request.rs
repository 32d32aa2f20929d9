use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship::{self, EndReason, Origin, Status};
use entity::setting;
use entity::side::Side;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

use super::create::{created, insert};
use super::lapse;
use super::places::{Pair, demand_none_open};
use super::see::{Seen, see};
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Kind};
use crate::mentorships::wire::MentorshipRequest;
use crate::state::AppState;
use crate::{blocks, pair_bans, settings};

/// After a decline the same mentor is not asked again for so long.
const DECLINE_LASTS: TimeDelta = TimeDelta::days(30);

/// The caller asks a mentor. Whether the mentor has a place is checked when they accept.
pub async fn request(state: &AppState, me: &Caller<Member>, body: MentorshipRequest) -> Result<Seen> {
    if me.is_staff() {
        return Err(Error::refused(Code::Forbidden, "staff assign mentorships, they do not request them"));
    }
    if body.mentor_id == me.id() {
        return Err(Error::refused(Code::OwnAccount, "nobody is their own mentor"));
    }
    let txn = state.begin_write().await?;
    let settings = settings::ops::current(&txn).await?;
    let now = state.clock.now();
    lapse::expire_between(&txn, state, (body.mentor_id, me.id())).await?;
    // Both rows, or two who ask each other at the same time would both find nothing open.
    let pair = Pair::lock(&txn, body.mentor_id, me.id()).await?;
    demand_open_to_it(pair, now)?;
    pair_bans::ops::demand_none(&txn, me.id(), body.mentor_id).await?;
    blocks::ops::demand_none(&txn, me.id(), body.mentor_id).await?;
    demand_none_open(&txn, me.id(), body.mentor_id).await?;
    demand_no_recent_decline(&txn, me.id(), body.mentor_id, now).await?;
    demand_few_open(&txn, me.id(), &settings, now).await?;
    let asked = mentorship::ActiveModel {
        origin: Set(Origin::Request),
        status: Set(Status::Pending),
        message: Set(body.message),
        expires_at: Set(Some(now + TimeDelta::days(settings.request_days.into()))),
        ..Default::default()
    };
    let row = insert(&txn, state, body.mentor_id, me.id(), asked).await?;
    events::record(&txn, state, created(Kind::MentorshipRequested, &row).by(me)).await?;
    let seen = see(&txn, me, row).await?;
    txn.commit().await?;
    Ok(seen)
}

/// A mentor whose profile members cannot see does not exist for them.
fn demand_open_to_it(pair: Option<Pair>, now: DateTime<Utc>) -> Result<()> {
    let unknown = || Error::invalid("/mentorId", "unknown_user", "there is no such member");
    let Pair { mentor, mentee } = pair.filter(|pair| pair.mentor.is_public()).ok_or_else(unknown)?;
    if !mentor.is_available_as(Side::Mentor, now) {
        return Err(Error::refused(Code::NotSuggestable, "this member takes no mentees now"));
    }
    if !mentee.is_available_as(Side::Mentee, now) {
        return Err(Error::refused(Code::NotSuggestable, "you are not looking for a mentor now"));
    }
    Ok(())
}

/// Turning a request down by canceling it counts as a decline.
async fn demand_no_recent_decline(
    txn: &DatabaseTransaction,
    mentee: Uuid,
    mentor: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    use mentorship::Column;

    let turned_down = Condition::all().add(Column::AcceptedAt.is_null()).add(Column::EndedById.eq(mentor));
    let declined = mentorship::Entity::find()
        .filter(Column::MentorId.eq(mentor))
        .filter(Column::MenteeId.eq(mentee))
        .filter(Column::Status.eq(Status::Canceled))
        .filter(Column::EndDate.gt(now - DECLINE_LASTS))
        .filter(Condition::any().add(Column::EndReason.eq(EndReason::Declined)).add(turned_down));
    if declined.count(txn).await? == 0 { Ok(()) } else { Err(Code::RecentlyDeclined.into()) }
}

/// The caller's row is locked, so two requests at once do not both count the other out.
async fn demand_few_open(
    txn: &DatabaseTransaction,
    mentee: Uuid,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    use mentorship::Column;

    let open = mentorship::Entity::find()
        .filter(Column::MenteeId.eq(mentee))
        .filter(Column::Origin.eq(Origin::Request))
        .filter(Column::Status.eq(Status::Pending))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::ExpiresAt.gt(now));
    let most = settings.max_open_requests;
    if open.count(txn).await? < u64::try_from(most).unwrap_or(0) {
        return Ok(());
    }
    Err(Error::refused(Code::TooManyRequests, format!("at most {most} requests wait for an answer at a time")))
}
