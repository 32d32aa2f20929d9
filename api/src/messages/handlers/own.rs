use actix_web::get;
use actix_web::web::Data;

use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed};
use crate::http::{Json, Listing, PageParams, Paged};
use crate::messages::ops;
use crate::messages::wire::{HitOut, SearchFilter, ThreadFilter, ThreadOut};
use crate::state::AppState;

/// List your threads
///
/// Those of your mentorships and of your conversations, most recent activity first.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])), params(ThreadFilter, PageParams),
    responses((status = 200, description = "A page of threads.", body = Listing<ThreadOut>), Guarded, Listed))]
#[get("/me/threads")]
pub async fn list_threads(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<ThreadFilter>,
) -> Result<Json<Listing<ThreadOut>>> {
    Ok(Json(ops::list_threads(&state, &me, &filter, &page).await?.map(ThreadOut::from)))
}

/// Search your messages
///
/// In all your threads, newest first. Deleted messages are not found.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])), params(SearchFilter, PageParams),
    responses((status = 200, description = "A page of messages.", body = Listing<HitOut>), Guarded, Listed))]
#[get("/me/messages")]
pub async fn search_messages(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<SearchFilter>,
) -> Result<Json<Listing<HitOut>>> {
    Ok(Json(ops::search(&state, &me, &filter, &page).await?.map(HitOut::from)))
}
