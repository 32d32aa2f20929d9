//! The hottest statements of the API, written for both databases. `$1` is the thread and `$2` who asks.

use std::sync::LazyLock;

use entity::block;
use sea_orm::{IdenStatic, Iterable};

pub struct Sql {
    pub take_place: String,
    pub move_marker: String,
    pub place: String,
    pub standing: String,
    pub oldest_first: String,
    pub newest_first: String,
}

/// What a mentorship and a conversation call the same things.
pub struct Names {
    pub table: &'static str,
    /// What a message calls its thread
    pub key: &'static str,
    pub one: &'static str,
    pub one_read: &'static str,
    pub other: &'static str,
    pub other_read: &'static str,
    /// The condition under which it takes messages
    pub open: &'static str,
    /// What else changes when a message is added
    moves: &'static str,
    /// When something happened in it last
    pub active_at: &'static str,
    /// What makes it a thread
    pub condition: &'static str,
}

pub const MENTORSHIP: Names = Names {
    table: "mentorships",
    key: "mentorship_id",
    one: "mentor_id",
    one_read: "mentor_read_seq",
    other: "mentee_id",
    other_read: "mentee_read_seq",
    open: "status = 'ACTIVE'",
    moves: "",
    active_at: "coalesce(last_message_at, start_date)",
    condition: "start_date IS NOT NULL",
};

/// A conversation's `updated_at` moves along, since that is what its list is ordered by.
pub const CONVERSATION: Names = Names {
    table: "conversations",
    key: "conversation_id",
    one: "user_a_id",
    one_read: "user_a_read_seq",
    other: "user_b_id",
    other_read: "user_b_read_seq",
    open: "TRUE",
    moves: ", updated_at = $3",
    active_at: "updated_at",
    condition: "TRUE",
};

pub static OF_MENTORSHIP: LazyLock<Sql> = LazyLock::new(|| Sql::new(&MENTORSHIP));
pub static OF_CONVERSATION: LazyLock<Sql> = LazyLock::new(|| Sql::new(&CONVERSATION));

/// A statement of its own: one that had to wait for the thread's lock would not see what was committed meanwhile.
pub const STORE: &str = "\
    INSERT INTO messages (id, mentorship_id, conversation_id, sender_id, seq, content, client_id, sent_at, is_searchable) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE) ON CONFLICT DO NOTHING \
    RETURNING EXISTS (SELECT 1 FROM notifications n WHERE n.user_id = $4 AND n.subject_id = coalesce($2, $3) \
        AND n.kind = 'MESSAGE_NEW' AND n.read_at IS NULL) AS notified";

impl Sql {
    fn new(names: &Names) -> Self {
        let Names { table, one, one_read, other, other_read, open, moves, .. } = names;
        let (place, reachable) = (names.place(), names.reachable());
        let mine = format!("id = $1 AND $2 IN ({one}, {other})");
        Self {
            take_place: format!(
                "UPDATE {table} SET last_message_seq = last_message_seq + 1, last_message_at = $3{moves}, \
                    {one_read} = CASE WHEN {one} = $2 THEN last_message_seq + 1 ELSE {one_read} END, \
                    {other_read} = CASE WHEN {other} = $2 THEN last_message_seq + 1 ELSE {other_read} END \
                 WHERE {mine} AND {open} AND {reachable} RETURNING {place}"
            ),
            move_marker: format!(
                "UPDATE {table} SET {one_read} = CASE WHEN {one} = $2 THEN $3 ELSE {one_read} END, \
                    {other_read} = CASE WHEN {other} = $2 THEN $3 ELSE {other_read} END \
                 WHERE id = $1 AND $3 <= last_message_seq \
                    AND ({one} = $2 AND {one_read} < $3 OR {other} = $2 AND {other_read} < $3) RETURNING {place}"
            ),
            place: format!("SELECT {place} FROM {table} WHERE {mine}"),
            standing: format!(
                "SELECT {place}, {open} AS is_open, {reachable} AS is_reachable FROM {table} WHERE {mine}"
            ),
            oldest_first: names.messages("ASC"),
            newest_first: names.messages("DESC"),
        }
    }
}

impl Names {
    fn place(&self) -> String {
        let Self { one, one_read, other_read, .. } = self;
        format!(
            "last_message_seq AS last_seq, CASE WHEN {one} = $2 THEN {one_read} ELSE {other_read} END AS read_seq, \
             {} AS other_id",
            self.theirs()
        )
    }

    fn theirs(&self) -> String {
        let Self { one, other, .. } = self;
        format!("CASE WHEN {one} = $2 THEN {other} ELSE {one} END")
    }

    /// The other is an active member, and neither blocks the other.
    fn reachable(&self) -> String {
        let Self { table, one, other, .. } = self;
        let is_active =
            format!("EXISTS (SELECT 1 FROM users u WHERE u.id = {} AND u.status = 'ACTIVE')", self.theirs());
        let unblocked = block::none_between_sql(&format!("{table}.{one}"), &format!("{table}.{other}"));
        format!("{is_active} AND {unblocked}")
    }

    /// Between two numbers; none for strangers.
    fn messages(&self, order: &str) -> String {
        let Self { table, key, one, other, .. } = self;
        format!(
            "SELECT {} FROM messages m WHERE {key} = $1 AND seq > $3 AND seq < $4 \
             AND EXISTS (SELECT 1 FROM {table} t WHERE t.id = $1 AND $2 IN (t.{one}, t.{other})) \
             ORDER BY seq {order} LIMIT $5",
            columns("")
        )
    }
}

/// The columns of a message `m`, named with `prefix`.
pub fn columns(prefix: &str) -> String {
    let all = entity::message::Column::iter().map(|column| format!("m.{0} AS {prefix}{0}", column.as_str()));
    all.collect::<Vec<_>>().join(", ")
}
