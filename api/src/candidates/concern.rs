use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::events::Kind;
use crate::events::log::Entry;
use crate::sql::Sql;

/// Whose rows of the index entries of the log may have changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    pub users: BTreeSet<Uuid>,
    /// And anybody's besides
    pub everybody: bool,
}

/// Tables that say something of a mentor's seats, by what they are found, and the streams of their entries.
const MENTORS: [(&str, &str, &str); 3] = [
    ("mentorships", "id", "mentorship"),
    ("suggestions", "id", "suggestion"),
    ("seat_prices", "round_id", "seat_prices"),
];

#[derive(FromQueryResult)]
struct MentorRow {
    mentor_id: Uuid,
}

/// Whom the entries concern.
pub async fn of(db: &impl ConnectionTrait, entries: &[Entry]) -> Result<Concerned> {
    let everybody = entries.iter().any(|entry| concerns_everybody(entry.kind));
    let about = |stream: &str| -> BTreeSet<Uuid> {
        entries.iter().filter(|entry| entry.kind.stream() == stream).map(|entry| entry.subject).collect()
    };
    let mut users = about("user");
    for (table, key, stream) in MENTORS {
        users.extend(mentors_of(db, table, key, about(stream)).await?);
    }
    Ok(Concerned { users, everybody })
}

/// Whether everybody is to be read anew.
pub fn concerns_everybody(kind: Kind) -> bool {
    matches!(kind, Kind::TermAdded | Kind::TermChanged | Kind::MatchingPolicyChanged)
}

/// Whether an entry can concern anybody: most are about messages, meetings, sessions.
pub fn may_concern(kind: Kind) -> bool {
    match kind {
        Kind::MentorshipMessageSent | Kind::MentorshipMessageEdited | Kind::MentorshipMessageDeleted => false,
        Kind::MentorshipRead | Kind::MentorshipRequested => false,
        _ => ["user", "mentorship", "suggestion", "seat_prices", "term", "matching_policy"].contains(&kind.stream()),
    }
}

async fn mentors_of(db: &impl ConnectionTrait, table: &str, key: &str, rows: BTreeSet<Uuid>) -> Result<Vec<Uuid>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.text = format!("SELECT DISTINCT mentor_id FROM {table} WHERE {key} IN ({})", sql.bind_all(rows));
    Ok(sql.all::<MentorRow>(db).await?.into_iter().map(|row| row.mentor_id).collect())
}
