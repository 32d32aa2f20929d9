use std::borrow::Cow;

use entity::side::Side;

use super::hours::Day;
use super::policy::Policy;
use super::pool::{Pool, Uses};
use super::profile::{Gender, Profile, Skill};
use super::record::{Cells, Faulty, Field, Flags, Record, as_coded, check, weight};
use super::vocabulary::{Dictionary, Home, List, Vocabulary};
use super::zones::Zones;

/// A profile in numbers, before the lists, homes and days that it shares with others have one: nothing is cut off, unless there is no
/// number left for a value. It is to be given to [`Vocabulary::acquire`], for it uses its values already.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    record: Record,
    sets: [List; 3],
    home: Home,
    days: [Day; 7],
    more_skills: List,
}

impl Coded {
    /// # Errors
    /// See [`Faulty`].
    pub fn new(
        profile: &Profile,
        side: Side,
        policy: &Policy,
        vocabulary: &mut Vocabulary,
        zones: &mut Zones,
    ) -> Result<Self, Faulty> {
        check(profile)?;
        let mut record = Record::default();
        record.set(Field::Flags, Flags::new(profile, side, policy).0.into());
        record.set(Field::Seniority, profile.seniority.map_or(0, |rank| u32::from(rank) + 1));
        record.set(Field::Deduction, side.pick(policy.deduction(profile.seats.price), 0));
        let home = Home {
            zone: if profile.hours.is_told() { zones.number(profile.hours.zone()) + 1 } else { 0 },
            place: vocabulary.places.acquire(profile.place.clone().unwrap_or_default()),
            languages: vocabulary.languages.acquire_all(profile.languages.iter()),
        };
        let sets = [
            vocabulary.topics.acquire_all(profile.topics.iter()),
            vocabulary.soft_skills.acquire_all(profile.soft_skills.iter()),
            vocabulary.industries.acquire_all(profile.industries.iter()),
        ];
        let more_skills = skills(profile, side, policy, vocabulary, &mut record);
        Ok(Self { record, sets, home, days: profile.hours.days(), more_skills })
    }
}

/// Writes the first skills into the record, and gives the others.
fn skills(profile: &Profile, side: Side, policy: &Policy, vocabulary: &mut Vocabulary, record: &mut Record) -> List {
    let mut fields = Field::SKILLS.into_iter();
    let mut more = Vec::new();
    for (id, skill) in &profile.skills {
        let skill = as_coded(*skill, side);
        let Some(code) = vocabulary.acquire_skill((*id, skill), weight(*id, skill, policy)) else { continue };
        match fields.next() {
            Some(field) => record.set(field, code.into()),
            None => more.push(code),
        }
    }
    more.into()
}

impl Vocabulary {
    /// The record of a coded profile, with one more use of the lists, home and days that it shares with others.
    pub fn acquire(&mut self, coded: Coded) -> Record {
        let Coded { mut record, sets, home, days, more_skills } = coded;
        for ((field, pool), list) in Field::SETS.into_iter().zip(&mut self.sets).zip(sets) {
            record.set(field, pool.acquire(list));
        }
        for (field, day) in Field::DAYS.into_iter().zip(days) {
            record.set(field, self.days.acquire(day));
        }
        record.set(Field::Home, self.homes.acquire(home));
        record.set(Field::MoreSkills, self.more_skills.acquire(more_skills));
        record
    }

    /// One use more, or less, of all that a record has.
    pub fn count(&mut self, record: &Record, by: Uses) {
        let words = [&mut self.topics, &mut self.soft_skills, &mut self.industries];
        for ((field, pool), words) in Field::SETS.into_iter().zip(&mut self.sets).zip(words) {
            pool.get(record.get(field)).iter().for_each(|code| words.count(*code, by));
            pool.count(record.get(field), by);
        }
        let more = record.get(Field::MoreSkills);
        let skills = record.told(Field::SKILLS).map(|code| code as u16);
        skills.chain(self.more_skills.get(more).iter().copied()).for_each(|code| self.skills.count(code - 1, by));
        self.more_skills.count(more, by);
        Field::DAYS.into_iter().for_each(|day| self.days.count(record.get(day), by));
        let home = self.homes.get(record.get(Field::Home));
        self.places.count(home.place, by);
        home.languages.iter().for_each(|code| self.languages.count(*code, by));
        self.homes.count(record.get(Field::Home), by);
    }

    /// Once all were counted that are used: see [`Dictionary::free_unused`].
    pub fn free_unused(&mut self) {
        self.skills.free_unused();
        [&mut self.topics, &mut self.soft_skills, &mut self.industries].into_iter().for_each(Dictionary::free_unused);
        self.languages.free_unused();
        self.places.free_unused();
        self.sets.iter_mut().chain([&mut self.more_skills]).for_each(Pool::free_unused);
        self.homes.free_unused();
        self.days.free_unused();
    }

    /// What of a profile there are numbers for: all, unless more values are in use than there are numbers.
    pub fn told<'a>(&self, profile: &'a Profile, side: Side) -> Cow<'a, Profile> {
        let ids = [&self.topics, &self.soft_skills, &self.industries];
        if !(self.skills.is_full() || self.languages.is_full() || ids.iter().any(|ids| ids.is_full())) {
            return Cow::Borrowed(profile);
        }
        let mut told = profile.clone();
        told.skills.retain(|id, skill| self.skills.get(&(*id, as_coded(*skill, side))).is_some());
        for (set, ids) in [&mut told.topics, &mut told.soft_skills, &mut told.industries].into_iter().zip(ids) {
            set.retain(|id| ids.get(id).is_some());
        }
        told.languages.retain(|language| self.languages.get(language).is_some());
        Cow::Owned(told)
    }

    /// The numbers of all skills of a record, plus 1.
    pub fn skills_of(&self, record: &impl Cells) -> impl Iterator<Item = u16> {
        let more = self.more_skills.get(record.get(Field::MoreSkills));
        record.told(Field::SKILLS).map(|code| code as u16).chain(more.iter().copied())
    }

    /// One of the days of a record, 0 for Monday to 6.
    #[inline]
    pub fn day_of(&self, record: &impl Cells, day: usize) -> &Day {
        self.days.get(record.get(Field::DAYS[day]))
    }

    /// The days of a record, Monday first.
    pub fn days_of(&self, record: &impl Cells) -> [&Day; 7] {
        std::array::from_fn(|day| self.day_of(record, day))
    }

    /// The profile that a record says, without id, standing and seats, and with one gender for both that there are.
    pub fn profile_of(&self, record: &Record, zones: &Zones) -> Profile {
        let home = self.homes.get(record.get(Field::Home));
        let [topics, soft_skills, industries] =
            std::array::from_fn(|set| self.sets[set].get(record.get(Field::SETS[set])));
        let skill = |code: u16| self.skills.value(code - 1).copied();
        let gender = Gender::of_number(record.flags().gender());
        Profile {
            skills: self.skills_of(record).filter_map(skill).collect::<std::collections::BTreeMap<_, Skill>>(),
            topics: values(topics, &self.topics),
            soft_skills: values(soft_skills, &self.soft_skills),
            industries: values(industries, &self.industries),
            languages: values(&home.languages, &self.languages),
            place: (home.place > 0).then(|| self.places.get(home.place).clone()),
            in_person: record.flags().in_person(),
            seniority: record.get(Field::Seniority).checked_sub(1).map(|rank| rank as u8),
            hours: zones.hours(home, self.days_of(record)),
            gender,
            preferred_gender: gender,
            ..Profile::default()
        }
    }
}

fn values<T: Ord + Clone>(list: &List, dictionary: &Dictionary<T>) -> std::collections::BTreeSet<T> {
    list.iter().filter_map(|code| dictionary.value(*code).cloned()).collect()
}
