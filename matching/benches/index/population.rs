//! A population like the one that the seeder makes, without a database: the same shares, lists and chances, another dice.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use matching::{Gender, Hours, Profile, Skill, Standing, Window};
use uuid::Uuid;

const SKILLS: usize = 10;
const TOPICS: usize = 9;
const SOFT_SKILLS: usize = 15;
const INDUSTRIES: usize = 30;

/// Zone and languages besides English of thirty places.
const PLACES: [(Tz, &[&str]); 30] = [
    (Tz::Africa__Accra, &["ak"]),
    (Tz::Africa__Addis_Ababa, &["am"]),
    (Tz::Europe__Amsterdam, &["nl"]),
    (Tz::Europe__Athens, &["el"]),
    (Tz::Pacific__Auckland, &["mi"]),
    (Tz::Asia__Bangkok, &["th"]),
    (Tz::Europe__Berlin, &["de"]),
    (Tz::America__Bogota, &["es"]),
    (Tz::Africa__Cairo, &["ar"]),
    (Tz::America__Chicago, &[]),
    (Tz::Europe__Copenhagen, &["da"]),
    (Tz::Europe__Dublin, &["ga"]),
    (Tz::Europe__Helsinki, &["fi", "sv"]),
    (Tz::Europe__Istanbul, &["tr"]),
    (Tz::Asia__Jakarta, &["id"]),
    (Tz::Asia__Kathmandu, &["ne"]),
    (Tz::America__Lima, &["es"]),
    (Tz::Europe__Lisbon, &["pt"]),
    (Tz::Europe__London, &[]),
    (Tz::Asia__Manila, &["fil"]),
    (Tz::Australia__Melbourne, &[]),
    (Tz::America__Mexico_City, &["es"]),
    (Tz::America__Toronto, &["fr"]),
    (Tz::Asia__Kolkata, &["hi", "mr"]),
    (Tz::Africa__Nairobi, &["sw"]),
    (Tz::America__New_York, &["es"]),
    (Tz::Europe__Paris, &["fr"]),
    (Tz::America__Santiago, &["es"]),
    (Tz::Asia__Seoul, &["ko"]),
    (Tz::Europe__Warsaw, &["pl"]),
];

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// From `low` to `high` different numbers below `end`.
    fn several(&mut self, low: usize, high: usize, end: usize) -> BTreeSet<usize> {
        let count = self.between(low, high);
        let mut several = BTreeSet::new();
        while several.len() < count {
            several.insert(self.below(end));
        }
        several
    }
}

/// The sides that somebody is on, with their profile on each.
pub struct Member {
    pub mentor: Option<Profile>,
    pub mentee: Option<Profile>,
}

/// The `number`th member, from 0: always the same. `change` stands for what they wrote later.
pub fn member(number: u64, change: u64) -> Member {
    let mut dice = Dice(number.wrapping_mul(0xD134_2543_DE82_EF95) ^ change << 40);
    let (mentor, mentee) = match Dice(number).below(100) {
        0..40 => (true, false),
        40..85 => (false, true),
        _ => (true, true),
    };
    let common = common(&mut dice, number, mentor);
    let field = dice.below(SKILLS);
    let mentor = mentor.then(|| Profile {
        skills: skills(&mut dice, field, 3, 5),
        soft_skills: terms(&mut dice, 3, (1, 3), SOFT_SKILLS),
        topics: terms(&mut dice, 2, (1, 4), TOPICS),
        ..common.clone()
    });
    let wish = dice.below(SKILLS);
    let mentee = mentee.then(|| Profile {
        skills: skills(&mut dice, wish, 1, 4),
        soft_skills: terms(&mut dice, 3, (1, 2), SOFT_SKILLS),
        topics: terms(&mut dice, 2, (1, 3), TOPICS),
        ..common
    });
    Member { mentor, mentee }
}

/// Of version 7: milliseconds first, then chance.
pub fn id(number: u64) -> Uuid {
    let mut dice = Dice(!number);
    let bytes = (u128::from(dice.next()) << 64 | u128::from(dice.next())).to_be_bytes();
    let chance = [bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9]];
    uuid::Builder::from_unix_timestamp_millis(1_768_000_000_000 + number * 3_888, &chance).into_uuid()
}

/// The id of a term, the same in every run.
pub fn term(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128(kind << 64 | number as u128)
}

/// How many mentors offer each skill, near enough: for the table of rarity.
pub fn skill_ids() -> impl Iterator<Item = Uuid> {
    (0..SKILLS).map(|number| term(1, number))
}

fn common(dice: &mut Dice, number: u64, mentor: bool) -> Profile {
    let home = dice.below(PLACES.len());
    let (zone, languages) = PLACES[home];
    let rank = if mentor { [2, 3, 3, 4, 4, 4] } else { [1, 1, 2, 2, 2, 3] }[dice.below(6)];
    let gender = match dice.below(100) {
        0..45 => 1,
        45..90 => 2,
        90..93 => 3,
        _ => 0,
    };
    let wanted = match dice.below(100) {
        0..8 => 1,
        8..10 => 2,
        _ => 0,
    };
    Profile {
        user_id: id(number),
        industries: terms(dice, 4, (1, 2), INDUSTRIES),
        languages: std::iter::once("en").chain(languages.iter().copied()).map(str::to_owned).collect(),
        place: matching::place(&format!("City {home}, Country")),
        in_person: dice.percent(35),
        seniority: Some(rank),
        hours: Hours::new(zone, windows(dice)),
        gender: Gender::numbered(gender).unwrap_or_default(),
        preferred_gender: Gender::numbered(wanted).unwrap_or_default(),
        standing: Standing { paused: dice.percent(3), ..Standing::default() },
        ..Profile::default()
    }
}

fn terms(dice: &mut Dice, kind: u128, (low, high): (usize, usize), of: usize) -> BTreeSet<Uuid> {
    dice.several(low, high, of).into_iter().map(|number| term(kind, number)).collect()
}

fn skills(dice: &mut Dice, first: usize, low: usize, high: usize) -> std::collections::BTreeMap<Uuid, Skill> {
    let mut numbers = dice.several(1, 3, SKILLS);
    numbers.insert(first);
    let mut skill = |number| {
        (term(1, number), Skill { level: dice.percent(85).then(|| dice.between(low, high) as u8), priority: 1 })
    };
    numbers.into_iter().map(&mut skill).collect()
}

fn windows(dice: &mut Dice) -> Vec<Window> {
    let days = dice.several(2, 4, 7);
    let mut on = |day: usize| {
        let start = dice.between(8, 19);
        let end = start + dice.between(2, 4);
        Window { weekday: day as i16 + 1, start_minute: start as i16 * 60, end_minute: end as i16 * 60 }
    };
    days.into_iter().map(&mut on).collect()
}
