use chrono::{DateTime, Utc};
use entity::message;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::error::Result;
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

/// The hottest statements of the API, written for both databases. `$1` is the thread and `$2` who asks.
struct Sql {
    take_place: &'static str,
    move_marker: &'static str,
    place: &'static str,
    oldest_first: &'static str,
    newest_first: &'static str,
}

macro_rules! place {
    ($one:literal, $one_read:literal, $other:literal, $other_read:literal) => {
        concat!(
            "last_message_seq AS last_seq, CASE WHEN ",
            $one,
            " = $2 THEN ",
            $one_read,
            " ELSE ",
            $other_read,
            " END AS read_seq, \
             CASE WHEN ",
            $one,
            " = $2 THEN ",
            $other,
            " ELSE ",
            $one,
            " END AS other_id"
        )
    };
}

/// A statement of its own: one that had to wait for the thread's lock would not see what was committed meanwhile.
const STORE: &str = "\
    INSERT INTO messages (id, mentorship_id, conversation_id, sender_id, seq, content, client_id, sent_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING \
    RETURNING EXISTS (SELECT 1 FROM notifications n WHERE n.user_id = $4 AND n.subject_id = coalesce($2, $3) \
        AND n.kind = 'MESSAGE_NEW' AND n.read_at IS NULL) AS notified";

macro_rules! messages {
    ($table:literal, $key:literal, $one:literal, $other:literal, $order:literal) => {
        concat!(
            "SELECT id, mentorship_id, conversation_id, sender_id, seq, content, client_id, sent_at, edited_at, deleted_at \
             FROM messages WHERE ", $key, " = $1 AND seq > $3 AND seq < $4 \
             AND EXISTS (SELECT 1 FROM ", $table, " t WHERE t.id = $1 AND $2 IN (t.", $one, ", t.", $other, ")) \
             ORDER BY seq ", $order, " LIMIT $5"
        )
    };
}

macro_rules! sql {
    ($table:literal, $key:literal, $open:literal, $moves:literal,
     $one:literal, $one_read:literal, $other:literal, $other_read:literal) => {
        Sql {
            take_place: concat!(
                "UPDATE ",
                $table,
                " SET last_message_seq = last_message_seq + 1, last_message_at = $3",
                $moves,
                ", ",
                $one_read,
                " = CASE WHEN ",
                $one,
                " = $2 THEN last_message_seq + 1 ELSE ",
                $one_read,
                " END, ",
                $other_read,
                " = CASE WHEN ",
                $other,
                " = $2 THEN last_message_seq + 1 ELSE ",
                $other_read,
                " END \
                 WHERE id = $1 AND $2 IN (",
                $one,
                ", ",
                $other,
                ")",
                $open,
                " RETURNING ",
                place!($one, $one_read, $other, $other_read)
            ),
            move_marker: concat!(
                "UPDATE ",
                $table,
                " SET ",
                $one_read,
                " = CASE WHEN ",
                $one,
                " = $2 THEN $3 ELSE ",
                $one_read,
                " END, ",
                $other_read,
                " = CASE WHEN ",
                $other,
                " = $2 THEN $3 ELSE ",
                $other_read,
                " END \
                 WHERE id = $1 AND $3 <= last_message_seq AND (",
                $one,
                " = $2 AND ",
                $one_read,
                " < $3 OR ",
                $other,
                " = $2 AND ",
                $other_read,
                " < $3) RETURNING ",
                place!($one, $one_read, $other, $other_read)
            ),
            place: concat!(
                "SELECT ",
                place!($one, $one_read, $other, $other_read),
                " FROM ",
                $table,
                " WHERE id = $1 AND $2 IN (",
                $one,
                ", ",
                $other,
                ")"
            ),
            oldest_first: messages!($table, $key, $one, $other, "ASC"),
            newest_first: messages!($table, $key, $one, $other, "DESC"),
        }
    };
}

const OF_MENTORSHIP: Sql = sql!(
    "mentorships",
    "mentorship_id",
    " AND status = 'ACTIVE'",
    "",
    "mentor_id",
    "mentor_read_seq",
    "mentee_id",
    "mentee_read_seq"
);

/// A conversation's `updated_at` moves along, since that is what its list is ordered by.
const OF_CONVERSATION: Sql = sql!(
    "conversations",
    "conversation_id",
    "",
    ", updated_at = $3",
    "user_a_id",
    "user_a_read_seq",
    "user_b_id",
    "user_b_read_seq"
);

impl Thread {
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

    pub fn sent(self) -> Kind {
        match self {
            Self::Mentorship(_) => Kind::MentorshipMessageSent,
            Self::Conversation(_) => Kind::ConversationMessageSent,
        }
    }

    pub fn read(self) -> Kind {
        match self {
            Self::Mentorship(_) => Kind::MentorshipRead,
            Self::Conversation(_) => Kind::ConversationRead,
        }
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
        self.ask(txn, self.sql().take_place, me, vec![now.into()]).await
    }

    /// Locks the thread and moves the marker of `me` forward to `seq`; `None` where it stays.
    pub async fn move_marker(self, txn: &impl ConnectionTrait, me: Uuid, seq: i64) -> Result<Option<Place>> {
        self.ask(txn, self.sql().move_marker, me, vec![seq.into()]).await
    }

    /// Where `me` stands; `None` for strangers.
    pub async fn place(self, db: &impl ConnectionTrait, me: Uuid) -> Result<Option<Place>> {
        self.ask(db, self.sql().place, me, Vec::new()).await
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
        let sql = if ascending { self.sql().oldest_first } else { self.sql().newest_first };
        let statement = self.statement(db, sql, me, vec![after.into(), before.into(), limit.into()]);
        Ok(message::Model::find_by_statement(statement).all(db).await?)
    }

    async fn ask(self, db: &impl ConnectionTrait, sql: &str, me: Uuid, more: Vec<Value>) -> Result<Option<Place>> {
        Ok(Place::find_by_statement(self.statement(db, sql, me, more)).one(db).await?)
    }

    fn statement(self, db: &impl ConnectionTrait, sql: &str, me: Uuid, more: Vec<Value>) -> Statement {
        let values = [self.id().into(), me.into()].into_iter().chain(more);
        Statement::from_sql_and_values(db.get_database_backend(), sql, values)
    }
}
