use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::user::{self, PreferredGender};
use entity::{mentorship, setting};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::candidates::blocks;
use crate::error::Result;
use crate::sql::Sql;
use matching::Profile;

/// How many of the newest are looked at for each term.
const LOOKED_AT: u32 = 500;
/// How many are scored: those who share most, and the newest.
const SCORED: u32 = 200;
const SCORED_NEWEST: u32 = 10;

#[derive(FromQueryResult)]
struct Found {
    user_id: Uuid,
}

/// Whom `me` may be suggested to: they share a skill or a topic, and every hard rule holds.
///
/// The cost is bounded whatever the number of users: each term reads the newest of its index only.
pub async fn candidates(
    db: &impl ConnectionTrait,
    me: &user::Model,
    profile: &Profile,
    side: Side,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    if profile.skills.is_empty() && profile.topics.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    let hits = hits(&mut sql, profile, side.other(), now);
    let excluded = sql.bind_all(blocks::of(db, me.id, side, settings, now).await?.into_iter().chain([me.id]));
    let wanted = wanted(&mut sql, me, side);
    let capacity = match side {
        Side::Mentor => String::new(),
        Side::Mentee => free_place(),
    };
    sql.text = format!(
        "SELECT user_id FROM (
            SELECT h.user_id, row_number() OVER (ORDER BY h.weight DESC, h.user_id DESC) AS by_weight,
                row_number() OVER (ORDER BY h.user_id DESC) AS by_age
            FROM (SELECT user_id, sum(weight) AS weight FROM ({hits}) every GROUP BY user_id) h
            JOIN users ON users.id = h.user_id
            WHERE h.user_id NOT IN ({excluded}) AND {wanted} {capacity}
        ) ranked WHERE by_weight <= {SCORED} OR by_age <= {SCORED_NEWEST}"
    );
    Ok(sql.all::<Found>(db).await?.into_iter().map(|found| found.user_id).collect())
}

fn free_place() -> String {
    let held = mentorship::HOLDS_PLACE;
    format!("AND users.mentor_capacity > (SELECT count(*) FROM mentorships WHERE mentor_id = users.id AND {held})")
}

/// Available users on `side`, once for each term they share.
fn hits(sql: &mut Sql, profile: &Profile, side: Side, now: DateTime<Utc>) -> String {
    let now = sql.bind(now);
    let who = side.pick("mentor", "mentee");
    let available = user::available_sql(side, &now);
    let skills = profile.skills.keys().map(|id| ("skill", id, 3));
    let topics = profile.topics.iter().map(|id| ("topic", id, 1));
    let each = skills.chain(topics).map(|(term, id, weight)| {
        let id = sql.bind(*id);
        format!(
            "SELECT * FROM (SELECT t.user_id, {weight} AS weight FROM {who}_{term}s t CROSS JOIN users
                WHERE t.{term}_id = {id} AND users.id = t.user_id AND {available}
                ORDER BY t.user_id DESC LIMIT {LOOKED_AT}) of_{term}"
        )
    });
    each.collect::<Vec<_>>().join(" UNION ALL ")
}

/// The mentee's preference of gender.
fn wanted(sql: &mut Sql, me: &user::Model, side: Side) -> String {
    match side {
        Side::Mentee if me.preferred_mentor_gender == PreferredGender::Any => "TRUE".to_owned(),
        Side::Mentee => format!("users.gender = {}", sql.bind(me.preferred_mentor_gender.to_string())),
        Side::Mentor => {
            let mine = sql.bind(me.gender.map(|gender| gender.to_string()));
            format!("users.preferred_mentor_gender IN ('ANY', {mine})")
        }
    }
}
