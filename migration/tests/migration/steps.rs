use migration::{Migrator, MigratorTrait, migrate_down, migrate_up, pending};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::database::{dump, each};
use crate::rows;

#[tokio::test]
async fn up_down_up_gives_the_same_schema() {
    for fresh in each().await {
        let db = fresh.connect().await;
        assert!(pending(&db).await.unwrap());
        migrate_up(&db).await.unwrap();
        assert!(!pending(&db).await.unwrap());
        let first = dump(&db).await;
        assert!(first.len() > 60, "{first:#?}");
        migrate_down(&db, None).await.unwrap();
        assert!(pending(&db).await.unwrap());
        migrate_up(&db).await.unwrap();
        assert_eq!(dump(&db).await, first);
    }
}

#[tokio::test]
async fn nothing_is_left_when_all_is_taken_back() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        migrate_down(&db, None).await.unwrap();
        let left = dump(&db).await;
        assert!(left.iter().all(|line| line.contains("seaql_migrations")), "{left:#?}");
    }
}

#[tokio::test]
async fn a_filled_database_goes_down_and_up_step_by_step() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        rows::fill(&db).await;
        let full = dump(&db).await;
        for _ in Migrator::migrations() {
            migrate_down(&db, Some(1)).await.unwrap();
        }
        migrate_up(&db).await.unwrap();
        assert_eq!(dump(&db).await, full);
        rows::fill(&db).await;
    }
}

/// The steps back to the one of this name, it included.
fn back_to(name: &str) -> u32 {
    let later = Migrator::migrations().iter().rev().position(|step| step.name().ends_with(name)).unwrap();
    u32::try_from(later + 1).unwrap()
}

/// The last steps are taken back and done again; what the other steps hold stays.
#[tokio::test]
async fn steps_back_lose_their_own_rows_only() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        rows::fill(&db).await;
        assert_ne!(count(&db, "index_snapshots").await, 0);
        migrate_down(&db, Some(back_to("create_index_snapshots"))).await.unwrap();
        migrate_up(&db).await.unwrap();
        assert_eq!(count(&db, "index_snapshots").await, 0);
        for (table, rows) in [("users", 3), ("mails", 1), ("messages", 2)] {
            assert_eq!(count(&db, table).await, rows, "{table}");
        }
    }
}

/// On SQLite the table of notifications is made anew, which deliveries go with where nothing is done for them.
#[tokio::test]
async fn notifications_made_anew_keep_their_deliveries() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        rows::fill(&db).await;
        let before = (count(&db, "notifications").await, count(&db, "deliveries").await);
        assert_ne!(before.1, 0);
        migrate_down(&db, Some(back_to("add_issue_notifications"))).await.unwrap();
        migrate_up(&db).await.unwrap();
        assert_eq!((count(&db, "notifications").await, count(&db, "deliveries").await), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_that_start_at_once_all_become_ready() {
    for fresh in each().await {
        for _ in 0..3 {
            let mut nodes = Vec::new();
            for _ in 0..5 {
                let db = fresh.connect().await;
                nodes.push(tokio::spawn(async move {
                    migrate_up(&db).await.unwrap();
                    assert!(!pending(&db).await.unwrap());
                }));
            }
            for node in nodes {
                node.await.unwrap();
            }
            let db = fresh.connect().await;
            assert_eq!(count(&db, "seaql_migrations").await, Migrator::migrations().len() as i64);
            migrate_down(&db, None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_run_that_fails_half_way_leaves_nothing_and_the_next_one_finishes() {
    for fresh in each().await {
        let db = fresh.connect().await;
        db.execute_unprepared("CREATE TABLE meetings (in_the_way integer)").await.unwrap();
        assert!(migrate_up(&db).await.is_err());
        assert!(pending(&db).await.unwrap());
        let left = dump(&db).await;
        assert!(left.iter().all(|line| line.contains("meetings")), "{left:#?}");
        db.execute_unprepared("DROP TABLE meetings").await.unwrap();
        migrate_up(&db).await.unwrap();
        assert!(!pending(&db).await.unwrap());
    }
}

#[tokio::test]
async fn a_node_of_an_older_release_is_ready_on_a_newer_schema() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_newer', 0)";
        db.execute_unprepared(newer).await.unwrap();
        assert!(!pending(&db).await.unwrap());
        migrate_up(&db).await.unwrap();
    }
}

async fn count(db: &DatabaseConnection, table: &str) -> i64 {
    let backend: DbBackend = db.get_database_backend();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let row = db.query_one_raw(Statement::from_string(backend, sql)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}
