mod by_id;
mod change;
mod read;
mod resolve;

pub use by_id::{by_id, ladder};
pub(super) use change::{add, merge, update};
pub(super) use read::{get, list};
pub use resolve::{Choice, resolve};

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use super::wire::{Kind, Slug};

/// A row of any of the five tables, which are alike.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Term {
    pub id: Uuid,
    pub name: String,
    pub slug: String,
    pub rank: Option<i16>,
    pub merged_into_id: Option<Uuid>,
    pub retired_at: Option<DateTime<Utc>>,
}

impl Kind {
    pub fn path(self) -> &'static str {
        match self {
            Self::Skills => "skills",
            Self::SoftSkills => "soft-skills",
            Self::Topics => "topics",
            Self::Industries => "industries",
            Self::SeniorityLevels => "seniority-levels",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Skills => "skills",
            Self::SoftSkills => "soft_skills",
            Self::Topics => "topics",
            Self::Industries => "industries",
            Self::SeniorityLevels => "seniority_levels",
        }
    }

    fn is_ranked(self) -> bool {
        self == Self::SeniorityLevels
    }
}

fn select(kind: Kind) -> SelectStatement {
    let mut select = Query::select();
    select.columns(["id", "name", "slug", "merged_into_id", "retired_at"]).from(kind.table());
    if kind.is_ranked() {
        select.column("rank");
    }
    select
}

fn with_slug(kind: Kind, slug: &str) -> SelectStatement {
    select(kind).and_where(Expr::col("slug").eq(slug)).take()
}

fn with_id(kind: Kind, id: Uuid) -> SelectStatement {
    select(kind).and_where(Expr::col("id").eq(id)).take()
}

/// A query for the id that `slug` stands for: of its term, or of the one that took its place.
pub fn id_of(kind: Kind, slug: &Slug) -> SelectStatement {
    let mut id = Query::select();
    id.expr(Expr::cust("COALESCE(merged_into_id, id)")).from(kind.table());
    id.and_where(Expr::col("slug").eq(slug.as_str())).take()
}
