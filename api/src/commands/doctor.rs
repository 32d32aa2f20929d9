use anyhow::{Result, bail};
use api::auth::Auth;
use api::config::Config;
use entity::user;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use super::database::connect;

pub async fn doctor() -> Result<()> {
    let Some(config) = tell("configuration", Config::from_environment().map_err(Into::into)) else {
        bail!("something is wrong");
    };
    let keys = tell("keys", Auth::new(&config));
    let database = match tell("database", reach(&config).await) {
        Some(db) => tell("schema", schema(&db).await).map(|()| db),
        None => None,
    };
    let Some(db) = database else { bail!("something is wrong") };
    if owners(&db).await? == 0 {
        println!("note   owner: there is none yet; `mentorship create-owner` makes the first");
    }
    if config.is_development_key() {
        println!("note   keys: those of development, which anybody can know");
    }
    if keys.is_none() { bail!("something is wrong") } else { Ok(()) }
}

/// Prints how a check went.
fn tell<T>(what: &str, outcome: Result<T>) -> Option<T> {
    match outcome {
        Ok(found) => {
            println!("ok     {what}");
            Some(found)
        }
        Err(error) => {
            println!("FAULT  {what}: {error:#}");
            None
        }
    }
}

async fn reach(config: &Config) -> Result<DatabaseConnection> {
    let db = connect(config).await?;
    db.execute_unprepared("SELECT 1").await?;
    Ok(db)
}

async fn schema(db: &DatabaseConnection) -> Result<()> {
    if migration::pending(db).await? {
        bail!("it is behind: run `mentorship migrate`");
    }
    Ok(())
}

async fn owners(db: &DatabaseConnection) -> Result<u64> {
    let active = user::Entity::find().filter(user::Column::Status.eq(user::Status::Active));
    Ok(active.filter(user::Column::Role.eq(user::Role::Owner)).count(db).await?)
}
