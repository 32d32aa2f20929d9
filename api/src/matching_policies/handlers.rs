use actix_web::web::Data;
use actix_web::{get, post, put};

use super::ops;
use super::wire::{MatchingPolicyOut, NewMatchingPolicy, PreviewOut, PreviewPolicy};
use crate::auth::{Caller, Owner};
use crate::error::Result;
use crate::http::answers::{Checked, Conditional, Guarded, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, NoFilter, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

/// Get the matching policy
///
/// The version in force: what the score of a pair weighs.
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])),
    responses(
        (status = 200, description = "The version in force.", body = MatchingPolicyOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."),
        Guarded))]
#[get("/owner/matching-policy")]
pub async fn get_matching_policy(_: Caller<Owner>, state: Data<AppState>) -> Result<Versioned<MatchingPolicyOut>> {
    Ok(Versioned::of(ops::latest(state.read()).await?))
}

/// Replace the matching policy
///
/// Writes the next version, which scores from the next search on; suggestions already made keep their scores. How rare each skill
/// is among active mentors is counted now and stays as it is until the next version.
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])),
    responses((status = 200, description = "The new version.", body = MatchingPolicyOut), Guarded, Checked, Conditional))]
#[put("/owner/matching-policy")]
pub async fn replace_matching_policy(
    me: Caller<Owner>,
    state: Data<AppState>,
    if_match: IfMatch,
    Json(body): Json<NewMatchingPolicy>,
) -> Result<Versioned<MatchingPolicyOut>> {
    Ok(Versioned::of(ops::replace(&state, &me, &if_match, body).await?))
}

/// List the versions of the matching policy
///
/// Newest first; versions never change.
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])), params(PageParams),
    responses((status = 200, description = "A page of the versions.", body = Listing<MatchingPolicyOut>), Guarded, Listed))]
#[get("/owner/matching-policies")]
pub async fn list_matching_policies(
    _: Caller<Owner>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<MatchingPolicyOut>>> {
    Ok(Json(ops::list(&state, &page).await?.map(MatchingPolicyOut::from)))
}

/// Preview a matching policy
///
/// For a sample of mentees, the ten best mentors under the version in force and under these terms. Changes nothing. Of very many
/// mentors it considers, for each mentee, the two hundred best as it is and the two hundred of the newest who share most. Only
/// some previews and text searches run at once; one too many is refused with `unavailable`.
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])),
    responses((status = 200, description = "How the sampled lists would change.", body = PreviewOut), Guarded, Checked))]
#[post("/owner/matching-policy/preview")]
pub async fn preview_matching_policy(
    _: Caller<Owner>,
    state: Data<AppState>,
    Json(body): Json<PreviewPolicy>,
) -> Result<Json<PreviewOut>> {
    Ok(Json(ops::preview(&state, body).await?.into()))
}

/// Get a version of the matching policy
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])), params(("version" = i32, Path, minimum = 1, maximum = 1_000_000)),
    responses((status = 200, description = "The version.", body = MatchingPolicyOut), Guarded, OnOne))]
#[get("/owner/matching-policies/{version}")]
pub async fn get_matching_policy_version(
    _: Caller<Owner>,
    state: Data<AppState>,
    Path(version): Path<i32>,
) -> Result<Json<MatchingPolicyOut>> {
    Ok(Json(ops::get(state.read(), version).await?.into()))
}
