use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use uuid::Uuid;

use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Attempted, Checked, MailedProof, OnOne, StaffAct};
use crate::http::{ClientAddress, Json, Path};
use crate::state::AppState;
use crate::verification::ops;
use crate::verification::wire::{KnownAddress, ResetPassword};

/// Ask for a link to a new password
///
/// The response is the same whether or not somebody has the address.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 202, description = "If somebody has the address, a mail is on its way."), Attempted, Checked))]
#[post("/auth/password-reset")]
pub async fn request_password_reset(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<KnownAddress>,
) -> Result<HttpResponse> {
    ops::request_password_reset(&state, address, body.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Set a new password by a mailed link
///
/// Verifies the address, ends all sessions, voids what else was mailed, and is told by e-mail. Sign in next.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 204, description = "The password is set."), MailedProof, Checked))]
#[post("/auth/password-reset/redeem")]
pub async fn reset_password(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<ResetPassword>,
) -> Result<HttpResponse> {
    ops::reset_password(&state, address, &body.token, body.password).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Send somebody a link to a new password
///
/// Nobody but they see it.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses(
        (status = 202, description = "A mail is on its way to them."),
        (status = 409, description = "`invalid_transition`: The account is erased."),
        StaffAct, OnOne))]
#[post("/admin/users/{id}/password-reset")]
pub async fn start_password_reset(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse> {
    ops::start_password_reset(&state, &me, id).await?;
    Ok(HttpResponse::Accepted().finish())
}
