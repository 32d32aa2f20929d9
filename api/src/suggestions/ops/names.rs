use std::collections::{BTreeMap, BTreeSet};

use entity::suggestion::{self, Shared};
use matching::{Fit, Reasons};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;

#[derive(FromQueryResult)]
struct Term {
    id: Uuid,
    slug: String,
    name: String,
}

/// The names of what pairs share, as they are now.
pub struct Names(BTreeMap<Uuid, Shared>);

impl Names {
    pub async fn load<'a>(db: &impl ConnectionTrait, fits: impl IntoIterator<Item = &'a Fit>) -> Result<Self> {
        let ids: BTreeSet<Uuid> = fits.into_iter().flat_map(|fit| fit.reasons.taxonomy()).collect();
        if ids.is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        let mut sql = Sql::default();
        let ids = sql.bind_all(ids);
        let tables = ["skills", "topics", "industries", "soft_skills"];
        sql.text =
            tables.map(|table| format!("SELECT id, slug, name FROM {table} WHERE id IN ({ids})")).join(" UNION ALL ");
        let rows: Vec<Term> = sql.all(db).await?;
        Ok(Self(rows.into_iter().map(|term| (term.id, Shared { slug: term.slug, name: term.name })).collect()))
    }

    /// The reasons as they are stored.
    pub fn record(&self, reasons: &Reasons) -> suggestion::Reasons {
        reasons.record(|id| self.0.get(&id).cloned())
    }
}
