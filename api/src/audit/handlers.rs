use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::{AuditEntryOut, AuditFilter};
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed};
use crate::http::{Json, Listing, PageParams, Paged};
use crate::state::AppState;

/// Read the audit log
///
/// What staff did: who, to whom, before and after, by which request. Newest first; nothing in it is ever changed.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])), params(AuditFilter, PageParams),
    responses((status = 200, description = "A page of the log", body = Listing<AuditEntryOut>), Guarded, Listed))]
#[get("/admin/audit-log")]
pub async fn list_audit_log(
    _: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<AuditFilter>,
) -> Result<Json<Listing<AuditEntryOut>>> {
    Ok(Json(ops::list(&state, filter, page).await?.map(AuditEntryOut::from)))
}
