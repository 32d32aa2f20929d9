//! What a candidate earns, part by part.

use entity::side::Side;

use super::super::component::{Component, Points};
use super::super::record::{Cells, Field, Set};
use super::prepared::Prepared;
use super::shares::share;
use super::wants::Worth;

/// What somebody earns by where they live: points for languages below it, and whether they may live in one place.
const MAY_BE_SAME: u32 = 1 << 16;

impl Prepared<'_> {
    /// What a candidate earns, but for the time they share; the hard rules are not asked here.
    #[inline]
    pub fn points_but_hours(&self, row: &impl Cells) -> Points {
        let worth = self.worth(row);
        let [topics, soft_skills, industries] = Field::SETS.map(|field| row.get(field));
        let topics = self.memos[Set::Topics as usize].get(topics, || self.topics(topics));
        let home = self.home(row);
        let points = [
            self.skills(worth),
            self.focus(worth),
            topics & 0xffff,
            topics >> 16,
            0,
            self.seniority.get(row.get(Field::Seniority) as usize).copied().unwrap_or_default().into(),
            self.part_of_mentees(Component::Industries, Set::Industries, industries),
            self.part_of_mentees(Component::SoftSkills, Set::SoftSkills, soft_skills),
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

    pub(in super::super) fn points_for_minutes(&self, minutes: u32) -> u32 {
        self.most(Component::Hours) * minutes.min(self.enough_minutes) / self.enough_minutes
    }

    #[inline]
    fn worth(&self, row: &impl Cells) -> Worth {
        let mut worth = Worth::default();
        Field::SKILLS.into_iter().for_each(|field| worth.add(self.wants.worth(row.get(field))));
        let more = row.get(Field::MoreSkills);
        if more != 0 {
            let more = self.vocabulary.more_skills.get(more);
            more.iter().for_each(|code| worth.add(self.wants.worth(u32::from(*code))));
        }
        worth
    }

    /// The part of the weight sought that is covered. Who seeks nothing has not answered; who offers nothing covers nothing.
    #[inline]
    fn skills(&self, worth: Worth) -> u32 {
        let earned = self.most(Component::Skills) * worth.covered();
        let total = if self.side == Side::Mentee { self.total } else { worth.total() };
        match (total, self.side) {
            (0, _) => self.half(Component::Skills),
            (_, Side::Mentee) => self.by_total.divide(earned.into()),
            (_, Side::Mentor) => earned.checked_div(10 * total).unwrap_or_default(),
        }
    }

    #[inline]
    fn focus(&self, worth: Worth) -> u32 {
        let sought = if self.side == Side::Mentee { self.skills } else { worth.skills().min(3) };
        match sought {
            0 => self.half(Component::Focus),
            _ => share(self.most(Component::Focus), worth.shared().min(sought), sought),
        }
    }

    /// Points for topics in the mentee's view, and those in the mentor's above 16 bits.
    fn topics(&self, number: u32) -> u32 {
        let theirs = self.vocabulary.sets[Set::Topics as usize].get(number);
        let (ours, shared) = (self.wants.count(Set::Topics), self.wants.shared(Set::Topics, theirs));
        let (mentees, mentors) = self.side.pick((theirs.len() as u32, ours), (ours, theirs.len() as u32));
        let part = |component, whole| self.part(component, shared, whole, mentees != 0 && mentors != 0);
        part(Component::TopicsSought, mentees) | part(Component::TopicsOffered, mentors) << 16
    }

    /// Points for what is shared of a set, over the mentee's.
    #[inline]
    fn part_of_mentees(&self, component: Component, set: Set, number: u32) -> u32 {
        self.memos[set as usize].get(number, || {
            let theirs = self.vocabulary.sets[set as usize].get(number);
            let (ours, count) = (self.wants.count(set), theirs.len() as u32);
            let told = ours != 0 && count != 0;
            self.part(component, self.wants.shared(set, theirs), self.side.pick(count, ours), told)
        })
    }

    fn part(&self, component: Component, shared: u32, whole: u32, told: bool) -> u32 {
        if told { share(self.most(component), shared, whole) } else { self.half(component) }
    }

    #[inline]
    fn home(&self, row: &impl Cells) -> u32 {
        let number = row.get(Field::Home);
        self.memos[Set::Languages as usize].get(number, || {
            let home = self.vocabulary.homes.get(number);
            let may_be_same = if self.place.may_be_same(home.place) { MAY_BE_SAME } else { 0 };
            may_be_same | self.languages_in_common(&home.languages)
        })
    }

    fn languages_in_common(&self, theirs: &[u16]) -> u32 {
        match self.wants.count(Set::Languages) == 0 || theirs.is_empty() {
            true => self.half(Component::Languages),
            false => self.languages[self.wants.shared(Set::Languages, theirs).min(2) as usize],
        }
    }
}
