use actix_web::web::Data;
use actix_web::{get, patch};

use super::ops;
use super::wire::{BrandingOut, SettingsOut, SettingsPatch};
use crate::auth::{Caller, Owner};
use crate::error::Result;
use crate::http::answers::{Checked, Conditional, Guarded};
use crate::http::{IfMatch, Json, Versioned};
use crate::state::AppState;

/// Get the name and branding
#[utoipa::path(tag = "settings", security(()),
    responses(
        (status = 200, description = "The public part of the settings.", body = BrandingOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version.")))]
#[get("/settings")]
pub async fn get_branding(state: Data<AppState>) -> Result<Versioned<BrandingOut>> {
    Ok(Versioned::of(ops::current(state.read()).await?))
}

/// Get the settings
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])),
    responses(
        (status = 200, description = "All settings.", body = SettingsOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."),
        Guarded))]
#[get("/owner/settings")]
pub async fn get_settings(_: Caller<Owner>, state: Data<AppState>) -> Result<Versioned<SettingsOut>> {
    Ok(Versioned::of(ops::current(state.read()).await?))
}

/// Update the settings
///
/// Takes effect on the next request.
#[utoipa::path(tag = "settings", security(("bearer" = [Owner])),
    responses((status = 200, description = "All settings, updated.", body = SettingsOut), Guarded, Checked, Conditional))]
#[patch("/owner/settings")]
pub async fn update_settings(
    me: Caller<Owner>,
    state: Data<AppState>,
    if_match: IfMatch,
    Json(body): Json<SettingsPatch>,
) -> Result<Versioned<SettingsOut>> {
    Ok(Versioned::of(ops::update(&state, &me, &if_match, body).await?))
}
