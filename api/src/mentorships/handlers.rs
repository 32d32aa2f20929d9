use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post};
use uuid::Uuid;

use super::ops::{self, Step};
use super::wire::{
    Cancellation, Completion, MentorshipOut, MentorshipPatch, MentorshipRequest, MineFilter, MyMentorshipOut,
};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{
    AuthorAct, Checked, Conditional, Guarded, IfUnchanged, Listed, OnOne, OtherAct, ReceiverAct, RequesterAct,
};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

pub mod admin;

/// List my mentorships
///
/// On both sides, newest first. A request that nobody answered in time is listed as canceled.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])), params(MineFilter, PageParams),
    responses((status = 200, description = "A page of my mentorships", body = Listing<MyMentorshipOut>), Guarded, Listed))]
#[get("/me/mentorships")]
pub async fn list_my_mentorships(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<MineFilter>,
) -> Result<Json<Listing<MyMentorshipOut>>> {
    Ok(Json(MyMentorshipOut::listing(ops::list_mine(&state, &me, &filter, &page).await?)))
}

/// Ask a mentor
///
/// The mentor accepts or declines it; unanswered it lapses. Whether the mentor has a free place is checked when they accept.
/// Staff assign mentorships instead.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The request", body = MentorshipOut),
        (status = 409, description = "`mentorship_exists`: the two have an open mentorship. `not_suggestable`: the mentor \
            takes no mentees now, or the caller seeks none. `recently_declined`: the mentor declined less than 30 days ago. \
            `too_many_requests`: too many requests wait for an answer."),
        OtherAct, Checked))]
#[post("/me/mentorships")]
pub async fn request_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Json(body): Json<MentorshipRequest>,
) -> Result<HttpResponse> {
    Ok(MentorshipOut::created(ops::request(&state, &me, body).await?))
}

/// Get a mentorship
///
/// For the two and for the staff.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship, its version in `ETag`", body = MentorshipOut),
        (status = 304, description = "It is still the version of `If-None-Match`"), Guarded, OnOne))]
#[get("/mentorships/{id}")]
pub async fn get_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::get(&state, &me, id).await?))
}

/// Change a mentorship
///
/// A merge patch. While a request waits for its answer only the requester changes it.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship as changed", body = MentorshipOut),
        (status = 409, description = "`mentorship_closed`: it has ended."),
        AuthorAct, OnOne, Checked, Conditional))]
#[patch("/mentorships/{id}")]
pub async fn update_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<MentorshipPatch>,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::update(&state, &me, id, &if_match, body).await?))
}

/// Accept a request
///
/// Only the mentor who was asked. It starts at once, or waits for an admin's approval where the settings ask for it.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state. `mentor_at_capacity`: no place is free. \
            `not_suggestable`: one of the two is no member any more."),
        IfUnchanged, ReceiverAct, OnOne))]
#[post("/mentorships/{id}/accept")]
pub async fn accept_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, Step::Accept).await?))
}

/// Decline a request
///
/// Only the mentor who was asked.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state."),
        IfUnchanged, ReceiverAct, OnOne))]
#[post("/mentorships/{id}/decline")]
pub async fn decline_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, Step::Decline).await?))
}

/// Withdraw a request
///
/// Only the mentee who made it, before it is accepted.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state."),
        IfUnchanged, RequesterAct, OnOne))]
#[post("/mentorships/{id}/withdraw")]
pub async fn withdraw_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, Step::Withdraw).await?))
}

/// Complete a mentorship
///
/// Either of the two, or staff with a reason. The same again by the same person changes nothing.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state."),
        IfUnchanged, Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/complete")]
pub async fn complete_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<Completion>,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, body.into()).await?))
}

/// Cancel a mentorship
///
/// Either of the two, or staff. The same again by the same person changes nothing.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state."),
        IfUnchanged, Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/cancel")]
pub async fn cancel_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<Cancellation>,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, body.cancel()).await?))
}
