use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

use super::ops;
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::answers::RecentSignIn;
use crate::state::AppState;

/// Erase your account
///
/// For good, and at once: profile, ways of signing in, sessions, mail, notifications and private notes are deleted, and open
/// mentorships are canceled. What you shared with a partner (messages, goals, shared notes, meetings) stays with them, as that of a
/// "Former member". The e-mail address is free again. You must have signed in within the last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses(
        (status = 204, description = "The account is erased."),
        (status = 409, description = "`last_owner`: At least one active owner must remain."),
        RecentSignIn))]
#[delete("/me")]
pub async fn erase_me(me: Caller<Registered>, state: Data<AppState>) -> Result<HttpResponse> {
    ops::erase(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}
