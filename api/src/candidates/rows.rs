//! What the database has of many users in few rows: one a person, and one for each list of theirs, as bytes.

use chrono::{DateTime, Utc};
use entity::mentorship;
use entity::side::Side;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;

/// Whose profiles are asked for.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    These(&'a [Uuid]),
    /// Those who may have a row in the index: all after the first up to the last, in the order of ids
    Between(Uuid, Uuid),
}

impl Who<'_> {
    fn sql(self, sql: &mut Sql) -> Range {
        match self {
            Self::These(ids) => Range::These(sql.bind_all(ids.iter().copied())),
            Self::Between(after, last) => Range::Between(sql.bind(after), sql.bind(last)),
        }
    }
}

/// The same as placeholders.
enum Range {
    These(String),
    Between(String, String),
}

impl Range {
    fn of(&self, column: &str) -> String {
        match self {
            Self::These(ids) => format!("{column} IN ({ids})"),
            Self::Between(after, last) => format!("{column} > {after} AND {column} <= {last}"),
        }
    }
}

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Each 16 bytes of the id, two of the level (0: not told), two of the priority
    Skills(Side),
    /// Ids of 16 bytes, as in the next two
    Topics(Side),
    SoftSkills(Side),
    Industries,
    /// Tags, a space after each
    Languages,
    /// Weekday, first minute, minute past the last: two bytes each
    Windows,
}

const LISTS: [List; 9] = [
    List::Skills(Side::Mentor),
    List::Skills(Side::Mentee),
    List::Topics(Side::Mentor),
    List::Topics(Side::Mentee),
    List::SoftSkills(Side::Mentor),
    List::SoftSkills(Side::Mentee),
    List::Industries,
    List::Languages,
    List::Windows,
];

impl List {
    /// By the number that its rows begin with.
    pub fn numbered(number: i32) -> Option<Self> {
        LISTS.get(usize::try_from(number).ok()?).copied()
    }

    /// Whose it is alone; it is of both sides where none.
    pub fn side(self) -> Option<Side> {
        match self {
            Self::Skills(side) | Self::Topics(side) | Self::SoftSkills(side) => Some(side),
            Self::Industries | Self::Languages | Self::Windows => None,
        }
    }

    fn sql(self, number: usize, spelling: Spelling, who: &str) -> String {
        let theirs = self.side().map_or("", |side| side.pick("mentor_", "mentee_"));
        let (table, values) = match self {
            Self::Skills(side) => {
                let [level, priority] = ["COALESCE(level, 0)", side.pick("1", "priority")];
                ("skills", vec![spelling.id("skill_id"), spelling.number(level), spelling.number(priority)])
            }
            Self::Topics(_) => ("topics", vec![spelling.id("topic_id")]),
            Self::SoftSkills(_) => ("soft_skills", vec![spelling.id("soft_skill_id")]),
            Self::Industries => ("user_industries", vec![spelling.id("industry_id")]),
            Self::Languages => ("user_languages", vec![spelling.text("language || ' '")]),
            Self::Windows => {
                let numbers = ["weekday", "start_minute", "end_minute"];
                ("availability_windows", numbers.map(|number| spelling.number(number)).into())
            }
        };
        let list = spelling.joined(&values);
        format!("SELECT {number} AS list, user_id, {list} AS bytes FROM {theirs}{table} WHERE {who} GROUP BY user_id")
    }
}

/// How a database puts the values of several rows into bytes.
#[derive(Clone, Copy)]
enum Spelling {
    Postgres,
    Sqlite,
}

impl Spelling {
    fn of(backend: DbBackend) -> Self {
        if backend == DbBackend::Postgres { Self::Postgres } else { Self::Sqlite }
    }

    fn id(self, column: &str) -> String {
        match self {
            Self::Postgres => format!("uuid_send({column})"),
            Self::Sqlite => format!("hex({column})"),
        }
    }

    fn number(self, value: &str) -> String {
        match self {
            Self::Postgres => format!("int2send(CAST({value} AS smallint))"),
            Self::Sqlite => format!("printf('%04X', {value})"),
        }
    }

    fn text(self, value: &str) -> String {
        match self {
            Self::Postgres => format!("convert_to({value}, 'UTF8')"),
            Self::Sqlite => format!("hex({value})"),
        }
    }

    fn joined(self, values: &[String]) -> String {
        let each = values.join(" || ");
        match self {
            Self::Postgres => format!("string_agg({each}, ''::bytea)"),
            Self::Sqlite => format!("unhex(group_concat({each}, ''))"),
        }
    }
}

/// What was read of some users on some sides.
pub struct Rows {
    /// See [`super::profiles`] for the columns
    pub people: Vec<QueryResult>,
    /// The number of the [`List`], whose, its bytes
    pub lists: Vec<QueryResult>,
    /// What is counted, of which mentor, how many
    pub seats: Vec<QueryResult>,
}

impl Rows {
    /// In two statements, and one more for mentors.
    pub async fn read(db: &impl ConnectionTrait, sides: &[Side], who: Who<'_>, now: DateTime<Utc>) -> Result<Self> {
        let people = people(db, who, now).await?;
        let lists = lists(db, sides, who).await?;
        let seats = if sides.contains(&Side::Mentor) { seats(db, who, now).await? } else { Vec::new() };
        Ok(Self { people, lists, seats })
    }
}

async fn people(db: &impl ConnectionTrait, who: Who<'_>, now: DateTime<Utc>) -> Result<Vec<QueryResult>> {
    let mut sql = Sql::default();
    let (whose, now) = (who.sql(&mut sql).of("u.id"), sql.bind(now));
    let onboarded = "u.onboarding_completed_at IS NOT NULL";
    let belonging = match who {
        Who::These(_) => String::new(),
        Who::Between(..) => format!("AND (u.active_mentor OR u.active_mentee) AND u.status = 'ACTIVE' AND {onboarded}"),
    };
    sql.text = format!(
        "SELECT u.id, u.in_person, u.location, u.time_zone, u.gender, u.preferred_mentor_gender, u.status = 'ACTIVE',
            u.active_mentor, u.active_mentee, {onboarded}, COALESCE(u.paused_until > {now}, FALSE), u.mentor_capacity,
            ladder.step
        FROM users u LEFT JOIN (
            SELECT l.id, count(*) AS step FROM seniority_levels l JOIN seniority_levels below ON below.rank <= l.rank
            GROUP BY l.id) ladder ON ladder.id = u.seniority_level_id
        WHERE {whose} {belonging}"
    );
    sql.rows(db).await
}

async fn lists(db: &impl ConnectionTrait, sides: &[Side], who: Who<'_>) -> Result<Vec<QueryResult>> {
    let mut sql = Sql::default();
    let (whose, spelling) = (who.sql(&mut sql).of("user_id"), Spelling::of(db.get_database_backend()));
    let asked = |list: &List| list.side().is_none_or(|side| sides.contains(&side));
    let asked = LISTS.iter().enumerate().filter(|(_, list)| asked(list));
    let each: Vec<_> = asked.map(|(number, list)| list.sql(number, spelling, &whose)).collect();
    sql.text = each.join(" UNION ALL ");
    sql.rows(db).await
}

/// Places that are held, suggestions that nobody has answered yet, and prices.
async fn seats(db: &impl ConnectionTrait, who: Who<'_>, now: DateTime<Utc>) -> Result<Vec<QueryResult>> {
    let mut sql = Sql::default();
    let (whose, now) = (who.sql(&mut sql).of("mentor_id"), sql.bind(now));
    let held = mentorship::HOLDS_PLACE;
    sql.text = format!(
        "SELECT 'held', mentor_id, count(*) FROM mentorships WHERE {whose} AND {held} GROUP BY mentor_id
        UNION ALL SELECT 'open', mentor_id, count(*) FROM suggestions WHERE {whose} AND expires_at > {now}
            AND mentor_response = 'PENDING' AND mentee_response = 'PENDING' GROUP BY mentor_id
        UNION ALL SELECT 'price', mentor_id, price FROM seat_prices WHERE {whose}"
    );
    sql.rows(db).await
}
