mod change;
mod own;

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use uuid::Uuid;

use super::ops::{self, Thread};
use super::wire::{MessageFilter, MessageOut, ReadMarker, ReadMarkerOut, SendMessage};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

pub use change::{delete_message, edit_message};
pub use own::{list_threads, search_messages};

/// List the messages of a mentorship
///
/// Newest first by default. Visible only to the participants, also after the mentorship has ended.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])), params(MessageFilter, PageParams),
    responses((status = 200, description = "A page of messages.", body = Listing<MessageOut>), Guarded, OnOne, Listed))]
#[get("/mentorships/{id}/messages")]
pub async fn list_mentorship_messages(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<MessageFilter>,
) -> Result<Json<Listing<MessageOut>>> {
    Ok(Json(ops::list(&state, &me, Thread::Mentorship(id), &filter, &page).await?.map(MessageOut::from)))
}

/// Send a message in a mentorship
///
/// Only while the mentorship is active. Sending again with the same `clientId` returns the existing message.
/// Sending also marks the thread as read up to your message.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new message.", body = MessageOut),
        (status = 200, description = "The existing message with this `clientId`.", body = MessageOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active. \
            `thread_closed`: The other cannot be written to. \
            `client_id_reused`: Another message of yours in this thread has this `clientId`."),
        Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/messages")]
pub async fn send_mentorship_message(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<SendMessage>,
) -> Result<HttpResponse> {
    Ok(ops::send(&state, &me, Thread::Mentorship(id), body).await?.into())
}

/// Move your read marker in a mentorship
///
/// An earlier `seq` has no effect and returns the current position. A `seq` past the last message is invalid.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])),
    responses((status = 200, description = "The current position.", body = ReadMarkerOut), Guarded, OnOne, Checked))]
#[put("/mentorships/{id}/read-marker")]
pub async fn mark_mentorship_read(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<ReadMarker>,
) -> Result<Json<ReadMarkerOut>> {
    Ok(Json(ops::mark_read(&state, &me, Thread::Mentorship(id), body.seq).await?.into()))
}

/// List the messages of a conversation
///
/// Newest first by default. Visible only to the participants.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])), params(MessageFilter, PageParams),
    responses((status = 200, description = "A page of messages.", body = Listing<MessageOut>), Guarded, OnOne, Listed))]
#[get("/conversations/{id}/messages")]
pub async fn list_conversation_messages(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<MessageFilter>,
) -> Result<Json<Listing<MessageOut>>> {
    Ok(Json(ops::list(&state, &me, Thread::Conversation(id), &filter, &page).await?.map(MessageOut::from)))
}

/// Send a message in a conversation
///
/// Sending again with the same `clientId` returns the existing message. Sending also marks the thread as read up to your
/// message. To people without a mentorship with you, you can write only so many first messages within 24 hours.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new message.", body = MessageOut),
        (status = 200, description = "The existing message with this `clientId`.", body = MessageOut),
        (status = 409, description = "`thread_closed`: The other cannot be written to. \
            `client_id_reused`: Another message of yours in this thread has this `clientId`."),
        (status = 429, description = "`too_many_first_messages`: Too many first messages to strangers within a day."),
        Guarded, OnOne, Checked))]
#[post("/conversations/{id}/messages")]
pub async fn send_conversation_message(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<SendMessage>,
) -> Result<HttpResponse> {
    Ok(ops::send(&state, &me, Thread::Conversation(id), body).await?.into())
}

/// Move your read marker in a conversation
///
/// An earlier `seq` has no effect and returns the current position. A `seq` past the last message is invalid.
#[utoipa::path(tag = "messages", security(("bearer" = [Member])),
    responses((status = 200, description = "The current position.", body = ReadMarkerOut), Guarded, OnOne, Checked))]
#[put("/conversations/{id}/read-marker")]
pub async fn mark_conversation_read(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<ReadMarker>,
) -> Result<Json<ReadMarkerOut>> {
    Ok(Json(ops::mark_read(&state, &me, Thread::Conversation(id), body.seq).await?.into()))
}
