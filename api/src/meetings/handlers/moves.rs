use actix_web::post;
use actix_web::web::Data;
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, IfUnchanged, OnOne, ReceiverAct};
use crate::http::{IfMatch, Path, Versioned};
use crate::meetings::ops::{self, Move};
use crate::meetings::wire::MeetingOut;
use crate::state::AppState;

/// Confirm a meeting
///
/// Only the side that did not propose the current time can confirm. The other side is notified.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated meeting.", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. \
            `invalid_transition`: The meeting is not awaiting confirmation."),
        ReceiverAct, OnOne, IfUnchanged))]
#[post("/meetings/{id}/confirm")]
pub async fn confirm_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MeetingOut>> {
    moved(&state, &me, &if_match, id, Move::Confirm).await
}

/// Cancel a meeting
///
/// By either side; the other is notified.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated meeting.", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `invalid_transition`: The meeting is over."),
        Guarded, OnOne, IfUnchanged))]
#[post("/meetings/{id}/cancel")]
pub async fn cancel_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MeetingOut>> {
    moved(&state, &me, &if_match, id, Move::Cancel).await
}

/// Mark a meeting as held
///
/// Only for a confirmed meeting that has started.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated meeting.", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. \
            `invalid_transition`: The meeting is not confirmed, or has not started."),
        Guarded, OnOne, IfUnchanged))]
#[post("/meetings/{id}/hold")]
pub async fn hold_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MeetingOut>> {
    moved(&state, &me, &if_match, id, Move::Hold).await
}

/// Mark a meeting as a no-show
///
/// Only for a confirmed meeting that has started.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated meeting.", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. \
            `invalid_transition`: The meeting is not confirmed, or has not started."),
        Guarded, OnOne, IfUnchanged))]
#[post("/meetings/{id}/no-show")]
pub async fn miss_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MeetingOut>> {
    moved(&state, &me, &if_match, id, Move::Miss).await
}

async fn moved(
    state: &AppState,
    me: &Caller<Member>,
    if_match: &IfMatch,
    id: Uuid,
    step: Move,
) -> Result<Versioned<MeetingOut>> {
    Ok(Versioned::of(ops::make(state, me, if_match, id, step).await?))
}
