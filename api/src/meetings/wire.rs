use chrono::{DateTime, Datelike, Utc};
use entity::meeting::{self, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::http::Instant;
use crate::http::{merge_patch, text};

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MeetingFilter {
    /// Only meetings that start at or after this time.
    #[param(example = "2026-11-01T00:00:00Z")]
    #[validate(custom(function = in_our_time))]
    pub from: Option<DateTime<Utc>>,
    /// Only meetings that start before this time.
    #[param(example = "2027-12-01T00:00:00Z")]
    #[validate(custom(function = in_our_time))]
    pub to: Option<DateTime<Utc>>,
    /// Only meetings with this status.
    #[param(inline)]
    pub status: Option<Status>,
}

/// In years in which a meeting can be, and which are written with four digits wherever in the world.
fn in_our_time(at: &DateTime<Utc>) -> Result<(), ValidationError> {
    if (1970..9999).contains(&at.year()) {
        Ok(())
    } else {
        Err(text::fault("out_of_range", "must be from 1970 to 9998"))
    }
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "scheduledAt": "2027-03-09T16:00:00Z",
    "durationMinutes": 45,
    "timeZone": "Europe/Berlin",
    "link": "https://meet.example.org/mentoring",
    "agenda": "The outline of the talk"
}))]
pub struct NewMeeting {
    /// Start time, in the future and within two years.
    pub scheduled_at: DateTime<Utc>,
    #[schema(minimum = 5, maximum = 480)]
    pub duration_minutes: i16,
    /// The IANA time zone the time was agreed in.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(custom(function = text::time_zone))]
    pub time_zone: String,
    #[schema(min_length = 1, max_length = 200)]
    #[validate(custom(function = text::name))]
    pub location: Option<String>,
    /// Link to the online meeting (http or https).
    #[schema(min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::web_link))]
    pub link: Option<String>,
    #[schema(min_length = 1, max_length = 4000)]
    #[validate(custom(function = text::not_blank))]
    pub agenda: Option<String>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "agenda": "The outline of the talk, then the slides" }))]
pub struct MeetingPatch {
    /// A new time is a new proposal, which the other side must confirm.
    #[schema(nullable = false)]
    pub scheduled_at: Option<DateTime<Utc>>,
    /// A new duration is a new proposal too.
    #[schema(nullable = false, minimum = 5, maximum = 480)]
    pub duration_minutes: Option<i16>,
    #[schema(nullable = false, min_length = 1, max_length = 64)]
    #[validate(custom(function = text::time_zone))]
    pub time_zone: Option<String>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    #[validate(custom(function = text::name))]
    pub location: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::web_link))]
    pub link: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    #[validate(custom(function = text::not_blank))]
    pub agenda: Option<Option<String>>,
    /// Meeting notes, shared with the other side.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10000)]
    #[validate(custom(function = text::not_blank))]
    pub notes: Option<Option<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeetingOut {
    id: Uuid,
    mentorship_id: Uuid,
    /// Who proposed the current time; the other side confirms it.
    proposed_by_id: Uuid,
    scheduled_at: Instant,
    #[schema(minimum = 5, maximum = 480)]
    duration_minutes: i16,
    #[schema(max_length = 64)]
    time_zone: String,
    #[schema(required, max_length = 200)]
    location: Option<String>,
    #[schema(required, max_length = 2000)]
    link: Option<String>,
    #[schema(required, max_length = 4000)]
    agenda: Option<String>,
    #[schema(required, max_length = 10000)]
    notes: Option<String>,
    status: Status,
    /// As in iCalendar: incremented when the meeting is moved or canceled.
    #[schema(minimum = 0, maximum = 2147483647)]
    sequence: i32,
    /// The `ETag` as a number.
    #[schema(minimum = 1, maximum = 2147483647)]
    version: i32,
    created_at: Instant,
    updated_at: Instant,
}

impl From<meeting::Model> for MeetingOut {
    fn from(row: meeting::Model) -> Self {
        Self {
            id: row.id,
            mentorship_id: row.mentorship_id,
            proposed_by_id: row.proposed_by_id,
            scheduled_at: row.scheduled_at.into(),
            duration_minutes: row.duration_minutes,
            time_zone: row.time_zone,
            location: row.location,
            link: row.link,
            agenda: row.agenda,
            notes: row.notes,
            status: row.status,
            sequence: row.sequence,
            version: row.version,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}
