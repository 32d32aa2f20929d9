//! Databases of each kind that can be had here, and all that is in them.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait, Statement};
use seeder::{Options, Report};
use uuid::Uuid;

#[expect(clippy::disallowed_methods, reason = "a name that no other run has")]
pub async fn each() -> Vec<DatabaseConnection> {
    let mut all = vec![migrated("sqlite::memory:").await];
    if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
        let name = format!("seeder_{}", Uuid::now_v7().simple());
        let root = connect(&server).await;
        root.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let (base, options) = server.split_at(server.find('?').unwrap_or(server.len()));
        let (base, _) = base.rsplit_once('/').expect("a server's URL ends in /<database>");
        all.push(migrated(&format!("{base}/{name}{options}")).await);
    }
    all
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn migrated(url: &str) -> DatabaseConnection {
    let db = connect(url).await;
    migration::migrate_up(&db).await.unwrap();
    db
}

pub async fn seed(db: &DatabaseConnection, number: u64, scale: Option<u64>) -> anyhow::Result<Report> {
    seeder::seed(db, Options { seed: number, scale, bare: false, progress: false }).await
}

/// The numbers in the one column of `sql`'s rows.
pub async fn numbers(db: &DatabaseConnection, sql: &str) -> Vec<i64> {
    let sql = format!("SELECT CAST(n AS bigint) AS n FROM ({sql}) each_row");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "n").unwrap()).collect()
}

pub async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    numbers(db, sql).await[0]
}

/// Every row of every table, as text, in an order of its own.
pub async fn dump(db: &DatabaseConnection) -> Vec<String> {
    macro_rules! tables {
        ($($table:ident)*) => {{
            let mut lines = Vec::new();
            $(lines.extend(rows::<entity::$table::Entity>(db, stringify!($table)).await);)*
            lines
        }};
    }
    tables!(account availability_window conversation event event_stream goal industry meeting mentee_skill
        mentee_soft_skill mentee_topic mentor_skill mentor_soft_skill mentor_topic mentorship message milestone note
        notification onboarding_step seniority_level session setting skill soft_skill suggestion topic user
        user_industry user_language verification_token idempotency_key)
}

async fn rows<E: EntityTrait>(db: &DatabaseConnection, table: &str) -> Vec<String>
where
    E::Model: std::fmt::Debug,
{
    let rows = E::find().all(db).await.unwrap();
    let mut lines: Vec<_> = rows.iter().map(|row| format!("{table} {row:?}")).collect();
    lines.sort_unstable();
    lines
}
