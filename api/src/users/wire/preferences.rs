use std::collections::BTreeMap;

use entity::notification_preferences::{Channels, Digest, Group, NotificationPreferences, QuietHours};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::availability::{from_minutes, to_minutes};
use crate::http::text;

/// How you want to be notified, besides in the app. What goes out, and when, `GET /me/deliveries` shows.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NotificationPreferencesIn, example = json!({
    "kinds": {"MESSAGES": {"email": true, "push": true, "sms": false}, "GOALS": {"email": false, "push": false, "sms": false}},
    "digest": "DAILY", "quietHours": {"start": "22:00", "end": "07:00"}, "news": false}))]
pub struct Preferences {
    /// Omitted kinds have the default: e-mail only.
    pub kinds: BTreeMap<Group, Channels>,
    pub digest: Digest,
    #[validate(nested)]
    pub quiet_hours: Option<Quiet>,
    /// News about the programme.
    #[serde(default)]
    pub news: bool,
}

/// When nothing is sent, in local time; the end may be on the next day.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = QuietHours)]
#[validate(schema(function = not_empty))]
pub struct Quiet {
    #[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "22:00")]
    start: String,
    #[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "07:00")]
    end: String,
}

fn not_empty(quiet: &Quiet) -> Result<(), validator::ValidationError> {
    if quiet.start == quiet.end { Err(text::fault("empty", "start and end must differ")) } else { Ok(()) }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NotificationPreferencesOut)]
pub struct PreferencesOut {
    kinds: BTreeMap<Group, Channels>,
    digest: Digest,
    #[schema(required)]
    quiet_hours: Option<Quiet>,
    news: bool,
}

impl From<Preferences> for NotificationPreferences {
    fn from(body: Preferences) -> Self {
        let minutes = |quiet: Quiet| {
            Some(QuietHours { start_minute: to_minutes(&quiet.start)?, end_minute: to_minutes(&quiet.end)? })
        };
        Self {
            kinds: body.kinds,
            digest: body.digest,
            quiet_hours: body.quiet_hours.and_then(minutes),
            news: body.news,
        }
    }
}

impl From<&NotificationPreferences> for PreferencesOut {
    fn from(value: &NotificationPreferences) -> Self {
        let quiet = value.quiet_hours;
        Self {
            kinds: Group::ALL.map(|group| (group, value.channels(group))).into(),
            digest: value.digest,
            quiet_hours: quiet
                .map(|quiet| Quiet { start: from_minutes(quiet.start_minute), end: from_minutes(quiet.end_minute) }),
            news: value.news,
        }
    }
}
