//! What a candidate earns, part by part.

use super::super::component::{Component, Points};
use super::super::record::{Cells, Field, Set};
use super::prepared::Prepared;
use super::wants::Worth;

/// What somebody earns by where they live: points for languages below it, and whether they may live in one place.
const MAY_BE_SAME: u32 = 1 << 16;

impl Prepared<'_> {
    /// What a candidate earns, but for the time they share; the hard rules are not asked here.
    #[inline]
    pub fn points_but_hours(&self, row: &impl Cells) -> Points {
        let worth = self.worth(row);
        let topics = self.topics_of(row.get(Field::Topics));
        let home = self.home(row);
        let points = [
            self.skills(worth),
            self.focus(worth),
            topics & 0xffff,
            topics >> 16,
            0,
            self.seniority(row.get(Field::Seniority)),
            self.of_set(Component::Industries, Set::Industries, row.get(Field::Industries)),
            self.of_set(Component::SoftSkills, Set::SoftSkills, row.get(Field::SoftSkills)),
            home & (MAY_BE_SAME - 1),
            self.place.points(row.flags().in_person(), home & MAY_BE_SAME != 0).into(),
        ];
        Points(points.map(|points| points as u16))
    }

    /// All that a candidate earns.
    pub fn points(&self, row: &impl Cells) -> Points {
        self.with_hours(self.points_but_hours(row), row)
    }

    /// [`Profile::shares_with`](super::super::profile::Profile::shares_with) of a candidate.
    #[inline]
    pub fn shares(&self, row: &impl Cells) -> bool {
        let topics = self.vocabulary.sets[Set::Topics as usize].get(row.get(Field::Topics));
        self.worth(row).shared() > 0 || self.wants.shared(Set::Topics, topics) > 0
    }

    /// The same points with those for the time they share.
    #[inline]
    pub fn with_hours(&self, mut points: Points, row: &impl Cells) -> Points {
        let home = self.vocabulary.homes.get(row.get(Field::Home));
        let minutes = self.shared.as_ref().and_then(|shared| shared.minutes(row, home, self.vocabulary));
        let earned = minutes.map_or(self.half(Component::Hours), |minutes| self.points_for_minutes(minutes));
        points.0[Component::Hours as usize] = earned as u16;
        points
    }

    #[inline]
    fn worth(&self, row: &impl Cells) -> Worth {
        let mut worth = Worth::default();
        Field::SKILLS.into_iter().for_each(|field| worth.add(self.worths.of(row.get(field))));
        let more = row.get(Field::MoreSkills);
        if more != 0 {
            let more = self.vocabulary.more_skills.get(more);
            more.iter().for_each(|code| worth.add(self.worths.of(u32::from(*code))));
        }
        worth
    }

    /// Points for topics in the mentee's view, and those in the mentor's above 16 bits.
    #[inline]
    fn topics_of(&self, number: u32) -> u32 {
        self.memos[Set::Topics as usize].get(number, || {
            let theirs = self.vocabulary.sets[Set::Topics as usize].get(number);
            let [sought, offered] = self.topics(self.wants.shared(Set::Topics, theirs), theirs.len() as u32);
            sought | offered << 16
        })
    }

    #[inline]
    fn of_set(&self, component: Component, set: Set, number: u32) -> u32 {
        self.memos[set as usize].get(number, || {
            let theirs = self.vocabulary.sets[set as usize].get(number);
            self.part_of_mentees(component, set, self.wants.shared(set, theirs), theirs.len() as u32)
        })
    }

    #[inline]
    fn home(&self, row: &impl Cells) -> u32 {
        let number = row.get(Field::Home);
        self.memos[Set::Languages as usize].get(number, || {
            let home = self.vocabulary.homes.get(number);
            let may_be_same = if self.place.may_be_same(home.place) { MAY_BE_SAME } else { 0 };
            let shared = self.wants.shared(Set::Languages, &home.languages);
            may_be_same | self.languages_in_common(shared, home.languages.len() as u32)
        })
    }
}
