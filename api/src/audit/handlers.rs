use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::{AuditEntryOut, AuditFilter};
use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed};
use crate::http::{Json, Listing, PageParams, Paged};
use crate::state::AppState;

/// List the audit log
///
/// What staff did: who, to whom, the values before and after, and in which request. Newest first; entries never change.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])), params(AuditFilter, PageParams),
    responses((status = 200, description = "A page of the audit log.", body = Listing<AuditEntryOut>), Guarded, Listed))]
#[get("/admin/audit-log")]
pub async fn list_audit_log(
    me: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<AuditFilter>,
) -> Result<Json<Listing<AuditEntryOut>>> {
    Ok(Json(ops::list(&state, &me, filter, page).await?.map(AuditEntryOut::from)))
}
