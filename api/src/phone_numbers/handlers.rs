use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post, put};

use super::ops;
use super::wire::{NewPhoneNumber, PhoneCode, PhoneNumberOut};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Attempted, Checked, Guarded};
use crate::state::AppState;

/// Get your phone number
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 200, description = "Your number for text messages.", body = PhoneNumberOut), Guarded))]
#[get("/me/phone-number")]
pub async fn get_phone_number(me: Caller<Member>, state: Data<AppState>) -> Result<Json<PhoneNumberOut>> {
    Ok(Json(ops::mine(&state, &me).await?.into()))
}

/// Give a phone number
///
/// A code is sent to it, good for ten minutes. The number you had stays until the new one is verified.
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses(
        (status = 202, description = "The code is on its way."),
        (status = 409, description = "`channel_not_offered`: This server sends no text messages."),
        Guarded, Checked, Attempted))]
#[put("/me/phone-number")]
pub async fn replace_phone_number(
    me: Caller<Member>,
    state: Data<AppState>,
    Json(body): Json<NewPhoneNumber>,
) -> Result<HttpResponse> {
    ops::replace(&state, &me, body.number).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Verify your phone number
///
/// With the code of the text message; five wrong ones void it.
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 200, description = "Your verified number.", body = PhoneNumberOut), Guarded, Checked))]
#[post("/me/phone-number/verify")]
pub async fn verify_phone_number(
    me: Caller<Member>,
    state: Data<AppState>,
    Json(body): Json<PhoneCode>,
) -> Result<Json<PhoneNumberOut>> {
    Ok(Json(ops::verify(&state, &me, &body.code).await?.into()))
}

/// Remove your phone number
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 204, description = "No text message is sent any more."), Guarded))]
#[delete("/me/phone-number")]
pub async fn remove_phone_number(me: Caller<Member>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::remove(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}
