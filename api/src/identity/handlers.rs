use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};

use super::ops;
use super::wire::{Reauthenticate, SignIn, SignUp, SignedUp};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::answers::{Attempted, Checked, ProvedAgain, SigningIn};
use crate::http::{ClientAddress, Json};
use crate::sessions::{Client, TokensOut};
use crate::state::AppState;

/// Sign up with e-mail and password
///
/// The response is the same whether or not the address is already registered: what differs is in the mailbox. Sign in next.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 202, description = "Accepted; sign in next.", body = SignedUp), Attempted, Checked))]
#[post("/auth/sign-up")]
pub async fn sign_up(state: Data<AppState>, address: ClientAddress, Json(body): Json<SignUp>) -> Result<HttpResponse> {
    ops::sign_up(&state, address, body).await?;
    Ok(HttpResponse::Accepted().json(SignedUp::default()))
}

/// Sign in with e-mail and password
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The tokens of a new session.", body = TokensOut),
        SigningIn, Attempted, Checked))]
#[post("/auth/sign-in")]
pub async fn sign_in(state: Data<AppState>, request: HttpRequest, Json(body): Json<SignIn>) -> Result<HttpResponse> {
    let client = Client::of(&request, body.mode)?;
    Ok(ops::sign_in(&state, client, body).await?.into_response())
}

/// Prove again who you are
///
/// For what needs a sign-in within the last five minutes. This session ends, and a new one takes its place. Whoever has no
/// password signs in anew instead.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "The tokens of the new session.", body = TokensOut),
        ProvedAgain, Attempted, Checked))]
#[post("/auth/reauthenticate")]
pub async fn reauthenticate(
    me: Caller<Registered>,
    state: Data<AppState>,
    request: HttpRequest,
    Json(body): Json<Reauthenticate>,
) -> Result<HttpResponse> {
    let client = Client::of(&request, body.mode)?;
    Ok(ops::reauthenticate(&state, &me, client, body).await?.into_response())
}
