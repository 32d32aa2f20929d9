//! The events of what is loaded, in order within their streams, and the notifications that follow from them.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::notification::{self, Kind};
use entity::{event, event_stream};
use sea_orm::JsonValue;
use uuid::Uuid;

use crate::calendar::NOW;
use crate::ids;
use crate::load::Load;

/// Older notifications were read; younger ones wait.
const READ_AFTER: TimeDelta = TimeDelta::days(5);

#[derive(Default)]
pub struct Chronicle(Vec<Entry>);

/// Something that happened to the row `subject` of the stream.
pub struct Happening {
    pub stream: &'static str,
    pub word: &'static str,
    pub subject: Uuid,
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub data: JsonValue,
}

pub struct Entry {
    happening: Happening,
    staff: bool,
    told: Vec<(Kind, Uuid, Reading)>,
}

enum Reading {
    ByAge,
    At(Option<DateTime<Utc>>),
}

impl Chronicle {
    /// In any order; those of one stream and one instant in theirs.
    pub fn record(&mut self, happening: Happening) -> &mut Entry {
        self.push(happening, false)
    }

    /// An act of staff on somebody.
    pub fn record_by_staff(&mut self, happening: Happening) -> &mut Entry {
        self.push(happening, true)
    }

    fn push(&mut self, happening: Happening, staff: bool) -> &mut Entry {
        let place = self.0.len();
        self.0.push(Entry { happening, staff, told: Vec::new() });
        &mut self.0[place]
    }

    pub async fn write_to(mut self, load: &mut Load) -> Result<()> {
        if load.bare {
            return Ok(());
        }
        self.0.sort_by_key(|entry| entry.happening.at);
        let mut streams = BTreeMap::new();
        let (mut events, mut notifications) = (Vec::with_capacity(self.0.len()), Vec::new());
        for entry in self.0 {
            let seq = streams.entry((entry.happening.stream, entry.happening.subject)).or_default();
            *seq += 1;
            let (event, told) = entry.into_rows(*seq);
            events.push(event);
            notifications.extend(told);
        }
        let streams = streams.into_iter();
        let streams: Vec<_> =
            streams.map(|((kind, id), last_seq)| event_stream::Model { kind: kind.to_owned(), id, last_seq }).collect();
        load.insert(&streams).await?;
        load.insert(&events).await?;
        load.insert(&notifications).await
    }
}

impl Entry {
    /// Tells these users, but never the one who did it.
    pub fn inform(&mut self, kind: Kind, users: impl IntoIterator<Item = Uuid>) {
        self.told.extend(users.into_iter().map(|user| (kind, user, Reading::ByAge)));
    }

    /// The same, saying when it was read.
    pub fn tell(&mut self, kind: Kind, user: Uuid, read_at: Option<DateTime<Utc>>) {
        self.told.push((kind, user, Reading::At(read_at)));
    }

    fn into_rows(self, seq: i64) -> (event::Model, Vec<notification::Model>) {
        let Happening { stream, word, subject, at, actor, data } = self.happening;
        let id = ids::id("events", &format!("{stream}/{subject}/{seq}"), at);
        let told = self.told.into_iter().filter(|(_, user, _)| Some(*user) != actor);
        let notifications = told.map(|(kind, user_id, reading)| notification::Model {
            id: ids::id("notifications", &format!("{id}/{user_id}"), at),
            user_id,
            kind,
            subject_kind: stream.to_owned(),
            subject_id: subject,
            actor_id: actor,
            read_at: match reading {
                Reading::ByAge => (NOW - at > READ_AFTER).then(|| at + delay(id)),
                Reading::At(read_at) => read_at,
            },
            created_at: at,
            // Nobody is written to about what was made up.
            planned_at: Some(at),
        });
        let notifications = notifications.collect();
        let event = event::Model {
            id,
            stream_kind: stream.to_owned(),
            stream_id: subject,
            seq,
            kind: format!("{stream}.{word}"),
            actor_id: actor,
            staff: self.staff,
            data,
            request_id: None,
            occurred_at: at,
        };
        (event, notifications)
    }
}

/// From one to twenty-three hours, by the bits of the id.
fn delay(id: Uuid) -> TimeDelta {
    TimeDelta::minutes(60 + i64::from(id.as_bytes()[15]) * 5)
}
