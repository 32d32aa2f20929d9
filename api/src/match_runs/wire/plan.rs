use entity::component::shown as score_of;
use entity::match_run::Model;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::CoupleBody;
use super::run::TotalsOut;
use crate::http::Listing;
use crate::match_runs::findings::{Cause, Findings, Left, Why};
use crate::match_runs::ops::Shown;
use crate::people::PersonOut;
use crate::suggestions::wire::ReasonsOut;

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
    /// Pairs left out because their two people have the pair the other way round; the proof is of plans without them.
    #[schema(max_items = 50_000)]
    excluded: Vec<CoupleBody>,
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

/// A header line and a line for each pair: `mentorId,mentorName,menteeId,menteeName,score`.
#[derive(ToSchema)]
#[schema(value_type = String, max_length = 50_000_000)]
pub struct PairsCsv(#[expect(dead_code, reason = "it stands for the text in the document")] String);

impl PairOut {
    pub fn listing(page: Listing<Shown>) -> Listing<Self> {
        let shown = page.items.into_iter().filter_map(|shown| {
            let (score, points) = (score_of(shown.row.points), shown.row.points);
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
            excluded: findings.excluded.into_iter().map(Into::into).collect(),
            mentees: mentees.into_iter().map(|(id, price)| MenteePrice { id, price }).collect(),
            mentors: mentors.into_iter().map(|(id, seats, price)| MentorPrice { id, seats, price }).collect(),
        }
    }
}
