use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};
use uuid::Uuid;

use super::ops;
use super::wire::{LinkAccount, MyAccountOut, NewPassword};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::answers::{Checked, CodeChecked, Listed, OnOne, RecentSignIn, SignedIn};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

/// Set your password
///
/// The first one or another one. Ends all your other sessions and is told to you by e-mail. You must have signed in within the
/// last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "The password is set."), RecentSignIn, Checked))]
#[put("/me/password")]
pub async fn set_password(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<NewPassword>,
) -> Result<HttpResponse> {
    ops::set_password(&state, &me, body.password).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List your ways of signing in
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])), params(PageParams),
    responses((status = 200, description = "A page of accounts, the oldest first.", body = Listing<MyAccountOut>), SignedIn, Listed))]
#[get("/me/accounts")]
pub async fn list_my_accounts(
    me: Caller<Registered>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<MyAccountOut>>> {
    let accounts = ops::list(&state, &me, page).await?;
    Ok(Json(accounts.map(|row| MyAccountOut::of(row, &state.providers))))
}

/// Get one of your ways of signing in
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 200, description = "The account.", body = MyAccountOut), SignedIn, OnOne))]
#[get("/me/accounts/{id}")]
pub async fn get_my_account(
    me: Caller<Registered>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<MyAccountOut>> {
    Ok(Json(MyAccountOut::of(ops::get(&state, &me, id).await?, &state.providers)))
}

/// Link a sign-in provider
///
/// With the code that a sign-in with the provider ends in. It is told to you by e-mail. You must have signed in within the last
/// five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 201, description = "The account that signs you in from now on.", body = MyAccountOut),
        (status = 409, description = "`already_exists`: The identity is somebody's, or you have one of this provider."),
        RecentSignIn, CodeChecked))]
#[post("/me/accounts")]
pub async fn link_account(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<LinkAccount>,
) -> Result<HttpResponse> {
    let account = ops::link(&state, &me, &body.code, &body.code_verifier).await?;
    let location = format!("/api/v1/me/accounts/{}", account.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(MyAccountOut::of(account, &state.providers)))
}

/// Unlink a way of signing in
///
/// It is told to you by e-mail. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 204, description = "It does not sign you in any more."),
        (status = 409, description = "`last_account`: It is the last that works."),
        RecentSignIn, OnOne))]
#[delete("/me/accounts/{id}")]
pub async fn unlink_account(
    me: Caller<Registered>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse> {
    ops::unlink(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
