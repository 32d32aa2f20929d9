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

/// List one's upcoming meetings
///
/// Across one's mentorships, the soonest first. Without `from` those that are not over; without `status` those that are
/// proposed or confirmed, of active mentorships.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])), params(MeetingFilter, PageParams),
    responses((status = 200, description = "A page of meetings", body = Listing<MeetingOut>), Guarded, Listed))]
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
/// In the order in which they take place. The staff may read them too.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])), params(MeetingFilter, PageParams),
    responses((status = 200, description = "A page of meetings", body = Listing<MeetingOut>), Guarded, OnOne, Listed))]
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
/// It is `PROPOSED` until the other side, which is told, confirms it.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The proposed meeting", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `too_many`: 50 are still to take place"),
        Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/meetings")]
pub async fn propose_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewMeeting>,
) -> Result<HttpResponse> {
    let row = ops::propose(&state, &me, id, body).await?;
    let (location, version) = (format!("/api/v1/meetings/{}", row.id), row.version);
    Ok(Versioned(MeetingOut::from(row), version).created(location))
}

/// Read a meeting
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting", body = MeetingOut),
        (status = 304, description = "Still the version that `If-None-Match` names"),
        Guarded, OnOne))]
#[get("/meetings/{id}")]
pub async fn get_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Versioned<MeetingOut>> {
    let row = ops::read::get(&state, &me, id).await?;
    let version = row.version;
    Ok(Versioned(row.into(), version))
}

/// Move or edit a meeting
///
/// Another time or duration makes it `PROPOSED` again, by the caller, and tells the other side. Everything else is changed at once.
/// A canceled meeting does not change any more.
#[utoipa::path(tag = "meetings", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The meeting as it stands now", body = MeetingOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the meeting is over"),
        Guarded, OnOne, Checked, Conditional))]
#[patch("/meetings/{id}")]
pub async fn update_meeting(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<MeetingPatch>,
) -> Result<Versioned<MeetingOut>> {
    let row = ops::update(&state, &me, &if_match, id, body).await?;
    let version = row.version;
    Ok(Versioned(row.into(), version))
}
