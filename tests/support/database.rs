use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::{ConnectOptions, ConnectionTrait, Database as Server, DatabaseConnection};
use tokio::sync::OnceCell;

use crate::app::{config, connect};

/// A database for one test: a file of its own on SQLite, or on PostgreSQL a copy of a template, where `DATABASE=postgres`
/// and `TEST_POSTGRES_URL` names a server on which databases may be created (`scripts/postgres.sh start` makes one).
pub struct Database {
    pub url: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server { name: String },
}

/// What a new database starts from, made once in a process.
enum Template {
    File(Vec<u8>),
    Server { name: String },
}

static EMPTY: OnceCell<Template> = OnceCell::const_new();
static SEEDED: OnceCell<Template> = OnceCell::const_new();
static ROOT: OnceCell<DatabaseConnection> = OnceCell::const_new();

impl Database {
    /// Migrated and without rows.
    pub async fn empty() -> Self {
        Self::copy(EMPTY.get_or_init(|| Template::make(false)).await).await
    }

    /// With the demonstration data.
    pub async fn seeded() -> Self {
        Self::copy(SEEDED.get_or_init(|| Template::make(true)).await).await
    }

    async fn copy(template: &Template) -> Self {
        match template {
            Template::File(bytes) => Self::in_folder(Some(bytes)),
            Template::Server { name } => Self::on_server(Some(name)).await,
        }
    }

    /// Without a schema.
    pub async fn blank() -> Self {
        if is_postgres() { Self::on_server(None).await } else { Self::in_folder(None) }
    }

    fn in_folder(content: Option<&[u8]>) -> Self {
        let folder = env::temp_dir().join(unique());
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("test.db");
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        Self { url: format!("sqlite://{}", file.display()), place: Place::Folder(folder) }
    }

    async fn on_server(template: Option<&str>) -> Self {
        let name = unique();
        let template = template.map(|name| format!(" TEMPLATE {name}")).unwrap_or_default();
        root().await.execute_unprepared(&format!("CREATE DATABASE {name}{template}")).await.unwrap();
        Self { url: on_database(&server_url(), &name), place: Place::Server { name } }
    }

    pub async fn discard(self) {
        match self.place {
            Place::Folder(folder) => fs::remove_dir_all(folder).unwrap(),
            Place::Server { name } => {
                root().await.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
            }
        }
    }
}

impl Template {
    async fn make(seeded: bool) -> Self {
        let database = Database::blank().await;
        let db = connect(&config(&database.url)).await;
        migration::migrate_up(db.writer()).await.unwrap();
        if seeded {
            let options = seeder::Options { seed: 1, scale: None, bare: false, progress: false };
            seeder::seed(db.writer(), options).await.unwrap();
        }
        db.reader().close_by_ref().await.unwrap();
        db.writer().close_by_ref().await.unwrap();
        match database.place {
            Place::Server { name } => Self::Server { name },
            Place::Folder(folder) => {
                let bytes = fs::read(folder.join("test.db")).unwrap();
                fs::remove_dir_all(folder).unwrap();
                Self::File(bytes)
            }
        }
    }
}

/// Which of the two databases this run is about.
pub fn is_postgres() -> bool {
    match env::var("DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("DATABASE={other}: it is sqlite or postgres"),
    }
}

fn server_url() -> String {
    env::var("TEST_POSTGRES_URL").expect(
        "DATABASE=postgres needs TEST_POSTGRES_URL, a server on which databases may be created: \
         `export TEST_POSTGRES_URL=$(scripts/postgres.sh start)` makes one",
    )
}

async fn root() -> &'static DatabaseConnection {
    let connect = || async {
        let mut options = ConnectOptions::new(server_url());
        options.max_connections(4).sqlx_logging(false);
        Server::connect(options).await.expect("TEST_POSTGRES_URL names a server that answers")
    };
    ROOT.get_or_init(connect).await
}

/// The URL of another database on the server of `url`.
pub fn on_database(url: &str, name: &str) -> String {
    let (base, options) = url.split_at(url.find('?').unwrap_or(url.len()));
    let (base, _) = base.rsplit_once('/').expect("a server's URL ends in /DATABASE");
    format!("{base}/{name}{options}")
}

fn unique() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("mentorship_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
