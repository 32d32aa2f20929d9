//! One text for both databases. What the two spell differently stands in braces.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// SQLite's names are those sea-query gives these types, so that tools reading the schema understand it.
const WORDS: [(&str, &str, &str); 10] = [
    // in the text      PostgreSQL                                      SQLite
    ("{id}", "id uuid NOT NULL PRIMARY KEY", "id uuid_text NOT NULL PRIMARY KEY"),
    ("{uuid}", "uuid", "uuid_text"),
    ("{instant}", "timestamp with time zone", "timestamp_with_timezone_text"),
    ("{date}", "date", "date_text"),
    ("{json}", "jsonb", "jsonb_text"),
    ("{bytes}", "bytea", "blob"),
    // Only ASCII letters fold, on both.
    ("{ascii}", r#"COLLATE "C""#, ""),
    // Of two values.
    ("{least}", "least", "min"),
    ("{greatest}", "greatest", "max"),
    ("{now}", "date_trunc('milliseconds', now())", "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"),
];

pub(crate) async fn run(manager: &SchemaManager<'_>, text: &str) -> Result<(), DbErr> {
    let sql = spell(text, manager.get_database_backend());
    manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
}

/// Drops tables in the order given: those that refer first.
pub(crate) async fn drop(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        run(manager, &format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}

fn spell(text: &str, backend: DbBackend) -> String {
    WORDS.iter().fold(text.to_owned(), |sql, (word, postgres, sqlite)| {
        sql.replace(word, if backend == DbBackend::Postgres { postgres } else { sqlite })
    })
}
