use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::{MailFilter, MailOut};
use crate::error::Result;
use crate::http::answers::{Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged};
use crate::state::AppState;

/// Read the mail that was sent
///
/// Newest first; a mail is there a second or so after what it tells of. Only where mail is kept: not in production, nor where a
/// mail server is configured.
#[utoipa::path(tag = "operations", security(()), params(MailFilter, PageParams),
    responses((status = 200, description = "A page of mails.", body = Listing<MailOut>), OnOne, Listed))]
#[get("/development/mails")]
pub async fn list_mails(
    state: Data<AppState>,
    Paged(filter, page): Paged<MailFilter>,
) -> Result<Json<Listing<MailOut>>> {
    Ok(Json(ops::list(&state, filter, page).await?.map(MailOut::from)))
}
