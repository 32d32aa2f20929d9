use entity::side::Side;

use super::super::record::{Extra, Record, Set};
use super::lanes::SLICES;

/// What rows are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    /// Can be matched at all
    Open,
    InPerson,
    /// The gender that a mentor has or a mentee wants, where there is one
    Gender(u8),
    /// The rank plus 1
    Rank(u8),
    /// Some time in these three hours of the week
    Slot(u8),
    NoHours,
    /// The number of a skill plus 1, and for a mentee which part of their wishes it is at most: see [`PARTS`]
    Skill(u16, u8),
    /// How many skills a mentee seeks, three at most
    Skills(u8),
    /// A value of a set
    Has(Set, u16),
    /// How many of a set, [`COUNTED`] at most
    Count(Set, u8),
    /// A bit of what the price takes, in [`UNIT`]s
    Price(u8),
}

/// Points of one unit of a bound. A bound rounds up, so 255 units are beyond every score.
pub const UNIT: u32 = 4;
/// From how many on sets of one kind are taken as equally large.
pub const COUNTED: u8 = 5;
/// One skill's part of all that a mentee seeks, rounded up to one of these.
pub const PARTS: [u32; 8] = [10, 8, 6, 5, 4, 3, 2, 1];

/// What stands outside a record and is needed to tell its attributes.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    pub extra: Option<&'a Extra>,
    /// By number of a skill plus 1, for mentees
    pub weights: &'a [u32],
    /// [`Weeks::slots`](super::super::hours::Weeks::slots)
    pub slots: u64,
}

/// The attributes of a row, rising.
pub fn of(record: &Record, side: Side, beside: &Beside<'_>) -> Vec<Attribute> {
    let mut attributes = Vec::with_capacity(48);
    attributes.extend(record.flags.is_open().then_some(Attribute::Open));
    attributes.extend(record.flags.in_person().then_some(Attribute::InPerson));
    attributes.extend(Some(record.flags.gender()).filter(|gender| *gender > 0).map(Attribute::Gender));
    attributes.push(Attribute::Rank(record.seniority));
    attributes.extend(slots(beside.slots).map(Attribute::Slot));
    attributes.extend((record.pattern == 0).then_some(Attribute::NoHours));
    skills(record, side, beside, &mut attributes);
    sets(record, beside, &mut attributes);
    if side == Side::Mentor {
        let units = price_units(record.total);
        attributes.extend((0..SLICES as u8).filter(|bit| units >> bit & 1 == 1).map(Attribute::Price));
    }
    attributes.sort_unstable();
    attributes
}

/// What a deduction takes from a bound: rounded down, and no more than a bound can be.
fn price_units(deduction: u32) -> u32 {
    (deduction / UNIT).min(super::lanes::LARGEST.into())
}

/// The numbers of the bits that are set.
pub fn slots(bits: u64) -> impl Iterator<Item = u8> {
    (0..64).filter(move |bit| bits >> bit & 1 == 1)
}

fn skills(record: &Record, side: Side, beside: &Beside<'_>, attributes: &mut Vec<Attribute>) {
    let beyond = beside.extra.map_or(&[][..], |extra| &extra.skills);
    let codes = || record.skills.iter().chain(beyond).copied().filter(|code| *code != 0);
    match side {
        Side::Mentor => attributes.extend(codes().map(|code| Attribute::Skill(code, 0))),
        Side::Mentee => {
            let weight = |code: u16| beside.weights.get(usize::from(code)).copied().unwrap_or(u32::MAX);
            attributes.extend(codes().map(|code| Attribute::Skill(code, part(weight(code), record.total))));
            attributes.push(Attribute::Skills(codes().take(3).count() as u8));
        }
    }
}

/// The place in [`PARTS`] of the least that is not below `weight` / `total`.
fn part(weight: u32, total: u32) -> u8 {
    let place = PARTS.iter().position(|parts| u64::from(weight) * u64::from(*parts) <= u64::from(total));
    place.unwrap_or(PARTS.len() - 1) as u8
}

fn sets(record: &Record, beside: &Beside<'_>, attributes: &mut Vec<Attribute>) {
    for set in Set::ALL {
        let mask = record.sets[set as usize];
        let beyond = beside.extra.map_or(&[][..], |extra| &extra.sets[set as usize]);
        attributes.extend(slots(mask).map(|code| Attribute::Has(set, code.into())));
        attributes.extend(beyond.iter().map(|code| Attribute::Has(set, *code)));
        let count = mask.count_ones() as usize + beyond.len();
        attributes.push(Attribute::Count(set, count.min(COUNTED.into()) as u8));
    }
}
