use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::user;
use matching::Rarity;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::error::Result;

#[derive(FromQueryResult)]
struct Mentors {
    mentors: i64,
}

#[derive(FromQueryResult)]
struct Offered {
    skill_id: Uuid,
    mentors: i64,
}

/// How rare each skill is among the offers of those who can be matched as mentors now.
pub async fn freeze(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Rarity> {
    let (available, backend) = (user::available_sql(Side::Mentor, "$1"), db.get_database_backend());
    let ask = |sql: String| Statement::from_sql_and_values(backend, sql, [now.into()]);
    let all = format!("SELECT count(*) AS mentors FROM users WHERE {available}");
    let all = Mentors::find_by_statement(ask(all)).one(db).await?.map_or(0, |count| count.mentors);
    let each = format!(
        "SELECT s.skill_id, count(*) AS mentors FROM mentor_skills s JOIN users ON users.id = s.user_id \
         WHERE {available} GROUP BY s.skill_id"
    );
    let each = Offered::find_by_statement(ask(each)).all(db).await?;
    Ok(Rarity::freeze(number(all), each.into_iter().map(|offered| (offered.skill_id, number(offered.mentors)))))
}

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
