use actix_web::web::Data;
use actix_web::{get, patch};

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;
use crate::users::ops::{self, Changes};
use crate::users::wire::{MeOut, UpdateMe};

/// Get my profile
///
/// Everything that the caller owns of their profile, with what they offer and seek.
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses((status = 200, description = "The caller's profile", body = MeOut), SignedIn))]
#[get("/me")]
pub async fn get_me(me: Caller<Registered>, state: Data<AppState>) -> Result<Json<MeOut>> {
    Ok(Json(ops::mine(&state, &me).await?.into()))
}

/// Change my profile
///
/// Role, status and e-mail address are not changed here. `languages` and `industries` are replaced whole.
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "The caller's profile as it is now", body = MeOut),
        (status = 409, description = "`capacity_in_use`: more places are taken than `mentorCapacity` would leave"),
        SignedIn, Checked))]
#[patch("/me")]
pub async fn update_me(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<UpdateMe>,
) -> Result<Json<MeOut>> {
    let changes = Changes { profile: body, ..Changes::default() };
    Ok(Json(ops::change(&state, &me, changes).await?.into()))
}
