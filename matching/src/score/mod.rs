//! One pair, one answer: what each component earned, or the hard rule that forbids the pair.
//!
//! Adding to an answered list never lowers a score: a skill that the mentee seeks to the mentor's offers, a shared topic, an hour.
//! That is why coverage and focus divide by what the *mentee* seeks: a broad mentor loses nothing for knowing more. Only the
//! first answer to an open question can lower it, since it replaces the half that an unanswered one earns.

mod earned;
mod hours;
mod memo;
mod place;
mod prepared;
mod rates;
mod shares;
mod wants;

use entity::side::Side;
use thiserror::Error;

pub use prepared::Prepared;
pub use rates::Rates;
pub use shares::share;
pub use wants::Worth;

use super::coded::Coded;
use super::component::Points;
use super::hours::Horizon;
use super::policy::Policy;
use super::profile::Profile;
use super::record::Faulty;
use super::rule::{PairBlocks, Rule};
use super::vocabulary::Vocabulary;
use super::zones::Zones;

/// Why a pair has no points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error(transparent)]
    Rule(#[from] Rule),
    #[error(transparent)]
    Faulty(#[from] Faulty),
}

/// What the pair earns under `policy` in the weeks of `horizon`.
///
/// # Errors
/// The first hard rule that forbids the pair, or the bound that a profile does not keep.
pub fn judge(
    policy: &Policy,
    mentor: &Profile,
    mentee: &Profile,
    blocks: &PairBlocks,
    horizon: &Horizon,
) -> Result<Points, Refused> {
    if let Some(rule) = forbidden(policy, mentor, mentee, blocks) {
        return Err(rule.into());
    }
    with_prepared(policy, mentor, mentee, horizon, |prepared, points| {
        if prepared.reaches_floors(&points) { Ok(points) } else { Err(Rule::Floor.into()) }
    })?
}

/// What the pair would earn, were there no hard rules.
///
/// # Errors
/// The bound that a profile does not keep.
pub fn score(policy: &Policy, mentor: &Profile, mentee: &Profile, horizon: &Horizon) -> Result<Points, Faulty> {
    with_prepared(policy, mentor, mentee, horizon, |_, points| points)
}

fn with_prepared<T>(
    policy: &Policy,
    mentor: &Profile,
    mentee: &Profile,
    horizon: &Horizon,
    then: impl FnOnce(&Prepared<'_>, Points) -> T,
) -> Result<T, Faulty> {
    let mut zones = Zones::new(horizon.start());
    let mut vocabulary = Vocabulary::default();
    let coded = Coded::new(mentor, Side::Mentor, policy, &mut vocabulary, &mut zones)?;
    let record = vocabulary.acquire(coded);
    let prepared = Prepared::new(mentee, Side::Mentee, policy, &vocabulary, &zones)?;
    Ok(then(&prepared, prepared.points(&record)))
}

fn percent_of(most: u32, percent: u8) -> u32 {
    most * u32::from(percent) / 100
}

/// The first hard rule that forbids the pair before any point is counted.
pub fn forbidden(policy: &Policy, mentor: &Profile, mentee: &Profile, blocks: &PairBlocks) -> Option<Rule> {
    let oneself = (mentor.user_id == mentee.user_id).then_some(Rule::Oneself);
    let gender = !mentee.preferred_gender.admits(mentor.gender);
    oneself
        .or_else(|| blocks.of(mentor.user_id, mentee.user_id))
        .or_else(|| Rule::broken_by(mentor, Side::Mentor, policy))
        .or_else(|| Rule::broken_by(mentee, Side::Mentee, policy))
        .or_else(|| gender.then_some(Rule::GenderPreference))
        .or_else(|| (!mentor.shares_with(mentee)).then_some(Rule::NothingShared))
}
