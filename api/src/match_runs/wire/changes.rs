use entity::match_run::{Couple, Model};
use serde::Serialize;
use utoipa::ToSchema;

use super::CoupleBody;
use super::run::TotalsOut;
use crate::http::Versioned;
use crate::match_runs::ops::{Compared, Edited};

/// As many pairs as one answer lists.
const MOST_LISTED: usize = 1000;

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
