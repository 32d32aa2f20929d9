use std::ops::Deref;

use entity::side::Side;

use super::super::component::Points;
use super::super::policy::Policy;
use super::super::profile::Profile;
use super::super::record::{Cells, Faulty, Field, Set};
use super::super::vocabulary::Vocabulary;
use super::super::zones::Zones;
use super::hours::Shared;
use super::memo::Memo;
use super::rates::Rates;
use super::wants::Worths;

/// One person made ready to be scored against many of the other side, one after the other.
#[derive(Clone, Debug)]
pub struct Prepared<'a> {
    rates: Rates,
    /// The words of the other side
    pub(in super::super) vocabulary: &'a Vocabulary,
    pub(super) worths: Worths,
    pub(in super::super) shared: Option<Shared<'a>>,
    /// By [`Set`], that of languages by [`Home`](super::super::vocabulary::Home)
    pub(super) memos: [Memo; Set::COUNT],
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
        let rates = Rates::new(profile, side, policy, vocabulary)?;
        let [topics, soft_skills, industries] = vocabulary.sets.each_ref().map(|pool| Memo::new(pool.end()));
        Ok(Self {
            worths: Worths::new(&rates.terms, side, vocabulary),
            rates,
            vocabulary,
            shared: Shared::new(profile, zones),
            memos: [topics, soft_skills, industries, Memo::new(vocabulary.homes.end())],
        })
    }

    /// Score − λ × price of the mentor's seat.
    #[inline]
    pub fn key(&self, points: &Points, row: &impl Cells) -> i32 {
        let deduction = if self.side == Side::Mentee { row.get(Field::Deduction) } else { self.deduction };
        i32::from(points.total()) - deduction as i32
    }
}

impl Deref for Prepared<'_> {
    type Target = Rates;

    #[inline]
    fn deref(&self) -> &Rates {
        &self.rates
    }
}
