use entity::matching_report::{Model, Report, Spread};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fairness::{FairnessOut, FiguresOut, Labels};
use crate::http::Instant;
use crate::taxonomy::wire::TermOut;

/// A weekly report, in brief.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingReportBrief)]
pub struct MatchingReportBriefOut {
    id: Uuid,
    /// The start of the week, a Monday.
    from_at: Instant,
    /// Its end; the report tells of everybody as they were soon after.
    to_at: Instant,
    /// Null for fewer than ten.
    #[schema(required)]
    mentors: Option<FiguresOut>,
    /// Null for fewer than ten.
    #[schema(required)]
    mentees: Option<FiguresOut>,
    /// How unevenly mentors were shown, for their places: 0 if all alike, 1000 if one of them alone.
    #[schema(required, minimum = 0, maximum = 1000)]
    exposure_gini: Option<u16>,
    created_at: Instant,
}

/// A weekly report. Somebody has a match while they have a mentorship on that side; their score is the mean of what was suggested to
/// them in that week.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingReport)]
pub struct MatchingReportOut {
    id: Uuid,
    /// The start of the week, a Monday.
    from_at: Instant,
    /// Its end; the report tells of everybody as they were soon after.
    to_at: Instant,
    fairness: FairnessOut,
    /// Of how many mentors 50,000 were drawn by lot to be counted; null if all were counted.
    #[schema(required, minimum = 50_001, maximum = 1_000_000_000)]
    mentors_drawn_from: Option<u32>,
    /// The same of mentees.
    #[schema(required, minimum = 50_001, maximum = 1_000_000_000)]
    mentees_drawn_from: Option<u32>,
    /// Null for fewer than ten.
    #[schema(required)]
    mentor_waiting: Option<MinutesOut>,
    /// Null for fewer than ten.
    #[schema(required)]
    mentee_waiting: Option<MinutesOut>,
    /// Mentors with a place who were in no suggestion of the week; null where they or the others are fewer than ten.
    #[schema(required, minimum = 10, maximum = 50_000)]
    never_shown: Option<u32>,
    /// Null for fewer than ten mentors.
    #[schema(required)]
    declines_per_mentor: Option<DeclinesOut>,
    created_at: Instant,
}

/// From the end of the onboarding to the first mentorship, or until now for who still waits.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WaitingMinutes)]
pub struct MinutesOut {
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    median: u64,
    /// What nine in ten do not exceed.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    ninetieth: u64,
}

/// How many suggestions a mentor declined in the week.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeclinesPerMentor)]
pub struct DeclinesOut {
    #[schema(minimum = 0, maximum = 1_000_000)]
    median: u64,
    /// What nine in ten do not exceed.
    #[schema(minimum = 0, maximum = 1_000_000)]
    ninetieth: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingInsights)]
pub struct MatchingInsightsOut {
    /// At most 100 skills, the most sought first.
    #[schema(max_items = 100)]
    pub skills: Vec<SkillMarketOut>,
    /// Mentors with a free place who were in no suggestion of the last 90 days; null where they or the others are fewer than ten.
    #[schema(required, minimum = 10, maximum = 1_000_000_000)]
    pub mentors_never_shown: Option<i64>,
    /// When the numbers were computed.
    pub counted_at: Instant,
}

/// How much a skill is sought and offered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SkillMarket)]
pub struct SkillMarketOut {
    pub skill: TermOut,
    /// Who seek it; null where it cannot be told.
    #[schema(required, minimum = 10, maximum = 1_000_000_000)]
    pub mentees: Option<i64>,
    /// Who offer it and have a free place; null where it cannot be told.
    #[schema(required, minimum = 10, maximum = 1_000_000_000)]
    pub mentors: Option<i64>,
    /// What the next place of these mentors is worth to others, in points: 0 while there are places for all. Null where their number
    /// is.
    #[schema(required, minimum = 0, maximum = 1000)]
    pub median_seat_price: Option<i16>,
}

impl From<Model> for MatchingReportBriefOut {
    fn from(row: Model) -> Self {
        let fairness = row.report.fairness;
        Self {
            id: row.id,
            from_at: row.from_at.into(),
            to_at: row.to_at.into(),
            mentors: fairness.mentors.all.map(Into::into),
            mentees: fairness.mentees.all.map(Into::into),
            exposure_gini: fairness.exposure_gini,
            created_at: row.created_at.into(),
        }
    }
}

impl MatchingReportOut {
    pub fn new(row: Model, labels: &Labels) -> Self {
        let Report { fairness, drawn_from, waiting, never_shown, declines } = row.report;
        let minutes = |spread: Spread| MinutesOut { median: spread.median, ninetieth: spread.ninetieth };
        let [mentor_waiting, mentee_waiting] = waiting.map(|side| side.map(minutes));
        let [mentors_drawn_from, mentees_drawn_from] = drawn_from;
        Self {
            id: row.id,
            from_at: row.from_at.into(),
            to_at: row.to_at.into(),
            fairness: FairnessOut::new(&fairness, labels),
            mentors_drawn_from,
            mentees_drawn_from,
            mentor_waiting,
            mentee_waiting,
            never_shown,
            declines_per_mentor: declines
                .map(|spread| DeclinesOut { median: spread.median, ninetieth: spread.ninetieth }),
            created_at: row.created_at.into(),
        }
    }
}
