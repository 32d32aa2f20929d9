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
/// In the order in which they were set, each with its milestones. Those of a mentorship that has ended stay readable for the two.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])), params(GoalFilter, PageParams),
    responses((status = 200, description = "A page of goals", body = Listing<GoalOut>), Guarded, OnOne, Listed))]
#[get("/mentorships/{id}/goals")]
pub async fn list_goals(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<GoalFilter>,
) -> Result<Json<Listing<GoalOut>>> {
    Ok(Json(ops::list(&state, &me, id, filter, page).await?.map(GoalOut::from)))
}

/// Set a goal
///
/// Either of the two sets goals while the mentorship is active; the other is told.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new goal", body = GoalOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `too_many`: it has 50 goals"),
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

/// Read a goal
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The goal with its milestones", body = GoalOut),
        (status = 304, description = "Still the version that `If-None-Match` names"),
        Guarded, OnOne))]
#[get("/goals/{id}")]
pub async fn get_goal(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Versioned<GoalOut>> {
    Ok(Versioned::of(ops::get(&state, &me, id).await?))
}

/// Change a goal
///
/// A status ends the goal or takes it up again. With milestones the progress follows from them and cannot be set.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The goal as it stands now", body = GoalOut),
        (status = 409, description = "`mentorship_closed`: it is not active. `invalid_transition`: the goal is not open. \
            `progress_from_milestones`: it has milestones"),
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
/// With its milestones. To keep it and say that it was given up, set its status to `DROPPED`.
#[utoipa::path(tag = "goals", security(("bearer" = [Member])),
    responses(
        (status = 204, description = "The goal is gone"),
        (status = 409, description = "`mentorship_closed`: it is not active"),
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
