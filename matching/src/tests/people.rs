use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::*;

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

/// A policy under which skills differ in rarity.
pub fn policy() -> Policy {
    let rarity = Rarity::freeze(100, (0..40).map(|skill| (id(skill), skill as u32 * 2)));
    Policy::new(Terms { rarity, ..Terms::default() }).unwrap()
}

/// The same policy without floors.
pub fn without_floors() -> Policy {
    let floors = Floors { mentee: 0, mentor: 0 };
    Policy::new(Terms { floors, ..Terms::clone(&policy()) }).unwrap()
}

/// All points to one component, so that no slack of another hides a bound that is too low.
pub fn policy_of(component: Component) -> Policy {
    let mut most = [0; Component::COUNT];
    most[component as usize] = 1000;
    let rarity = Rarity::stored([(id(1), 100), (id(2), 130), (id(3), 256)].into());
    Policy::new(Terms { most, rarity, ..Terms::clone(&without_floors()) }).unwrap()
}

pub fn one_component() -> impl Strategy<Value = Policy> {
    prop::sample::select(Component::ALL.to_vec()).prop_map(policy_of)
}

/// Any policy: what owners may write, not what they should.
pub fn any_policy() -> impl Strategy<Value = Policy> {
    let percent = || 0..=100u8;
    let tables = (prop::array::uniform9(percent()), prop::array::uniform3(percent()), prop::array::uniform3(percent()));
    let levels = prop::array::uniform3(0..=10u8);
    let numbers = (vec(0..=1000u16, 9), 30..=600u16, 0..=40u8, (0..=8u16, 2..=4u16));
    (tables, levels, numbers).prop_map(|(tables, mut levels, (mut cuts, enough_minutes, floor, lambda))| {
        cuts.extend([0, 1000]);
        cuts.sort_unstable();
        let most: Vec<_> = cuts.windows(2).map(|cut| cut[1] - cut[0]).collect();
        levels.sort_unstable();
        let [below, equal, above] = levels;
        let (mut languages, [together, remote, apart]) = (tables.1, tables.2);
        languages.sort_unstable();
        let terms = Terms {
            most: most.try_into().unwrap(),
            floors: Floors { mentee: floor, mentor: 40 - floor },
            seniority: SeniorityTable(tables.0),
            levels: LevelFactors { above, equal, below },
            enough_minutes,
            languages,
            place: PlaceTable { together, remote, apart },
            lambda: Ratio { upper: lambda.0, lower: lambda.1 },
            ..Terms::clone(&policy())
        };
        Policy::new(terms).unwrap()
    })
}

pub fn window(weekday: i16, start: i16, end: i16) -> Window {
    Window { weekday, start_minute: start, end_minute: end }
}

fn zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        Tz::UTC,
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::Asia__Kolkata,
        Tz::Asia__Kathmandu,
    ])
}

pub fn hours() -> impl Strategy<Value = Hours> {
    let window =
        (1..=7i16, 14..22i16, 1..=4i16).prop_map(|(day, start, long)| window(day, start * 60, (start + long) * 60));
    (zone(), vec(window, 0..4)).prop_map(|(zone, windows)| Hours::new(zone, windows))
}

fn skill() -> impl Strategy<Value = Skill> {
    (option::of(1..=5u8), 1..=3u8).prop_map(|(level, priority)| Skill { level, priority })
}

fn standing() -> impl Strategy<Value = Standing> {
    let mostly = || prop::bool::weighted(0.97);
    (mostly(), mostly(), mostly()).prop_map(|(active, onboarded, here)| Standing { active, onboarded, paused: !here })
}

fn seats() -> impl Strategy<Value = Seats> {
    let free = prop::sample::select(vec![0u16, 1, 1, 1, 2, 3]);
    let price = prop_oneof![Just(0u16), 0..=300u16, 900..=1000u16];
    (free, 0..20u32, price).prop_map(|(free, open_suggestions, price)| Seats { free, open_suggestions, price })
}

fn gender() -> impl Strategy<Value = Gender> {
    prop::sample::select(vec![0u8, 0, 1, 2]).prop_map(|number| Gender::numbered(number).unwrap_or_default())
}

fn ids(below: u128, count: Range<usize>) -> impl Strategy<Value = BTreeSet<Uuid>> {
    vec((0..below).prop_map(id), count).prop_map(BTreeSet::from_iter)
}

/// Somebody with an id below `people`: few values, so that many things are shared, but sometimes more than a record holds.
pub fn somebody(people: u128) -> impl Strategy<Value = Profile> {
    let terms = || ids(8, 0..5);
    let many = || ids(90, 60..80);
    let topics = prop_oneof![9 => terms(), 1 => many()];
    let skills = prop_oneof![9 => vec(((0..12u128).prop_map(id), skill()), 0..6).prop_map(BTreeMap::from_iter),
        1 => vec(((0..40u128).prop_map(id), skill()), 8..30).prop_map(BTreeMap::from_iter)];
    let languages = vec(prop::sample::select(vec!["en", "de", "fr"]).prop_map(str::to_owned), 0..4);
    let place = option::of(prop::sample::select(vec!["Berlin", "Paris"]).prop_map(str::to_owned));
    let lists = (skills, topics, terms(), terms(), languages);
    let rest = (0..people, place, any::<bool>(), option::of(0..=4u8), hours());
    (lists, rest, (gender(), gender(), standing(), seats())).prop_map(|(lists, rest, last)| Profile {
        user_id: id(rest.0),
        skills: lists.0,
        topics: lists.1,
        soft_skills: lists.2,
        industries: lists.3,
        languages: lists.4.into_iter().collect(),
        place: rest.1,
        in_person: rest.2,
        seniority: rest.3,
        hours: rest.4,
        gender: last.0,
        preferred_gender: last.1,
        standing: last.2,
        seats: last.3,
    })
}

/// The same person with nothing that forbids a pair.
pub fn available(profile: Profile) -> Profile {
    Profile {
        gender: Gender::NONE,
        preferred_gender: Gender::NONE,
        standing: Standing::default(),
        seats: Seats::default(),
        ..profile
    }
}

/// Two different people whom no hard rule keeps apart.
pub fn pair() -> impl Strategy<Value = (Profile, Profile)> {
    (somebody(1), somebody(1)).prop_map(|(mentor, mentee)| {
        (Profile { user_id: id(1), ..available(mentor) }, Profile { user_id: id(2), ..available(mentee) })
    })
}

/// A day of 2026, on which clocks change in some zones and not in others.
pub fn day() -> impl Strategy<Value = DateTime<Utc>> {
    (0..365i64).prop_map(|day| at("2026-01-01T12:00:00Z") + chrono::TimeDelta::days(day))
}
