//! One pair, one answer: what each component earned, or the hard rule that forbids the pair.
//!
//! Adding to an answered list never lowers a score: a skill that the mentee seeks to the mentor's offers, a shared topic, an hour.
//! That is why coverage and focus divide by what the *mentee* seeks: a broad mentor loses nothing for knowing more. Only the
//! first answer to an open question can lower it, since it replaces the half that an unanswered one earns.

mod prepared;
mod shares;
mod tally;

use entity::side::Side;
use thiserror::Error;

pub use prepared::Prepared;
pub use shares::share;

use super::component::Points;
use super::hours::Horizon;
use super::patterns::Patterns;
use super::policy::Policy;
use super::profile::Profile;
use super::record::{Faulty, encode};
use super::rule::{PairBlocks, Rule};
use super::vocabulary::Vocabulary;

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
    let (prepared, points) = points(policy, mentor, mentee, horizon)?;
    if prepared.reaches_floors(&points) { Ok(points) } else { Err(Rule::Floor.into()) }
}

/// What the pair would earn, were there no hard rules.
///
/// # Errors
/// The bound that a profile does not keep.
pub fn score(policy: &Policy, mentor: &Profile, mentee: &Profile, horizon: &Horizon) -> Result<Points, Faulty> {
    Ok(points(policy, mentor, mentee, horizon)?.1)
}

fn points(
    policy: &Policy,
    mentor: &Profile,
    mentee: &Profile,
    horizon: &Horizon,
) -> Result<(Prepared, Points), Faulty> {
    let mut patterns = Patterns::new(horizon.start());
    let mut vocabulary = Vocabulary::default();
    let (mut record, extra) = encode(mentor, Side::Mentor, policy, &mut vocabulary)?;
    record.pattern = patterns.acquire(&mentor.hours);
    let prepared = Prepared::new(mentee, Side::Mentee, policy, &vocabulary, &patterns)?;
    let points = prepared.points(&record, Some(&extra), prepared.hours(patterns.told(record.pattern)));
    Ok((prepared, points))
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
}
