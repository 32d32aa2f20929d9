use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::ops;
use super::wire::{ConversationOut, OpenConversation};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

/// List your conversations
///
/// Most recent activity first: the last message, or when it was opened.
#[utoipa::path(tag = "conversations", security(("bearer" = [Member])), params(PageParams),
    responses((status = 200, description = "A page of conversations.", body = Listing<ConversationOut>), Guarded, Listed))]
#[get("/conversations")]
pub async fn list_conversations(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<ConversationOut>>> {
    Ok(Json(ops::list(&state, &me, &page).await?))
}

/// Open a conversation
///
/// There is one conversation per pair: opening it again returns the existing one. You can open one with anyone you share
/// or shared a mentorship with, or who is among your suggestions; staff can with anyone.
#[utoipa::path(tag = "conversations", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new conversation.", body = ConversationOut),
        (status = 200, description = "The existing conversation.", body = ConversationOut),
        (status = 409, description = "`conversation_not_allowed`: You never shared a mentorship, and they are not among your suggestions."),
        Guarded, OnOne, Checked))]
#[post("/conversations")]
pub async fn open_conversation(
    me: Caller<Member>,
    state: Data<AppState>,
    Json(body): Json<OpenConversation>,
) -> Result<HttpResponse> {
    Ok(ops::open(&state, &me, body.user_id).await?.into())
}

/// Get a conversation
#[utoipa::path(tag = "conversations", security(("bearer" = [Member])),
    responses((status = 200, description = "The conversation.", body = ConversationOut), Guarded, OnOne))]
#[get("/conversations/{id}")]
pub async fn get_conversation(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<ConversationOut>> {
    Ok(Json(ops::get(&state, &me, id).await?))
}
