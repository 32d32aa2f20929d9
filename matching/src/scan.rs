use std::collections::BTreeSet;

use uuid::Uuid;

use super::index::Index;
use super::record::{Cells, Faulty};
use super::retriever::{Hit, Query, Retriever};
use super::search::{Search, top_k};

/// Scores everybody, one after the other: the oracle of every other engine, and the one for a few thousand members.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a>(pub &'a Index);

impl Retriever for Scan<'_> {
    fn top_k(&self, query: &Query<'_>, k: usize, excluded: &BTreeSet<Uuid>) -> Result<Vec<Hit>, Faulty> {
        top_k(self.0, query, k, excluded, scan)
    }
}

fn scan(search: &mut Search<'_>) {
    for (number, row) in (0..).zip(search.rows.records().rows()) {
        if search.query.allows(row.flags()) {
            search.score(number, &row);
        }
    }
}
