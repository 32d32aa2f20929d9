use actix_web::web::Data;
use actix_web::{get, put};

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;
use crate::users::ops::{self, Changes};
use crate::users::wire::{Availability, AvailabilityOut, Preferences, PreferencesOut, UpdateMe};

/// Get your availability
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your weekly windows.", body = AvailabilityOut), SignedIn))]
#[get("/me/availability")]
pub async fn get_availability(me: Caller<Registered>, state: Data<AppState>) -> Result<Json<AvailabilityOut>> {
    Ok(Json(ops::mine(&state, &me).await?.into()))
}

/// Replace your availability
///
/// Replaces all previous windows. They keep their local time when the clocks change.
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your updated weekly windows.", body = AvailabilityOut), SignedIn, Checked))]
#[put("/me/availability")]
pub async fn replace_availability(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<Availability>,
) -> Result<Json<AvailabilityOut>> {
    let profile = UpdateMe { time_zone: Some(body.time_zone), ..UpdateMe::default() };
    let changes = Changes { profile, windows: Some(body.windows), ..Changes::default() };
    Ok(Json(ops::change(&state, &me, changes).await?.into()))
}

/// Get your notification preferences
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your preferences, with the channels of every kind.", body = PreferencesOut), SignedIn))]
#[get("/me/notification-preferences")]
pub async fn get_notification_preferences(
    me: Caller<Registered>,
    state: Data<AppState>,
) -> Result<Json<PreferencesOut>> {
    let mine = ops::mine(&state, &me).await?;
    Ok(Json(PreferencesOut::from(&mine.user.notification_preferences)))
}

/// Replace your notification preferences
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your updated preferences.", body = PreferencesOut), SignedIn, Checked))]
#[put("/me/notification-preferences")]
pub async fn replace_notification_preferences(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<Preferences>,
) -> Result<Json<PreferencesOut>> {
    let changes = Changes { preferences: Some(body.into()), ..Changes::default() };
    let mine = ops::change(&state, &me, changes).await?;
    Ok(Json(PreferencesOut::from(&mine.user.notification_preferences)))
}
