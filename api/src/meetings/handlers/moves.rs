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
/// By the side that did not propose the time as it stands; the other is told.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting as it stands now", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the meeting is not proposed"),
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
/// By either side; the other is told.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting as it stands now", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the meeting is over"),
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

/// Say that a meeting was held
///
/// Of a confirmed one, once it has begun.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting as it stands now", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: it is not active. \
            `invalid_transition`: the meeting is not confirmed, or has not begun"),
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

/// Say that a meeting did not take place
///
/// Of a confirmed one, once it has begun.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting as it stands now", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: it is not active. \
            `invalid_transition`: the meeting is not confirmed, or has not begun"),
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
