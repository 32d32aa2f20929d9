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
/// By position, then by age.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])), params(MilestoneFilter, PageParams),
    responses((status = 200, description = "A page of milestones", body = Listing<MilestoneOut>), Guarded, OnOne, Listed))]
#[get("/goals/{id}/milestones")]
pub async fn list_milestones(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<MilestoneFilter>,
) -> Result<Json<Listing<MilestoneOut>>> {
    Ok(Json(ops::list(&state, &me, id, filter, page).await?.map(MilestoneOut::from)))
}

/// Add a milestone
///
/// The goal's progress becomes the share of its milestones that is done. The answer's `ETag` is the goal's.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new milestone", body = MilestoneOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the goal is not open. \
            `too_many`: it has 50 milestones"),
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

/// Read a milestone
///
/// Its `ETag` is that of its goal.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The milestone", body = MilestoneOut),
        (status = 304, description = "Still the version that `If-None-Match` names"),
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

/// Change a milestone, or tick it off
///
/// `If-Match` names the version of the goal, since its progress changes too.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The milestone as it stands now", body = MilestoneOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the goal is not open"),
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
/// The goal's progress follows; without any milestone left it stays as it is.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 204, description = "The milestone is gone"),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the goal is not open"),
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
