use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};

use super::ops;
use super::wire::{Client, Refresh, SignIn, SignUp, SignedUp, TokensOut};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;

/// Sign up with e-mail and password
///
/// The response is the same whether or not the address is already registered; sign in next.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 202, description = "Accepted; sign in next.", body = SignedUp), Checked))]
#[post("/auth/sign-up")]
pub async fn sign_up(state: Data<AppState>, Json(body): Json<SignUp>) -> Result<HttpResponse> {
    ops::sign_up(&state, body).await?;
    Ok(HttpResponse::Accepted().json(SignedUp::default()))
}

/// Sign in with e-mail and password
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The tokens of a new session.", body = TokensOut),
        (status = 401, description = "`invalid_credentials`: The e-mail address or password is wrong."),
        (status = 403, description = "`account_suspended`: The account is suspended."),
        Checked))]
#[post("/auth/sign-in")]
pub async fn sign_in(state: Data<AppState>, request: HttpRequest, Json(body): Json<SignIn>) -> Result<HttpResponse> {
    let tokens = ops::sign_in(&state, Client::of(&request), body).await?;
    Ok(TokensOut::from(tokens).into_response())
}

/// Exchange a refresh token
///
/// Each use returns a new refresh token. The previous one may be repeated for ten seconds while the new one is unused;
/// any other reuse ends the session.
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The new tokens of the session.", body = TokensOut),
        (status = 401, description = "`invalid_refresh_token`: The token is unknown, expired or already used."),
        (status = 403, description = "`account_suspended`: The account is suspended."),
        Checked))]
#[post("/auth/refresh")]
pub async fn refresh(state: Data<AppState>, Json(body): Json<Refresh>) -> Result<HttpResponse> {
    Ok(TokensOut::from(ops::refresh(&state, &body.refresh_token).await?).into_response())
}

/// Sign out of this session
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "The session has ended."), SignedIn))]
#[post("/auth/sign-out")]
pub async fn sign_out(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::sign_out(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}
