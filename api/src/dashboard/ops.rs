use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::{mentorship, suggestion};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::wire::DashboardOut;
use crate::auth::{Caller, Member};
use crate::error::{Error, Result};
use crate::meetings;
use crate::people::Person;
use crate::state::AppState;

#[derive(FromQueryResult)]
pub struct Counts {
    pub open_suggestions: i64,
    pub unread_messages: i64,
    pub unread_notifications: i64,
}

#[derive(FromQueryResult)]
pub struct MentorshipRow {
    pub id: Uuid,
    pub as_mentor: bool,
    pub origin: mentorship::Origin,
    pub status: mentorship::Status,
    pub accepted_at: Option<DateTime<Utc>>,
    pub unread_count: i64,
    pub last_message_at: Option<DateTime<Utc>>,
    pub goals_open: i64,
    pub goals_achieved: i64,
    #[sea_orm(nested(prefix = "other_"))]
    pub other: Person,
}

/// `$1` is the member and `$2` the time. A suggestion waits for the member's answer whatever the other said.
fn counts() -> String {
    let waiting = |side: Side| {
        let (mine, theirs) = side.pick(("mentor", "mentee"), ("mentee", "mentor"));
        let standing = suggestion::standing_sql(side, "$1", "$2");
        format!(
            "(SELECT count(*) FROM suggestions s JOIN users u ON u.id = s.{theirs}_id \
                WHERE s.{mine}_response = 'PENDING' AND {standing})"
        )
    };
    format!(
        "SELECT {} + {} AS open_suggestions, \
            CAST( \
                (SELECT coalesce(sum(last_message_seq - mentor_read_seq), 0) FROM mentorships WHERE mentor_id = $1) \
                + (SELECT coalesce(sum(last_message_seq - mentee_read_seq), 0) FROM mentorships WHERE mentee_id = $1) \
                + (SELECT coalesce(sum(last_message_seq - user_a_read_seq), 0) FROM conversations WHERE user_a_id = $1) \
                + (SELECT coalesce(sum(last_message_seq - user_b_read_seq), 0) FROM conversations WHERE user_b_id = $1) \
                AS bigint) AS unread_messages, \
            (SELECT count(*) FROM notifications WHERE user_id = $1 AND read_at IS NULL) AS unread_notifications",
        waiting(Side::Mentor),
        waiting(Side::Mentee)
    )
}

/// The counts and the latest mentorships in one statement: where there is none, a row with the counts alone.
static COUNTS_AND_MENTORSHIPS: LazyLock<String> = LazyLock::new(|| {
    let (counts, standing) = (counts(), mentorship::standing_sql("$2"));
    format!(
        "WITH counts AS ({counts}), mine AS ( \
            SELECT id, TRUE AS as_mentor, mentee_id AS other_id, last_message_seq - mentor_read_seq AS unread_count, \
                origin, status, accepted_at, last_message_at, created_at FROM mentorships WHERE mentor_id = $1 AND {standing} \
            UNION ALL \
            SELECT id, FALSE AS as_mentor, mentor_id AS other_id, last_message_seq - mentee_read_seq AS unread_count, \
                origin, status, accepted_at, last_message_at, created_at FROM mentorships WHERE mentee_id = $1 AND {standing} \
        ), latest AS ( \
            SELECT * FROM mine ORDER BY coalesce(last_message_at, created_at) DESC, id DESC LIMIT 20 \
        ) \
        SELECT c.*, m.id, m.as_mentor, m.origin, m.status, m.accepted_at, m.unread_count, m.last_message_at, \
            (SELECT count(*) FROM goals g WHERE g.mentorship_id = m.id AND g.status = 'OPEN') AS goals_open, \
            (SELECT count(*) FROM goals g WHERE g.mentorship_id = m.id AND g.status = 'ACHIEVED') AS goals_achieved, \
            u.id AS other_id, u.name AS other_name, u.title AS other_title, u.image AS other_image, \
            s.id AS other_seniority_id, s.slug AS other_seniority_slug, s.name AS other_seniority_name \
        FROM counts c LEFT JOIN latest m ON TRUE \
            LEFT JOIN users u ON u.id = m.other_id LEFT JOIN seniority_levels s ON s.id = u.seniority_level_id \
        ORDER BY coalesce(m.last_message_at, m.created_at) DESC, m.id DESC"
    )
});

const NEXT_MEETINGS: u64 = 5;

pub(super) async fn get(state: &AppState, me: &Caller<Member>) -> Result<DashboardOut> {
    let now = state.clock.now();
    let db = state.read();
    let values: [Value; 2] = [me.id().into(), now.into()];
    let ask = Statement::from_sql_and_values(db.get_database_backend(), COUNTS_AND_MENTORSHIPS.as_str(), values);
    let rows = db.query_all_raw(ask).await?;
    let first = rows.first().ok_or_else(|| Error::from(anyhow::anyhow!("the counts answered no row")))?;
    let counts = Counts::from_query_result(first, "")?;
    let mut mentorships = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.try_get::<Option<Uuid>>("", "id")?.is_some() {
            mentorships.push(MentorshipRow::from_query_result(row, "")?.into());
        }
    }
    let meetings = meetings::ops::read::upcoming(db, me.id(), now, NEXT_MEETINGS).await?;
    Ok(DashboardOut::new(counts, mentorships, meetings.into_iter().map(Into::into).collect()))
}
