use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};

use super::ops;
use super::wire::{ConfirmSecondFactor, RecoveryCodes, SecondFactorOut, SecondFactorSetup, unkept};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, RecentSignIn, SignedIn};
use crate::state::AppState;

/// Get your second factor
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 200, description = "Whether it is enabled.", body = SecondFactorOut), SignedIn))]
#[get("/me/second-factor")]
pub async fn get_second_factor(me: Caller<Registered>, state: Data<AppState>) -> Result<Json<SecondFactorOut>> {
    Ok(Json(ops::state_of(&state, &me).await?.into()))
}

/// Set up a second factor
///
/// Returns a secret for an authenticator app (TOTP, RFC 6238: SHA-1, six digits, thirty seconds). It is asked for once you have
/// confirmed it; until then each call returns another secret. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "The secret for the app.", body = SecondFactorSetup),
        (status = 409, description = "`already_exists`: It is enabled; disable it first."),
        RecentSignIn))]
#[post("/me/second-factor")]
pub async fn start_second_factor(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    Ok(unkept(SecondFactorSetup::from(ops::start(&state, &me).await?)))
}

/// Confirm the second factor
///
/// Enables it with the first code that the app shows. Ends all your other sessions and is told to you by e-mail. Returns recovery
/// codes, which are not shown again. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "It is enabled; the recovery codes.", body = RecoveryCodes),
        (status = 409, description = "`invalid_transition`: None is being set up."),
        RecentSignIn, Checked))]
#[post("/me/second-factor/confirm")]
pub async fn confirm_second_factor(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<ConfirmSecondFactor>,
) -> Result<HttpResponse> {
    Ok(unkept(RecoveryCodes::from(ops::confirm(&state, &me, &body.code).await?)))
}

/// Make new recovery codes
///
/// Those before are void. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "The new recovery codes.", body = RecoveryCodes),
        (status = 409, description = "`invalid_transition`: The second factor is not enabled."),
        RecentSignIn))]
#[post("/me/second-factor/recovery-codes")]
pub async fn renew_recovery_codes(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    Ok(unkept(RecoveryCodes::from(ops::renew_codes(&state, &me).await?)))
}

/// Disable the second factor
///
/// It is told to you by e-mail. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "Signing in takes no second factor."), RecentSignIn))]
#[delete("/me/second-factor")]
pub async fn disable_second_factor(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::disable(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}
