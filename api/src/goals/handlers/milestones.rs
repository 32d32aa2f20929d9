use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::goals::ops::milestones as ops;
use crate::goals::wire::{MilestoneFilter, MilestoneOut, MilestonePatch, NewMilestone};
use crate::http::answers::{Checked, Conditional, Guarded, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

/// List the milestones of a goal
///
/// By position, then oldest first.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])), params(MilestoneFilter, PageParams),
    responses((status = 200, description = "A page of milestones.", body = Listing<MilestoneOut>), Guarded, OnOne, Listed))]
#[get("/goals/{id}/milestones")]
pub async fn list_milestones(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<MilestoneFilter>,
) -> Result<Json<Listing<MilestoneOut>>> {
    Ok(Json(ops::list(&state, &me, id, filter, page).await?.map(MilestoneOut::from)))
}

/// Create a milestone
///
/// The goal's progress becomes the share of its milestones that are done. The returned `ETag` is that of the goal.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new milestone.", body = MilestoneOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `invalid_transition`: The goal is not open. \
            `too_many`: It already has 50 milestones."),
        Guarded, OnOne, Checked))]
#[post("/goals/{id}/milestones")]
pub async fn create_milestone(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewMilestone>,
) -> Result<HttpResponse> {
    let (row, version) = ops::create(&state, &me, id, body).await?;
    let location = format!("/api/v1/milestones/{}", row.id);
    Ok(Versioned(MilestoneOut::from(row), version).created(location))
}

/// Get a milestone
///
/// The returned `ETag` is that of the goal.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The milestone.", body = MilestoneOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."),
        Guarded, OnOne))]
#[get("/milestones/{id}")]
pub async fn get_milestone(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Versioned<MilestoneOut>> {
    let (row, version) = ops::get(&state, &me, id).await?;
    Ok(Versioned(row.into(), version))
}

/// Update a milestone
///
/// `If-Match` takes the `ETag` of the goal, since its progress can change too.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated milestone.", body = MilestoneOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `invalid_transition`: The goal is not open."),
        Guarded, OnOne, Checked, Conditional))]
#[patch("/milestones/{id}")]
pub async fn update_milestone(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<MilestonePatch>,
) -> Result<Versioned<MilestoneOut>> {
    let (row, version) = ops::update(&state, &me, &if_match, id, body).await?;
    Ok(Versioned(row.into(), version))
}

/// Delete a milestone
///
/// The goal's progress is recomputed; it stays the same if no milestone is left.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 204, description = "The milestone has been deleted."),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `invalid_transition`: The goal is not open."),
        Guarded, OnOne, Conditional))]
#[delete("/milestones/{id}")]
pub async fn delete_milestone(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    ops::delete(&state, &me, &if_match, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
