use actix_web::HttpResponse;
use entity::match_run::{Conflict, Couple, Failure, Filters, Mode, Model, Phase, PublishedAs, State, Summary, Totals};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CoupleBody, SeatLimitBody};
use crate::http::{Instant, Versioned};
use crate::users::wire::Language;

/// A match run.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchRunOut {
    id: Uuid,
    state: State,
    /// What it is working on; null unless it is under way.
    #[schema(required)]
    progress: Option<ProgressOut>,
    /// Why it failed; null unless it has.
    #[schema(required)]
    failure: Option<Failure>,
    /// Whether it is to be cancelled but not yet is.
    cancel_requested: bool,
    mode: Mode,
    #[schema(minimum = 0, maximum = 100)]
    floor: i16,
    minimum_one: bool,
    filters: FiltersOut,
    #[schema(max_items = 1000)]
    pins: Vec<CoupleBody>,
    #[schema(max_items = 1000)]
    bans: Vec<CoupleBody>,
    #[schema(max_items = 1000)]
    seats: Vec<SeatLimitBody>,
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    seed: i64,
    /// The matching policy it was scored by; null until its input is taken.
    #[schema(required, minimum = 0, maximum = 1_000_000)]
    policy_version: Option<i32>,
    /// The formula it was scored by; null until its input is taken.
    #[schema(required, minimum = 0, maximum = 1000)]
    algorithm_version: Option<i32>,
    /// A digest of its input, with a key of this server: the same for the same people, answers, places, refusals, policy and weeks.
    #[schema(required, max_length = 64)]
    snapshot_hash: Option<String>,
    /// What the plan is made of and comes to; null until there is one.
    #[schema(required)]
    summary: Option<SummaryOut>,
    /// Null if that account is gone.
    #[schema(required)]
    requested_by_id: Option<Uuid>,
    /// What it is being published as; null unless that was requested and is not finished.
    #[schema(required)]
    publishing_as: Option<PublishedAs>,
    /// The pairs for which the run or the last attempt to publish failed, at most 1000; null if it did not fail for pairs.
    #[schema(required, max_items = 1000)]
    conflicts: Option<Vec<ConflictOut>>,
    #[schema(required)]
    published_as: Option<PublishedAs>,
    created_at: Instant,
    updated_at: Instant,
    #[schema(required)]
    started_at: Option<Instant>,
    /// When it was ready, failed, or was cancelled.
    #[schema(required)]
    finished_at: Option<Instant>,
    #[schema(required)]
    published_at: Option<Instant>,
}

/// How far a phase is. A phase may begin again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunProgress)]
pub struct ProgressOut {
    phase: Phase,
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    done: i64,
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    total: i64,
}

/// Whom the run takes, by ids.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunFiltersById)]
pub struct FiltersOut {
    #[schema(max_items = 100)]
    topic_ids: Vec<Uuid>,
    #[schema(max_items = 100)]
    skill_ids: Vec<Uuid>,
    #[schema(max_items = 100)]
    industry_ids: Vec<Uuid>,
    #[schema(max_items = 100, value_type = Vec<Language>)]
    languages: Vec<String>,
    #[schema(max_items = 1000)]
    mentee_ids: Vec<Uuid>,
    #[schema(max_items = 1000)]
    mentor_ids: Vec<Uuid>,
    #[schema(required, minimum = 1, maximum = 50_000)]
    most_mentees: Option<u32>,
    #[schema(required, minimum = 1, maximum = 50_000)]
    most_mentors: Option<u32>,
}

/// A pair that cannot be made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunConflict)]
pub struct ConflictOut {
    mentor_id: Uuid,
    mentee_id: Uuid,
    /// As in the `errors` of a refusal.
    #[schema(max_length = 64)]
    code: String,
}

/// Whom a run took, and what its plan comes to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunSummary)]
pub struct SummaryOut {
    #[schema(minimum = 0, maximum = 50_000)]
    mentees: u32,
    #[schema(minimum = 0, maximum = 50_000)]
    mentors: u32,
    /// Places the mentors have for the plan.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    seats: u32,
    totals: TotalsOut,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlanTotals)]
pub struct TotalsOut {
    /// The sum of the points of all pairs; a pair has up to 1000.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    points: i64,
    #[schema(minimum = 0, maximum = 50_000)]
    pairs: u32,
    /// Mentees with a mentor.
    #[schema(minimum = 0, maximum = 50_000)]
    matched_mentees: u32,
    /// Mentors with a mentee.
    #[schema(minimum = 0, maximum = 50_000)]
    matched_mentors: u32,
}

impl MatchRunOut {
    /// 202 while it is being published, else 200.
    pub fn published(run: Model) -> HttpResponse {
        let is_under_way = run.publication.is_some();
        let shown = Versioned::<Self>::of(run);
        if is_under_way { shown.accepted() } else { shown.ok() }
    }

    /// 202 with where it is found.
    pub fn begun(run: Model) -> HttpResponse {
        let location = format!("/api/v1/admin/match-runs/{}", run.id);
        Versioned::<Self>::of(run).begun(location)
    }
}

impl From<Model> for MatchRunOut {
    fn from(run: Model) -> Self {
        let (done, total) = (run.progress_done, run.progress_total);
        let phase = run.progress_phase.filter(|_| run.state.is_under_way());
        Self {
            id: run.id,
            state: run.state,
            progress: phase.map(|phase| ProgressOut { phase, done, total }),
            failure: run.failure,
            cancel_requested: run.cancel_requested && run.state.is_under_way(),
            mode: run.mode,
            floor: run.floor,
            minimum_one: run.minimum_one,
            filters: run.filters.into(),
            pins: run.edits.pins.into_iter().map(Into::into).collect(),
            bans: run.edits.bans.into_iter().map(Into::into).collect(),
            seats: run.edits.seats.into_iter().map(Into::into).collect(),
            seed: run.seed,
            policy_version: run.policy_version,
            algorithm_version: run.algorithm_version,
            snapshot_hash: run.snapshot_hash,
            summary: run.summary.map(Into::into),
            requested_by_id: run.requested_by_id,
            publishing_as: run.publication.map(|asked| asked.how),
            conflicts: run.conflicts.map(|conflicts| conflicts.0.into_iter().map(Into::into).collect()),
            published_as: run.published_as,
            created_at: run.created_at.into(),
            updated_at: run.updated_at.into(),
            started_at: run.started_at.map(Into::into),
            finished_at: run.finished_at.map(Into::into),
            published_at: run.published_at.map(Into::into),
        }
    }
}

impl From<Filters> for FiltersOut {
    fn from(filters: Filters) -> Self {
        Self {
            topic_ids: filters.topics,
            skill_ids: filters.skills,
            industry_ids: filters.industries,
            languages: filters.languages,
            mentee_ids: filters.mentee_ids,
            mentor_ids: filters.mentor_ids,
            most_mentees: filters.most_mentees,
            most_mentors: filters.most_mentors,
        }
    }
}

impl From<Conflict> for ConflictOut {
    fn from(conflict: Conflict) -> Self {
        let Conflict { couple: Couple { mentor_id, mentee_id }, code } = conflict;
        Self { mentor_id, mentee_id, code }
    }
}

impl From<Summary> for SummaryOut {
    fn from(summary: Summary) -> Self {
        let Summary { mentees, mentors, seats, totals } = summary;
        Self { mentees, mentors, seats, totals: totals.into() }
    }
}

impl From<Totals> for TotalsOut {
    fn from(totals: Totals) -> Self {
        let Totals { points, pairs, matched_mentees, matched_mentors } = totals;
        Self { points, pairs, matched_mentees, matched_mentors }
    }
}
