use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use uuid::Uuid;

use super::ops;
use super::wire::{NewPairBan, PairBanFilter, PairBanOut};
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

/// List pair bans
///
/// Newest first.
#[utoipa::path(tag = "matching", security(("bearer" = [Admin])), params(PairBanFilter, PageParams),
    responses((status = 200, description = "A page of pair bans.", body = Listing<PairBanOut>), Guarded, Listed))]
#[get("/admin/pair-bans")]
pub async fn list_pair_bans(
    _: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<PairBanFilter>,
) -> Result<Json<Listing<PairBanOut>>> {
    Ok(Json(ops::list(&state, &filter, &page).await?.map(PairBanOut::from)))
}

/// Keep two members apart
///
/// Whichever is the mentor, they are neither suggested to each other nor matched, and a suggestion that is open lapses. A
/// mentorship that is open goes on. Neither of them learns of it.
#[utoipa::path(tag = "matching", security(("bearer" = [Admin])),
    responses(
        (status = 201, description = "The pair ban.", body = PairBanOut),
        (status = 409, description = "`already_exists`: The two are kept apart already."),
        Guarded, Checked))]
#[post("/admin/pair-bans")]
pub async fn ban_pair(me: Caller<Admin>, state: Data<AppState>, Json(body): Json<NewPairBan>) -> Result<HttpResponse> {
    let ban = ops::ban(&state, &me, body).await?;
    let location = format!("/api/v1/admin/pair-bans/{}", ban.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(PairBanOut::from(ban)))
}

/// Get a pair ban
#[utoipa::path(tag = "matching", security(("bearer" = [Admin])),
    responses((status = 200, description = "The pair ban.", body = PairBanOut), Guarded, OnOne))]
#[get("/admin/pair-bans/{id}")]
pub async fn get_pair_ban(_: Caller<Admin>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Json<PairBanOut>> {
    Ok(Json(ops::get(&state, id).await?.into()))
}

/// Lift a pair ban
#[utoipa::path(tag = "matching", security(("bearer" = [Admin])),
    responses((status = 204, description = "The two may be matched again."), Guarded, OnOne))]
#[delete("/admin/pair-bans/{id}")]
pub async fn lift_pair_ban(me: Caller<Admin>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<HttpResponse> {
    ops::lift(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
