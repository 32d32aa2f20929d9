use actix_web::web::Data;
use actix_web::{get, post, put};
use entity::onboarding_step::Step;

use super::ops;
use super::wire::{General, Meeting, Mentee, Mentor, OnboardingOut};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;

/// Get your onboarding status
///
/// Which steps are saved, which are required, and your answers so far.
#[utoipa::path(tag = "onboarding", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your onboarding status.", body = OnboardingOut), SignedIn))]
#[get("/me/onboarding")]
pub async fn get_onboarding(me: Caller<Registered>, state: Data<AppState>) -> Result<Json<OnboardingOut>> {
    Ok(Json(ops::survey(&state, &me).await?.into()))
}

/// Save the general step
#[utoipa::path(tag = "onboarding", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your updated onboarding status.", body = OnboardingOut), SignedIn, Checked))]
#[put("/me/onboarding/general")]
pub async fn save_general(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<General>,
) -> Result<Json<OnboardingOut>> {
    Ok(Json(ops::save(&state, &me, Step::General, body.into()).await?.into()))
}

/// Save the mentor step
#[utoipa::path(tag = "onboarding", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "Your updated onboarding status.", body = OnboardingOut),
        (status = 409, description = "`capacity_in_use`: More places are already taken than `mentorCapacity` allows."),
        SignedIn, Checked))]
#[put("/me/onboarding/mentor")]
pub async fn save_mentor(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<Mentor>,
) -> Result<Json<OnboardingOut>> {
    Ok(Json(ops::save(&state, &me, Step::Mentor, body.into()).await?.into()))
}

/// Save the mentee step
#[utoipa::path(tag = "onboarding", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your updated onboarding status.", body = OnboardingOut), SignedIn, Checked))]
#[put("/me/onboarding/mentee")]
pub async fn save_mentee(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<Mentee>,
) -> Result<Json<OnboardingOut>> {
    Ok(Json(ops::save(&state, &me, Step::Mentee, body.into()).await?.into()))
}

/// Save the preferences step
#[utoipa::path(tag = "onboarding", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your updated onboarding status.", body = OnboardingOut), SignedIn, Checked))]
#[put("/me/onboarding/preferences")]
pub async fn save_preferences(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<Meeting>,
) -> Result<Json<OnboardingOut>> {
    Ok(Json(ops::save(&state, &me, Step::Preferences, body.into()).await?.into()))
}

/// Complete your onboarding
///
/// Makes your profile visible and creates your first suggestions. Repeating it has no effect.
#[utoipa::path(tag = "onboarding", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "Your completed onboarding.", body = OnboardingOut),
        (status = 409, description = "`onboarding_incomplete`: Required steps are missing; `detail` names them."),
        SignedIn))]
#[post("/me/onboarding/complete")]
pub async fn complete_onboarding(me: Caller<Registered>, state: Data<AppState>) -> Result<Json<OnboardingOut>> {
    Ok(Json(ops::complete(&state, &me).await?.into()))
}
