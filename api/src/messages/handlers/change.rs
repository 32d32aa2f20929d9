use actix_web::web::Data;
use actix_web::{HttpResponse, delete, patch};
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{AuthorAct, Checked, OnOne};
use crate::http::{Json, Path};
use crate::messages::ops;
use crate::messages::wire::{MessageOut, MessagePatch};
use crate::state::AppState;

/// Edit a message
///
/// Only its sender can, for as long as the settings allow and where messages can be sent. Its `seq` stays.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The message as it is now.", body = MessageOut),
        (status = 409, description = "`message_deleted`: The message is deleted. \
            `message_fixed`: The time for editing has passed. \
            `mentorship_closed`: The mentorship is not active. \
            `thread_closed`: No messages can be sent in this thread."),
        AuthorAct, OnOne, Checked))]
#[patch("/messages/{id}")]
pub async fn edit_message(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<MessagePatch>,
) -> Result<Json<MessageOut>> {
    Ok(Json(ops::edit(&state, &me, id, body.content).await?.into()))
}

/// Delete a message
///
/// Only its sender can, if the settings allow it. It stays in the thread with its `seq`, without content. Repeating it has no
/// effect.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])),
    responses(
        (status = 204, description = "The message is deleted."),
        (status = 409, description = "`message_fixed`: The message can no longer be deleted."),
        AuthorAct, OnOne))]
#[delete("/messages/{id}")]
pub async fn delete_message(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<HttpResponse> {
    ops::delete(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
