use chrono::{DateTime, Utc};
use entity::message;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement, Value,
};
use uuid::Uuid;

use super::sql::{OF_CONVERSATION, OF_MENTORSHIP, STORE, Sql};
use crate::error::{Code, Error, Result};
use crate::events::Kind;

/// What holds messages: a mentorship, or a conversation.
#[derive(Clone, Copy, Debug)]
pub enum Thread {
    Mentorship(Uuid),
    Conversation(Uuid),
}

/// Where somebody stands in a thread of theirs.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Place {
    pub last_seq: i64,
    pub read_seq: i64,
    pub other_id: Uuid,
}

/// Whether somebody can write in a thread of theirs.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Standing {
    pub other_id: Uuid,
    is_open: bool,
    is_reachable: bool,
}

#[derive(FromQueryResult)]
struct Stored {
    notified: bool,
}

impl Place {
    /// Sending moves one's own marker, so whatever stands after it is the other's.
    pub fn unread(&self) -> i64 {
        self.last_seq - self.read_seq
    }
}

impl Standing {
    /// What the other's suspension, their leaving and a block by either are refused with is the same, so that it tells none.
    pub fn demand_writable(&self) -> Result<()> {
        if !self.is_open {
            return Err(Error::refused(Code::MentorshipClosed, "messages are sent while the mentorship is active"));
        }
        if self.is_reachable { Ok(()) } else { Err(Code::ThreadClosed.into()) }
    }
}

impl Thread {
    pub fn of(message: &message::Model) -> Option<Self> {
        let conversation = message.conversation_id.map(Self::Conversation);
        message.mentorship_id.map(Self::Mentorship).or(conversation)
    }

    pub fn id(self) -> Uuid {
        match self {
            Self::Mentorship(id) | Self::Conversation(id) => id,
        }
    }

    /// The mentorship and the conversation that its messages name.
    pub fn keys(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Mentorship(id) => (Some(id), None),
            Self::Conversation(id) => (None, Some(id)),
        }
    }

    /// What happened to a mentorship, or to a conversation.
    fn pick(self, mentorship: Kind, conversation: Kind) -> Kind {
        match self {
            Self::Mentorship(_) => mentorship,
            Self::Conversation(_) => conversation,
        }
    }

    pub fn sent(self) -> Kind {
        self.pick(Kind::MentorshipMessageSent, Kind::ConversationMessageSent)
    }

    pub fn edited(self) -> Kind {
        self.pick(Kind::MentorshipMessageEdited, Kind::ConversationMessageEdited)
    }

    pub fn deleted(self) -> Kind {
        self.pick(Kind::MentorshipMessageDeleted, Kind::ConversationMessageDeleted)
    }

    pub fn read(self) -> Kind {
        self.pick(Kind::MentorshipRead, Kind::ConversationRead)
    }

    pub fn holds(self) -> Condition {
        Condition::all().add(match self {
            Self::Mentorship(id) => message::Column::MentorshipId.eq(id),
            Self::Conversation(id) => message::Column::ConversationId.eq(id),
        })
    }

    fn sql(self) -> &'static Sql {
        match self {
            Self::Mentorship(_) => &OF_MENTORSHIP,
            Self::Conversation(_) => &OF_CONVERSATION,
        }
    }

    /// Locks the thread and counts one more message, which `me` has read; `None` where they may not send.
    pub async fn take_place(self, txn: &impl ConnectionTrait, me: Uuid, now: DateTime<Utc>) -> Result<Option<Place>> {
        self.ask(txn, &self.sql().take_place, me, vec![now.into()]).await
    }

    /// Locks the thread and moves the marker of `me` forward to `seq`; `None` where it stays.
    pub async fn move_marker(self, txn: &impl ConnectionTrait, me: Uuid, seq: i64) -> Result<Option<Place>> {
        self.ask(txn, &self.sql().move_marker, me, vec![seq.into()]).await
    }

    /// Where `me` stands; `None` for strangers.
    pub async fn place(self, db: &impl ConnectionTrait, me: Uuid) -> Result<Option<Place>> {
        self.ask(db, &self.sql().place, me, Vec::new()).await
    }

    /// Whether `me` can write; `None` for strangers.
    pub async fn standing(self, db: &impl ConnectionTrait, me: Uuid) -> Result<Option<Standing>> {
        self.ask(db, &self.sql().standing, me, Vec::new()).await
    }

    /// The same, with the thread locked as by whoever sends.
    pub async fn lock(self, txn: &DatabaseTransaction, me: Uuid) -> Result<Option<Standing>> {
        let lock = if txn.get_database_backend() == DbBackend::Sqlite { "" } else { " FOR NO KEY UPDATE" };
        self.ask(txn, &format!("{}{lock}", self.sql().standing), me, Vec::new()).await
    }

    /// Stores `row` and answers whether its sender has an unread notification of this thread; `None` where its client id is taken.
    pub async fn store(self, txn: &impl ConnectionTrait, row: &message::Model) -> Result<Option<bool>> {
        let values: [Value; 8] = [
            row.id.into(),
            row.mentorship_id.into(),
            row.conversation_id.into(),
            row.sender_id.into(),
            row.seq.into(),
            row.content.as_str().into(),
            row.client_id.into(),
            row.sent_at.into(),
        ];
        let statement = Statement::from_sql_and_values(txn.get_database_backend(), STORE, values);
        Ok(Stored::find_by_statement(statement).one(txn).await?.map(|stored| stored.notified))
    }

    /// At most `limit` messages strictly between two numbers; none for strangers.
    pub async fn messages(
        self,
        db: &impl ConnectionTrait,
        me: Uuid,
        ascending: bool,
        (after, before): (i64, i64),
        limit: u64,
    ) -> Result<Vec<message::Model>> {
        let sql = if ascending { &self.sql().oldest_first } else { &self.sql().newest_first };
        let statement = self.statement(db, sql, me, vec![after.into(), before.into(), limit.into()]);
        Ok(message::Model::find_by_statement(statement).all(db).await?)
    }

    async fn ask<T: FromQueryResult>(
        self,
        db: &impl ConnectionTrait,
        sql: &str,
        me: Uuid,
        more: Vec<Value>,
    ) -> Result<Option<T>> {
        Ok(T::find_by_statement(self.statement(db, sql, me, more)).one(db).await?)
    }

    fn statement(self, db: &impl ConnectionTrait, sql: &str, me: Uuid, more: Vec<Value>) -> Statement {
        let values = [self.id().into(), me.into()].into_iter().chain(more);
        Statement::from_sql_and_values(db.get_database_backend(), sql, values)
    }
}
