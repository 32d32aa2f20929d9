use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, QueryResult, Statement, Value};

use crate::error::Result;

/// A hand-written statement and its values.
#[derive(Default)]
pub struct Sql {
    pub text: String,
    values: Vec<Value>,
}

impl Sql {
    /// The placeholder of a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    pub fn bind_all<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> String {
        values.into_iter().map(|value| self.bind(value)).collect::<Vec<_>>().join(", ")
    }

    pub async fn execute(self, db: &impl ConnectionTrait) -> Result<()> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        db.execute_raw(statement).await?;
        Ok(())
    }

    pub async fn all<T: FromQueryResult>(self, db: &impl ConnectionTrait) -> Result<Vec<T>> {
        Ok(T::find_by_statement(self.statement(db)).all(db).await?)
    }

    /// Rows as they come, to be read by the places of their columns: where they are many.
    pub async fn rows(self, db: &impl ConnectionTrait) -> Result<Vec<QueryResult>> {
        Ok(db.query_all_raw(self.statement(db)).await?)
    }

    fn statement(self, db: &impl ConnectionTrait) -> Statement {
        Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values)
    }
}

/// Whoever locks the same word waits until `txn` ends. SQLite has one writer at a time anyway.
pub async fn lock_word(txn: &DatabaseTransaction, word: &str) -> Result<()> {
    if txn.get_database_backend() == DbBackend::Postgres {
        let (number, _) = blake3::hash(word.as_bytes())
            .as_bytes()
            .split_first_chunk()
            .map_or((0, ()), |(first, _)| (i64::from_be_bytes(*first), ()));
        let lock =
            Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [number.into()]);
        txn.execute_raw(lock).await?;
    }
    Ok(())
}
