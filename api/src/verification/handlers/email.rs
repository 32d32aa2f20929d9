use actix_web::web::Data;
use actix_web::{HttpResponse, post};

use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::answers::{Checked, MailedProof, RecentSignIn, SignedIn, TakenAddress};
use crate::http::{ClientAddress, Json};
use crate::state::AppState;
use crate::verification::ops;
use crate::verification::wire::{MailedToken, NewAddress};

/// Ask for a link that verifies your address
///
/// Nothing is sent to an address that is verified already, nor more than three mails an hour and ten a day.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 202, description = "A mail is on its way."), SignedIn))]
#[post("/me/email/verification")]
pub async fn request_verification(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::request_verification(&state, &me).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Verify an e-mail address
#[utoipa::path(tag = "identity", security(()),
    responses((status = 204, description = "The address is verified."), MailedProof, Checked))]
#[post("/auth/verify-email")]
pub async fn verify_email(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<MailedToken>,
) -> Result<HttpResponse> {
    ops::verify_email(&state, address, &body.token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Change your e-mail address
///
/// It changes once a link sent to the new address is confirmed; the old address is told. The response is the same whether or not
/// somebody has the new address. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 202, description = "A mail is on its way to both addresses."), RecentSignIn, Checked))]
#[post("/me/email")]
pub async fn change_email(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<NewAddress>,
) -> Result<HttpResponse> {
    ops::change_email(&state, &me, body.email).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Confirm a new e-mail address
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 204, description = "The address is changed, and the old one told how to take that back."),
        MailedProof, TakenAddress, Checked))]
#[post("/auth/email-change/confirm")]
pub async fn confirm_email(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<MailedToken>,
) -> Result<HttpResponse> {
    ops::confirm_email(&state, address, &body.token).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take a change of e-mail address back
///
/// By the link sent to the old address. Ends all sessions, and sends a link to a new password.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 204, description = "The old address is back."), MailedProof, TakenAddress, Checked))]
#[post("/auth/email-change/undo")]
pub async fn undo_email_change(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<MailedToken>,
) -> Result<HttpResponse> {
    ops::undo_email_change(&state, address, &body.token).await?;
    Ok(HttpResponse::NoContent().finish())
}
