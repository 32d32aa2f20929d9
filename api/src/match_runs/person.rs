//! A profile as a run's frozen input keeps it.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use matching::{Gender, Hours, Profile, Seats, Skill, Window};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const DAY: i32 = 24 * 60;

/// Somebody who can be matched on their side; the names are short, for there are many.
#[derive(Serialize, Deserialize)]
pub struct Person {
    #[serde(rename = "i")]
    pub id: Uuid,
    /// Level, 0 for none told, and priority
    #[serde(rename = "s")]
    skills: Vec<(Uuid, u8, u8)>,
    #[serde(rename = "t")]
    topics: BTreeSet<Uuid>,
    #[serde(rename = "f")]
    soft_skills: BTreeSet<Uuid>,
    #[serde(rename = "n")]
    industries: BTreeSet<Uuid>,
    #[serde(rename = "l")]
    languages: BTreeSet<String>,
    #[serde(rename = "p")]
    place: Option<String>,
    #[serde(rename = "m")]
    in_person: bool,
    #[serde(rename = "r")]
    seniority: Option<u8>,
    /// The zone and the stretches of the local week in minutes; none where no time was told
    #[serde(rename = "h")]
    hours: Option<(String, Vec<(i32, i32)>)>,
    /// By their numbers
    #[serde(rename = "g")]
    gender: (u8, u8),
    #[serde(rename = "c")]
    free_places: u16,
}

impl From<&Profile> for Person {
    fn from(profile: &Profile) -> Self {
        let skill = |(id, skill): (&Uuid, &Skill)| (*id, skill.level.unwrap_or_default(), skill.priority);
        let hours = &profile.hours;
        let told = || (hours.zone().name().to_owned(), hours.stretches().to_vec());
        Self {
            id: profile.user_id,
            skills: profile.skills.iter().map(skill).collect(),
            topics: profile.topics.clone(),
            soft_skills: profile.soft_skills.clone(),
            industries: profile.industries.clone(),
            languages: profile.languages.clone(),
            place: profile.place.clone(),
            in_person: profile.in_person,
            seniority: profile.seniority,
            hours: hours.is_told().then(told),
            gender: (number(profile.gender), number(profile.preferred_gender)),
            free_places: profile.seats.free,
        }
    }
}

impl From<Person> for Profile {
    fn from(person: Person) -> Self {
        let skill = |(id, level, priority)| (id, Skill { level: (level > 0).then_some(level), priority });
        let gender = |number| Gender::numbered(number).unwrap_or_default();
        Self {
            user_id: person.id,
            skills: person.skills.into_iter().map(skill).collect::<BTreeMap<_, _>>(),
            topics: person.topics,
            soft_skills: person.soft_skills,
            industries: person.industries,
            languages: person.languages,
            place: person.place,
            in_person: person.in_person,
            seniority: person.seniority,
            hours: person.hours.map(|(zone, stretches)| hours(&zone, &stretches)).unwrap_or_default(),
            gender: gender(person.gender.0),
            preferred_gender: gender(person.gender.1),
            seats: Seats { free: person.free_places, ..Seats::default() },
            ..Self::default()
        }
    }
}

fn number(gender: Gender) -> u8 {
    (1..=7).find(|number| Gender::numbered(*number) == Some(gender)).unwrap_or_default()
}

/// A stretch may run over midnight, a window does not.
fn hours(zone: &str, stretches: &[(i32, i32)]) -> Hours {
    let days = stretches.iter().flat_map(|(start, end)| {
        (start / DAY..=(end - 1) / DAY).map(move |day| Window {
            weekday: (day + 1) as i16,
            start_minute: (start - day * DAY).max(0) as i16,
            end_minute: (end - day * DAY).min(DAY) as i16,
        })
    });
    Hours::new(zone.parse().unwrap_or(Tz::UTC), days)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn profile() -> impl Strategy<Value = Profile> {
        let window = (1..=7i16, 0..1440i16, 1..=1440i16).prop_map(|(weekday, start_minute, end_minute)| Window {
            weekday,
            start_minute,
            end_minute,
        });
        let zone = prop::sample::select(vec![Tz::UTC, Tz::Europe__Berlin, Tz::Asia__Kathmandu]);
        let hours = (zone, prop::collection::vec(window, 0..9)).prop_map(|(zone, windows)| match windows.is_empty() {
            true => Hours::default(),
            false => Hours::new(zone, windows),
        });
        let ids = || prop::collection::btree_set(any::<u128>().prop_map(Uuid::from_u128), 0..4);
        let skill = (prop::option::of(1..=5u8), 1..=3u8).prop_map(|(level, priority)| Skill { level, priority });
        let skills = prop::collection::btree_map(any::<u128>().prop_map(Uuid::from_u128), skill, 0..4);
        let gender = || (0..=7u8).prop_map(|number| Gender::numbered(number).unwrap_or_default());
        let rest = (prop::option::of(".{1,9}"), any::<bool>(), prop::option::of(0..=254u8), gender(), gender());
        (skills, ids(), ids(), ids(), hours, rest, any::<u16>()).prop_map(
            |(skills, topics, soft_skills, industries, hours, rest, free)| Profile {
                skills,
                topics,
                soft_skills,
                industries,
                hours,
                place: rest.0,
                in_person: rest.1,
                seniority: rest.2,
                gender: rest.3,
                preferred_gender: rest.4,
                seats: Seats { free, ..Seats::default() },
                ..Profile::default()
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_frozen_thaws_as_it_was(profile in profile()) {
            let text = serde_json::to_string(&Person::from(&profile)).unwrap();
            let person: Person = serde_json::from_str(&text).unwrap();
            let thawed = Profile::from(person);
            let untold = !profile.hours.is_told();
            prop_assert_eq!(&thawed.hours, if untold { &thawed.hours } else { &profile.hours });
            prop_assert_eq!(thawed.hours.is_told(), profile.hours.is_told());
            prop_assert_eq!(Profile { hours: profile.hours.clone(), ..thawed }, profile);
        }
    }
}
