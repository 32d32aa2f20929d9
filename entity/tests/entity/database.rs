use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use uuid::Uuid;

/// A migrated database of each kind that can be had here: SQLite, and PostgreSQL where `TEST_POSTGRES_URL` names a
/// server on which databases may be created.
pub async fn each() -> Vec<DatabaseConnection> {
    let mut all = vec![migrated("sqlite::memory:").await];
    if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
        let name = format!("entity_{}", Uuid::now_v7().simple());
        let root = Database::connect(&server).await.unwrap();
        root.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, options) = server.split_at(server.find('?').unwrap_or(server.len()));
        let (base, _) = base.rsplit_once('/').expect("a server's URL ends in /<database>");
        all.push(migrated(&format!("{base}/{name}{options}")).await);
    }
    all
}

async fn migrated(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    migration::migrate_up(&db).await.unwrap();
    db
}
