use std::collections::HashMap;

use chrono_tz::Tz;
use entity::side::Side;
use matching::{Hours, Profile, Skill, Window};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::sql::Sql;
use crate::error::Result;

/// Steps that are told apart.
const LADDER: i64 = 254;

#[derive(FromQueryResult)]
struct PersonRow {
    id: Uuid,
    in_person: bool,
    location: Option<String>,
    time_zone: String,
    /// The place of their level on the ladder, from 1; none where they told no level
    step: Option<i64>,
}

#[derive(FromQueryResult)]
struct TermRow {
    kind: String,
    user_id: Uuid,
    term_id: Uuid,
    level: Option<i16>,
}

#[derive(FromQueryResult)]
struct LanguageRow {
    user_id: Uuid,
    language: String,
}

#[derive(FromQueryResult)]
struct WindowRow {
    user_id: Uuid,
    weekday: i16,
    start_minute: i16,
    end_minute: i16,
}

/// What matching needs to know of these users on `side`, in four queries.
pub async fn load(db: &impl ConnectionTrait, side: Side, ids: &[Uuid]) -> Result<HashMap<Uuid, Profile>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut zones = HashMap::new();
    let mut profiles = HashMap::new();
    for row in people(db, ids).await? {
        zones.insert(row.id, row.time_zone.parse().unwrap_or(Tz::UTC));
        profiles.insert(row.id, profile(row));
    }
    for row in terms(db, side, ids).await? {
        if let Some(profile) = profiles.get_mut(&row.user_id) {
            add_term(profile, &row);
        }
    }
    for row in languages(db, ids).await? {
        if let Some(profile) = profiles.get_mut(&row.user_id) {
            profile.languages.insert(row.language);
        }
    }
    let mut windows: HashMap<Uuid, Vec<Window>> = HashMap::new();
    for row in windows_of(db, ids).await? {
        let WindowRow { user_id, weekday, start_minute, end_minute } = row;
        windows.entry(user_id).or_default().push(Window { weekday, start_minute, end_minute });
    }
    for (id, windows) in windows {
        if let (Some(profile), Some(zone)) = (profiles.get_mut(&id), zones.get(&id)) {
            profile.hours = Hours::new(*zone, windows);
        }
    }
    Ok(profiles)
}

fn add_term(profile: &mut Profile, row: &TermRow) {
    let set = match row.kind.as_str() {
        "skill" => {
            let level = row.level.and_then(|level| u8::try_from(level).ok());
            profile.skills.insert(row.term_id, Skill { level, ..Skill::default() });
            return;
        }
        "topic" => &mut profile.topics,
        "soft_skill" => &mut profile.soft_skills,
        _ => &mut profile.industries,
    };
    set.insert(row.term_id);
}

fn profile(row: PersonRow) -> Profile {
    Profile {
        user_id: row.id,
        in_person: row.in_person,
        place: row.location.as_deref().and_then(matching::place),
        seniority: row.step.and_then(|step| u8::try_from(step.min(LADDER)).ok()),
        ..Profile::default()
    }
}

async fn people(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<PersonRow>> {
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT u.id, u.in_person, u.location, u.time_zone, CASE WHEN l.rank IS NOT NULL THEN
            (SELECT count(*) FROM seniority_levels below WHERE below.rank <= l.rank) END AS step
        FROM users u LEFT JOIN seniority_levels l ON l.id = u.seniority_level_id WHERE u.id IN ({})",
        sql.bind_all(ids.iter().copied())
    );
    sql.all(db).await
}

async fn terms(db: &impl ConnectionTrait, side: Side, ids: &[Uuid]) -> Result<Vec<TermRow>> {
    let mut sql = Sql::default();
    let ids = sql.bind_all(ids.iter().copied());
    let who = side.pick("mentor", "mentee");
    sql.text = format!(
        "SELECT 'skill' AS kind, user_id, skill_id AS term_id, level FROM {who}_skills WHERE user_id IN ({ids})
        UNION ALL SELECT 'topic', user_id, topic_id, NULL FROM {who}_topics WHERE user_id IN ({ids})
        UNION ALL SELECT 'soft_skill', user_id, soft_skill_id, NULL FROM {who}_soft_skills WHERE user_id IN ({ids})
        UNION ALL SELECT 'industry', user_id, industry_id, NULL FROM user_industries WHERE user_id IN ({ids})"
    );
    sql.all(db).await
}

async fn languages(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<LanguageRow>> {
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT user_id, language FROM user_languages WHERE user_id IN ({})",
        sql.bind_all(ids.iter().copied())
    );
    sql.all(db).await
}

async fn windows_of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<WindowRow>> {
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT user_id, weekday, start_minute, end_minute FROM availability_windows WHERE user_id IN ({})",
        sql.bind_all(ids.iter().copied())
    );
    sql.all(db).await
}
