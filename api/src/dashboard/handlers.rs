use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::DashboardOut;
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::Json;
use crate::http::answers::Guarded;
use crate::state::AppState;

/// Get your dashboard
///
/// What needs your attention, your open mentorships (at most 20, most recent activity first) and your next meetings (at
/// most 5).
#[utoipa::path(tag = "dashboard", security(("bearer" = [Member])),
    responses((status = 200, description = "The dashboard.", body = DashboardOut), Guarded))]
#[get("/me/dashboard")]
pub async fn get_dashboard(me: Caller<Member>, state: Data<AppState>) -> Result<Json<DashboardOut>> {
    Ok(Json(ops::get(&state, &me).await?))
}
