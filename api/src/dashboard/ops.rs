use chrono::{DateTime, Utc};
use entity::{meeting, mentorship};
use sea_orm::{FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::sql::WHOLE;
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

/// What one row has of these.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    counts: Option<Counts>,
    #[sea_orm(nested)]
    mentorship: Option<MentorshipRow>,
    #[sea_orm(nested(prefix = "meeting_"))]
    meeting: Option<meeting::Model>,
}

pub(super) async fn get(state: &AppState, me: &Caller<Member>) -> Result<DashboardOut> {
    let now = state.clock.now();
    let db = state.read();
    let values: [Value; 3] = [me.id().into(), now.into(), meetings::ops::read::earliest(now).into()];
    let rows =
        Row::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), WHOLE.as_str(), values));
    let (mut counts, mut mentorships, mut next_meetings) = (None, Vec::new(), Vec::new());
    for row in rows.all(db).await? {
        counts = counts.or(row.counts);
        mentorships.extend(row.mentorship.map(Into::into));
        next_meetings.extend(row.meeting.map(Into::into));
    }
    let counts = counts.ok_or_else(|| Error::from(anyhow::anyhow!("the counts answered no row")))?;
    Ok(DashboardOut::new(counts, mentorships, next_meetings))
}
