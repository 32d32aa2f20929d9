//! How a user wants to be told of things: a value kept in `users.notification_preferences`.

use std::collections::BTreeMap;

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A group of notifications that share their channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = NotificationGroup)]
pub enum Group {
    Suggestions,
    Mentorships,
    Meetings,
    Messages,
    Goals,
}

impl Group {
    pub const ALL: [Self; 5] = [Self::Suggestions, Self::Mentorships, Self::Meetings, Self::Messages, Self::Goals];
}

/// The channels used besides the app itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NotificationChannels)]
pub struct Channels {
    pub email: bool,
    pub push: bool,
    pub sms: bool,
}

impl Default for Channels {
    fn default() -> Self {
        Self { email: true, push: false, sms: false }
    }
}

/// Whether e-mail is sent one by one, as a digest, or not at all. Push and SMS always come one by one, and so do reminders of meetings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = NotificationDigest)]
pub enum Digest {
    #[default]
    Immediate,
    Daily,
    Weekly,
    Off,
}

/// Minutes of the day, in the user's own time zone, between which nothing is sent; the end may be on the next day
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuietHours {
    pub start_minute: i16,
    pub end_minute: i16,
}

impl QuietHours {
    pub fn contains(&self, minute: i16) -> bool {
        let (from, to) = (self.start_minute, self.end_minute);
        if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotificationPreferences {
    /// A group left out is as by default: by e-mail alone
    pub kinds: BTreeMap<Group, Channels>,
    pub digest: Digest,
    pub quiet_hours: Option<QuietHours>,
    /// News of the programme
    #[serde(default)]
    pub news: bool,
}

impl Default for NotificationPreferences {
    fn default() -> Self {
        let kinds = Group::ALL.map(|group| (group, Channels::default())).into();
        Self { kinds, digest: Digest::default(), quiet_hours: None, news: false }
    }
}

impl NotificationPreferences {
    pub fn channels(&self, group: Group) -> Channels {
        self.kinds.get(&group).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn they_are_written_in_the_words_of_the_api() {
        let value = to_value(NotificationPreferences::default()).unwrap();
        assert_eq!(value["kinds"]["SUGGESTIONS"], json!({"email": true, "push": false, "sms": false}));
        assert_eq!(
            (&value["digest"], &value["quietHours"], &value["news"]),
            (&json!("IMMEDIATE"), &json!(null), &json!(false))
        );
        assert_eq!(from_value::<NotificationPreferences>(value).unwrap(), NotificationPreferences::default());
    }

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let quiet = |start_minute, end_minute| QuietHours { start_minute, end_minute };
        let within = |hours: QuietHours| [0, 419, 420, 1319, 1320].map(|minute| hours.contains(minute));
        assert_eq!(within(quiet(1320, 420)), [true, true, false, false, true]);
        assert_eq!(within(quiet(0, 420)), [true, true, false, false, false]);
    }

    #[test]
    fn unknown_fields_and_groups_are_refused() {
        for bad in [
            json!({"kinds": {}, "digest": "DAILY", "pigeon": true}),
            json!({"kinds": {"PIGEONS": {"email": true, "push": false, "sms": false}}, "digest": "DAILY"}),
            json!({"kinds": {"GOALS": {"email": true, "push": false, "sms": false, "fax": true}}, "digest": "DAILY"}),
            json!({"kinds": {}, "digest": "HOURLY"}),
        ] {
            assert!(from_value::<NotificationPreferences>(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_group_left_out_is_as_by_default() {
        let some: NotificationPreferences = from_value(json!({"kinds": {}, "digest": "OFF"})).unwrap();
        assert_eq!(some.channels(Group::Goals), Channels::default());
    }
}
