use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::UsageOut;
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::Guarded;
use crate::state::AppState;

/// Get the usage
///
/// Totals, what happened in the last 30 days, and groups of active members. A group of fewer than five is null, and so is
/// another one where the difference to the total would tell.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses((status = 200, description = "The numbers as of now", body = UsageOut), Guarded))]
#[get("/admin/usage")]
pub async fn get_usage(_: Caller<Admin>, state: Data<AppState>) -> Result<Json<UsageOut>> {
    Ok(Json(ops::usage(&state).await?))
}
