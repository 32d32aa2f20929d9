use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post};
use uuid::Uuid;

use super::ops;
use super::wire::{MeetingFilter, MeetingOut, MeetingPatch, NewMeeting};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Conditional, Guarded, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

pub mod moves;

/// List your upcoming meetings
///
/// Across all your mentorships, soonest first. Without `from` only meetings that are not over; without `status` only those
/// proposed or confirmed, in active mentorships.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])), params(MeetingFilter, PageParams),
    responses((status = 200, description = "A page of meetings.", body = Listing<MeetingOut>), Guarded, Listed))]
#[get("/me/meetings")]
pub async fn list_my_meetings(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<MeetingFilter>,
) -> Result<Json<Listing<MeetingOut>>> {
    Ok(Json(ops::read::list_mine(&state, &me, filter, page).await?.map(MeetingOut::from)))
}

/// List the meetings of a mentorship
///
/// By start time, earliest first. Visible to the participants and staff.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])), params(MeetingFilter, PageParams),
    responses((status = 200, description = "A page of meetings.", body = Listing<MeetingOut>), Guarded, OnOne, Listed))]
#[get("/mentorships/{id}/meetings")]
pub async fn list_meetings(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<MeetingFilter>,
) -> Result<Json<Listing<MeetingOut>>> {
    Ok(Json(ops::read::list(&state, &me, id, filter, page).await?.map(MeetingOut::from)))
}

/// Propose a meeting
///
/// It is `PROPOSED` until the other side, which is notified, confirms it.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The proposed meeting.", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `too_many`: It already has 50 upcoming meetings."),
        Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/meetings")]
pub async fn propose_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewMeeting>,
) -> Result<HttpResponse> {
    let row = ops::propose(&state, &me, id, body).await?;
    let location = format!("/api/v1/meetings/{}", row.id);
    Ok(Versioned::<MeetingOut>::of(row).created(location))
}

/// Get a meeting
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting.", body = MeetingOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."),
        Guarded, OnOne))]
#[get("/meetings/{id}")]
pub async fn get_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Versioned<MeetingOut>> {
    Ok(Versioned::of(ops::read::get(&state, &me, id).await?))
}

/// Update a meeting
///
/// A new time or duration makes it a new proposal by you and notifies the other side; other fields change immediately.
/// Canceled meetings cannot be changed.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated meeting.", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. \
            `invalid_transition`: The meeting is canceled, or it is over and cannot be moved."),
        Guarded, OnOne, Checked, Conditional))]
#[patch("/meetings/{id}")]
pub async fn update_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<MeetingPatch>,
) -> Result<Versioned<MeetingOut>> {
    Ok(Versioned::of(ops::update(&state, &me, &if_match, id, body).await?))
}
