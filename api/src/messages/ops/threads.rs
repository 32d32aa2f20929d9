use chrono::{DateTime, Utc};
use entity::{block, message};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::sql::{CONVERSATION, MENTORSHIP, Names, columns};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::{Listing, PageRequest};
use crate::messages::wire::ThreadFilter;
use crate::people::{self, Person, SENIORITY};
use crate::sql::Sql;
use crate::state::AppState;

/// A thread of the caller's, as its list shows it.
#[derive(FromQueryResult)]
pub struct Summary {
    pub id: Uuid,
    pub is_mentorship: bool,
    pub last_seq: i64,
    pub read_seq: i64,
    pub active_at: DateTime<Utc>,
    pub can_write: bool,
    #[sea_orm(nested(prefix = "other_"))]
    pub other: Person,
    #[sea_orm(nested(prefix = "message_"))]
    pub last: Option<message::Model>,
}

/// Mentorships that have started, and conversations: the latest activity first. It costs as much as one has mentorships, and a
/// page of conversations, however many messages these hold.
pub async fn list(
    state: &AppState,
    me: &Caller<Member>,
    filter: &ThreadFilter,
    page: &PageRequest,
) -> Result<Listing<Summary>> {
    let mut sql = Sql::default();
    let caller = sql.bind(me.id());
    let after = match page.after::<(DateTime<Utc>, Uuid)>()? {
        Some((at, id)) => format!("(active_at, id) < ({}, {})", sql.bind(at), sql.bind(id)),
        None => "TRUE".to_owned(),
    };
    let unread = match filter.unread {
        Some(true) => "last_seq > read_seq",
        Some(false) => "last_seq = read_seq",
        None => "TRUE",
    };
    let page_of = |each: &str| {
        format!(
            "SELECT * FROM ({each}) own WHERE {after} AND {unread} ORDER BY active_at DESC, id DESC LIMIT {}",
            page.fetch()
        )
    };
    sql.text = statement(&caller, page_of);
    let rows: Vec<Summary> = sql.all(state.read()).await?;
    page.listing(rows, |row| (row.active_at, row.id))
}

fn statement(caller: &str, page_of: impl Fn(&str) -> String) -> String {
    // A page of each side by its index; mentorships are few.
    let conversations =
        [0, 1].map(|side| format!("SELECT * FROM ({}) side_{side}", page_of(&own(&CONVERSATION, side, caller))));
    let mentorships = [0, 1].map(|side| own(&MENTORSHIP, side, caller));
    let all = page_of(&[mentorships, conversations].concat().join(" UNION ALL "));
    let last = |names: &Names| format!("SELECT id FROM messages WHERE {} = t.id AND seq = t.last_seq", names.key);
    format!(
        "SELECT t.id, t.is_mentorship, t.last_seq, t.read_seq, t.active_at, \
            (t.is_open AND u.status = 'ACTIVE' AND {}) AS can_write, {}, {} \
         FROM ({all}) t JOIN users u ON u.id = t.other_id {SENIORITY} \
            LEFT JOIN messages m ON m.id = CASE WHEN t.is_mentorship THEN ({}) ELSE ({}) END \
         ORDER BY t.active_at DESC, t.id DESC",
        block::none_between_sql(caller, "t.other_id"),
        people::columns("other_"),
        columns("message_"),
        last(&MENTORSHIP),
        last(&CONVERSATION),
    )
}

/// The threads in which the caller is the one, or the other.
fn own(names: &Names, side: usize, caller: &str) -> String {
    let Names { table, open, active_at, condition, .. } = names;
    let ids = [names.one, names.other];
    format!(
        "SELECT id, {} AS is_mentorship, {} AS other_id, last_message_seq AS last_seq, {} AS read_seq, \
            {active_at} AS active_at, {open} AS is_open FROM {table} WHERE {} = {caller} AND {condition}",
        if names.table == MENTORSHIP.table { "TRUE" } else { "FALSE" },
        ids[1 - side],
        [names.one_read, names.other_read][side],
        ids[side],
    )
}
