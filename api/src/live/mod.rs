//! Live streams: each member is told what happens to them, over Server-Sent Events or a WebSocket, from the log of events.

mod audience;
mod bus;
mod close;
mod connection;
mod cursor;
mod feed;
mod follow;
mod frame;
mod frames_in;
mod handlers;
mod handshake;
mod hub;
mod ops;
mod prune;
mod rights;
mod socket;
mod sse;
mod tickets;
mod wire;

use std::sync::Arc;

pub use hub::Live;
pub use prune::{forget, prune};

use crate::http::Routes;
use crate::state::AppState;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::stream_events)
        .service(handlers::get_event_cursor)
        .service(handlers::issue_stream_ticket)
        .service(handlers::open_socket);
}

/// Reads the log on behalf of the streams of this node, and hears from the others, for as long as anybody uses `state`.
pub fn start(state: AppState) {
    tokio::spawn(bus::serve(Arc::downgrade(&state.live)));
    tokio::spawn(follow::follow(state));
}
