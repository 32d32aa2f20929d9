//! What the tests stand on: a real server with a database of its own, a clock that can be moved, and clients that are somebody.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod answer;
mod app;
mod authenticator;
mod balancer;
mod browser;
mod client;
mod database;
mod document;
mod forge;
mod mailbox;
mod make;
mod process;
mod providers;
mod proxy;
mod push;
mod redis;
mod scripted_smtp;
mod sink;
mod smtp;
mod socket;
mod stream;

pub use answer::Answer;
pub use app::{App, SIGNING_KEY, config, connect};
pub use authenticator::code_at;
pub use balancer::Balancer;
pub use browser::Browser;
pub use client::Client;
pub use database::{Database, is_postgres, on_database};
pub use document::{Document, Operation, document};
pub use forge::{Forged, Key};
pub use mailbox::token_in;
pub use make::Pair;
pub use process::Process;
pub use providers::{Providers, hint, node};
pub use proxy::Proxy;
pub use push::{PushReceiver, vapid_claims};
pub use redis::Redis;
pub use scripted_smtp::ScriptedSmtp;
pub use sink::{Sink, Taken};
pub use smtp::SmtpServer;
pub use socket::Socket;
pub use stream::{EventKey, Heard, Stream};
