use std::collections::{BTreeMap, BTreeSet};

use entity::suggestion::{self, Shared};
use matching::{Fit, Reasons};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::error::Result;
use crate::taxonomy;

/// The names of what pairs share, as they are now.
pub struct Names(BTreeMap<Uuid, Shared>);

impl Names {
    pub async fn load<'a>(db: &impl ConnectionTrait, fits: impl IntoIterator<Item = &'a Fit>) -> Result<Self> {
        let ids: BTreeSet<Uuid> = fits.into_iter().flat_map(|fit| fit.reasons.taxonomy()).collect();
        let terms = taxonomy::ops::by_id(db, ids).await?;
        Ok(Self(terms.into_iter().map(|term| (term.id, Shared { slug: term.slug, name: term.name })).collect()))
    }

    /// The reasons as they are stored.
    pub fn record(&self, reasons: &Reasons) -> suggestion::Reasons {
        reasons.record(|id| self.0.get(&id).cloned())
    }
}
