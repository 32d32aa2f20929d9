use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use uuid::Uuid;

use super::ops;
use super::wire::{GoalFilter, GoalOut, GoalPatch, NewGoal};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Conditional, Guarded, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

pub mod milestones;

/// List the goals of a mentorship
///
/// Oldest first, each with its milestones. Visible to the participants, also after the mentorship has ended.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])), params(GoalFilter, PageParams),
    responses((status = 200, description = "A page of goals.", body = Listing<GoalOut>), Guarded, OnOne, Listed))]
#[get("/mentorships/{id}/goals")]
pub async fn list_goals(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<GoalFilter>,
) -> Result<Json<Listing<GoalOut>>> {
    Ok(Json(ops::list(&state, &me, id, filter, page).await?.map(GoalOut::from)))
}

/// Create a goal
///
/// By either participant while the mentorship is active; the other is notified.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new goal.", body = GoalOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `too_many`: It already has 50 goals."),
        Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/goals")]
pub async fn create_goal(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewGoal>,
) -> Result<HttpResponse> {
    let goal = ops::create(&state, &me, id, body).await?;
    let location = format!("/api/v1/goals/{}", goal.0.id);
    Ok(Versioned::<GoalOut>::of(goal).created(location))
}

/// Get a goal
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The goal with its milestones.", body = GoalOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."),
        Guarded, OnOne))]
#[get("/goals/{id}")]
pub async fn get_goal(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Versioned<GoalOut>> {
    Ok(Versioned::of(ops::get(&state, &me, id).await?))
}

/// Update a goal
///
/// Setting `status` closes or reopens the goal. With milestones, progress is computed and cannot be set.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated goal.", body = GoalOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. `invalid_transition`: The goal is not open. \
            `progress_from_milestones`: The goal has milestones."),
        Guarded, OnOne, Checked, Conditional))]
#[patch("/goals/{id}")]
pub async fn update_goal(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<GoalPatch>,
) -> Result<Versioned<GoalOut>> {
    Ok(Versioned::of(ops::update(&state, &me, &if_match, id, body).await?))
}

/// Delete a goal
///
/// Also deletes its milestones. To keep the goal but give it up, set its `status` to `DROPPED` instead.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 204, description = "The goal has been deleted."),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active."),
        Guarded, OnOne, Conditional))]
#[delete("/goals/{id}")]
pub async fn delete_goal(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    ops::delete(&state, &me, &if_match, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
