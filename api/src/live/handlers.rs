use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use super::wire::{CursorOut, StreamEvent, StreamQuery, TicketOut};
use super::{handshake, ops, sse, tickets};
use crate::auth::{Caller, Member};
use crate::error::{Error, Result};
use crate::http::answers::{Guarded, Listed};
use crate::http::{Json, Query};
use crate::state::AppState;

/// Listen to what happens to you
///
/// Server-Sent Events, each with an `id`, the `kind` as its name, and a `StreamEvent` as its data. A stream that is resumed with
/// `Last-Event-ID` or `after` gets each later event exactly once, in order. The first event of any other is `ready`; where what
/// came before cannot be told any more, it is `resync`: fetch anew what you show, and go on. `closed` says why a stream ends.
/// Comments show that it lives. Somebody typing is told as `typing`, without an id.
#[utoipa::path(tag = "events", security(("bearer" = [Member])), params(StreamQuery),
    responses(
        (status = 200, description = "The stream.", content_type = "text/event-stream", body = StreamEvent),
        (status = 429, description = "`too_many_streams`: You have five streams open here."),
        Guarded, Listed))]
#[get("/events")]
pub async fn stream_events(
    me: Result<Caller<Member>, Error>,
    state: Data<AppState>,
    request: HttpRequest,
    query: Result<Query<StreamQuery>, Error>,
) -> Result<HttpResponse> {
    Ok(sse::answer(ops::open(state, me, &request, query).await?))
}

/// Get where the events stand now
///
/// Fetch what you show after this, then listen `after` it: nothing is missed. What you fetched may already hold an event.
#[utoipa::path(tag = "events", security(("bearer" = [Member])),
    responses((status = 200, description = "The cursor.", body = CursorOut), Guarded))]
#[get("/events/cursor")]
pub async fn get_event_cursor(_me: Caller<Member>, state: Data<AppState>) -> Result<Json<CursorOut>> {
    Ok(Json(CursorOut { cursor: ops::cursor(&state).await? }))
}

/// Get a ticket for a live stream
///
/// A browser can send no token with a stream: it passes a ticket instead, each time it connects.
#[utoipa::path(tag = "events", security(("bearer" = [Member])),
    responses((status = 200, description = "A new ticket.", body = TicketOut), Guarded))]
#[post("/events/tickets")]
pub async fn issue_stream_ticket(me: Caller<Member>, state: Data<AppState>) -> Result<Json<TicketOut>> {
    let (text, row) = tickets::issue(&state, &me).await?;
    Ok(Json(TicketOut::new(text, &row)))
}

/// Open a socket
///
/// A WebSocket (RFC 6455) of JSON texts: the same events, and sending. It takes a ticket, as `ticket` or in its first frame;
/// tokens are not taken. Frames of the client: `{"type":"auth","ticket","after"?}`, `{"type":"resume","after"}`,
/// `{"type":"send","ref"?,"mentorshipId" or "conversationId","clientId","content"}`, `{"type":"typing","mentorshipId" or
/// "conversationId"}`, `{"type":"ping"}`. Frames of the server have a `type`: `event`, `ready`, `resync`, `typing`, `sent`, `pong`,
/// `error`. It closes with 4001 when the session ends, 4008 when you read too slowly, 1012 when the server restarts (the reason is
/// the number of milliseconds to wait), 1003, 1007, 1008 or 1009 when a frame breaks the rules: at most 64 KiB, 20 a second.
#[utoipa::path(tag = "events", security(()), params(StreamQuery),
    responses(
        (status = 101, description = "The socket is open."),
        (status = 401, description = "`unauthenticated`: The ticket is not good (any more)."),
        (status = 403, description = "`cross_site`: The page is not of an allowed origin. `account_suspended`, `account_pending`, \
            `email_not_verified`: You may not listen (any more)."),
        (status = 426, description = "`upgrade_required`: This address speaks WebSocket only."),
        (status = 429, description = "`too_many_streams`: You have five streams open here."),
        Listed))]
#[get("/ws")]
pub async fn open_socket(
    state: Data<AppState>,
    request: HttpRequest,
    body: Payload,
    Query(query): Query<StreamQuery>,
) -> Result<HttpResponse> {
    handshake::open(state, &request, body, query).await
}

pub(super) fn request_id(request: &HttpRequest) -> Option<Uuid> {
    use actix_web::FromRequest;

    RequestId::extract(request).into_inner().ok().map(Uuid::from)
}
