use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use api::config::Config;
use api::state::Clock;
use api::{jobs, server};
use entity::user;
use sea_orm::{DatabaseConnection, EntityTrait, QuerySelect};

use super::database::connect;

pub async fn serve() -> Result<()> {
    let config = super::configure()?;
    let welcome = if config.is_production() {
        demand_schema(&config).await?;
        None
    } else {
        prepare(&config).await?
    };
    let docs = config.docs;
    let running = server::start(config, Clock::system()).await?;
    running.state.candidates.loaded().await;
    let host = reachable(running.address);
    println!("API            http://{host}/api/v1");
    if docs {
        println!("Documentation  http://{host}/docs/");
    }
    if let Some(report) = welcome {
        println!("\n{report}");
    }
    let handle = running.server.handle();
    jobs::start(running.state.clone());
    let serving = tokio::spawn(running.server);
    server::stop_on_signal(handle, running.state).await?;
    Ok(serving.await??)
}

/// Where a browser on this machine finds it: nobody can go to "every address".
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() }
}

async fn demand_schema(config: &Config) -> Result<()> {
    let db = connect(config).await?;
    let pending = migration::pending(&db).await.context("the database does not answer")?;
    db.close().await?;
    ensure!(!pending, "the schema of the database is behind: run `mentorship migrate` first");
    Ok(())
}

/// What development does by itself: a schema, and demonstration data where there is nothing yet.
async fn prepare(config: &Config) -> Result<Option<seeder::Report>> {
    let db = connect(config).await?;
    migration::migrate_up(&db).await.context("the database cannot be migrated")?;
    let options = seeder::Options { seed: 1, scale: None, bare: false, progress: false };
    let report = if is_empty(&db).await? {
        Some(seeder::seed(&db, options).await.context("the database cannot be seeded")?)
    } else {
        // Tells the sign-ins of data that is there; refused where members are that nobody seeded.
        seeder::seed(&db, options).await.ok()
    };
    db.close().await?;
    Ok(report)
}

async fn is_empty(db: &DatabaseConnection) -> Result<bool> {
    let first = user::Entity::find().select_only().column(user::Column::Id).limit(1);
    Ok(first.into_tuple::<uuid::Uuid>().one(db).await?.is_none())
}
