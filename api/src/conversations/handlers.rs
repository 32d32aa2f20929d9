use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::ops;
use super::wire::{ConversationFilter, ConversationOut, OpenConversation};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

/// List your conversations
///
/// The one with the latest activity (its last message, or its opening) first.
#[utoipa::path(tag = "conversations", security(("bearer" = [Member])), params(ConversationFilter, PageParams),
    responses((status = 200, description = "A page of conversations", body = Listing<ConversationOut>), Guarded, Listed))]
#[get("/conversations")]
pub async fn list_conversations(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(ConversationFilter {}, page): Paged<ConversationFilter>,
) -> Result<Json<Listing<ConversationOut>>> {
    Ok(Json(ops::list(&state, &me, &page).await?))
}

/// Open the conversation with somebody
///
/// A pair has one conversation, whoever opens it and however often. Those may open one who share or shared a mentorship or
/// have each other among their suggestions; the staff may with anyone.
#[utoipa::path(tag = "conversations", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new conversation", body = ConversationOut),
        (status = 200, description = "The conversation, which was open before", body = ConversationOut),
        (status = 409, description = "`conversation_not_allowed`: neither a mentorship nor a suggestion connects the two"),
        Guarded, OnOne, Checked))]
#[post("/conversations")]
pub async fn open_conversation(
    me: Caller<Member>,
    state: Data<AppState>,
    Json(body): Json<OpenConversation>,
) -> Result<HttpResponse> {
    Ok(ops::open(&state, &me, body.user_id).await?.into())
}

/// Get a conversation of yours
#[utoipa::path(tag = "conversations", security(("bearer" = [Member])),
    responses((status = 200, description = "The conversation", body = ConversationOut), Guarded, OnOne))]
#[get("/conversations/{id}")]
pub async fn get_conversation(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<ConversationOut>> {
    Ok(Json(ops::get(&state, &me, id).await?))
}
