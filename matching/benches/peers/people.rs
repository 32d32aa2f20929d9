//! People like those of a large programme: a few skills are everywhere and most are rare, and skills come in trades, so that who
//! has one has its neighbours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::side::Side;
use matching::{Gender, Hours, Policy, Profile, Rarity, Seats, Skill, Standing, Terms, Window};
use uuid::Uuid;

use crate::generator::{Random, Zipf};

const TRADES: u64 = 40;
const SKILLS_OF_A_TRADE: u64 = 15;
/// Mentors whose offers say how rare a skill is.
const SAMPLE: u64 = 2_000;
const ZONES: [Tz; 6] = [
    Tz::Europe__London,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::Asia__Kolkata,
    Tz::Australia__Sydney,
];
const LANGUAGES: [&str; 8] = ["de", "es", "fr", "hi", "pt", "zh", "ar", "ja"];

/// Makes the same people from the same seed, each by their number alone.
pub struct People {
    seed: u64,
    trades: Zipf,
    of_a_trade: Zipf,
    few: Zipf,
    /// Sets of skills to take from instead, such as the tags of packages
    sets: Vec<Vec<u64>>,
}

impl People {
    pub fn new(seed: u64) -> Self {
        let [trades, of_a_trade, few] = [TRADES, SKILLS_OF_A_TRADE, 30].map(Zipf::of);
        Self { seed, trades, of_a_trade, few, sets: Vec::new() }
    }

    /// With the sets of skills that a file has: one a line, numbers with spaces between.
    pub fn with_sets(seed: u64, file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let set = |line: &str| line.split_whitespace().map(|number| number.parse::<u64>()).collect();
        let sets = text.lines().map(set).collect::<Result<_, _>>()?;
        Ok(Self { sets, ..Self::new(seed) })
    }

    /// The default policy, with the rarity that skills have among the first mentors.
    pub fn policy(&self) -> Result<Policy> {
        let mut offering = BTreeMap::new();
        for skill in (0..SAMPLE).flat_map(|number| self.somebody(Side::Mentor, number).skills.into_keys()) {
            *offering.entry(skill).or_insert(0) += 1;
        }
        let rarity = Rarity::freeze(SAMPLE as u32, offering);
        Policy::new(Terms { rarity, ..Terms::default() }).map_err(|faults| anyhow::anyhow!("{faults:?}"))
    }

    /// A member, as they come: some pause, some are full.
    pub fn somebody(&self, side: Side, number: u64) -> Profile {
        let random = &mut Random::of(self.seed ^ side.pick(1 << 32, 2 << 32), number);
        let id = u128::from(random.next()) << 64 | u128::from(number);
        let trade = self.trades.pick(random);
        let place = self.few.pick(random);
        Profile {
            user_id: Uuid::from_u128(id),
            skills: self.skills(side, trade, random),
            topics: self.some_of(1, 30, random),
            soft_skills: self.some_of(2, 25, random),
            industries: BTreeSet::from([kind(3, trade % 12), kind(3, self.few.pick(random) % 12)]),
            languages: languages(random),
            place: random.percent(90).then(|| format!("place {place}")),
            in_person: random.percent(30),
            seniority: random.percent(95).then(|| (random.below(3) + side.pick(2, 0)) as u8),
            hours: hours(ZONES[(place % 6) as usize], random),
            gender: Gender::numbered(random.below(3) as u8).unwrap_or_default(),
            preferred_gender: Gender::numbered(random.pick(&[0, 0, 0, 0, 0, 0, 0, 0, 1, 2])).unwrap_or_default(),
            standing: Standing { active: random.percent(98), onboarded: true, paused: random.percent(4) },
            seats: seats(random),
        }
    }

    /// A member of a cohort: nobody pauses, and each mentor has a seat.
    pub fn participant(&self, side: Side, number: u64) -> Profile {
        let profile = self.somebody(side, number);
        Profile { standing: Standing::default(), seats: Seats::default(), ..profile }
    }

    fn skills(&self, side: Side, trade: u64, random: &mut Random) -> BTreeMap<Uuid, Skill> {
        let count = side.pick(4, 2) + random.below(4);
        let mut skills = BTreeMap::new();
        for skill in self.skill_numbers(trade, count, random) {
            let level = random.percent(75).then(|| (random.below(3) + side.pick(3, 1)) as u8);
            skills.insert(kind(0, skill), Skill { level, priority: 1 + random.below(3) as u8 });
        }
        skills
    }

    fn skill_numbers(&self, trade: u64, count: u64, random: &mut Random) -> Vec<u64> {
        if !self.sets.is_empty() {
            let set = &self.sets[random.below(self.sets.len() as u64) as usize];
            let first = random.below(set.len() as u64) as usize;
            return set.iter().cycle().skip(first).take(set.len().min(count as usize)).copied().collect();
        }
        let numbers = (0..count).map(|_| {
            let trade = match random.below(10) {
                0..=6 => trade,
                7 | 8 => (trade + 1) % TRADES,
                _ => self.trades.pick(random),
            };
            trade * SKILLS_OF_A_TRADE + self.of_a_trade.pick(random)
        });
        numbers.collect()
    }

    /// Up to four of so many things of a kind, none in one case of twelve.
    fn some_of(&self, of_kind: u64, things: u64, random: &mut Random) -> BTreeSet<Uuid> {
        let count = if random.below(12) == 0 { 0 } else { 1 + random.below(4) };
        (0..count).map(|_| kind(of_kind, self.few.pick(random) % things)).collect()
    }
}

/// When all of it happens.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default()
}

/// The id of a skill, topic or the like.
pub fn kind(kind: u64, number: u64) -> Uuid {
    Uuid::from_u128(u128::from(Random::of(kind, number).next()) << 64 | u128::from(number))
}

fn languages(random: &mut Random) -> BTreeSet<String> {
    let mut languages = BTreeSet::new();
    if random.percent(92) {
        languages.insert("en".to_owned());
    }
    if random.percent(45) || languages.is_empty() {
        languages.insert(random.pick(&LANGUAGES).to_owned());
    }
    languages
}

fn hours(zone: Tz, random: &mut Random) -> Hours {
    let count = if random.percent(8) { 0 } else { 1 + random.below(4) };
    let windows = (0..count).map(|_| {
        let start_minute = 60 * random.pick(&[7, 8, 9, 12, 12, 16, 17, 18, 18, 19, 20]);
        let end_minute = start_minute + random.pick(&[60, 60, 90, 120, 180]);
        Window { weekday: 1 + random.below(7).min(5) as i16, start_minute, end_minute }
    });
    Hours::new(zone, windows)
}

fn seats(random: &mut Random) -> Seats {
    let free = random.pick(&[0, 1, 1, 1, 1, 2, 2, 2, 3, 3]);
    let price = if random.percent(30) { random.below(300) as u16 } else { 0 };
    Seats { free, open_suggestions: random.below(16 * u64::from(free) + 1) as u32, price }
}
