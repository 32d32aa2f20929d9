use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::mentorship;
use entity::side::Side;
use entity::user::{self, PreferredGender, Status};
use matching::{Gender, Hours, Profile, Seats, Skill, Standing, Window};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;

/// Steps that are told apart.
const LADDER: i64 = 254;

/// Whose profiles are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    These(&'a [Uuid]),
    /// All after the first up to the last, in the order of ids
    Between(Uuid, Uuid),
}

impl Who<'_> {
    fn sql(self, sql: &mut Sql, column: &str) -> String {
        match self {
            Self::These(ids) => format!("{column} IN ({})", sql.bind_all(ids.iter().copied())),
            Self::Between(after, last) => format!("{column} > {} AND {column} <= {}", sql.bind(after), sql.bind(last)),
        }
    }
}

#[derive(FromQueryResult)]
struct PersonRow {
    id: Uuid,
    in_person: bool,
    location: Option<String>,
    time_zone: String,
    gender: Option<user::Gender>,
    preferred_mentor_gender: PreferredGender,
    status: Status,
    wants: bool,
    onboarded: bool,
    paused_until: Option<DateTime<Utc>>,
    mentor_capacity: i16,
    /// The place of their level on the ladder, from 1; none where they told no level
    step: Option<i64>,
}

#[derive(FromQueryResult)]
struct TermRow {
    kind: String,
    user_id: Uuid,
    term_id: Uuid,
    level: Option<i16>,
    /// Of a skill sought
    priority: Option<i16>,
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

#[derive(FromQueryResult)]
struct SeatRow {
    kind: String,
    user_id: Uuid,
    count: i64,
}

/// What matching needs to know of these users on `side`, whether or not they can be matched at `now`, in five queries.
pub async fn load(
    db: &impl ConnectionTrait,
    side: Side,
    who: Who<'_>,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Profile>> {
    if matches!(who, Who::These([])) {
        return Ok(HashMap::new());
    }
    let mut zones = HashMap::new();
    let mut profiles = HashMap::new();
    for row in people(db, side, who).await? {
        zones.insert(row.id, row.time_zone.parse().unwrap_or(Tz::UTC));
        profiles.insert(row.id, profile(row, side, now));
    }
    for row in terms(db, side, who).await? {
        if let Some(profile) = profiles.get_mut(&row.user_id) {
            add_term(profile, &row);
        }
    }
    for row in languages(db, who).await? {
        if let Some(profile) = profiles.get_mut(&row.user_id) {
            profile.languages.insert(row.language);
        }
    }
    let mut windows: HashMap<Uuid, Vec<Window>> = HashMap::new();
    for row in windows_of(db, who).await? {
        let WindowRow { user_id, weekday, start_minute, end_minute } = row;
        windows.entry(user_id).or_default().push(Window { weekday, start_minute, end_minute });
    }
    for (id, windows) in windows {
        if let (Some(profile), Some(zone)) = (profiles.get_mut(&id), zones.get(&id)) {
            profile.hours = Hours::new(*zone, windows);
        }
    }
    if side == Side::Mentor {
        for row in seats(db, who, now).await? {
            if let Some(profile) = profiles.get_mut(&row.user_id) {
                take_seats(&mut profile.seats, &row);
            }
        }
    }
    Ok(profiles)
}

/// Everybody who can be matched on `side`; none where they are more than `most`.
pub async fn of_everybody(
    db: &impl ConnectionTrait,
    side: Side,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Option<Vec<Profile>>> {
    let (mut everybody, mut after) = (Vec::new(), Uuid::nil());
    while let Some(last) = chunk_end(db, after).await? {
        let some = load(db, side, Who::Between(after, last), now).await?;
        everybody.extend(some.into_values().filter(|one| one.standing == Standing::default()));
        if everybody.len() > most {
            return Ok(None);
        }
        after = last;
    }
    Ok(Some(everybody))
}

/// Users that are read at once.
const CHUNK: u32 = 10_000;

#[derive(FromQueryResult)]
struct LastRow {
    last: Uuid,
}

/// The last of the users that are read at once after `after`; none where there are no more.
pub async fn chunk_end(db: &impl ConnectionTrait, after: Uuid) -> Result<Option<Uuid>> {
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT id AS last FROM (SELECT id FROM users WHERE id > {} ORDER BY id LIMIT {CHUNK}) chunk \
         ORDER BY id DESC LIMIT 1",
        sql.bind(after)
    );
    Ok(sql.all::<LastRow>(db).await?.pop().map(|row| row.last))
}

fn profile(row: PersonRow, side: Side, now: DateTime<Utc>) -> Profile {
    Profile {
        user_id: row.id,
        in_person: row.in_person,
        place: row.location.as_deref().and_then(matching::place),
        seniority: row.step.and_then(|step| u8::try_from(step.min(LADDER)).ok()),
        gender: side.pick(row.gender.map_or(Gender::NONE, gender), Gender::NONE),
        preferred_gender: side.pick(Gender::NONE, preferred(row.preferred_mentor_gender)),
        standing: Standing {
            active: row.wants && row.status == Status::Active,
            onboarded: row.onboarded,
            paused: row.paused_until.is_some_and(|end| end > now),
        },
        seats: Seats { free: u16::try_from(row.mentor_capacity).unwrap_or_default(), ..Seats::default() },
        ..Profile::default()
    }
}

fn gender(gender: user::Gender) -> Gender {
    let number = match gender {
        user::Gender::Female => 1,
        user::Gender::Male => 2,
        user::Gender::NonBinary => 3,
        user::Gender::Other => 4,
    };
    Gender::numbered(number).unwrap_or_default()
}

fn preferred(preferred: PreferredGender) -> Gender {
    match preferred {
        PreferredGender::Any => Gender::NONE,
        PreferredGender::Female => gender(user::Gender::Female),
        PreferredGender::Male => gender(user::Gender::Male),
        PreferredGender::NonBinary => gender(user::Gender::NonBinary),
        PreferredGender::Other => gender(user::Gender::Other),
    }
}

fn add_term(profile: &mut Profile, row: &TermRow) {
    let set = match row.kind.as_str() {
        "skill" => {
            let number = |told: Option<i16>| told.and_then(|number| u8::try_from(number).ok());
            let priority = number(row.priority).unwrap_or(Skill::default().priority);
            profile.skills.insert(row.term_id, Skill { level: number(row.level), priority });
            return;
        }
        "topic" => &mut profile.topics,
        "soft_skill" => &mut profile.soft_skills,
        _ => &mut profile.industries,
    };
    set.insert(row.term_id);
}

fn take_seats(seats: &mut Seats, row: &SeatRow) {
    let count = u32::try_from(row.count).unwrap_or(u32::MAX);
    match row.kind.as_str() {
        "price" => seats.price = u16::try_from(count).unwrap_or_default(),
        "held" => seats.free = seats.free.saturating_sub(u16::try_from(count).unwrap_or(u16::MAX)),
        _ => seats.open_suggestions = count,
    }
}

async fn people(db: &impl ConnectionTrait, side: Side, who: Who<'_>) -> Result<Vec<PersonRow>> {
    let mut sql = Sql::default();
    let wants = side.pick("active_mentor", "active_mentee");
    sql.text = format!(
        "SELECT u.id, u.in_person, u.location, u.time_zone, u.gender, u.preferred_mentor_gender, u.status,
            u.{wants} AS wants, u.onboarding_completed_at IS NOT NULL AS onboarded, u.paused_until, u.mentor_capacity,
            ladder.step
        FROM users u LEFT JOIN (
            SELECT l.id, count(*) AS step FROM seniority_levels l JOIN seniority_levels below ON below.rank <= l.rank
            GROUP BY l.id) ladder ON ladder.id = u.seniority_level_id
        WHERE {}",
        who.sql(&mut sql, "u.id")
    );
    sql.all(db).await
}

async fn terms(db: &impl ConnectionTrait, side: Side, who: Who<'_>) -> Result<Vec<TermRow>> {
    let mut sql = Sql::default();
    let who = who.sql(&mut sql, "user_id");
    let (theirs, priority) = side.pick(("mentor", "CAST(NULL AS smallint)"), ("mentee", "priority"));
    sql.text = format!(
        "SELECT 'skill' AS kind, user_id, skill_id AS term_id, level, {priority} AS priority
            FROM {theirs}_skills WHERE {who}
        UNION ALL SELECT 'topic', user_id, topic_id, NULL, NULL FROM {theirs}_topics WHERE {who}
        UNION ALL SELECT 'soft_skill', user_id, soft_skill_id, NULL, NULL FROM {theirs}_soft_skills WHERE {who}
        UNION ALL SELECT 'industry', user_id, industry_id, NULL, NULL FROM user_industries WHERE {who}"
    );
    sql.all(db).await
}

async fn languages(db: &impl ConnectionTrait, who: Who<'_>) -> Result<Vec<LanguageRow>> {
    let mut sql = Sql::default();
    sql.text = format!("SELECT user_id, language FROM user_languages WHERE {}", who.sql(&mut sql, "user_id"));
    sql.all(db).await
}

async fn windows_of(db: &impl ConnectionTrait, who: Who<'_>) -> Result<Vec<WindowRow>> {
    let mut sql = Sql::default();
    sql.text = format!(
        "SELECT user_id, weekday, start_minute, end_minute FROM availability_windows WHERE {}",
        who.sql(&mut sql, "user_id")
    );
    sql.all(db).await
}

/// Places that are held, suggestions that nobody has answered yet, and prices.
async fn seats(db: &impl ConnectionTrait, who: Who<'_>, now: DateTime<Utc>) -> Result<Vec<SeatRow>> {
    let mut sql = Sql::default();
    let (who, now) = (who.sql(&mut sql, "mentor_id"), sql.bind(now));
    let held = mentorship::HOLDS_PLACE;
    sql.text = format!(
        "SELECT 'held' AS kind, mentor_id AS user_id, count(*) AS count FROM mentorships WHERE {who} AND {held}
        GROUP BY mentor_id
        UNION ALL SELECT 'open', mentor_id, count(*) FROM suggestions WHERE {who} AND expires_at > {now}
            AND mentor_response = 'PENDING' AND mentee_response = 'PENDING'
        GROUP BY mentor_id
        UNION ALL SELECT 'price', mentor_id, price FROM seat_prices WHERE {who}"
    );
    sql.all(db).await
}
