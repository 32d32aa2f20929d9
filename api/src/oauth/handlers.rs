use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::flow::Flow;
use super::ops;
use super::wire::{CallbackParams, Exchange, ProvidersOut, StartParams};
use crate::error::{Code, Result};
use crate::http::answers::{Attempted, CodeChecked, OnOne, SigningInByProvider};
use crate::http::{Json, Path, Query};
use crate::sessions::{Client, TokensOut};
use crate::state::AppState;

/// List the sign-in providers
#[utoipa::path(tag = "identity", security(()),
    responses((status = 200, description = "What else than a password members can sign in with.", body = ProvidersOut)))]
#[get("/auth/providers")]
pub async fn list_providers(state: Data<AppState>) -> Json<ProvidersOut> {
    Json(ProvidersOut::of(state.providers.all()))
}

/// Sign in with a provider
///
/// Open this address in the browser; do not fetch it. The browser comes back to `returnTo` with the outcome in the fragment:
/// `code`, for `/auth/oauth/exchange` or `/me/accounts`, or `error`: `access_denied`, `provider_unavailable` or
/// `provider_answer_invalid`. One sign-in of a browser is under way at a time, for ten minutes: the latest.
#[utoipa::path(tag = "identity", security(()), params(("provider" = String, Path, max_length = 30), StartParams),
    responses(
        (status = 302, description = "On to the provider, or back to your page with an error."),
        (status = 414, description = "`uri_too_long`: The address is longer than 8 KiB."),
        OnOne))]
#[get("/auth/oauth/{provider}/start")]
pub async fn start_oauth(
    state: Data<AppState>,
    Path(id): Path<String>,
    Query(asked): Query<StartParams>,
) -> Result<HttpResponse> {
    let provider = state.providers.get(&id).ok_or(Code::NotFound)?;
    Ok(ops::start(&state, provider, asked).await?.into_response())
}

/// Come back from a provider
///
/// The redirect URI that the provider knows; nobody else calls it.
#[utoipa::path(tag = "identity", security(()), params(("provider" = String, Path, max_length = 30), CallbackParams),
    responses(
        (status = 302, description = "On to the page that the sign-in began on, with its outcome."),
        (status = 400, description = "`invalid_oauth_state`: This browser has no such sign-in under way."),
        (status = 414, description = "`uri_too_long`: The address is longer than 8 KiB."),
        OnOne))]
#[get("/auth/oauth/{provider}/callback")]
pub async fn finish_oauth(state: Data<AppState>, request: HttpRequest, Path(id): Path<String>) -> Result<HttpResponse> {
    let provider = state.providers.get(&id).ok_or(Code::NotFound)?;
    let (flow, told) = (Flow::of(&request, &state.auth), CallbackParams::read(request.query_string()));
    Ok(ops::finish(&state, provider, flow, told).await?.into_response())
}

/// Exchange the code of a sign-in with a provider
///
/// The code is good once, for a minute, and only with the verifier whose hash the sign-in began with. Who is new becomes a member;
/// a member whose verified address the provider vouches for is joined.
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The tokens of a new session.", body = TokensOut),
        SigningInByProvider, Attempted, CodeChecked))]
#[post("/auth/oauth/exchange")]
pub async fn exchange_oauth_code(
    state: Data<AppState>,
    request: HttpRequest,
    Json(body): Json<Exchange>,
) -> Result<HttpResponse> {
    let client = Client::of(&request, body.mode)?;
    Ok(ops::sign_in(&state, client, body).await?.into_response())
}
