//! The dashboard in one statement. `$1` is the member, `$2` the time and `$3` when a meeting begins at the earliest.

use std::sync::LazyLock;

use entity::side::Side;
use entity::{meeting, mentorship, suggestion};
use sea_orm::{IdenStatic, Iterable};

use crate::meetings;
use crate::people::{self, SENIORITY};

const MENTORSHIPS: u64 = 20;
const NEXT_MEETINGS: u64 = 5;

/// How many columns [`counts`] has.
const COUNTS: usize = 3;

/// What is shown of a mentorship, besides the person; the last is what they are ordered by.
const OF_MENTORSHIP: [&str; 10] = [
    "id",
    "as_mentor",
    "origin",
    "status",
    "accepted_at",
    "unread_count",
    "last_message_at",
    "goals_open",
    "goals_achieved",
    "active_at",
];

/// The counts with each of the latest mentorships, or alone where there is none, and the meetings in rows of their own.
pub static WHOLE: LazyLock<String> = LazyLock::new(|| {
    let meeting = || meeting::Column::iter().map(|column| column.as_str().to_owned());
    let shown: String = meeting().map(|column| format!(", t.{column} AS meeting_{column}")).collect();
    let none: String = meeting().map(|column| format!(", NULL AS meeting_{column}")).collect();
    let others = vec!["NULL"; COUNTS + OF_MENTORSHIP.len() + people::COLUMNS].join(", ");
    let upcoming =
        meetings::ops::read::upcoming_sql("SELECT id FROM own WHERE status = 'ACTIVE'", "$2", "$3", NEXT_MEETINGS);
    format!(
        "WITH own AS ({} UNION ALL {}), open AS ({}), counts AS ({}), latest AS ({}), upcoming AS ({upcoming}) \
        SELECT c.*, {}, {}{none} \
            FROM counts c LEFT JOIN latest m ON TRUE LEFT JOIN users u ON u.id = m.other_id {SENIORITY} \
        UNION ALL SELECT {others}{shown} FROM upcoming t \
        ORDER BY active_at DESC, id DESC, meeting_scheduled_at, meeting_id",
        own(Side::Mentor),
        own(Side::Mentee),
        open(),
        counts(),
        latest(),
        OF_MENTORSHIP.map(|column| format!("m.{column} AS {column}")).join(", "),
        people::columns("other_"),
    )
});

fn own(side: Side) -> String {
    let (mine, theirs, as_mentor) = side.pick(("mentor", "mentee", "TRUE"), ("mentee", "mentor", "FALSE"));
    format!(
        "SELECT id, {as_mentor} AS as_mentor, {theirs}_id AS other_id, origin, status, accepted_at, expires_at, \
            last_message_seq - {mine}_read_seq AS unread_count, last_message_at, \
            coalesce(last_message_at, created_at) AS active_at FROM mentorships WHERE {mine}_id = $1"
    )
}

fn open() -> String {
    format!("SELECT * FROM own AS mentorships WHERE {}", mentorship::standing_sql("$2"))
}

fn latest() -> String {
    let goals =
        |status| format!("(SELECT count(*) FROM goals g WHERE g.mentorship_id = open.id AND g.status = '{status}')");
    format!(
        "SELECT *, {} AS goals_open, {} AS goals_achieved FROM open ORDER BY active_at DESC, id DESC LIMIT {MENTORSHIPS}",
        goals("OPEN"),
        goals("ACHIEVED")
    )
}

/// A suggestion waits for the member's answer whatever the other said.
fn counts() -> String {
    let waiting = |side: Side| {
        let (mine, theirs) = side.pick(("mentor", "mentee"), ("mentee", "mentor"));
        let standing = suggestion::standing_sql(side, "$1", "$2", "SELECT other_id FROM open");
        format!(
            "(SELECT count(*) FROM suggestions s JOIN users u ON u.id = s.{theirs}_id \
                WHERE s.{mine}_response = 'PENDING' AND {standing})"
        )
    };
    let unread = |of| {
        format!("(SELECT coalesce(sum(last_message_seq - {of}_read_seq), 0) FROM conversations WHERE {of}_id = $1)")
    };
    format!(
        "SELECT {} + {} AS open_suggestions, \
            CAST((SELECT coalesce(sum(unread_count), 0) FROM own) + {} + {} AS bigint) AS unread_messages, \
            (SELECT count(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL) AS unread_notifications",
        waiting(Side::Mentor),
        waiting(Side::Mentee),
        unread("user_a"),
        unread("user_b")
    )
}
