use std::collections::BTreeSet;

use uuid::Uuid;

use super::index::{Index, Rows};
use super::record::Faulty;
use super::retriever::{Best, Hit, Query, Retriever};
use super::score::Prepared;

/// Scores everybody, one after the other: the oracle of every other engine, and the one for a few thousand members.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a>(pub &'a Index);

impl Retriever for Scan<'_> {
    fn top_k(&self, query: &Query<'_>, k: usize, excluded: &BTreeSet<Uuid>) -> Result<Vec<Hit>, Faulty> {
        let prepared = self.0.prepare(query)?;
        let mut best = Best::new(query.profile.user_id, k);
        if prepared.own_rule.is_none() && k > 0 {
            let rows = self.0.rows(query.side.other());
            let skipped = rows.rows_of(excluded.iter().chain([&query.profile.user_id]));
            let hours = prepared.hours_by_pattern(self.0.patterns());
            scan(rows, &prepared, &hours, &skipped, &mut best);
        }
        Ok(best.into_hits())
    }
}

fn scan(rows: &Rows, prepared: &Prepared, hours: &[u16], skipped: &[u32], best: &mut Best) {
    for (row, record) in rows.records().iter().enumerate() {
        if !prepared.allows(record.flags) {
            continue;
        }
        let hours = hours.get(record.pattern as usize).copied().unwrap_or_default();
        let points = prepared.points(record, rows.extra(record), hours);
        let key = prepared.key(&points, record);
        if key >= best.bar() && prepared.reaches_floors(&points) {
            let row = row as u32;
            if skipped.binary_search(&row).is_err() {
                best.offer(Hit { id: rows.id(row), points, key });
            }
        }
    }
}
