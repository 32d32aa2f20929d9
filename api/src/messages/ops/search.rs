use entity::message;
use entity::words::{Word, words};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::sql::columns;
use super::words::found_by;
use crate::auth::{Caller, Member};
use crate::error::{Error, Result};
use crate::http::{Listing, PageRequest};
use crate::messages::excerpt::{Piece, excerpt};
use crate::messages::wire::SearchFilter;
use crate::sql::Sql;
use crate::state::AppState;

/// Of more words that are sought only so many count.
const MOST_WORDS: usize = 20;

/// A message that was found, and the part of it that shows why.
pub struct Hit {
    pub message: message::Model,
    pub excerpt: Vec<Piece>,
}

/// The messages of the caller's threads in which each word begins a word of the message, newest first.
pub async fn search(
    state: &AppState,
    me: &Caller<Member>,
    filter: &SearchFilter,
    page: &PageRequest,
) -> Result<Listing<Hit>> {
    let _place = state.searches.begin()?;
    let mut sought = words(&filter.q);
    sought.truncate(MOST_WORDS);
    if sought.is_empty() {
        return Err(Error::invalid("/q", "no_words", "letters or digits are needed to search by"));
    }
    let sql = statement(state.read(), me.id(), filter, &sought, page)?;
    let rows: Vec<message::Model> = sql.all(state.read()).await?;
    let hit = |message: message::Model| Hit { excerpt: excerpt(&message.content, &sought), message };
    Ok(page.listing(rows, |row| row.id)?.map(hit))
}

/// What the index finds comes first, as much as one's own messages at most: it is never sought along all messages.
fn statement(
    db: &impl ConnectionTrait,
    me: Uuid,
    filter: &SearchFilter,
    sought: &[Word],
    page: &PageRequest,
) -> Result<Sql> {
    let mut sql = Sql::default();
    let found = found_by(db.get_database_backend(), &mut sql, me, sought);
    let participant = sql.bind(me);
    let of = |sql: &mut Sql, column: &str, id: Option<Uuid>| {
        id.map(|id| format!("AND m.{column} = {}", sql.bind(id))).unwrap_or_default()
    };
    let mentorship = of(&mut sql, "mentorship_id", filter.mentorship_id);
    let conversation = of(&mut sql, "conversation_id", filter.conversation_id);
    let after = page.after::<Uuid>()?.map(|id| format!("AND f.message_id < {}", sql.bind(id))).unwrap_or_default();
    sql.text = format!(
        "WITH found AS MATERIALIZED (SELECT message_id FROM message_words WHERE {found}) \
         SELECT {} FROM found f JOIN messages m ON m.id = f.message_id \
            LEFT JOIN mentorships p ON p.id = m.mentorship_id LEFT JOIN conversations c ON c.id = m.conversation_id \
         WHERE m.deleted_at IS NULL AND {participant} IN (p.mentor_id, p.mentee_id, c.user_a_id, c.user_b_id) \
            {mentorship} {conversation} {after} ORDER BY f.message_id DESC LIMIT {}",
        columns(""),
        page.fetch()
    );
    Ok(sql)
}
