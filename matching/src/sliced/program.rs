use std::collections::BTreeMap;

use entity::side::Side;

use super::super::component::Component;
use super::super::record::Set;
use super::super::score::{Prepared, share};
use super::attributes::{Attribute, COUNTED, PARTS, UNIT, slots};
use super::bound::{Bound, ByCount, Choice, Sum, Worth};
use super::lanes::{LARGEST, SLICES};
use super::plane::{Plane, Reader};
use super::planes::Planes;

/// Makes the bound of one query out of the planes of the other side.
///
/// Each part of the score is bounded by what the attributes of a row allow, in [`UNIT`]s rounded up, so the sum is never below the
/// score.
pub struct Program<'a> {
    pub query: &'a Prepared<'a>,
    pub planes: &'a Planes,
}

/// Points in units, rounded up.
fn units(points: u32) -> u16 {
    points.div_ceil(UNIT).min(LARGEST.into()) as u16
}

impl<'a> Program<'a> {
    pub fn bound(&self) -> Option<Bound<'a>> {
        let mut bound = Bound {
            base: 0,
            sums: Vec::new(),
            prices: Vec::new(),
            demanded: vec![self.planes.reader(Attribute::Open)?],
            refused: Vec::new(),
        };
        if self.query.side == Side::Mentee {
            bound.prices = (0..SLICES as u8).map(|bit| self.planes.reader(Attribute::Price(bit))).collect();
        }
        self.genders(&mut bound)?;
        self.skills(&mut bound);
        self.topics(&mut bound);
        self.part_of_mentees(Component::Industries, Set::Industries, &mut bound);
        self.part_of_mentees(Component::SoftSkills, Set::SoftSkills, &mut bound);
        self.languages(&mut bound);
        self.hours(&mut bound);
        self.seniority(&mut bound);
        self.place(&mut bound);
        Some(bound)
    }

    /// A mentee's wish demands; a mentor's gender refuses those who want another. None where nobody has what is demanded.
    fn genders(&self, bound: &mut Bound<'a>) -> Option<()> {
        let gender = self.query.gender.number();
        match self.query.side {
            Side::Mentee if gender == 0 => {}
            Side::Mentee => bound.demanded.push(self.planes.reader(Attribute::Gender(gender))?),
            Side::Mentor => {
                let others = (1..=7).filter(|other| *other != gender);
                bound.refused.extend(others.filter_map(|other| self.planes.reader(Attribute::Gender(other))));
            }
        }
        Some(())
    }

    fn skills(&self, bound: &mut Bound<'a>) {
        let half = units(self.query.half(Component::Skills)) + units(self.query.half(Component::Focus));
        let most = self.query.most(Component::Focus);
        let focus = |sought: u32| [0, 1, 2, 3].map(|shared: u32| units(share(most, shared.min(sought), sought)));
        let counted = match self.query.side {
            Side::Mentee if self.query.skills == 0 => {
                bound.base += half;
                return;
            }
            Side::Mentee => vec![(None, focus(self.query.skills))],
            Side::Mentor => {
                let of = |sought: u8| {
                    (
                        Attribute::Skills(sought),
                        if sought == 0 { [half; 4] } else { within(sought, 3, focus(sought.into())) },
                    )
                };
                self.readers((0..=3).map(of))
            }
        };
        let choices = self.query.terms.iter().map(|terms| {
            let each = terms.iter().flat_map(|(code, weight, tenths)| self.skill(*code, *weight, *tenths));
            grouped(each)
        });
        bound.add(Sum { choices: choices.collect(), counted, is_needed: true });
    }

    /// Who has a skill at one level: a mentor earns its part of the mentee's wishes, a mentee what it is of theirs at most.
    fn skill(&self, code: u16, weight: u32, tenths: u32) -> impl Iterator<Item = (&'a Plane, u16)> + use<'a> {
        let (most, total, side) = (self.query.most(Component::Skills), self.query.total, self.query.side);
        let last = Attribute::Skill(code, PARTS.len() as u8);
        self.planes.range(Attribute::Skill(code, 0), last).map(move |(attribute, plane)| {
            let part = match attribute {
                Attribute::Skill(_, part) => PARTS.get(usize::from(part)).copied().unwrap_or(1),
                _ => 1,
            };
            let (upper, lower) = side.pick((1, part), (weight, total.max(1)));
            let points = u64::from(most) * u64::from(tenths) * u64::from(upper);
            let units = points.div_ceil(u64::from(lower) * 10 * u64::from(UNIT));
            (plane, side.pick(coarse(units), units).min(LARGEST.into()) as u16)
        })
    }

    fn topics(&self, bound: &mut Bound<'a>) {
        let (sought, offered) = (Component::TopicsSought, Component::TopicsOffered);
        let half = units(self.query.half(sought) + self.query.half(offered));
        let ours = self.query.wants.count(Set::Topics);
        let (of_ours, of_theirs) = match self.query.side {
            Side::Mentee => (self.query.most(sought), self.query.most(offered)),
            Side::Mentor => (self.query.most(offered), self.query.most(sought)),
        };
        let points =
            |count: u8| by_shared(|shared| part(of_ours, shared, ours) + part_of_theirs(of_theirs, shared, count));
        self.set(Set::Topics, half, points, bound);
    }

    fn part_of_mentees(&self, component: Component, set: Set, bound: &mut Bound<'a>) {
        let (most, half) = (self.query.most(component), units(self.query.half(component)));
        let ours = self.query.wants.count(set);
        match self.query.side {
            Side::Mentee => self.set_alike(set, half, by_shared(|shared| part(most, shared, ours)), bound),
            Side::Mentor => {
                self.set(set, half, |count| by_shared(|shared| part_of_theirs(most, shared, count)), bound);
            }
        }
    }

    /// The same for everybody: languages earn too little, and too many speak the same, for planes of them to be worth their memory.
    fn languages(&self, bound: &mut Bound<'a>) {
        let half = self.query.half(Component::Languages);
        let most = self.query.languages.iter().fold(half, |most, points| most.max(*points));
        bound.base += units(if self.query.wants.count(Set::Languages) == 0 { half } else { most });
    }

    /// A set that earns the same however many of it the others have.
    fn set_alike(&self, set: Set, half: u16, earned: ByCount, bound: &mut Bound<'a>) {
        if self.query.wants.count(set) == 0 {
            bound.base += half;
            return;
        }
        let untold = self.readers([(Attribute::Count(set, 0), within(0, COUNTED, [half; 4]))].into_iter());
        let counted = untold.into_iter().chain([(None, earned)]).collect();
        bound.add(Sum { choices: self.shared(set), counted, is_needed: set == Set::Topics });
    }

    /// A set that earns by how many of it the others have.
    fn set(&self, set: Set, half: u16, earned: impl Fn(u8) -> ByCount, bound: &mut Bound<'a>) {
        if self.query.wants.count(set) == 0 {
            bound.base += half;
            return;
        }
        let told = (1..=COUNTED).map(|count| (Attribute::Count(set, count), within(count, COUNTED, earned(count))));
        let counted =
            self.readers(std::iter::once((Attribute::Count(set, 0), within(0, COUNTED, [half; 4]))).chain(told));
        bound.add(Sum { choices: self.shared(set), counted, is_needed: set == Set::Topics });
    }

    fn shared(&self, set: Set) -> Vec<Choice<'a>> {
        let codes = self.query.wants.codes(set).iter();
        codes.filter_map(|code| self.worthless(Attribute::Has(set, *code))).collect()
    }

    /// Who has time in one, two or three of the query's stretches shares no more than the longest of them together.
    fn hours(&self, bound: &mut Bound<'a>) {
        let half = units(self.query.half(Component::Hours));
        let Some(mine) = &self.query.shared else {
            bound.base += half;
            return;
        };
        let mut minutes = mine.minutes_by_slot();
        minutes.sort_unstable_by(|one, other| other.cmp(one));
        let longest = |count| units(self.query.points_for_minutes(minutes.iter().take(count).sum()));
        let all = longest(minutes.len());
        let choices = slots(mine.slots()).filter_map(|slot| self.worthless(Attribute::Slot(slot))).collect();
        let untold = self.readers([(Attribute::NoHours, [half; 4])].into_iter());
        let counted = untold.into_iter().chain([(None, [0, longest(1), longest(2), all])]).collect();
        bound.add(Sum { choices, counted, is_needed: false });
    }

    fn seniority(&self, bound: &mut Bound<'a>) {
        let ranks = self.planes.range(Attribute::Rank(0), Attribute::Rank(u8::MAX));
        let earned = ranks.filter_map(|(attribute, plane)| match attribute {
            Attribute::Rank(rank) => Some((plane, units(self.query.seniority.get(usize::from(rank)).copied()?.into()))),
            _ => None,
        });
        bound.add(Sum { choices: vec![grouped(earned)], counted: Vec::new(), is_needed: false });
    }

    fn place(&self, bound: &mut Bound<'a>) {
        let [remote, in_person] = [false, true].map(|in_person| units(self.query.place.bound(in_person).into()));
        bound.base += remote;
        if let Some(rows) = self.planes.reader(Attribute::InPerson) {
            let more = Worth { rows, units: in_person.saturating_sub(remote) };
            bound.add(Sum { choices: vec![Choice::new(vec![more])], counted: Vec::new(), is_needed: false });
        }
    }

    /// What only counts together with others.
    fn worthless(&self, attribute: Attribute) -> Option<Choice<'a>> {
        Some(Choice::new(vec![Worth { rows: self.planes.reader(attribute)?, units: 0 }]))
    }

    fn readers(&self, of: impl Iterator<Item = (Attribute, ByCount)>) -> Vec<(Option<Reader<'a>>, ByCount)> {
        of.filter_map(|(attribute, units)| Some((Some(self.planes.reader(attribute)?), units))).collect()
    }
}

/// Up to the next of a few steps of one or two bits, so that the many ways in which mentees seek one skill make few bitmaps.
fn coarse(units: u64) -> u64 {
    const STEPS: [u64; 8] = [6, 8, 12, 16, 24, 32, 48, 64];
    STEPS.into_iter().find(|step| units <= *step).unwrap_or(units)
}

/// Units where none, one, two, and three or more are shared; `None` is any number.
fn by_shared(points: impl Fn(Option<u32>) -> u32) -> ByCount {
    [Some(0), Some(1), Some(2), None].map(|shared| units(points(shared)))
}

/// Nobody shares more than the `count` they have, which is `most` or more where it is `most`: there is nothing to add for them.
fn within(count: u8, most: u8, units: ByCount) -> ByCount {
    let possible = |shared: usize| count == most || shared <= usize::from(count);
    std::array::from_fn(|shared| if possible(shared) { units[shared] } else { 0 })
}

fn part(most: u32, shared: Option<u32>, whole: u32) -> u32 {
    shared.map_or(most, |shared| share(most, shared.min(whole), whole))
}

/// The part of a set of `count` members, or of [`COUNTED`] and more.
fn part_of_theirs(most: u32, shared: Option<u32>, count: u8) -> u32 {
    part(most, shared, count.into())
}

/// One choice, of which those with the same worth are read together.
fn grouped<'a>(each: impl Iterator<Item = (&'a Plane, u16)>) -> Choice<'a> {
    let mut by_units: BTreeMap<u16, Vec<&'a Plane>> = BTreeMap::new();
    each.for_each(|(plane, units)| by_units.entry(units).or_default().push(plane));
    Choice::new(by_units.into_iter().map(|(units, planes)| Worth { rows: Reader::new(planes), units }).collect())
}
