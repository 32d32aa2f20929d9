use actix_web::web::Data;
use actix_web::{HttpResponse, put};

use super::ops;
use super::wire::NewPassword;
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::{Checked, RecentSignIn};
use crate::state::AppState;

/// Set your password
///
/// The first one or another one. Ends all your other sessions and is told to you by e-mail. You must have signed in within the
/// last five minutes.
#[utoipa::path(tag = "identity", security(("bearer" = [Registered])),
    responses((status = 204, description = "The password is set."), RecentSignIn, Checked))]
#[put("/me/password")]
pub async fn set_password(
    me: Caller<Registered>,
    state: Data<AppState>,
    Json(body): Json<NewPassword>,
) -> Result<HttpResponse> {
    ops::set_password(&state, &me, body.password).await?;
    Ok(HttpResponse::NoContent().finish())
}
