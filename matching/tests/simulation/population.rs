//! A programme in which seats are scarce: twice as many mentees as seats, and some mentors whom everybody would like.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use matching::{Hours, Profile, Seats, Skill, Window};
use uuid::Uuid;

use super::chance::Chance;

const SKILLS: u64 = 40;

pub struct Population {
    pub mentors: Vec<Profile>,
    pub mentees: Vec<Profile>,
}

impl Population {
    /// So many mentors with one to three seats each, and two mentees for each seat.
    pub fn new(mentors: u64, chance: &mut Chance) -> Self {
        let mentors: Vec<_> = (0..mentors).map(|number| mentor(number, chance)).collect();
        let seats: u64 = mentors.iter().map(|mentor| u64::from(mentor.seats.free)).sum();
        let mentees = (0..2 * seats).map(|number| mentee(number, chance)).collect();
        Self { mentors, mentees }
    }
}

/// One mentor in five offers much, has time every evening and stands well above everybody: the first of most lists.
fn mentor(number: u64, chance: &mut Chance) -> Profile {
    let star = chance.percent(20);
    let (skills, topics, evenings) = if star { (6, 5, 5) } else { (chance.between(2, 4), 2, chance.between(1, 3)) };
    let seats = Seats { free: chance.between(1, 3) as u16, ..Seats::default() };
    let seniority = if star { 3 } else { chance.between(1, 4) as u8 };
    Profile { seats, seniority: Some(seniority), ..person(1 << 32 | number, [skills, topics, evenings], chance) }
}

fn mentee(number: u64, chance: &mut Chance) -> Profile {
    let counts = [chance.between(2, 3), chance.between(1, 3), chance.between(2, 4)];
    let seniority = chance.between(0, 2) as u8;
    Profile { seniority: Some(seniority), ..person(2 << 32 | number, counts, chance) }
}

fn person(number: u64, [skills, topics, evenings]: [u64; 3], chance: &mut Chance) -> Profile {
    let skill = |chance: &mut Chance| Skill { level: Some(chance.between(1, 5) as u8), priority: 1 };
    let skills: BTreeMap<_, _> = (0..skills).map(|_| (id(chance.popular(SKILLS)), skill(chance))).collect();
    Profile {
        user_id: id(number),
        skills,
        topics: terms(topics, 10, chance),
        soft_skills: terms(2, 8, chance),
        industries: terms(1, 8, chance),
        languages: languages(chance),
        hours: hours(evenings, chance),
        ..Profile::default()
    }
}

fn id(number: u64) -> Uuid {
    Uuid::from_u128(number.into())
}

fn terms(count: u64, of: u64, chance: &mut Chance) -> BTreeSet<Uuid> {
    (0..count).map(|_| id(chance.popular(of))).collect()
}

fn languages(chance: &mut Chance) -> BTreeSet<String> {
    let second = ["de", "fr", "es"][chance.popular(3) as usize];
    ["en"].into_iter().chain(chance.percent(40).then_some(second)).map(str::to_owned).collect()
}

fn hours(evenings: u64, chance: &mut Chance) -> Hours {
    let window = |weekday: u64| Window { weekday: weekday as i16, start_minute: 18 * 60, end_minute: 20 * 60 };
    let days: BTreeSet<_> = (0..evenings).map(|_| chance.between(1, 5)).collect();
    Hours::new(Tz::UTC, days.into_iter().map(window))
}
