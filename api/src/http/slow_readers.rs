//! Clients that do not read: a connection on which sent bytes stay untaken for too long is given up by the system.

use std::time::Duration;

use actix_web::rt::net::TcpStream;
use socket2::SockRef;

pub fn cut_after(patience: Duration, stream: &TcpStream) {
    // RFC 5482; on Linux it also ends a connection whose window stays closed.
    if let Err(error) = SockRef::from(stream).set_tcp_user_timeout(Some(patience)) {
        tracing::warn!(%error, "a client that does not read would be waited for");
    }
}
