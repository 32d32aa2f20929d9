use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;
use actix_web::web::Data;

use super::cursor::Cursor;
use super::feed::Feed;
use super::handlers::request_id;
use super::tickets;
use super::wire::StreamQuery;
use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::events::log;
use crate::http::Query;
use crate::state::AppState;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The stream of who calls, by a token or by a ticket.
pub(super) async fn open(
    state: Data<AppState>,
    me: Result<Caller<Member>>,
    request: &HttpRequest,
    query: Result<Query<StreamQuery>>,
) -> Result<Feed> {
    let ticket = query.as_ref().ok().and_then(|Query(query)| query.ticket.as_deref());
    let me = match (me, ticket) {
        (Err(error), Some(ticket)) if error.code() == Code::Unauthenticated => {
            tickets::redeem(&state, ticket, request_id(request)).await?.caller
        }
        (me, _) => me?,
    };
    let Query(query) = query?;
    // One of other letters is an id too, of nothing that is known.
    let last = request.headers().get(LAST_EVENT_ID).map(|id| String::from_utf8_lossy(id.as_bytes()));
    let after = last.as_deref().filter(|id| !id.is_empty()).or(query.after.as_deref());
    Feed::open(state.clone(), me.id(), me.session_id(), after).await
}

pub(super) async fn cursor(state: &AppState) -> Result<String> {
    let position = log::present(state.read()).await?;
    Ok(Cursor { position, at: state.clock.now() }.seal(&state.auth))
}
