use entity::availability_window;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::text;
use crate::users::ops::Loaded;

/// A weekly window of availability, in local time.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// Monday is 1, Sunday is 7.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: i16,
    #[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "18:00")]
    pub start: String,
    /// After the start; `24:00` is the end of the day.
    #[schema(min_length = 5, max_length = 5, pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "20:30")]
    pub end: String,
}

/// Replaces all previous windows. Windows may be adjacent but must not overlap.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"timeZone": "Europe/Berlin", "windows": [{"weekday": 2, "start": "18:00", "end": "20:30"}]}))]
pub struct Availability {
    /// Your IANA time zone, which the windows are in.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(custom(function = text::time_zone))]
    pub time_zone: String,
    #[schema(max_items = 50)]
    pub windows: Vec<Window>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WindowOut {
    /// Monday is 1, Sunday is 7.
    #[schema(minimum = 1, maximum = 7)]
    pub weekday: i16,
    #[schema(max_length = 5, example = "18:00")]
    pub start: String,
    #[schema(max_length = 5, example = "20:30")]
    pub end: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityOut {
    #[schema(max_length = 64, example = "Europe/Berlin")]
    pub time_zone: String,
    #[schema(max_items = 50)]
    pub windows: Vec<WindowOut>,
}

impl From<&availability_window::Model> for WindowOut {
    fn from(row: &availability_window::Model) -> Self {
        Self { weekday: row.weekday, start: from_minutes(row.start_minute), end: from_minutes(row.end_minute) }
    }
}

pub(super) fn from_minutes(minutes: i16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes since midnight of `HH:MM`.
pub fn to_minutes(time: &str) -> Option<i16> {
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.parse::<i16>().ok()? * 60 + minutes.parse::<i16>().ok()?)
}

impl From<Loaded> for AvailabilityOut {
    fn from(loaded: Loaded) -> Self {
        Self { time_zone: loaded.user.time_zone, windows: loaded.sets.windows.iter().map(WindowOut::from).collect() }
    }
}
