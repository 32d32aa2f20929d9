//! Liveness (the process answers) and readiness (it should get traffic).

use std::time::Duration;

use crate::http::Routes;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::state::AppState;

const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes(routes: &mut Routes) {
    routes.service(live).service(ready);
}

#[derive(Serialize, ToSchema)]
pub struct Health {
    /// `ok`, or `degraded`: it serves, but without Redis, so limits are not shared and events of other nodes come later. Failures are
    /// problem documents.
    #[schema(max_length = 10, example = "ok")]
    status: &'static str,
}

/// Liveness check: the process is up
#[utoipa::path(tag = "operations", security(()), responses((status = 200, description = "The process is up.", body = Health)))]
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Readiness check: ready for traffic
#[utoipa::path(tag = "operations", security(()),
    responses(
        (status = 200, description = "Ready for traffic.", body = Health),
        (status = 503, description = "`unavailable`: The server is starting or stopping, or its database does not respond.")))]
#[get("/health/ready")]
pub async fn ready(state: Data<AppState>) -> Result<HttpResponse> {
    if state.lifecycle.is_draining() {
        return Err(Error::refused(Code::Unavailable, "the server is stopping"));
    }
    if state.candidates.report().loaded_at.is_none() {
        return Err(Error::refused(Code::Unavailable, "the server is loading who can be matched"));
    }
    timeout(PATIENCE, state.read().execute_unprepared("SELECT 1"))
        .await
        .map_err(|_| Error::refused(Code::Unavailable, "the database does not answer"))??;
    let status = if state.live.is_degraded() { "degraded" } else { "ok" };
    Ok(HttpResponse::Ok().json(Health { status }))
}
