//! The command line: one binary, `mentorship`.

use anyhow::Result;
use api::config::Config;
use api::server;
use api::state::{Clock, Db};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// The backend of mentorship programmes
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (the default); in development also create, migrate and seed the database
    Serve,
    /// Bring the database to the newest schema
    Migrate,
    /// Fill an empty database with demonstration data
    Seed,
    /// Print the OpenAPI document
    Openapi,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Openapi => println!("{}", api::openapi().to_pretty_json()?),
        Command::Serve => serve(configure()?).await?,
        Command::Migrate => migrate(&configure()?).await?,
        Command::Seed => {}
    }
    Ok(())
}

fn configure() -> Result<Config> {
    let config = Config::from_environment()?;
    let filter = EnvFilter::try_new(&config.rust_log)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    if config.logs_json() {
        log.json().flatten_event(true).init()
    } else {
        log.compact().init()
    }
    Ok(config)
}

async fn migrate(config: &Config) -> Result<()> {
    for db in Db::connect(config, 1).await? {
        migration::migrate_up(db.writer()).await?;
    }
    Ok(())
}

async fn serve(config: Config) -> Result<()> {
    if !config.is_production() {
        migrate(&config).await?;
    }
    let running = server::start(config, Clock::system()).await?;
    println!("API            http://{}/api/v1", running.address);
    let handle = running.server.handle();
    let serving = tokio::spawn(running.server);
    server::stop_on_signal(handle, running.state).await?;
    Ok(serving.await??)
}
