use entity::side::Side;

use super::super::component::{Component, Points};
use super::super::policy::Policy;
use super::super::profile::{Gender, Profile};
use super::super::record::{Faulty, Flags, Set, check, weight};
use super::super::rule::Rule;
use super::super::vocabulary::Vocabulary;
use super::percent_of;
use super::place::Place;
use super::shares::{Divisor, share};
use super::wants::{Terms, Wants, Worth, terms};

/// What one person's partners earn by what they have and share, whoever they are.
#[derive(Clone, Debug)]
pub struct Rates {
    pub(in super::super) side: Side,
    most: [u32; Component::COUNT],
    pub(in super::super) wants: Wants,
    /// Of each of the query's skills
    pub(in super::super) terms: Vec<Terms>,
    /// The gender that counts: a mentor's own, or the one that a mentee wants
    pub(in super::super) gender: Gender,
    /// How many skills the query has, three at most
    pub(in super::super) skills: u32,
    pub(in super::super) total: u32,
    by_total: Divisor,
    enough_minutes: u32,
    /// Points by the candidate's rank plus 1
    pub(in super::super) seniority: Vec<u16>,
    pub(in super::super) languages: [u32; 3],
    pub(in super::super) place: Place,
    /// By [`Flags`]: whether nothing in them forbids the candidate
    allowed: [bool; 32],
    floors: (u32, u32),
    /// What the query breaks by itself
    pub(in super::super) own_rule: Option<Rule>,
    /// What its own seat's price takes from every rank
    pub(super) deduction: u32,
}

impl Rates {
    /// Of `profile` on `side`, whose candidates are written in `vocabulary`.
    ///
    /// # Errors
    /// Where the profile does not keep its bounds.
    pub fn new(profile: &Profile, side: Side, policy: &Policy, vocabulary: &Vocabulary) -> Result<Self, Faulty> {
        check(profile)?;
        let most = policy.most.map(u32::from);
        let total = profile.skills.iter().map(|(id, skill)| weight(*id, *skill, policy)).sum();
        Ok(Self {
            side,
            most,
            wants: Wants::new(profile, vocabulary),
            terms: terms(profile, side, policy, vocabulary),
            gender: side.pick(profile.gender, profile.preferred_gender),
            skills: profile.skills.len().min(3) as u32,
            total,
            by_total: Divisor::new(10 * total),
            enough_minutes: policy.enough_minutes.into(),
            seniority: seniority(profile, side, policy),
            languages: policy.languages.map(|percent| percent_of(most[Component::Languages as usize], percent)),
            place: Place::new(profile, policy, vocabulary),
            allowed: allowed(profile, side),
            floors: (policy.floor(Side::Mentee).into(), policy.floor(Side::Mentor).into()),
            own_rule: Rule::broken_by(profile, side, policy),
            deduction: side.pick(policy.deduction(profile.seats.price), 0),
        })
    }

    #[inline]
    pub(in super::super) fn most(&self, component: Component) -> u32 {
        self.most[component as usize]
    }

    #[inline]
    pub(in super::super) fn half(&self, component: Component) -> u32 {
        self.most(component) / 2
    }

    /// Whether nothing in a candidate's flags forbids the pair.
    #[inline]
    pub fn allows(&self, flags: Flags) -> bool {
        self.allowed[usize::from(flags.0 & 31)]
    }

    /// Whether both views reach their floors.
    #[inline]
    pub fn reaches_floors(&self, points: &Points) -> bool {
        self.are_enough(points.view(Side::Mentee).into(), points.view(Side::Mentor).into())
    }

    /// Whether so many points in the mentee's view and in the mentor's reach the floors.
    #[inline]
    pub fn are_enough(&self, mentees: u32, mentors: u32) -> bool {
        mentees >= self.floors.0 && mentors >= self.floors.1
    }

    /// What every candidate's rank loses alike: nothing where it is their own seat that has the price.
    pub(in super::super) fn deduction_of_all(&self) -> u32 {
        self.deduction
    }

    /// The part of the weight sought that is covered. Who seeks nothing has not answered; who offers nothing covers nothing.
    #[inline]
    pub fn skills(&self, worth: Worth) -> u32 {
        let earned = self.most(Component::Skills) * worth.covered();
        let total = if self.side == Side::Mentee { self.total } else { worth.total() };
        match (total, self.side) {
            (0, _) => self.half(Component::Skills),
            (_, Side::Mentee) => self.by_total.divide(earned.into()),
            (_, Side::Mentor) => earned.checked_div(10 * total).unwrap_or_default(),
        }
    }

    #[inline]
    pub fn focus(&self, worth: Worth) -> u32 {
        let sought = if self.side == Side::Mentee { self.skills } else { worth.skills().min(3) };
        match sought {
            0 => self.half(Component::Focus),
            _ => share(self.most(Component::Focus), worth.shared().min(sought), sought),
        }
    }

    /// Points for topics in the mentee's view and in the mentor's, where `shared` of the candidate's `count` are.
    pub fn topics(&self, shared: u32, count: u32) -> [u32; 2] {
        let ours = self.wants.count(Set::Topics);
        let (mentees, mentors) = self.side.pick((count, ours), (ours, count));
        let part = |component, whole| self.part(component, shared, whole, mentees != 0 && mentors != 0);
        [part(Component::TopicsSought, mentees), part(Component::TopicsOffered, mentors)]
    }

    /// Points for what is shared of a set, over the mentee's.
    #[inline]
    pub fn part_of_mentees(&self, component: Component, set: Set, shared: u32, count: u32) -> u32 {
        let ours = self.wants.count(set);
        self.part(component, shared, self.side.pick(count, ours), ours != 0 && count != 0)
    }

    fn part(&self, component: Component, shared: u32, whole: u32, told: bool) -> u32 {
        if told { share(self.most(component), shared, whole) } else { self.half(component) }
    }

    /// Points where `shared` of the candidate's `count` languages are.
    pub fn languages_in_common(&self, shared: u32, count: u32) -> u32 {
        match self.wants.count(Set::Languages) == 0 || count == 0 {
            true => self.half(Component::Languages),
            false => self.languages[shared.min(2) as usize],
        }
    }

    /// Points for so many minutes a week that both have.
    #[inline]
    pub fn points_for_minutes(&self, minutes: u32) -> u32 {
        self.most(Component::Hours) * minutes.min(self.enough_minutes) / self.enough_minutes
    }

    /// Points for no half hour in a week that both have, for one, and so on; for more than these it is what it is for the last.
    pub fn points_by_half_hours(&self) -> impl Iterator<Item = u32> {
        (0..=self.enough_minutes.div_ceil(30)).map(|half_hours| self.points_for_minutes(30 * half_hours))
    }

    /// Points by the candidate's rank plus 1.
    #[inline]
    pub fn seniority(&self, rank: u32) -> u32 {
        self.seniority.get(rank as usize).copied().unwrap_or_default().into()
    }
}

fn seniority(profile: &Profile, side: Side, policy: &Policy) -> Vec<u16> {
    let most = u32::from(policy.most(Component::Seniority));
    let of_rank = |theirs: u8| {
        let mine = i16::from(profile.seniority?);
        let (mentor, mentee) = side.pick((mine, theirs.into()), (theirs.into(), mine));
        Some(percent_of(most, policy.seniority.percent(mentor - mentee)) as u16)
    };
    let half = (most / 2) as u16;
    std::iter::once(half).chain((0..u8::MAX).map(|rank| of_rank(rank).unwrap_or(half))).collect()
}

fn allowed(profile: &Profile, side: Side) -> [bool; 32] {
    std::array::from_fn(|bits| {
        let flags = Flags(bits as u8);
        let theirs = Gender::of_number(flags.gender());
        let admits = match side {
            Side::Mentee => profile.preferred_gender.admits(theirs),
            Side::Mentor => theirs.admits(profile.gender),
        };
        flags.is_open() && admits
    })
}
