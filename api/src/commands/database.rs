use anyhow::{Context, Result, anyhow, ensure};
use api::candidates;
use api::config::Config;
use api::state::{Clock, Db};
use clap::Args;
use sea_orm::DatabaseConnection;

#[derive(Args)]
pub struct Seed {
    /// How many users in all, where more than the ten are wanted
    #[arg(long)]
    scale: Option<u64>,
    /// Only members, mentorships and suggestions, without events: nobody can sign in
    #[arg(long)]
    bare: bool,
    /// The same number gives the same data
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub async fn migrate() -> Result<()> {
    let config = super::configure()?;
    migration::migrate_up(&connect(&config).await?).await.context("the database cannot be migrated")
}

/// Demonstration data has passwords that everybody knows.
pub async fn seed(arguments: Seed) -> Result<()> {
    let config = super::configure()?;
    ensure!(!config.is_production(), "demonstration data is refused in production");
    let db = connect(&config).await?;
    migration::migrate_up(&db).await.context("the database cannot be migrated")?;
    let options =
        seeder::Options { seed: arguments.seed, scale: arguments.scale, bare: arguments.bare, progress: true };
    print!("{}", seeder::seed(&db, options).await?);
    // So that the first node is ready as soon as any: reading a million members takes minutes.
    let made = candidates::snapshot::make(&db, Clock::system().now()).await;
    made.map_err(|error| anyhow!("the matching index cannot be stored: {error:?}"))
}

/// Seconds that a migration, or a step of seeding, may wait and take: nobody waits for its answer.
const PATIENCE: u64 = 3600;

/// The connection that writes.
pub async fn connect(config: &Config) -> Result<DatabaseConnection> {
    let patient = Config { acquire_timeout: 30, request_timeout: PATIENCE, ..config.clone() };
    let handles = Db::connect(&patient, 1).await.context("the database does not open")?;
    handles.first().map(|db| db.writer().clone()).context("the database has no connection")
}
