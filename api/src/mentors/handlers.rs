use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::{MentorFilter, MentorOut};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed};
use crate::http::{Json, Listing, PageParams, Paged};
use crate::state::AppState;

/// List mentors
///
/// The directory of members who offer to be a mentor and are not paused, in the order they joined.
#[utoipa::path(tag = "mentors", security(("bearer" = [Member])), params(MentorFilter, PageParams),
    responses((status = 200, description = "A page of the directory.", body = Listing<MentorOut>), Guarded, Listed))]
#[get("/mentors")]
pub async fn list_mentors(
    _: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<MentorFilter>,
) -> Result<Json<Listing<MentorOut>>> {
    Ok(Json(ops::list(&state, filter, &page).await?.map(Into::into)))
}
