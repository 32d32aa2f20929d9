use sea_orm::ConnectionTrait;

use crate::database::{dump, each, number, seed};

#[tokio::test]
async fn the_same_number_gives_the_same_data_everywhere() {
    for scale in [None, Some(230)] {
        let mut dumps = Vec::new();
        for db in each().await.into_iter().chain(each().await) {
            seed(&db, 1, scale).await.unwrap();
            dumps.push(dump(&db).await);
        }
        let (first, others) = dumps.split_first().unwrap();
        for other in others {
            for (one, two) in first.iter().zip(other) {
                assert_eq!(one, two);
            }
            assert_eq!(first.len(), other.len());
        }
    }
}

#[tokio::test]
async fn another_number_gives_other_data_to_the_same_people() {
    let mut dumps = Vec::new();
    for number in [1, 2] {
        let db = each().await.swap_remove(0);
        seed(&db, number, None).await.unwrap();
        dumps.push(dump(&db).await);
    }
    let of = |table: &str, dump: &[String]| -> Vec<String> {
        dump.iter().filter(|line| line.starts_with(&format!("{table} "))).cloned().collect()
    };
    assert_ne!(of("message", &dumps[0]), of("message", &dumps[1]));
    for table in ["user", "mentorship", "goal", "note", "meeting", "suggestion"] {
        let ids = |dump| -> Vec<String> { of(table, dump).iter().map(|line| line[..60].to_owned()).collect() };
        assert_eq!(ids(&dumps[0]), ids(&dumps[1]), "{table}");
    }
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_says_so() {
    for db in each().await {
        assert!(seed(&db, 1, None).await.unwrap().created);
        let before = dump(&db).await;
        for (number, scale) in [(1, None), (2, Some(500))] {
            let report = seed(&db, number, scale).await.unwrap();
            assert!(!report.created);
            assert!(report.to_string().contains("nothing was changed"));
            assert_eq!(report.sign_ins.len(), 4);
        }
        assert_eq!(dump(&db).await, before);
    }
}

#[tokio::test]
async fn real_users_are_left_alone() {
    for db in each().await {
        db.execute_unprepared(
            "INSERT INTO users (id, name, email, role, status, notification_preferences, created_at, updated_at)
             VALUES ('018f0000-0000-7000-8000-000000000001', 'Ann', 'ann@example.com', 'OWNER', 'ACTIVE',
             '{\"kinds\": {}, \"digest\": \"OFF\", \"quietHours\": null}', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00')",
        )
        .await
        .unwrap();
        let refused = seed(&db, 1, None).await.unwrap_err();
        assert!(refused.to_string().contains("users who were not seeded"), "{refused}");
        assert_eq!(number(&db, "SELECT count(*) AS n FROM users").await, 1);
        assert_eq!(number(&db, "SELECT count(*) AS n FROM skills").await, 0);
    }
}

#[tokio::test]
async fn a_database_without_the_schema_is_refused() {
    let db = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
    let refused = seed(&db, 1, None).await.unwrap_err();
    assert!(refused.to_string().contains("migrate"), "{refused}");
}
