use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post};
use uuid::Uuid;

use super::ops;
use super::wire::{EditOut, MatchRunFilter, MatchRunIn, MatchRunOut, MatchRunPatch, Publication};
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Checked, Conditional, Guarded, IfUnchanged, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

pub mod plan;

/// Request a match run
///
/// It runs in the background: `state` tells how far it is. Nothing changes for members before it is published.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 202, description = "The new run.", body = MatchRunOut),
        (status = 409, description = "`match_run_under_way`: Another run is not finished."), Guarded, Checked))]
#[post("/admin/match-runs")]
pub async fn create_match_run(
    me: Caller<Admin>,
    state: Data<AppState>,
    Json(body): Json<MatchRunIn>,
) -> Result<HttpResponse> {
    Ok(MatchRunOut::begun(ops::create(&state, &me, body).await?))
}

/// List match runs
///
/// Newest first.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])), params(MatchRunFilter, PageParams),
    responses((status = 200, description = "A page of runs.", body = Listing<MatchRunOut>), Guarded, Listed))]
#[get("/admin/match-runs")]
pub async fn list_match_runs(
    _: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<MatchRunFilter>,
) -> Result<Json<Listing<MatchRunOut>>> {
    Ok(Json(ops::list(&state, &filter, &page).await?.map(MatchRunOut::from)))
}

/// Get a match run
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The run, with its version in `ETag`.", body = MatchRunOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."), Guarded, OnOne))]
#[get("/admin/match-runs/{id}")]
pub async fn get_match_run(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Versioned<MatchRunOut>> {
    Ok(Versioned::of(ops::get(&state, id).await?))
}

/// Edit the plan of a match run
///
/// Pins, bans and seat limits are replaced as whole lists. The answer tells what the best plan under them costs compared with the
/// plan before; the edit is saved and can be taken back by another.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "What the edit changed.", body = EditOut),
        (status = 409, description = "`invalid_transition`: The run is not ready. `match_run_stale`: Its input has changed, or is no \
            longer kept."),
        Guarded, OnOne, Checked, Conditional))]
#[patch("/admin/match-runs/{id}")]
pub async fn edit_match_run(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<MatchRunPatch>,
) -> Result<Versioned<EditOut>> {
    Ok(EditOut::versioned(ops::edit(&state, &me, id, &if_match, body).await?))
}

/// Publish a match run
///
/// Every pair becomes a suggestion to both sides, or a mentorship that is active immediately. All rules are checked again: if any
/// pair can no longer be made, nothing is published and the pairs are listed in `errors`. Repeating it has no effect. A large plan
/// takes longer than an answer may: then it goes on in the background, and the run tells the outcome in `state` and `conflicts`.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The published run.", body = MatchRunOut),
        (status = 202, description = "The run, which is still being published.", body = MatchRunOut),
        (status = 409, description = "`match_run_conflicts`: These pairs can no longer be made. `match_run_stale`: Its input has \
            changed. `invalid_transition`: The run is not ready."),
        IfUnchanged, Guarded, OnOne, Checked))]
#[post("/admin/match-runs/{id}/publish")]
pub async fn publish_match_run(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<Publication>,
) -> Result<HttpResponse> {
    Ok(MatchRunOut::published(ops::publish(&state, &me, id, &if_match, body).await?))
}

/// Cancel a match run
///
/// Immediately if nobody is working on it, otherwise as soon as that is noticed. Repeating it has no effect.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The updated run.", body = MatchRunOut),
        (status = 409, description = "`invalid_transition`: It has been published or has failed."),
        IfUnchanged, Guarded, OnOne))]
#[post("/admin/match-runs/{id}/cancel")]
pub async fn cancel_match_run(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<Versioned<MatchRunOut>> {
    Ok(Versioned::of(ops::cancel(&state, &me, id, &if_match).await?))
}
