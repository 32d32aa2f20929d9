use actix_web::web::Data;
use actix_web::{get, patch};

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, SignedIn};
use crate::state::AppState;
use crate::users::ops::{self, Changes};
use crate::users::wire::{MeOut, UpdateMe};

/// Get your profile
///
/// Your complete profile, with what you offer and seek.
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses((status = 200, description = "Your profile.", body = MeOut), SignedIn))]
#[get("/me")]
pub async fn get_me(me: Caller<Registered>, state: Data<AppState>) -> Result<Json<MeOut>> {
    Ok(Json(ops::mine(&state, &me).await?.into()))
}

/// Update your profile
///
/// Role, status and e-mail address cannot be changed here. `languages` and `industries` are replaced as a whole.
#[utoipa::path(tag = "users", security(("bearer" = [Registered])),
    responses(
        (status = 200, description = "Your updated profile.", body = MeOut),
        (status = 409, description = "`capacity_in_use`: More places are already taken than `mentorCapacity` allows."),
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
