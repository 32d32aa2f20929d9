use std::collections::BTreeSet;

use uuid::Uuid;

use super::component::Component;
use super::index::{Index, Rows};
use super::packed::Row;
use super::record::Faulty;
use super::retriever::{Best, Hit, Query};
use super::score::Prepared;

/// A list in the making: what every engine starts from, and how each of them scores a row.
pub struct Search<'a> {
    pub rows: &'a Rows,
    pub query: Prepared<'a>,
    /// The rows of those who are excluded, rising
    pub skipped: Vec<u32>,
    pub best: Best,
}

/// The list that `engine` makes; an empty one where the query breaks a rule by itself.
///
/// # Errors
/// Where the query's profile does not keep its bounds.
pub fn top_k(
    index: &Index,
    query: &Query<'_>,
    k: usize,
    excluded: &BTreeSet<Uuid>,
    engine: impl FnOnce(&mut Search<'_>),
) -> Result<Vec<Hit>, Faulty> {
    let rows = index.rows(query.side.other());
    let prepared = index.prepare(query)?;
    if prepared.own_rule.is_some() || k == 0 {
        return Ok(Vec::new());
    }
    let skipped = rows.rows_of(excluded.iter().chain([&query.profile.user_id]));
    let mut search = Search { rows, query: prepared, skipped, best: Best::new(query.profile.user_id, k) };
    engine(&mut search);
    Ok(search.best.into_hits())
}

impl Search<'_> {
    /// Takes a row in if it is among the best. The time that is shared, the dearest part to work out, is not asked for where all
    /// its points would not help.
    #[inline]
    pub fn score(&mut self, number: u32, row: &Row<'_>) {
        let points = self.query.points_but_hours(row);
        let most = self.query.key(&points, row) + self.query.most(Component::Hours) as i32;
        if most >= self.best.bar() {
            let points = self.query.with_hours(points, row);
            let key = self.query.key(&points, row);
            let is_fit = || self.query.reaches_floors(&points) && self.query.shares(row);
            if key >= self.best.bar() && is_fit() && !self.skips(number) {
                self.best.offer(Hit { id: self.rows.id(number), points, key });
            }
        }
    }

    fn skips(&self, number: u32) -> bool {
        self.skipped.binary_search(&number).is_ok()
    }
}
