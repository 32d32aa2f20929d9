use entity::side::Side;

use super::hours::Day;
use super::policy::Policy;
use super::profile::{Gender, Profile, Skill};
use super::record::{Cells, Faulty, Field, Flags, Record, as_coded, check, weight};
use super::vocabulary::{Dictionary, Home, List, Vocabulary};
use super::zones::Zones;

/// A profile in numbers, before what it shares with others has one: nothing is cut off.
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
        let coded = Self::try_new(profile, side, policy, vocabulary, zones);
        coded.ok_or(Faulty::VocabularyFull)
    }

    fn try_new(
        profile: &Profile,
        side: Side,
        policy: &Policy,
        vocabulary: &mut Vocabulary,
        zones: &mut Zones,
    ) -> Option<Self> {
        let mut record = Record::default();
        record.set(Field::Flags, Flags::new(profile, side, policy).0.into());
        record.set(Field::Seniority, profile.seniority.map_or(0, |rank| u32::from(rank) + 1));
        record.set(Field::Deduction, side.pick(policy.deduction(profile.seats.price), 0));
        let home = Home {
            zone: if profile.hours.is_told() { zones.number(profile.hours.zone()) + 1 } else { 0 },
            place: profile.place.as_ref().map_or(Some(0), |place| Some(vocabulary.places.code(place)? + 1))?,
            languages: vocabulary.languages.list(profile.languages.iter())?,
        };
        let sets = [
            vocabulary.topics.list(profile.topics.iter())?,
            vocabulary.soft_skills.list(profile.soft_skills.iter())?,
            vocabulary.industries.list(profile.industries.iter())?,
        ];
        let more_skills = skills(profile, side, policy, vocabulary, &mut record)?;
        Some(Self { record, sets, home, days: profile.hours.days(), more_skills })
    }
}

/// Writes the first skills into the record, and gives the others.
fn skills(
    profile: &Profile,
    side: Side,
    policy: &Policy,
    vocabulary: &mut Vocabulary,
    record: &mut Record,
) -> Option<List> {
    let mut fields = Field::SKILLS.into_iter();
    let mut more = Vec::new();
    for (id, skill) in &profile.skills {
        let skill = as_coded(*skill, side);
        let code = vocabulary.skill_code((*id, skill), weight(*id, skill, policy))?;
        match fields.next() {
            Some(field) => record.set(field, code.into()),
            None => more.push(code),
        }
    }
    Some(more.into())
}

impl Vocabulary {
    /// The record of a coded profile, with one more use of all that it shares with others.
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

    /// One more use of all that a record shares with others, in a vocabulary in which nobody has used anything yet.
    pub fn use_again(&mut self, record: &Record) {
        for (field, pool) in Field::SETS.into_iter().zip(&mut self.sets) {
            pool.use_again(record.get(field));
        }
        Field::DAYS.into_iter().for_each(|day| self.days.use_again(record.get(day)));
        self.homes.use_again(record.get(Field::Home));
        self.more_skills.use_again(record.get(Field::MoreSkills));
    }

    /// Once all were used that are: see [`Pool::free_unused`](super::pool::Pool::free_unused).
    pub fn free_unused(&mut self) {
        self.sets.iter_mut().chain([&mut self.more_skills]).for_each(super::pool::Pool::free_unused);
        self.homes.free_unused();
        self.days.free_unused();
    }

    /// One use less of all that a record shares with others.
    pub fn release(&mut self, record: &Record) {
        for (field, pool) in Field::SETS.into_iter().zip(&mut self.sets) {
            pool.release(record.get(field));
        }
        Field::DAYS.into_iter().for_each(|day| self.days.release(record.get(day)));
        self.homes.release(record.get(Field::Home));
        self.more_skills.release(record.get(Field::MoreSkills));
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
            place: home.place.checked_sub(1).and_then(|code| self.places.value(code).cloned()),
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
