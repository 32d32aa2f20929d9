use entity::side::Side;

use super::super::record::{Cells, Field, Record, Set};
use super::super::vocabulary::Vocabulary;
use super::super::zones::Zones;
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
    /// Some time in this stretch of six hours of the week
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

/// The attributes of a row, rising.
pub fn of(record: &Record, side: Side, vocabulary: &Vocabulary, zones: &Zones) -> Vec<Attribute> {
    let mut attributes = Vec::with_capacity(48);
    let flags = record.flags();
    let home = vocabulary.homes.get(record.get(Field::Home));
    attributes.extend(flags.is_open().then_some(Attribute::Open));
    attributes.extend(flags.in_person().then_some(Attribute::InPerson));
    attributes.extend(Some(flags.gender()).filter(|gender| *gender > 0).map(Attribute::Gender));
    attributes.push(Attribute::Rank(record.get(Field::Seniority) as u8));
    attributes.extend(slots(zones.slots(home, vocabulary.days_of(record))).map(Attribute::Slot));
    attributes.extend((home.zone == 0).then_some(Attribute::NoHours));
    skills(record, side, vocabulary, &mut attributes);
    for ((set, field), pool) in Set::WITH_FIELD.into_iter().zip(Field::SETS).zip(&vocabulary.sets) {
        members(set, side, pool.get(record.get(field)), &mut attributes);
    }
    if side == Side::Mentor {
        let units = price_units(record.get(Field::Deduction));
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

fn skills(record: &Record, side: Side, vocabulary: &Vocabulary, attributes: &mut Vec<Attribute>) {
    match side {
        Side::Mentor => attributes.extend(vocabulary.skills_of(record).map(|code| Attribute::Skill(code, 0))),
        Side::Mentee => {
            let total = vocabulary.skills_of(record).map(|code| vocabulary.weight(code)).sum();
            let attribute = |code| Attribute::Skill(code, part(vocabulary.weight(code), total));
            attributes.extend(vocabulary.skills_of(record).map(attribute));
            attributes.push(Attribute::Skills(vocabulary.skills_of(record).take(3).count() as u8));
        }
    }
}

/// The place in [`PARTS`] of the least that is not below `weight` / `total`.
fn part(weight: u32, total: u32) -> u8 {
    let place = PARTS.iter().position(|parts| u64::from(weight) * u64::from(*parts) <= u64::from(total));
    place.unwrap_or(PARTS.len() - 1) as u8
}

/// How many there are counts where the mentor's own are what is divided by, or the mentee's; whether there are any always does.
fn members(set: Set, side: Side, codes: &[u16], attributes: &mut Vec<Attribute>) {
    attributes.extend(codes.iter().map(|code| Attribute::Has(set, *code)));
    if codes.is_empty() || set == Set::Topics || side == Side::Mentee {
        attributes.push(Attribute::Count(set, codes.len().min(COUNTED.into()) as u8));
    }
}
