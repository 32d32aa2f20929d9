use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use uuid::Uuid;

use super::ops;
use super::wire::{BlockOut, NewBlock};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

/// List your blocks
///
/// Newest first.
#[utoipa::path(tag = "blocks", security(("bearer" = [Member])), params(PageParams),
    responses((status = 200, description = "A page of blocks.", body = Listing<BlockOut>), Guarded, Listed))]
#[get("/me/blocks")]
pub async fn list_blocks(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<BlockOut>>> {
    Ok(Json(ops::list(&state, &me, &page).await?))
}

/// Block somebody
///
/// From now on neither of you can write to the other, open a conversation, ask for a mentorship or be suggested to the other; an
/// open suggestion or unanswered request lapses. A mentorship that is active goes on without messages. They are not told. Staff
/// cannot be blocked. Blocking again returns the existing block.
#[utoipa::path(tag = "blocks", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new block.", body = BlockOut),
        (status = 200, description = "The existing block.", body = BlockOut),
        Guarded, OnOne, Checked))]
#[post("/me/blocks")]
pub async fn add_block(me: Caller<Member>, state: Data<AppState>, Json(body): Json<NewBlock>) -> Result<HttpResponse> {
    Ok(ops::add(&state, &me, body.user_id).await?.into())
}

/// Get one of your blocks
#[utoipa::path(tag = "blocks", security(("bearer" = [Member])),
    responses((status = 200, description = "The block.", body = BlockOut), Guarded, OnOne))]
#[get("/me/blocks/{id}")]
pub async fn get_block(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Json<BlockOut>> {
    Ok(Json(ops::get(&state, &me, id).await?))
}

/// Lift one of your blocks
#[utoipa::path(tag = "blocks", security(("bearer" = [Member])),
    responses((status = 204, description = "The block is lifted. What lapsed stays so."), Guarded, OnOne))]
#[delete("/me/blocks/{id}")]
pub async fn lift_block(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<HttpResponse> {
    ops::lift(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
