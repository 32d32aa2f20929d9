use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};

use crate::error::Result;
use crate::http::answers::{Attempted, Checked, SigningInByLink};
use crate::http::{ClientAddress, Json};
use crate::sessions::{Client, TokensOut};
use crate::state::AppState;
use crate::verification::ops;
use crate::verification::wire::{KnownAddress, SignInByLink};

/// Ask for a link to sign in
///
/// The response is the same whether or not somebody has the address.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 202, description = "If somebody has the address, a mail is on its way."), Attempted, Checked))]
#[post("/auth/sign-in-link")]
pub async fn request_sign_in_link(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<KnownAddress>,
) -> Result<HttpResponse> {
    ops::request_sign_in_link(&state, address, body.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Sign in by a mailed link
///
/// It verifies the address as well. Whatever was set up for an account before its address was verified is removed.
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The tokens of a new session.", body = TokensOut),
        SigningInByLink, Attempted, Checked))]
#[post("/auth/sign-in-link/redeem")]
pub async fn sign_in_by_link(
    state: Data<AppState>,
    request: HttpRequest,
    Json(body): Json<SignInByLink>,
) -> Result<HttpResponse> {
    let client = Client::of(&request, body.mode)?;
    Ok(ops::sign_in_by_link(&state, client, &body.token, body.second_factor.as_deref()).await?.into_response())
}
