use entity::side::Side;

use super::super::policy::Policy;
use super::super::profile::{Profile, Skill};
use super::super::record::{Flags, as_coded};

/// A hash of all that a row says of somebody, with whether they can be matched now and what the price of their seat takes: the
/// first 64 bits of BLAKE3 over its canonical bytes. It depends on no number of a vocabulary, so every node and the database agree.
pub fn of_row(profile: &Profile, side: Side, flags: Flags, deduction: u32) -> u64 {
    let mut bytes = Bytes::default();
    bytes.number(side.pick(0, 1));
    bytes.text(profile.user_id.as_bytes());
    bytes.list(profile.skills.iter(), |bytes, (id, skill)| {
        let Skill { level, priority } = as_coded(*skill, side);
        bytes.text(id.as_bytes());
        bytes.number(u64::from(level.unwrap_or_default()) << 8 | u64::from(priority));
    });
    for set in [&profile.topics, &profile.soft_skills, &profile.industries] {
        bytes.list(set.iter(), |bytes, id| bytes.text(id.as_bytes()));
    }
    bytes.list(profile.languages.iter(), |bytes, language| bytes.text(language.as_bytes()));
    bytes.list(profile.place.iter(), |bytes, place| bytes.text(place.as_bytes()));
    bytes.list(profile.seniority.iter(), |bytes, rank| bytes.number(u64::from(*rank)));
    if profile.hours.is_told() {
        bytes.text(profile.hours.zone().name().as_bytes());
    }
    bytes.list(profile.hours.stretches().iter(), |bytes, (start, end)| {
        bytes.number(u64::from(start.unsigned_abs()) << 32 | u64::from(end.unsigned_abs()));
    });
    bytes.number(u64::from(profile.in_person));
    bytes.number(side.pick(profile.gender, profile.preferred_gender).number().into());
    bytes.number(u64::from(flags.is_open()) << 32 | u64::from(deduction));
    bytes.hash()
}

/// The hash of a row that tells all of this profile.
pub fn of_profile(profile: &Profile, side: Side, policy: &Policy) -> u64 {
    let deduction = side.pick(policy.deduction(profile.seats.price), 0);
    of_row(profile, side, Flags::new(profile, side, policy), deduction)
}

#[derive(Default)]
struct Bytes(blake3::Hasher);

impl Bytes {
    fn number(&mut self, number: u64) {
        self.0.update(&number.to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len() as u64);
        self.0.update(text);
    }

    fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.number(items.len() as u64);
        items.for_each(|item| write(self, item));
    }

    fn hash(&self) -> u64 {
        let mut first = [0; 8];
        first.iter_mut().zip(self.0.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(first)
    }
}
