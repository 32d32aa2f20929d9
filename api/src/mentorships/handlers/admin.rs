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
/// Newest first. A request that nobody answered in time is listed as canceled.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])), params(AdminFilter, PageParams),
    responses((status = 200, description = "A page of mentorships", body = Listing<MentorshipOut>), Guarded, Listed))]
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
/// It is active at once. The rules of matching hold: both are available and the mentor has a free place.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])),
    responses(
        (status = 201, description = "The mentorship", body = MentorshipOut),
        (status = 409, description = "`mentor_at_capacity`: no place is free. `mentorship_exists`: the two have an open \
            mentorship. `not_suggestable`: one of the two is not available now."), Guarded, Checked))]
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
/// It starts once both sides have agreed and an admin approved, in whichever order.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state. `not_suggestable`: one of the two is no \
            member any more."),
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
/// It is canceled, whatever its participants wish.
#[utoipa::path(tag = "mentorships", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The mentorship as it stands now", body = MentorshipOut),
        (status = 409, description = "`invalid_transition`: not in its present state."),
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
