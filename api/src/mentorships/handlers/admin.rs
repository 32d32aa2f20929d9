use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, IfUnchanged, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::mentorships::ops::{self, Step};
use crate::mentorships::wire::{AdminFilter, Assignment, Cancellation, MentorshipOut};
use crate::state::AppState;

/// List all mentorships
///
/// Newest first. Lapsed requests are listed as canceled.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])), params(AdminFilter, PageParams),
    responses((status = 200, description = "A page of mentorships.", body = Listing<MentorshipOut>), Guarded, Listed))]
#[get("/admin/mentorships")]
pub async fn list_mentorships(
    me: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<AdminFilter>,
) -> Result<Json<Listing<MentorshipOut>>> {
    Ok(Json(ops::list_all(&state, &me, &filter, &page).await?.map(MentorshipOut::from)))
}

/// Assign a mentee to a mentor
///
/// It is active immediately. Both must be available and the mentor must have a free place.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])),
    responses(
        (status = 201, description = "The new mentorship.", body = MentorshipOut),
        (status = 409, description = "`mentor_at_capacity`: The mentor has no free place. `mentorship_exists`: The two already \
            have an open mentorship. `not_suggestable`: One of the two is not available."), Guarded, Checked))]
#[post("/admin/mentorships")]
pub async fn assign_mentorship(
    me: Caller<Admin>,
    state: Data<AppState>,
    Json(body): Json<Assignment>,
) -> Result<HttpResponse> {
    Ok(MentorshipOut::created(ops::assign(&state, &me, body).await?))
}

/// Approve a mentorship
///
/// It starts once both sides have accepted and an admin has approved, in either order.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this. `not_suggestable`: One of \
            the two is no longer an active member."),
        IfUnchanged, Guarded, OnOne))]
#[post("/admin/mentorships/{id}/approve")]
pub async fn approve_mentorship(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, Step::Approve).await?))
}

/// End a mentorship
///
/// Cancels it on behalf of staff, whatever the participants want.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The updated mentorship.", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: Its current status does not allow this."),
        IfUnchanged, Guarded, OnOne, Checked))]
#[post("/admin/mentorships/{id}/end")]
pub async fn end_mentorship(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<Cancellation>,
) -> Result<Versioned<MentorshipOut>> {
    Ok(MentorshipOut::versioned(ops::step(&state, &me, id, &if_match, body.end()).await?))
}
