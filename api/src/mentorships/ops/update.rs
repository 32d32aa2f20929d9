use entity::mentorship::{self, Status};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::lock::lock_seen;
use super::see::{Seen, see};
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::IfMatch;
use crate::mentorships::wire::MentorshipPatch;
use crate::state::AppState;

/// Changes what the two share: the text that says what it is about. While a request waits, that is the requester's own.
pub async fn update(
    state: &AppState,
    me: &Caller<Member>,
    id: Uuid,
    if_match: &IfMatch,
    patch: MentorshipPatch,
) -> Result<Seen> {
    let txn = state.begin_write().await?;
    let row = lock_seen(&txn, me, id).await?;
    demand_editor(me, &row)?;
    let now = state.clock.now();
    if !row.is_open() || row.has_lapsed(now) {
        return Err(Code::MentorshipClosed.into());
    }
    if_match.demand(row.version)?;
    let Some(message) = patch.message.filter(|message| *message != row.message) else {
        return see(&txn, me, row).await;
    };
    let other = row.other_of(me.id());
    let version = row.version + 1;
    let mut changed = row.into_active_model();
    changed.message = Set(message);
    changed.version = Set(version);
    changed.updated_at = Set(now);
    let row = changed.update(&txn).await?;
    let event = Event::new(Kind::MentorshipChanged, id).by(me).informing(other).with(json!({ "version": version }));
    events::record(&txn, state, event).await?;
    let seen = see(&txn, me, row).await?;
    txn.commit().await?;
    Ok(seen)
}

fn demand_editor(me: &Caller<Member>, row: &mentorship::Model) -> Result<()> {
    let Some(side) = row.side_of(me.id()) else {
        return Err(Error::refused(Code::Forbidden, "only its participants change a mentorship"));
    };
    if row.status == Status::Pending && row.receiver() == Some(side) {
        return Err(Error::refused(Code::NotAuthor, "while it waits, the request is the requester's"));
    }
    Ok(())
}
