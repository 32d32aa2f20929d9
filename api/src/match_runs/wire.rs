use entity::match_run::{Couple, Mode, PublishedAs, SeatLimit, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::taxonomy::wire::Slug;
use crate::users::wire::Language;

mod changes;
mod insights;
mod plan;
mod run;

pub use changes::{ComparisonOut, EditOut};
pub use insights::InsightsOut;
pub use plan::{CertificateOut, PairOut, PairsCsv, UnmatchedOut};
pub use run::MatchRunOut;

/// What the best plan is to be, and for whom.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"mode": "PARTICIPATION_FIRST", "floor": 40}))]
pub struct MatchRunIn {
    /// `BEST_TOTAL` if absent.
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// The lowest score a pair may have (default 0).
    #[schema(minimum = 0, maximum = 100, nullable = false)]
    pub floor: Option<i16>,
    /// Whether each mentor is to have a mentee as far as possible (default false). Not with `STABLE`.
    #[schema(nullable = false)]
    pub minimum_one: Option<bool>,
    /// Everybody who is available if absent.
    #[schema(nullable = false)]
    pub filters: Option<FiltersIn>,
    /// Pairs that must be in the plan.
    #[schema(max_items = 1000, nullable = false)]
    pub pins: Option<Vec<CoupleBody>>,
    /// Pairs that must not be in the plan.
    #[schema(max_items = 1000, nullable = false)]
    pub bans: Option<Vec<CoupleBody>>,
    /// Mentors who are to take fewer mentees than they have free places.
    #[schema(max_items = 1000, nullable = false)]
    pub seats: Option<Vec<SeatLimitBody>>,
    /// Breaks ties: the same input and seed give the same plan (default 0).
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, nullable = false)]
    pub seed: Option<i64>,
}

/// Whom a run takes. A list asks nothing if absent or empty; of a list, one is enough.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MatchRunFilters)]
pub struct FiltersIn {
    /// Topics a mentor helps with or a mentee wants help with.
    #[schema(max_items = 100, nullable = false)]
    pub topics: Option<Vec<Slug>>,
    /// Skills a mentor offers or a mentee seeks.
    #[schema(max_items = 100, nullable = false)]
    pub skills: Option<Vec<Slug>>,
    #[schema(max_items = 100, nullable = false)]
    pub industries: Option<Vec<Slug>>,
    #[schema(max_items = 100, nullable = false)]
    pub languages: Option<Vec<Language>>,
    /// Only these mentees.
    #[schema(max_items = 1000, nullable = false)]
    pub mentee_ids: Option<Vec<Uuid>>,
    /// Only these mentors.
    #[schema(max_items = 1000, nullable = false)]
    pub mentor_ids: Option<Vec<Uuid>>,
    /// At most so many mentees, drawn by the seed.
    #[schema(minimum = 1, maximum = 50_000, nullable = false)]
    pub most_mentees: Option<u32>,
    /// At most so many mentors, drawn by the seed.
    #[schema(minimum = 1, maximum = 50_000, nullable = false)]
    pub most_mentors: Option<u32>,
}

/// What is demanded of the plan; lists that are absent stay as they are.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"bans": []}))]
pub struct MatchRunPatch {
    /// Pairs that must be in the plan.
    #[schema(max_items = 1000, nullable = false)]
    pub pins: Option<Vec<CoupleBody>>,
    /// Pairs that must not be in the plan.
    #[schema(max_items = 1000, nullable = false)]
    pub bans: Option<Vec<CoupleBody>>,
    /// Mentors who are to take fewer mentees than they have free places.
    #[schema(max_items = 1000, nullable = false)]
    pub seats: Option<Vec<SeatLimitBody>>,
    /// What to do if the plan would be made of something else today (default `PROCEED`).
    #[schema(nullable = false)]
    pub if_stale: Option<IfStale>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"as": "SUGGESTIONS"}))]
pub struct Publication {
    #[serde(rename = "as")]
    pub how: PublishedAs,
    /// What to do if the plan would be made of something else today (default `PROCEED`).
    #[schema(nullable = false)]
    pub if_stale: Option<IfStale>,
}

/// `REFUSE` marks the run as stale if people, answers, places, refusals or the matching policy have changed since its input was
/// taken, and answers `match_run_stale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IfStale {
    Proceed,
    Refuse,
}

/// A mentor and a mentee.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MatchRunCouple)]
pub struct CoupleBody {
    mentor_id: Uuid,
    mentee_id: Uuid,
}

/// A mentor who takes at most so many mentees, and never more than they have free places.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SeatLimit)]
pub struct SeatLimitBody {
    mentor_id: Uuid,
    #[schema(minimum = 0, maximum = 100)]
    seats: u16,
}

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MatchRunFilter {
    /// Only those in this state.
    #[param(inline)]
    pub state: Option<State>,
}

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CompareWith {
    /// The other match run.
    #[param(example = "01a17627-75e0-7358-a215-7d9a342e991e")]
    pub with: Uuid,
}

impl From<CoupleBody> for Couple {
    fn from(body: CoupleBody) -> Self {
        Self { mentor_id: body.mentor_id, mentee_id: body.mentee_id }
    }
}

impl From<Couple> for CoupleBody {
    fn from(couple: Couple) -> Self {
        Self { mentor_id: couple.mentor_id, mentee_id: couple.mentee_id }
    }
}

impl From<SeatLimitBody> for SeatLimit {
    fn from(body: SeatLimitBody) -> Self {
        Self { mentor_id: body.mentor_id, seats: body.seats }
    }
}

impl From<SeatLimit> for SeatLimitBody {
    fn from(limit: SeatLimit) -> Self {
        Self { mentor_id: limit.mentor_id, seats: limit.seats }
    }
}
