//! A database of its own for each test, on SQLite and, where `TEST_POSTGRES_URL` names a server, on PostgreSQL.

use std::path::PathBuf;

use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;

pub struct Fresh {
    pub url: String,
    file: Option<PathBuf>,
}

/// One empty database of each kind that can be had here.
pub async fn each() -> Vec<Fresh> {
    let mut all = vec![sqlite()];
    if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
        all.push(postgres(&server).await);
    }
    all
}

fn sqlite() -> Fresh {
    let file = std::env::temp_dir().join(format!("migration-{}.db", Uuid::now_v7()));
    Fresh { url: format!("sqlite://{}?mode=rwc", file.display()), file: Some(file) }
}

async fn postgres(server: &str) -> Fresh {
    let name = format!("migration_{}", Uuid::now_v7().simple());
    let (base, options) = server.split_once('?').map_or((server, String::new()), |(b, o)| (b, format!("?{o}")));
    let (root, _) = base.rsplit_once('/').expect("a server's URL ends in /<database>");
    let db = Database::connect(server).await.unwrap();
    db.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    Fresh { url: format!("{root}/{name}{options}"), file: None }
}

impl Fresh {
    pub fn is_sqlite(&self) -> bool {
        self.file.is_some()
    }

    pub async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await.unwrap()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let Some(file) = &self.file else { return };
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }
}

/// Everything the database says of its own schema, as lines.
pub async fn dump(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => POSTGRES_DUMP,
        _ => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema ORDER BY line",
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "line").unwrap()).collect()
}

const POSTGRES_DUMP: &str = "
SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, is_nullable, column_default,
    generation_expression) AS line FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY line";
