use chrono::{DateTime, Utc};
use entity::mentorship::{self, Column, Status};
use entity::side::Side;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::lapse;
use super::see::{Seen, see_all};
use crate::auth::{Admin, Caller, Member};
use crate::error::Result;
use crate::http::{Listing, PageRequest};
use crate::mentorships::wire::{AdminFilter, Awaiting, MineFilter};
use crate::state::AppState;

/// The caller's mentorships on both sides or one, newest first.
pub async fn list_mine(
    state: &AppState,
    me: &Caller<Member>,
    filter: &MineFilter,
    page: &PageRequest,
) -> Result<Listing<Seen>> {
    let mine = match filter.side {
        None => mentorship::of_participant(me.id()),
        Some(Side::Mentor) => Condition::all().add(Column::MentorId.eq(me.id())),
        Some(Side::Mentee) => Condition::all().add(Column::MenteeId.eq(me.id())),
    };
    list(state, me, mine, filter.status, page).await
}

/// Every mentorship, newest first, for the staff.
pub async fn list_all(
    state: &AppState,
    me: &Caller<Admin>,
    filter: &AdminFilter,
    page: &PageRequest,
) -> Result<Listing<Seen>> {
    let of = Condition::all()
        .add_option(filter.mentor_id.map(|id| Column::MentorId.eq(id)))
        .add_option(filter.mentee_id.map(|id| Column::MenteeId.eq(id)))
        .add_option(filter.awaiting.map(|what| match what {
            Awaiting::Answer => mentorship::awaits_answer(state.clock.now()),
            Awaiting::Approval => mentorship::awaits_approval(),
        }));
    list(state, me, of, filter.status, page).await
}

async fn list<R>(
    state: &AppState,
    me: &Caller<R>,
    which: Condition,
    status: Option<Status>,
    page: &PageRequest,
) -> Result<Listing<Seen>> {
    let db = state.read();
    let now = state.clock.now();
    let rows = mentorship::Entity::find()
        .filter(which)
        .filter(Condition::all().add_option(status.map(|status| stands(status, now))))
        .filter(Condition::all().add_option(page.after::<Uuid>()?.map(|id| Column::Id.lt(id))))
        .order_by_desc(Column::Id)
        .limit(page.fetch())
        .all(db)
        .await?;
    let Listing { items, next_cursor } = page.listing(rows, |row| row.id)?;
    let settled = items.into_iter().map(|row| lapse::settled(row, now)).collect();
    Ok(Listing { items: see_all(db, me, settled).await?, next_cursor })
}

/// Which rows stand so: lapsed requests are canceled, whatever their row still says.
fn stands(status: Status, now: DateTime<Utc>) -> Condition {
    let lapsed = mentorship::lapsed(now);
    match status {
        Status::Pending => Condition::all().add(Column::Status.eq(status)).add(lapsed.not()),
        Status::Canceled => Condition::any().add(Column::Status.eq(status)).add(lapsed),
        Status::Active | Status::Completed => Condition::all().add(Column::Status.eq(status)),
    }
}
