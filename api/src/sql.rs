use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

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
        let statement = Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values);
        Ok(T::find_by_statement(statement).all(db).await?)
    }
}
