use actix_web::web::Data;
use actix_web::{get, post};

use super::ops;
use super::wire::MatchingIndexOut;
use crate::auth::{Caller, Owner};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::Guarded;
use crate::state::AppState;

/// Get the state of the matching index
///
/// Each node has one of its own; this is that of the node that answers.
#[utoipa::path(tag = "matching", security(("bearer" = [Owner])),
    responses((status = 200, description = "The matching index.", body = MatchingIndexOut), Guarded))]
#[get("/owner/matching-index")]
pub async fn get_matching_index(_: Caller<Owner>, state: Data<AppState>) -> Json<MatchingIndexOut> {
    Json(MatchingIndexOut::of(&state.candidates))
}

/// Check the matching index
///
/// Compares each row with the database, as each node does every day by itself. Where one differs, the index is loaded anew. A
/// large check goes on after a 503 and shows in the state of the index.
#[utoipa::path(tag = "matching", security(("bearer" = [Owner])),
    responses((status = 200, description = "The matching index after the check.", body = MatchingIndexOut), Guarded))]
#[post("/owner/matching-index/check")]
pub async fn check_matching_index(me: Caller<Owner>, state: Data<AppState>) -> Result<Json<MatchingIndexOut>> {
    ops::check(&state, &me).await?;
    Ok(Json(MatchingIndexOut::of(&state.candidates)))
}
