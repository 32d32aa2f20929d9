//! Starts and stops: one listener, a state for each worker, and a drain that loses no request.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_http::{Extensions, HttpService};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, map_config};
use actix_web::App;
use actix_web::dev::{AppConfig, Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data};
use anyhow::{Context, Result, anyhow};
use tracing_actix_web::TracingLogger;

use crate::auth;
use crate::candidates;
use crate::config::Config;
use crate::docs::{self, Document};
use crate::http::hosts::{self, Hosts};
use crate::http::observe::RequestSpan;
use crate::http::operations::Operations;
use crate::http::wire::Wire;
use crate::http::{
    Routes, body, connections, cors, fallback, idempotency, limits, outermost, quota, secure, security_log, shield,
    untaken,
};
use crate::state::{AppState, Clock, Db, Shared};
use crate::{events, health, jwks, live, resources};

/// For the head of a request to come.
const REQUEST_PATIENCE: Duration = Duration::from_secs(5);
/// For a client to close a connection that the server closed.
const FAREWELL_PATIENCE: Duration = Duration::from_secs(1);

/// A server that listens; `server` runs until it is stopped. The state is no worker's.
pub struct Running {
    pub server: Server,
    pub address: SocketAddr,
    pub state: AppState,
}

/// Binds and starts the workers of `config`, which take their time from `clock`.
pub async fn start(config: Config, clock: Clock) -> Result<Running> {
    let workers = config.worker_count();
    let shared = Shared::new(config)?;
    let states = states(&shared, &clock, workers).await?;
    if let Some(state) = states.first() {
        events::adopt(state).await.map_err(|error| anyhow!("the log of events cannot be read: {error:?}"))?;
    }
    // The reader of the log waits for nobody else's connection.
    live::start(background(&shared, clock.clone()).await?);
    let state = background(&shared, clock).await?;
    let config = &shared.config;
    let listener = TcpListener::bind((config.host.as_str(), config.port))
        .with_context(|| format!("cannot listen on {}:{}", config.host, config.port))?;
    let address = listener.local_addr()?;
    tokio::spawn(candidates::follow(state.clone()));
    Ok(Running { server: listen(listener, workers, states)?, address, state })
}

/// The state of a command that serves nothing.
pub async fn open(config: Config, clock: Clock) -> Result<AppState> {
    background(&Shared::new(config)?, clock).await
}

async fn states(shared: &Shared, clock: &Clock, count: usize) -> Result<Vec<AppState>> {
    let handles = Db::connect(&shared.config, count).await.context("the database does not open")?;
    Ok(handles.into_iter().map(|db| AppState::new(db, clock.clone(), shared)).collect())
}

/// A state with few connections of its own, for what answers no request.
async fn background(shared: &Shared, clock: Clock) -> Result<AppState> {
    let few = Config { database_connections: 2, ..Config::clone(&shared.config) };
    let mut handles = Db::connect(&few, 1).await.context("the database does not open")?;
    let db = handles.pop().context("the database has no connection")?;
    Ok(AppState::new(db, clock, shared))
}

fn listen(listener: TcpListener, workers: usize, states: Vec<AppState>) -> Result<Server> {
    let document = Document::published()?;
    let operations = Data::new(Operations::read(&document.0)?);
    let document = Data::new(document);
    let config = states.first().map(|state| Arc::clone(&state.config)).context("a server needs a worker")?;
    let hosts = Data::new(Hosts(config.hosts()));
    let shutdown = config.shutdown_seconds;
    let patience = Duration::from_secs(config.answer_timeout);
    let address = listener.local_addr()?;
    let next = Arc::new(AtomicUsize::new(0));
    let app = move || {
        let state = states[next.fetch_add(1, Ordering::Relaxed) % states.len()].clone();
        let show_page = config.docs;
        App::new()
            .app_data(Data::new(state))
            .app_data(document.clone())
            .app_data(operations.clone())
            .app_data(hosts.clone())
            .wrap(from_fn(events::follow_own))
            .wrap(from_fn(idempotency::replay))
            .wrap(from_fn(untaken::refuse))
            .wrap(from_fn(security_log::watch))
            .wrap(from_fn(quota::count))
            .wrap(from_fn(auth::recognise))
            .wrap(from_fn(body::buffer))
            .wrap(from_fn(limits::refuse_oversize))
            .wrap(from_fn(shield::shield))
            .wrap(from_fn(quota::announce))
            .wrap(Compress::default())
            .wrap(cors::cors(&config))
            .wrap(from_fn(cors::tell_the_listed_only))
            .wrap(from_fn(hosts::refuse_foreign))
            .wrap(from_fn(secure::secure))
            .wrap(from_fn(outermost::wrap))
            .wrap(TracingLogger::<RequestSpan>::new())
            .configure(|app| health::routes(&mut Routes::Served(app)))
            .configure(|app| jwks::routes(&mut Routes::Served(app)))
            .service(web::scope("/api/v1").configure(|app| resources(&mut Routes::Served(app))))
            .configure(move |app| {
                if show_page {
                    app.service(web::redirect("/docs", "/docs/")).service(docs::page());
                }
            })
            .default_service(web::route().to(fallback::answer))
            .into_factory()
            .map_err(|error| error.error_response())
    };
    // `stop_on_signal` keeps the deadline; this only must not come before it.
    let builder = Server::build().workers(workers).disable_signals().shutdown_timeout(shutdown + 5);
    let stops = builder.graceful_shutdown_signal();
    let serve = move || {
        let stops = stops.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stops = stops.clone();
                async move { stops.notified().await }
            })
            .client_request_timeout(REQUEST_PATIENCE)
            .client_disconnect_timeout(FAREWELL_PATIENCE)
            .local_addr(address)
            .on_connect_ext(|wire: &Wire, extensions: &mut Extensions| {
                extensions.insert(wire.clone());
            })
            .finish(map_config(app(), |_| AppConfig::default()));
        connections::serve(http, patience)
    };
    Ok(builder.listen("api", listener, serve)?.run())
}

/// Waits for SIGTERM or SIGINT, then: not ready at once, serving on for the drain, then what is under way. A second signal,
/// or the deadline, cuts it short.
pub async fn stop_on_signal(handle: ServerHandle, state: AppState) -> Result<()> {
    let seconds = Duration::from_secs;
    let mut signals = Signals::new()?;
    signals.next().await;
    tracing::info!("stopping: not ready any more");
    state.lifecycle.drain();
    let orderly = async {
        tokio::time::sleep(seconds(state.config.drain_seconds)).await;
        state.live.stop();
        tokio::time::timeout(seconds(state.config.shutdown_seconds), handle.stop(true)).await
    };
    let why = tokio::select! {
        stopped = orderly => match stopped {
            Ok(()) => return Ok(()),
            Err(_) => "by the deadline",
        },
        () = signals.next() => "by a second signal",
    };
    anyhow::bail!("cut short {why}, with {} requests under way", state.lifecycle.requests_under_way())
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
