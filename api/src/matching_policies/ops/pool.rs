//! Among whom a preview looks for the best: those who can be suggested, whatever the policy.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::{mentorship, setting, suggestion};
use matching::{Profile, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::candidates::blocks;
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::sql::Sql;
use crate::state::AppState;

/// The best under the policy in force, and the newest who share most: so many of each at most.
const EACH: u32 = 200;
/// How many of the newest are looked at for each term.
const LOOKED_AT: u32 = 200;

#[derive(FromQueryResult)]
struct Found {
    user_id: Uuid,
}

/// Mentors who share a skill or a topic with the mentee and whom nothing forbids to this very pair: all where they are few. The
/// cost is bounded whatever the number of members.
pub async fn mentors(
    state: &AppState,
    mentee: &Profile,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Profile>> {
    let db = state.read();
    let forbidden = blocks::of(db, mentee.user_id, Side::Mentee, settings, now).await?;
    let forbidden = &forbidden - &suggested(db, mentee.user_id, now).await?;
    let query = Query { profile: mentee, side: Side::Mentee };
    let best = state.candidates.best(&query, EACH as usize, &forbidden).unwrap_or_default();
    let mut ids: BTreeSet<Uuid> = best.iter().map(|hit| hit.id).collect();
    ids.extend(sharing(db, mentee).await?.into_iter().filter(|id| !forbidden.contains(id)));
    let ids: Vec<_> = ids.into_iter().collect();
    profiles::load(db, Side::Mentor, Who::These(&ids), now).await
}

/// Whom the mentee has before them now: who is suggested already is not suggested again, and stays on the list.
async fn suggested(db: &impl ConnectionTrait, mentee: Uuid, now: DateTime<Utc>) -> Result<BTreeSet<Uuid>> {
    let mut sql = Sql::default();
    let (me, now) = (sql.bind(mentee), sql.bind(now));
    let open = mentorship::open_with_sql(&me, &now);
    let standing = suggestion::standing_sql(Side::Mentee, &me, &now, &open);
    sql.text =
        format!("SELECT s.mentor_id AS user_id FROM suggestions s JOIN users u ON u.id = s.mentor_id WHERE {standing}");
    Ok(sql.all::<Found>(db).await?.into_iter().map(|found| found.user_id).collect())
}

/// Who offers most of what the mentee seeks, among the newest for each term.
async fn sharing(db: &impl ConnectionTrait, mentee: &Profile) -> Result<Vec<Uuid>> {
    let skills = mentee.skills.keys().map(|id| ("skill", *id));
    let terms = skills.chain(mentee.topics.iter().map(|id| ("topic", *id)));
    let mut sql = Sql::default();
    let each = terms.map(|(term, id)| {
        let id = sql.bind(id);
        format!(
            "SELECT * FROM (SELECT user_id FROM mentor_{term}s WHERE {term}_id = {id}
                ORDER BY user_id DESC LIMIT {LOOKED_AT}) of_{term}"
        )
    });
    let each: Vec<_> = each.collect();
    if each.is_empty() {
        return Ok(Vec::new());
    }
    sql.text = format!(
        "SELECT user_id FROM ({}) every GROUP BY user_id ORDER BY count(*) DESC, user_id DESC LIMIT {EACH}",
        each.join(" UNION ALL ")
    );
    Ok(sql.all::<Found>(db).await?.into_iter().map(|found| found.user_id).collect())
}
