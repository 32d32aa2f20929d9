use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;
use crate::taxonomy::wire::TermOut;

const TABLES: [&str; 5] = ["skills", "soft_skills", "topics", "industries", "seniority_levels"];

#[derive(FromQueryResult)]
struct Brief {
    id: Uuid,
    slug: String,
    name: String,
}

#[derive(FromQueryResult)]
struct Level {
    id: Uuid,
}

/// The terms with these ids, of whatever kind, retired ones too.
pub async fn by_id(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<TermOut>> {
    let mut sql = Sql::default();
    let ids = sql.bind_all(ids);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of = |table| format!("SELECT id, slug, name FROM {table} WHERE id IN ({ids})");
    sql.text = TABLES.map(of).join(" UNION ALL ");
    let terms = sql.all::<Brief>(db).await?;
    Ok(terms.into_iter().map(|term| TermOut { id: term.id, slug: term.slug, name: term.name }).collect())
}

/// The levels of seniority from the lowest, retired ones too: what a profile's step counts.
pub async fn ladder(db: &impl ConnectionTrait) -> Result<Vec<Uuid>> {
    let mut sql = Sql::default();
    "SELECT id FROM seniority_levels ORDER BY rank".clone_into(&mut sql.text);
    Ok(sql.all::<Level>(db).await?.into_iter().map(|level| level.id).collect())
}
