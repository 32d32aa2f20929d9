use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use entity::session::Mode;
use uuid::Uuid;

use super::wire::{Refresh, SessionOut};
use super::{TokensOut, cookie, ops};
use crate::auth::{Caller, Registered};
use crate::error::{Code, Result};
use crate::http::answers::{Checked, CookieRefresh, Listed, OnOne, OwnPage, SignedIn};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

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
    Ok(ops::refresh(&state, &body.refresh_token, Mode::Bearer).await?.into_response())
}

/// Exchange the refresh token in the cookie
///
/// For a browser application that signed in with `"mode": "COOKIE"`; otherwise like `/auth/refresh`. The cookie alone is not
/// enough: send `X-Mentorship-Client` (1 to 64 characters of your choice), from an origin that may call.
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The new tokens of the session; the refresh token is in the cookie.", body = TokensOut),
        CookieRefresh))]
#[post("/auth/cookie/refresh")]
pub async fn refresh_by_cookie(state: Data<AppState>, request: HttpRequest) -> Result<HttpResponse> {
    let token = cookie::token_of(&request)?.ok_or(Code::InvalidRefreshToken)?;
    Ok(ops::refresh(&state, &token, Mode::Cookie).await?.into_response())
}

/// Sign out of this session
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "The session has ended."), SignedIn))]
#[post("/auth/sign-out")]
pub async fn sign_out(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::sign_out(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign out of the session in the cookie
///
/// Takes the cookie back, also where its session is over. Needs what `/auth/cookie/refresh` needs.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 204, description = "The session has ended, and the cookie is gone."), OwnPage))]
#[post("/auth/cookie/sign-out")]
pub async fn sign_out_by_cookie(state: Data<AppState>, request: HttpRequest) -> Result<HttpResponse> {
    if let Some(token) = cookie::token_of(&request)? {
        ops::sign_out_by_token(&state, &token).await?;
    }
    Ok(HttpResponse::NoContent().cookie(cookie::removal()).finish())
}

/// List your sessions
///
/// The devices that you are signed in on, the latest sign-in first.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])), params(PageParams),
    responses((status = 200, description = "A page of sessions.", body = Listing<SessionOut>), SignedIn, Listed))]
#[get("/me/sessions")]
pub async fn list_sessions(
    me: Caller<Registered>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<SessionOut>>> {
    let sessions = ops::list(&state, &me, page).await?;
    Ok(Json(sessions.map(|row| SessionOut::of(row, me.session_id()))))
}

/// End one of your sessions
///
/// No effect if it is over already.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "The session has ended."), SignedIn, OnOne))]
#[delete("/me/sessions/{id}")]
pub async fn end_session(me: Caller<Registered>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<HttpResponse> {
    ops::end_one(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all your sessions
///
/// Signs you out everywhere, also here.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "All sessions have ended."), SignedIn))]
#[delete("/me/sessions")]
pub async fn end_all_sessions(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::sign_out_everywhere(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}
