//! Mentors in columns, for a mentee to be scored against all of them at once: what earns alike has one number, a mentee works out
//! each number once, and a score is the sum of what the mentor's numbers earn.

mod lists;
mod postings;
mod times;

use entity::side::Side;

use super::component::Component;
use super::hours::Weeks;
use super::pool::Pool;
use super::record::{Cells, Field, Flags, Record, Set};
use super::score::{Rates, Worth};
use super::vocabulary::Vocabulary;
use super::zones::Zones;
use lists::Lists;
use postings::Postings;
use times::{Times, Told};

/// Bits of a score, and of what either view has of it, in one number: a score is at most 1000.
const BITS: u32 = 10;
const SCORE: u32 = (1 << BITS) - 1;
/// That the two have a skill or a topic in common.
const SHARING: u32 = 1 << 30;
const FORBIDDEN: u32 = 1 << 31;

/// What a mentor has numbers for: standing, that is flags and rank; home, doubled, and whether they would meet in person; topics,
/// soft skills and industries; and time.
const COLUMNS: usize = 6;

/// Mentors by row, and what the numbers in their columns stand for.
#[derive(Clone, Debug)]
pub struct Sheet {
    rows: Vec<[u32; COLUMNS]>,
    standings: Vec<(Flags, u32)>,
    /// By home
    places: Vec<u32>,
    languages: Lists,
    /// In the order of [`Field::SETS`]
    sets: [Lists; 3],
    times: Times,
    skills: Postings,
}

impl Sheet {
    /// Of mentors who are written in `vocabulary`, on the clocks of `zones`.
    pub fn new(records: &[Record], vocabulary: &Vocabulary, zones: &Zones) -> Self {
        let (mut standings, mut told) = (Pool::<(u8, u32)>::default(), Pool::<Told>::default());
        let row = |record: &Record| {
            let [topics, soft_skills, industries] = Field::SETS.map(|field| record.get(field));
            let home = record.get(Field::Home) * 2 + u32::from(record.flags().in_person());
            let standing = standings.acquire((record.flags().0, record.get(Field::Seniority)));
            let times = told.acquire(times_of(record, vocabulary, zones));
            [standing, home, topics, soft_skills, industries, times]
        };
        let rows = records.iter().map(row).collect();
        Self {
            rows,
            standings: standings.values_from_0().map(|(flags, rank)| (Flags(*flags), *rank)).collect(),
            places: vocabulary.homes.values_from_0().map(|home| home.place).collect(),
            languages: Lists::new(vocabulary.homes.values_from_0().map(|home| &home.languages)),
            sets: vocabulary.sets.each_ref().map(|pool| Lists::new(pool.values_from_0())),
            times: Times::new(&told),
            skills: Postings::new(records.iter().map(|record| vocabulary.skills_of(record))),
        }
    }

    /// The score of a mentee with every mentor, none where a mentor's flags, a floor or sharing nothing forbid it. `time` is the mentee's, where they
    /// told any.
    pub fn scores(&self, rates: &Rates, time: Option<&Weeks>) -> impl Iterator<Item = Option<u16>> {
        let tables = self.tables(rates, time);
        let worths = self.worths(rates);
        let [skills, focus] = [Component::Skills, Component::Focus].map(Seen::of);
        self.rows.iter().zip(worths).map(move |(row, worth)| {
            let shared = worth.shared();
            let mut sum = skills.of_points(rates.skills(worth)) + focus.of_points(rates.focus(worth));
            for (table, number) in tables.iter().zip(row) {
                sum += table[*number as usize];
            }
            let shares = shared > 0 || sum & SHARING > 0;
            let is_fit = shares && sum < FORBIDDEN && rates.are_enough(sum >> BITS & SCORE, sum >> (2 * BITS) & SCORE);
            is_fit.then_some((sum & SCORE) as u16)
        })
    }

    /// What each number of each column earns.
    fn tables(&self, rates: &Rates, time: Option<&Weeks>) -> [Vec<u32>; COLUMNS] {
        let [topics, soft_skills, industries] = &self.sets;
        let [sought, offered] = [Component::TopicsSought, Component::TopicsOffered].map(Seen::of);
        let of_topics = |shared, count| {
            let [mentees, mentors] = rates.topics(shared, count);
            let sharing = if shared > 0 { SHARING } else { 0 };
            sharing | (sought.of_points(mentees) + offered.of_points(mentors))
        };
        let of_set = |lists: &Lists, component, set| {
            let seen = Seen::of(component);
            let earned = |shared, count| seen.of_points(rates.part_of_mentees(component, set, shared, count));
            lists.table(rates.wants.codes(set), earned)
        };
        [
            self.standings(rates),
            self.homes(rates),
            topics.table(rates.wants.codes(Set::Topics), of_topics),
            of_set(soft_skills, Component::SoftSkills, Set::SoftSkills),
            of_set(industries, Component::Industries, Set::Industries),
            self.hours(rates, time),
        ]
    }

    fn standings(&self, rates: &Rates) -> Vec<u32> {
        let seen = Seen::of(Component::Seniority);
        let earned = |(flags, rank): &(Flags, u32)| {
            let points = seen.of_points(rates.seniority(*rank));
            if rates.allows(*flags) { points } else { points | FORBIDDEN }
        };
        self.standings.iter().map(earned).collect()
    }

    fn homes(&self, rates: &Rates) -> Vec<u32> {
        let [languages, place] = [Component::Languages, Component::Place].map(Seen::of);
        let in_common = |shared, count| languages.of_points(rates.languages_in_common(shared, count));
        let in_common = self.languages.table(rates.wants.codes(Set::Languages), in_common);
        let each = in_common.into_iter().zip(&self.places).flat_map(|(in_common, home)| {
            let may_be_same = rates.place.may_be_same(*home);
            [false, true]
                .map(|in_person| in_common + place.of_points(rates.place.points(in_person, may_be_same).into()))
        });
        each.collect()
    }

    fn hours(&self, rates: &Rates, time: Option<&Weeks>) -> Vec<u32> {
        let seen = Seen::of(Component::Hours);
        let half = seen.of_points(rates.half(Component::Hours));
        let Some(time) = time else { return vec![half; self.times.numbers()] };
        let known: Vec<_> = rates.points_by_half_hours().map(|points| seen.of_points(points)).collect();
        let most = known.len() - 1;
        let shared = self.times.shared(time).into_iter();
        let mut hours: Vec<_> = shared.map(|half_hours| known[usize::from(half_hours).min(most)]).collect();
        hours[0] = half;
        hours
    }

    /// What the skills of each mentor are worth.
    fn worths(&self, rates: &Rates) -> Vec<Worth> {
        let mut worths = vec![Worth::default(); self.rows.len()];
        for (code, weight, tenths) in rates.terms.iter().flatten() {
            let worth = Worth::new(Some(weight * tenths), 0);
            self.skills.of(*code).iter().for_each(|place| worths[*place as usize].add(worth));
        }
        worths
    }
}

fn times_of(record: &Record, vocabulary: &Vocabulary, zones: &Zones) -> Told {
    let home = vocabulary.homes.get(record.get(Field::Home));
    let hours = zones.hours(home, vocabulary.days_of(record));
    (home.zone > 0, zones.weeks(&hours))
}

/// Who sees a component: what its points are multiplied by to count in the score and in the views.
#[derive(Clone, Copy)]
struct Seen(u32);

impl Seen {
    fn of(component: Component) -> Self {
        let [mentees, mentors] = [Side::Mentee, Side::Mentor].map(|side| u32::from(component.is_seen_by(side)));
        Self(1 | mentees << BITS | mentors << (2 * BITS))
    }

    #[inline]
    fn of_points(self, points: u32) -> u32 {
        self.0 * points
    }
}
