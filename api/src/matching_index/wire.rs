use entity::side::Side;
use matching::Index;
use serde::Serialize;
use utoipa::ToSchema;

use crate::candidates::Candidates;
use crate::http::Instant;

/// The matching index of a node.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingIndexOut {
    /// Members it can propose as mentors, whether or not they have a place at present.
    #[schema(minimum = 0, maximum = 100_000_000)]
    mentors: u64,
    /// The same as mentees.
    #[schema(minimum = 0, maximum = 100_000_000)]
    mentees: u64,
    #[schema(minimum = 0, maximum = 1_000_000_000_000_u64)]
    memory_bytes: u64,
    /// When it was loaded whole; null before it is.
    #[schema(required)]
    loaded_at: Option<Instant>,
    /// When it was compared with the database last, or loaded from it; null before it is loaded.
    #[schema(required)]
    checked_at: Option<Instant>,
    /// Rows that were compared then.
    #[schema(minimum = 0, maximum = 200_000_000)]
    compared: u64,
    /// Rows that differed from the database.
    #[schema(minimum = 0, maximum = 200_000_000)]
    differed: u64,
}

impl MatchingIndexOut {
    pub fn of(candidates: &Candidates) -> Self {
        let rows = |index: &Index, side: Side| index.rows(side).records().len() as u64;
        let sizes = |index: &Index| (rows(index, Side::Mentor), rows(index, Side::Mentee), index.memory_bytes() as u64);
        let (mentors, mentees, memory_bytes) = candidates.read(sizes).unwrap_or_default();
        let report = candidates.report();
        Self {
            mentors,
            mentees,
            memory_bytes,
            loaded_at: report.loaded_at.map(Instant::from),
            checked_at: report.checked_at.max(report.loaded_at).map(Instant::from),
            compared: report.compared,
            differed: report.differed,
        }
    }
}
