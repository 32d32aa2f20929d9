use entity::match_run::{Couple, Model};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::CoupleBody;
use super::run::TotalsOut;
use crate::http::{Listing, Versioned};
use crate::match_runs::findings::{Cause, Findings, Left, Why};
use crate::match_runs::ops::{Compared, Edited, Shown};
use crate::people::PersonOut;
use crate::suggestions::wire::ReasonsOut;

/// As many pairs as one answer lists.
const MOST_LISTED: usize = 1000;

/// A pair of a plan.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlannedPair)]
pub struct PairOut {
    mentor: PersonOut,
    mentee: PersonOut,
    /// How well they match, from 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    score: i16,
    /// The same in the points that plans are made of.
    #[schema(minimum = 0, maximum = 1000)]
    points: i16,
    reasons: ReasonsOut,
}

/// A mentee without a mentor, and why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UnmatchedMentee)]
pub struct UnmatchedOut {
    person: PersonOut,
    reason: UnmatchedReason,
    /// What ruled out most mentors; null with `OUTBID`.
    #[schema(required)]
    cause: Option<Cause>,
    /// The points of the pair that came nearest; null with `NO_MENTOR_ALLOWED`.
    #[schema(required, minimum = 0, maximum = 1000)]
    points: Option<i64>,
    /// What that pair's seat is worth to others, in points; null with `NO_MENTOR_ALLOWED`.
    #[schema(required, minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    price: Option<i64>,
}

/// `NO_MENTOR_ALLOWED`: nobody in the run could be theirs. `OUTBID`: every seat they could have had is worth more to others.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum UnmatchedReason {
    NoMentorAllowed,
    Outbid,
}

/// The proof of a plan. With `u` the price of a mentee and `p` that of a mentor: no possible pair has more points than `u + p`, and `Σ u + Σ seats × p`
/// is the plan's points. With bonuses, these count as points of somebody's first pair.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Certificate)]
pub struct CertificateOut {
    totals: TotalsOut,
    /// False for a stable plan: it is its own proof, and has no prices.
    has_prices: bool,
    /// What a mentee's first pair counts besides its points.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    participation_bonus: i64,
    /// What a mentor's first pair counts besides its points.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    coverage_bonus: i64,
    /// Pairs that were taken as given; their seats and wishes are no part of the sum.
    #[schema(max_items = 1000)]
    pins: Vec<CoupleBody>,
    #[schema(max_items = 50_000)]
    mentees: Vec<MenteePrice>,
    #[schema(max_items = 50_000)]
    mentors: Vec<MentorPrice>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MenteePrice {
    id: Uuid,
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    price: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MentorPrice {
    id: Uuid,
    #[schema(minimum = 0, maximum = 65_535)]
    seats: u32,
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    price: i64,
}

/// How this plan differs from another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunComparison)]
pub struct ComparisonOut {
    this: TotalsOut,
    other: TotalsOut,
    #[schema(minimum = 0, maximum = 50_000)]
    kept: usize,
    #[schema(minimum = 0, maximum = 50_000)]
    added_count: usize,
    #[schema(minimum = 0, maximum = 50_000)]
    removed_count: usize,
    /// Pairs in this plan only, at most 1000.
    #[schema(max_items = 1000)]
    added: Vec<CoupleBody>,
    /// Pairs in the other plan only, at most 1000.
    #[schema(max_items = 1000)]
    removed: Vec<CoupleBody>,
}

/// What an edit changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunEdit)]
pub struct EditOut {
    before: TotalsOut,
    after: TotalsOut,
    /// Points lost by it; negative if points are gained.
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    cost: i64,
    /// Mentees who got, lost or changed their mentor.
    #[schema(minimum = 0, maximum = 50_000)]
    moved: usize,
    /// New pairs, at most 1000.
    #[schema(max_items = 1000)]
    added: Vec<CoupleBody>,
    /// Pairs no longer in the plan, at most 1000.
    #[schema(max_items = 1000)]
    removed: Vec<CoupleBody>,
}

/// A header line and a line for each pair: `mentorId,mentorName,menteeId,menteeName,score`.
#[derive(ToSchema)]
#[schema(value_type = String, max_length = 50_000_000)]
pub struct PairsCsv(#[expect(dead_code, reason = "it stands for the text in the document")] String);

impl PairOut {
    pub fn listing(page: Listing<Shown>) -> Listing<Self> {
        let shown = page.items.into_iter().filter_map(|shown| {
            let (score, points) = ((shown.row.points + 5) / 10, shown.row.points);
            Some(Self {
                mentor: shown.mentor?,
                mentee: shown.mentee?,
                score,
                points,
                reasons: shown.row.reasons.into(),
            })
        });
        Listing { items: shown.collect(), next_cursor: page.next_cursor }
    }
}

impl From<(PersonOut, Left)> for UnmatchedOut {
    fn from((person, left): (PersonOut, Left)) -> Self {
        match left.why {
            Why::NobodyAllowed(cause) => {
                let reason = UnmatchedReason::NoMentorAllowed;
                Self { person, reason, cause: Some(cause), points: None, price: None }
            }
            Why::Outbid { points, price } => {
                let (points, price) = (Some(points), Some(price));
                Self { person, reason: UnmatchedReason::Outbid, cause: None, points, price }
            }
        }
    }
}

impl From<(Model, Findings)> for CertificateOut {
    fn from((run, findings): (Model, Findings)) -> Self {
        let has_prices = findings.proof.is_some();
        let (participation_bonus, coverage_bonus, mentees, mentors) = match findings.proof {
            Some(proof) => (proof.participation, proof.coverage, proof.mentees, proof.mentors),
            None => Default::default(),
        };
        Self {
            totals: run.summary.unwrap_or_default().totals.into(),
            has_prices,
            participation_bonus,
            coverage_bonus,
            pins: run.edits.pins.into_iter().map(Into::into).collect(),
            mentees: mentees.into_iter().map(|(id, price)| MenteePrice { id, price }).collect(),
            mentors: mentors.into_iter().map(|(id, seats, price)| MentorPrice { id, seats, price }).collect(),
        }
    }
}

impl From<Compared> for ComparisonOut {
    fn from(compared: Compared) -> Self {
        let totals = |run: &Model| run.summary.unwrap_or_default().totals.into();
        Self {
            this: totals(&compared.this),
            other: totals(&compared.other),
            kept: compared.kept,
            added_count: compared.added.len(),
            removed_count: compared.removed.len(),
            added: listed(compared.added),
            removed: listed(compared.removed),
        }
    }
}

impl EditOut {
    pub fn versioned(edited: Edited) -> Versioned<Self> {
        let version = edited.run.version;
        let after = edited.run.summary.unwrap_or_default().totals;
        let mut moved: Vec<_> = edited.added.iter().chain(&edited.removed).map(|couple| couple.mentee_id).collect();
        moved.sort_unstable();
        moved.dedup();
        let out = Self {
            before: edited.before.into(),
            after: after.into(),
            cost: edited.before.points - after.points,
            moved: moved.len(),
            added: listed(edited.added),
            removed: listed(edited.removed),
        };
        Versioned(out, version)
    }
}

fn listed(couples: Vec<Couple>) -> Vec<CoupleBody> {
    couples.into_iter().take(MOST_LISTED).map(Into::into).collect()
}
