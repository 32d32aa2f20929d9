//! How a socket is opened: by whom, and from which page.

use actix_web::http::header::{ORIGIN, UPGRADE};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, rt};

use super::feed::Feed;
use super::handlers::request_id;
use super::socket::Socket;
use super::tickets;
use super::wire::StreamQuery;
use crate::auth::Standing;
use crate::error::{Code, Error, Result};
use crate::state::AppState;

/// The largest frame that a client may send.
const MOST_BYTES: usize = 64 * 1024;

pub async fn open(
    state: Data<AppState>,
    request: &HttpRequest,
    body: Payload,
    query: StreamQuery,
) -> Result<HttpResponse> {
    let is_upgrade = request.headers().get(UPGRADE).is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket"));
    if !is_upgrade {
        return Err(Code::UpgradeRequired.into());
    }
    demand_own_page(&state, request)?;
    let request_id = request_id(request);
    let feed = match &query.ticket {
        Some(ticket) => {
            let standing = tickets::redeem(&state, ticket, request_id).await?;
            Some(listen(&state, &standing, query.after.as_deref()).await?)
        }
        None => None,
    };
    let (answer, session, frames) = actix_ws::handle(request, body)
        .map_err(|_| Error::refused(Code::MalformedRequest, "it is no handshake of a WebSocket"))?;
    let frames = frames.max_frame_size(MOST_BYTES).aggregate_continuations().max_continuation_size(MOST_BYTES);
    rt::spawn(Socket::new(state, session, request_id).serve(frames, feed));
    Ok(answer)
}

/// A browser says what page opens the socket; what is no browser says nothing, and has no ticket of anybody else.
fn demand_own_page(state: &AppState, request: &HttpRequest) -> Result<()> {
    let Some(origin) = request.headers().get(ORIGIN) else { return Ok(()) };
    let is_ours = |known: &String| known.as_bytes() == origin.as_bytes();
    let config = &state.config;
    if config.cors_origins.iter().any(is_ours) || is_ours(&config.public_url) {
        Ok(())
    } else {
        Err(Code::CrossSite.into())
    }
}

pub async fn listen(state: &Data<AppState>, standing: &Standing, after: Option<&str>) -> Result<Feed> {
    let me = &standing.caller;
    Feed::open(state.clone(), me.id(), me.session_id(), after).await
}
