use std::sync::LazyLock;

use entity::suggestion::{self, Status};
use entity::user;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement};
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::{Code, Result};
use crate::people::{self, Person, PersonOut, SENIORITY};

/// A suggestion with the other side of who asks; with the mentee where they are no side of it.
#[derive(FromQueryResult)]
pub struct Found {
    #[sea_orm(nested)]
    pub row: suggestion::Model,
    #[sea_orm(nested(prefix = "other_"))]
    other: Person,
    other_status: user::Status,
}

/// `$1` is the suggestion and `$2` who asks.
static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT s.*, {}, u.status AS other_status FROM suggestions s \
         JOIN users u ON u.id = CASE WHEN s.mentee_id = $2 THEN s.mentor_id ELSE s.mentee_id END {SENIORITY} WHERE s.id = $1",
        people::columns("other_")
    )
});

/// SQLite needs none: whoever writes there is alone.
static LOCK: LazyLock<String> = LazyLock::new(|| format!("{} FOR NO KEY UPDATE OF s", *FIND));

impl Found {
    pub async fn read(db: &impl ConnectionTrait, me: Uuid, id: Uuid) -> Result<Option<Self>> {
        Self::ask(db, &FIND, me, id).await
    }

    /// The same, locked until the transaction ends.
    pub async fn lock(txn: &DatabaseTransaction, me: Uuid, id: Uuid) -> Result<Option<Self>> {
        let sql = if txn.get_database_backend() == DbBackend::Sqlite { &FIND } else { &LOCK };
        Self::ask(txn, sql, me, id).await
    }

    async fn ask(db: &impl ConnectionTrait, sql: &str, me: Uuid, id: Uuid) -> Result<Option<Self>> {
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id.into(), me.into()]);
        Ok(Self::find_by_statement(statement).one(db).await?)
    }

    /// Whom the suggestion shows to `me`; nobody where they are no side of it. Somebody suspended is not there for members,
    /// until they are back.
    pub fn person_shown_to(&self, me: &Caller<Member>) -> Result<Option<PersonOut>> {
        if self.row.side_of(me.id()).is_none() {
            return Ok(None);
        }
        let shown = self.other_status == user::Status::Active || self.row.status == Status::Accepted || me.is_staff();
        if shown { Ok(Some(self.other.clone().into())) } else { Err(Code::NotFound.into()) }
    }
}
