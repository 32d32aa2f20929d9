//! What the binary does, a file a command.

mod create_owner;
mod database;
mod doctor;
mod serve;

use std::io::{IsTerminal, stderr};

use anyhow::Result;
use api::config::Config;
use tracing_subscriber::EnvFilter;

pub use create_owner::{CreateOwner, create_owner};
pub use database::{Seed, migrate, seed};
pub use doctor::doctor;
pub use serve::serve;

pub fn openapi() -> Result<()> {
    println!("{}", api::openapi().to_pretty_json()?);
    Ok(())
}

/// The configuration, with the log that it asks for switched on.
fn configure() -> Result<Config> {
    let config = Config::from_environment()?;
    let filter = EnvFilter::try_new(&config.rust_log)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    // A log that cannot be written, on a full disk, must not end the request: what tells of it would panic for the same reason.
    let log = log.log_internal_errors(false);
    if config.logs_json() {
        log.json().flatten_event(true).with_span_list(false).init()
    } else {
        log.compact().init()
    }
    Ok(config)
}
