use entity::side::Side;

use super::super::component::{Component, Points};
use super::super::policy::Policy;
use super::super::profile::{Gender, Profile};
use super::super::record::{Cells, Faulty, Field, Flags, Set, check, weight};
use super::super::rule::Rule;
use super::super::vocabulary::Vocabulary;
use super::super::zones::Zones;
use super::hours::Shared;
use super::memo::Memo;
use super::percent_of;
use super::place::Place;
use super::shares::Divisor;
use super::wants::{Terms, Wants, terms};

/// One person made ready to be scored against many of the other side.
#[derive(Clone, Debug)]
pub struct Prepared<'a> {
    /// The words of the other side
    pub(in super::super) vocabulary: &'a Vocabulary,
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
    pub(super) by_total: Divisor,
    pub(in super::super) shared: Option<Shared<'a>>,
    pub(super) enough_minutes: u32,
    /// Points by the candidate's rank plus 1
    pub(in super::super) seniority: Vec<u16>,
    pub(in super::super) languages: [u32; 3],
    pub(in super::super) place: Place,
    /// By [`Set`], that of languages by [`Home`](super::super::vocabulary::Home)
    pub(super) memos: [Memo; Set::COUNT],
    /// By [`Flags`]: whether nothing in them forbids the candidate
    allowed: [bool; 32],
    floors: (u32, u32),
    /// What the query breaks by itself
    pub(in super::super) own_rule: Option<Rule>,
    /// What its own seat's price takes from every rank
    deduction: u32,
}

impl<'a> Prepared<'a> {
    /// `profile` on `side` against candidates who are written in `vocabulary`, on the clocks of `zones`.
    ///
    /// # Errors
    /// Where the profile does not keep its bounds.
    pub fn new(
        profile: &Profile,
        side: Side,
        policy: &Policy,
        vocabulary: &'a Vocabulary,
        zones: &'a Zones,
    ) -> Result<Self, Faulty> {
        check(profile)?;
        let most = policy.most.map(u32::from);
        let total = profile.skills.iter().map(|(id, skill)| weight(*id, *skill, policy)).sum();
        let terms = terms(profile, side, policy, vocabulary);
        let [topics, soft_skills, industries] = vocabulary.sets.each_ref().map(|pool| Memo::new(pool.end()));
        Ok(Self {
            vocabulary,
            side,
            most,
            wants: Wants::new(&terms, profile, side, vocabulary),
            terms,
            gender: side.pick(profile.gender, profile.preferred_gender),
            skills: profile.skills.len().min(3) as u32,
            total,
            by_total: Divisor::new(10 * total),
            shared: Shared::new(profile, zones),
            enough_minutes: policy.enough_minutes.into(),
            seniority: seniority(profile, side, policy),
            languages: policy.languages.map(|percent| percent_of(most[Component::Languages as usize], percent)),
            place: Place::new(profile, policy, vocabulary),
            memos: [topics, soft_skills, industries, Memo::new(vocabulary.homes.end())],
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
        u32::from(points.view(Side::Mentee)) >= self.floors.0 && u32::from(points.view(Side::Mentor)) >= self.floors.1
    }

    /// Score − λ × price of the mentor's seat.
    #[inline]
    pub fn key(&self, points: &Points, row: &impl Cells) -> i32 {
        let deduction = if self.side == Side::Mentee { row.get(Field::Deduction) } else { self.deduction };
        i32::from(points.total()) - deduction as i32
    }

    /// What every candidate's rank loses alike: nothing where it is their own seat that has the price.
    pub(in super::super) fn deduction_of_all(&self) -> u32 {
        self.deduction
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
