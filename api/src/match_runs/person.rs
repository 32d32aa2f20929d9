//! A profile as a run's frozen input keeps it.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use matching::{Gender, Hours, Profile, Seats, Skill, Window};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const DAY: i32 = 24 * 60;

/// The terms that some people name, each once, by id: what is kept of a person has their places.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Terms(Vec<Uuid>);

impl Terms {
    pub fn of<'a>(people: impl IntoIterator<Item = &'a Profile>) -> Self {
        let named = people.into_iter().flat_map(|one| {
            let sets = [&one.topics, &one.soft_skills, &one.industries];
            one.skills.keys().chain(sets.into_iter().flatten()).copied()
        });
        let mut terms: Vec<_> = named.collect();
        terms.sort_unstable();
        terms.dedup();
        Self(terms)
    }

    /// Past the last where it is none of them.
    fn place(&self, term: &Uuid) -> usize {
        self.0.binary_search(term).unwrap_or(self.0.len())
    }

    fn places(&self, terms: &BTreeSet<Uuid>) -> Vec<usize> {
        terms.iter().map(|term| self.place(term)).collect()
    }

    fn term(&self, place: usize) -> Option<Uuid> {
        self.0.get(place).copied()
    }

    fn terms(&self, places: &[usize]) -> BTreeSet<Uuid> {
        places.iter().filter_map(|place| self.term(*place)).collect()
    }
}

/// Somebody who can be matched on their side; the names are short, for there are many. Terms are told by their places in [`Terms`].
#[derive(Serialize, Deserialize)]
pub struct Person {
    #[serde(rename = "i")]
    pub id: Uuid,
    /// Level, 0 for none told, and priority
    #[serde(rename = "s")]
    skills: Vec<(usize, u8, u8)>,
    #[serde(rename = "t")]
    topics: Vec<usize>,
    #[serde(rename = "f")]
    soft_skills: Vec<usize>,
    #[serde(rename = "n")]
    industries: Vec<usize>,
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

impl Person {
    pub fn new(profile: &Profile, terms: &Terms) -> Self {
        let skill = |(id, skill): (&Uuid, &Skill)| (terms.place(id), skill.level.unwrap_or_default(), skill.priority);
        let hours = &profile.hours;
        let told = || (hours.zone().name().to_owned(), hours.stretches().to_vec());
        Self {
            id: profile.user_id,
            skills: profile.skills.iter().map(skill).collect(),
            topics: terms.places(&profile.topics),
            soft_skills: terms.places(&profile.soft_skills),
            industries: terms.places(&profile.industries),
            languages: profile.languages.clone(),
            place: profile.place.clone(),
            in_person: profile.in_person,
            seniority: profile.seniority,
            hours: hours.is_told().then(told),
            gender: (number(profile.gender), number(profile.preferred_gender)),
            free_places: profile.seats.free,
        }
    }

    pub fn profile(self, terms: &Terms) -> Profile {
        let skill = |(place, level, priority): &(usize, u8, u8)| {
            Some((terms.term(*place)?, Skill { level: (*level > 0).then_some(*level), priority: *priority }))
        };
        let gender = |number| Gender::numbered(number).unwrap_or_default();
        Profile {
            user_id: self.id,
            skills: self.skills.iter().filter_map(skill).collect(),
            topics: terms.terms(&self.topics),
            soft_skills: terms.terms(&self.soft_skills),
            industries: terms.terms(&self.industries),
            languages: self.languages,
            place: self.place,
            in_person: self.in_person,
            seniority: self.seniority,
            hours: self.hours.map(|(zone, stretches)| hours(&zone, &stretches)).unwrap_or_default(),
            gender: gender(self.gender.0),
            preferred_gender: gender(self.gender.1),
            seats: Seats { free: self.free_places, ..Seats::default() },
            ..Profile::default()
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
            let terms = Terms::of([&profile]);
            let text = serde_json::to_string(&Person::new(&profile, &terms)).unwrap();
            let person: Person = serde_json::from_str(&text).unwrap();
            let thawed = person.profile(&terms);
            let untold = !profile.hours.is_told();
            prop_assert_eq!(&thawed.hours, if untold { &thawed.hours } else { &profile.hours });
            prop_assert_eq!(thawed.hours.is_told(), profile.hours.is_told());
            prop_assert_eq!(Profile { hours: profile.hours.clone(), ..thawed }, profile);
        }
    }
}
