//! What serves a connection: the HTTP library, and after it whatever took the connection over. Both count as the worker's, so a
//! server that stops waits for both.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use actix_http::Protocol;
use actix_http::error::DispatchError;
use actix_service::{Service, ServiceFactory, fn_factory, fn_service};
use actix_web::rt::net::TcpStream;

use super::slow_readers;
use super::wire::Wire;

type Accepted = (Wire, Protocol, Option<SocketAddr>);

/// Serves connections by `http`; `patience` is for clients that do not read.
pub fn serve<F>(
    http: F,
    patience: Duration,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    F: ServiceFactory<Accepted, Config = (), Response = (), Error = DispatchError, InitError = ()> + 'static,
{
    let http = Rc::new(http);
    fn_factory(move || {
        let http = Rc::clone(&http);
        async move {
            let http = Rc::new(http.new_service(()).await?);
            Ok(fn_service(move |stream: TcpStream| one(Rc::clone(&http), stream, patience)))
        }
    })
}

async fn one<S>(http: Rc<S>, stream: TcpStream, patience: Duration) -> Result<(), DispatchError>
where
    S: Service<Accepted, Response = (), Error = DispatchError>,
{
    slow_readers::cut_after(patience, &stream);
    let peer = stream.peer_addr().ok();
    let wire = Wire::new(stream);
    // Apart, so that its room is given back before the connection goes on.
    Box::pin(http.call((wire.clone(), Protocol::Http1, peer))).await?;
    let taken = wire.taken();
    drop(wire);
    match taken {
        Some(taken) => Ok(taken.send().await?),
        None => Ok(()),
    }
}
