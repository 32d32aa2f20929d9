//! Matching: how well a mentor and a mentee fit each other. It knows neither HTTP nor a database: profiles come in, fits go
//! out, whichever engine found the candidates.

mod hours;
mod score;

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use entity::side::Side;
pub use hours::{Hours, Window};
pub use score::Fit;

/// What matching knows of a person on one side: what they offer as a mentor, or seek as a mentee.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub user_id: Uuid,
    /// With the level from 1 to 5 where they told it
    pub skills: BTreeMap<Uuid, Option<i16>>,
    pub topics: BTreeSet<Uuid>,
    pub soft_skills: BTreeSet<Uuid>,
    pub industries: BTreeSet<Uuid>,
    pub languages: BTreeSet<String>,
    /// The rank of their seniority
    pub seniority: Option<i16>,
    pub in_person: bool,
    pub hours: Hours,
}

/// For whom partners are sought, and on which side they themselves are.
pub struct Query<'a> {
    pub profile: &'a Profile,
    pub side: Side,
    /// How many to find
    pub count: usize,
}

/// Of every this many places one is for the newest, so that nobody starts unseen among those who fit a little better.
const NEWEST_SHARE: usize = 3;

/// The best of the `candidates`, who all keep the hard rules: by score, then the newest first. Some places are for the newest.
pub fn best(query: &Query<'_>, candidates: &[Profile]) -> Vec<Fit> {
    let mut fits: Vec<_> = candidates.iter().map(|candidate| (candidate.user_id, fit(query, candidate))).collect();
    fits.retain(|(_, fit)| !fit.skills.is_empty() || !fit.topics.is_empty());
    fits.sort_by(|(one, a), (other, b)| b.score().cmp(&a.score()).then(other.cmp(one)));
    let for_newest = query.count / NEWEST_SHARE;
    let mut rest = fits.split_off(fits.len().min(query.count - for_newest));
    rest.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    fits.extend(rest.into_iter().take(for_newest));
    fits.sort_by(|(one, a), (other, b)| b.score().cmp(&a.score()).then(other.cmp(one)));
    fits.into_iter().map(|(_, fit)| fit).collect()
}

fn fit(query: &Query<'_>, candidate: &Profile) -> Fit {
    match query.side {
        Side::Mentor => Fit::of(query.profile, candidate),
        Side::Mentee => Fit::of(candidate, query.profile),
    }
}

#[cfg(test)]
mod tests;
