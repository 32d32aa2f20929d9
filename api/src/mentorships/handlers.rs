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

/// List your mentorships
///
/// On either side, newest first. Lapsed requests are listed as canceled.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])), params(MineFilter, PageParams),
    responses((status = 200, description = "A page of your mentorships.", body = Listing<MyMentorshipOut>), Guarded, Listed))]
#[get("/me/mentorships")]
pub async fn list_my_mentorships(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<MineFilter>,
) -> Result<Json<Listing<MyMentorshipOut>>> {
    Ok(Json(MyMentorshipOut::listing(ops::list_mine(&state, &me, &filter, &page).await?)))
}

/// Request a mentorship
///
/// The mentor accepts or declines; an unanswered request lapses. Whether the mentor has a free place is checked when they
/// accept. Staff assign mentorships instead.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new request.", body = MentorshipOut),
        (status = 409, description = "`mentorship_exists`: You already have an open mentorship with them. `not_suggestable`: The \
            mentor is not taking mentees, or you are not looking for a mentor. `recently_declined`: The mentor declined less \
            than 30 days ago. `too_many_requests`: You have too many open requests."),
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
/// Visible to its participants and staff.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The mentorship, with its version in `ETag`.", body = MentorshipOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."), Guarded, OnOne))]
#[get("/mentorships/{id}")]
pub async fn get_mentorship(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::get(&state, &me, id).await?))
}

/// Update a mentorship
///
/// While a request is unanswered, only the mentee who made it can change it.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`mentorship_closed`: The mentorship has ended."),
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
/// Only by the requested mentor. It starts immediately, or awaits an admin's approval if the settings require it.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this. `mentor_at_capacity`: The mentor has no free place. \
            `not_suggestable`: One of the two is no longer an active member."),
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
/// Only by the requested mentor.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this."),
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
/// Only by the mentee who made it, before it is accepted.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this."),
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
/// By either participant, or by staff with a reason. Repeating it has no effect.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this."),
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
/// By either participant or by staff. Repeating it has no effect.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this."),
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
