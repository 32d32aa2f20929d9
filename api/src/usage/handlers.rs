use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::UsageOut;
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::Guarded;
use crate::state::AppState;

/// Get usage statistics
///
/// Totals, activity in the last 30 days, and groups of active members. Groups of fewer than five are null; where the
/// total would reveal one, another is hidden too.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses((status = 200, description = "The current numbers.", body = UsageOut), Guarded))]
#[get("/admin/usage")]
pub async fn get_usage(_: Caller<Admin>, state: Data<AppState>) -> Result<Json<UsageOut>> {
    Ok(Json(ops::usage(&state).await?))
}
