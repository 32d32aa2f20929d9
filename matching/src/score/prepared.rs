use entity::side::Side;
use uuid::Uuid;

use super::super::component::{Component, Points};
use super::super::patterns::{Pattern, Patterns};
use super::super::policy::Policy;
use super::super::profile::{Gender, Profile};
use super::super::record::{Extra, Faulty, Flags, Record, Set, check, weight, weight_of_all};
use super::super::rule::Rule;
use super::super::vocabulary::Vocabulary;
use super::shares::{Divisor, share};
use super::tally::{Tally, Wants};

/// One person made ready to be scored against many of the other side.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(in super::super) side: Side,
    pub(in super::super) most: [u32; Component::COUNT],
    pub(in super::super) wants: Wants,
    /// For each of the query's skills how candidates have it: number plus 1, weight, tenths
    pub(in super::super) terms: Vec<Vec<(u16, u32, u32)>>,
    /// The gender that counts: a mentor's own, or the one that a mentee wants
    pub(in super::super) gender: Gender,
    /// How many skills the query has, three at most
    pub(in super::super) skills: u32,
    pub(in super::super) total: u32,
    by_total: Divisor,
    pub(in super::super) pattern: Option<Pattern>,
    pub(in super::super) enough_minutes: u32,
    /// Points by the candidate's rank plus 1
    pub(in super::super) seniority: Vec<u16>,
    pub(in super::super) languages: [u32; 3],
    pub(in super::super) place: Place,
    /// By [`Flags`]: whether nothing in them forbids the candidate
    pub(in super::super) allowed: [bool; 32],
    floors: (u32, u32),
    /// What the query breaks by itself
    pub(in super::super) own_rule: Option<Rule>,
    /// What its own seat's price takes from every rank
    deduction: u32,
}

/// Points for meeting in person, and the query's own answer.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    in_person: bool,
    /// None: not told; 0: nobody of the other side has it
    code: Option<u16>,
    pub together: u16,
    pub remote: u16,
    pub apart: u16,
}

impl Place {
    fn points(&self, record: &Record) -> u16 {
        let same = self.code.is_none_or(|code| record.place == 0 || record.place == code);
        match (self.in_person, record.flags.in_person()) {
            (true, true) if same => self.together,
            (false, false) => self.remote,
            _ => self.apart,
        }
    }

    /// The most that a candidate earns who would, or would not, meet in person.
    pub fn bound(&self, in_person: bool) -> u16 {
        match (self.in_person, in_person) {
            (true, true) => self.together.max(self.apart),
            (false, false) => self.remote,
            _ => self.apart,
        }
    }
}

impl Prepared {
    /// `profile` on `side` against candidates who are written in `vocabulary` and `patterns`.
    ///
    /// # Errors
    /// Where the profile does not keep its bounds.
    pub fn new(
        profile: &Profile,
        side: Side,
        policy: &Policy,
        vocabulary: &Vocabulary,
        patterns: &Patterns,
    ) -> Result<Self, Faulty> {
        check(profile)?;
        let most = policy.most.map(u32::from);
        let total = weight_of_all(profile, policy);
        let terms: Vec<_> = profile.skills.keys().map(|id| terms(*id, profile, side, policy, vocabulary)).collect();
        Ok(Self {
            side,
            most,
            wants: wants(&terms, profile, vocabulary),
            terms,
            gender: side.pick(profile.gender, profile.preferred_gender),
            skills: profile.skills.len().min(3) as u32,
            total,
            by_total: Divisor::new(10 * total),
            pattern: profile.hours.is_told().then(|| patterns.passing(&profile.hours)),
            enough_minutes: policy.enough_minutes.into(),
            seniority: seniority(profile, side, policy),
            languages: policy.languages.map(|percent| percent_of(most[Component::Languages as usize], percent)),
            place: place(profile, policy, vocabulary),
            allowed: allowed(profile, side),
            floors: (policy.floor(Side::Mentee).into(), policy.floor(Side::Mentor).into()),
            own_rule: Rule::broken_by(profile, side, policy),
            deduction: side.pick(policy.deduction(profile.seats.price), 0),
        })
    }

    /// Points by the number of a candidate's pattern.
    pub fn hours_by_pattern(&self, patterns: &Patterns) -> Vec<u16> {
        let untold = std::iter::once(self.hours(None));
        untold.chain(patterns.iter().skip(1).map(|pattern| self.hours(Some(pattern)))).collect()
    }

    /// Points for a candidate's pattern, none where they told no time.
    pub fn hours(&self, theirs: Option<&Pattern>) -> u16 {
        let minutes = self.pattern.as_ref().zip(theirs).map(|(mine, theirs)| mine.shared_minutes(theirs));
        minutes.map_or(self.half(Component::Hours), |minutes| self.points_for_minutes(minutes)) as u16
    }

    pub(in super::super) fn points_for_minutes(&self, minutes: u32) -> u32 {
        self.most(Component::Hours) * minutes.min(self.enough_minutes) / self.enough_minutes
    }

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

    /// What a candidate earns; the hard rules are not asked here. `hours` are the points of their pattern.
    #[inline]
    pub fn points(&self, record: &Record, extra: Option<&Extra>, hours: u16) -> Points {
        let mut tally = self.wants.tally(record);
        if let Some(extra) = extra {
            tally.add(&self.wants, extra);
        }
        let points = [
            self.skills(record, &tally),
            self.focus(&tally),
            self.part_of_mentees(Component::TopicsSought, Set::Topics, &tally),
            self.part_of_mentors(Component::TopicsOffered, Set::Topics, &tally),
            hours.into(),
            self.seniority.get(usize::from(record.seniority)).copied().unwrap_or_default().into(),
            self.part_of_mentees(Component::Industries, Set::Industries, &tally),
            self.part_of_mentees(Component::SoftSkills, Set::SoftSkills, &tally),
            self.in_common(&tally),
            self.place.points(record).into(),
        ];
        Points(points.map(|points| points as u16))
    }

    /// Whether both views reach their floors.
    #[inline]
    pub fn reaches_floors(&self, points: &Points) -> bool {
        u32::from(points.view(Side::Mentee)) >= self.floors.0 && u32::from(points.view(Side::Mentor)) >= self.floors.1
    }

    /// Score − λ × price of the mentor's seat.
    #[inline]
    pub fn key(&self, points: &Points, record: &Record) -> i32 {
        let deduction = if self.side == Side::Mentee { record.total } else { self.deduction };
        i32::from(points.total()) - deduction as i32
    }

    /// What every candidate's rank loses alike: nothing where it is their own seat that has the price.
    pub(in super::super) fn deduction_of_all(&self) -> u32 {
        self.deduction
    }

    /// The part of the weight sought that is covered. Who seeks nothing has not answered; who offers nothing covers nothing.
    #[inline]
    fn skills(&self, record: &Record, tally: &Tally) -> u32 {
        let earned = u64::from(self.most(Component::Skills)) * tally.covered();
        let total = if self.side == Side::Mentee { self.total } else { record.total };
        match (total, self.side) {
            (0, _) => self.half(Component::Skills),
            (_, Side::Mentee) => self.by_total.divide(earned),
            (_, Side::Mentor) => (earned as u32).checked_div(10 * total).unwrap_or_default(),
        }
    }

    #[inline]
    fn focus(&self, tally: &Tally) -> u32 {
        let sought = if self.side == Side::Mentee { self.skills } else { tally.skills };
        match sought {
            0 => self.half(Component::Focus),
            _ => share(self.most(Component::Focus), tally.shared_skills().min(sought), sought),
        }
    }

    #[inline]
    fn part_of_mentees(&self, component: Component, set: Set, tally: &Tally) -> u32 {
        let (ours, theirs) = (self.wants.count(set), tally.theirs(set));
        let whole = if self.side == Side::Mentee { ours } else { theirs };
        self.part(component, tally.shared(set), whole, ours != 0 && theirs != 0)
    }

    #[inline]
    fn part_of_mentors(&self, component: Component, set: Set, tally: &Tally) -> u32 {
        let (ours, theirs) = (self.wants.count(set), tally.theirs(set));
        let whole = if self.side == Side::Mentor { ours } else { theirs };
        self.part(component, tally.shared(set), whole, ours != 0 && theirs != 0)
    }

    #[inline]
    fn part(&self, component: Component, shared: u32, whole: u32, told: bool) -> u32 {
        if told { share(self.most(component), shared, whole) } else { self.half(component) }
    }

    #[inline]
    fn in_common(&self, tally: &Tally) -> u32 {
        match self.wants.count(Set::Languages) == 0 || tally.theirs(Set::Languages) == 0 {
            true => self.half(Component::Languages),
            false => self.languages[tally.shared(Set::Languages).min(2) as usize],
        }
    }
}

fn percent_of(most: u32, percent: u8) -> u32 {
    most * u32::from(percent) / 100
}

fn terms(id: Uuid, profile: &Profile, side: Side, policy: &Policy, vocabulary: &Vocabulary) -> Vec<(u16, u32, u32)> {
    let mine = profile.skills.get(&id).copied().unwrap_or_default();
    let term = |(theirs, code)| {
        let (offered, sought) = side.pick((mine, theirs), (theirs, mine));
        let tenths = policy.levels.tenths(offered.level, sought.level);
        (code + 1, weight(id, sought, policy), tenths.into())
    };
    vocabulary.of_skill(id).map(term).collect()
}

fn wants(terms: &[Vec<(u16, u32, u32)>], profile: &Profile, vocabulary: &Vocabulary) -> Wants {
    let mut worth = vec![0; vocabulary.skills.len() + 1];
    for (code, weight, tenths) in terms.iter().flatten() {
        if let Some(worth) = worth.get_mut(usize::from(*code)) {
            *worth = Wants::worth_of_one(weight * tenths);
        }
    }
    Wants::new(worth, profile, vocabulary)
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

fn place(profile: &Profile, policy: &Policy, vocabulary: &Vocabulary) -> Place {
    let points = |percent| percent_of(policy.most(Component::Place).into(), percent) as u16;
    let code = |place: &String| vocabulary.places.get(place).map_or(0, |code| code + 1);
    Place {
        in_person: profile.in_person,
        code: profile.place.as_ref().map(code),
        together: points(policy.place.together),
        remote: points(policy.place.remote),
        apart: points(policy.place.apart),
    }
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
