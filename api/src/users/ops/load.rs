//! The hottest reads: a user in one statement, however much belongs to them.

use std::collections::HashMap;
use std::sync::LazyLock;

use entity::{availability_window, user};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, IdenStatic, Iterable, QueryResult, Statement, Value};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::taxonomy::wire::TermOut;
use crate::users::wire::{SkillOut, SoughtSkillOut};

/// A user with everything that belongs to them.
pub struct Loaded {
    pub user: user::Model,
    pub seniority: Option<TermOut>,
    pub sets: Sets,
}

/// What others see of a user.
pub struct Profile {
    pub loaded: Loaded,
    pub has_capacity: bool,
}

/// What belongs to a user in numbers, each ordered by slug or time.
#[derive(Default)]
pub struct Sets {
    pub mentor_skills: Vec<SkillOut>,
    pub mentee_skills: Vec<SoughtSkillOut>,
    pub mentor_soft_skills: Vec<TermOut>,
    pub mentee_soft_skills: Vec<TermOut>,
    pub mentor_topics: Vec<TermOut>,
    pub mentee_topics: Vec<TermOut>,
    pub industries: Vec<TermOut>,
    pub languages: Vec<String>,
    pub windows: Vec<availability_window::Model>,
}

/// The user with everything that belongs to them.
pub async fn load(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Loaded>> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), WHOLE.as_str(), [id.into()]);
    let (mut own, mut sets) = (None, Sets::default());
    for row in db.query_all_raw(statement).await? {
        let part = SetRow::from_query_result(&row, "")?;
        if part.list == OWN {
            own = Some((user::Model::from_query_result(&row, "own_")?, TermOut::of(part.id, part.slug, part.name)));
        } else {
            sets.take(part)?;
        }
    }
    sets.sort();
    Ok(own.map(|(user, seniority)| Loaded { user, seniority, sets }))
}

/// A row of any set; what a set has no use for is null.
struct SetRow {
    list: i32,
    user_id: Uuid,
    id: Option<Uuid>,
    slug: Option<String>,
    name: Option<String>,
    /// The level of a skill, the weekday of a window.
    number: Option<i16>,
    /// The priority of a skill sought, the minute in which a window starts.
    second: Option<i16>,
    end_minute: Option<i16>,
}

/// By position: the name of a column would be looked up for each of the many rows.
impl FromQueryResult for SetRow {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        Ok(Self {
            list: row.try_get_by_index(0)?,
            user_id: row.try_get_by_index(1)?,
            id: row.try_get_by_index(2)?,
            slug: row.try_get_by_index(3)?,
            name: row.try_get_by_index(4)?,
            number: row.try_get_by_index(5)?,
            second: row.try_get_by_index(6)?,
            end_minute: row.try_get_by_index(7)?,
        })
    }
}

/// Link table, its column, the terms. Their place is the number of the list.
const TERM_LISTS: [(&str, &str, &str); 7] = [
    ("mentor_skills", "skill_id", "skills"),
    ("mentee_skills", "skill_id", "skills"),
    ("mentor_soft_skills", "soft_skill_id", "soft_skills"),
    ("mentee_soft_skills", "soft_skill_id", "soft_skills"),
    ("mentor_topics", "topic_id", "topics"),
    ("mentee_topics", "topic_id", "topics"),
    ("user_industries", "industry_id", "industries"),
];
const LANGUAGES: i32 = TERM_LISTS.len() as i32;
const WINDOWS: i32 = LANGUAGES + 1;
const OWN: i32 = WINDOWS + 1;

/// The user's own row with their seniority, then every set of theirs. Each part leaves empty what only the others have.
static WHOLE: LazyLock<String> = LazyLock::new(|| {
    let columns = || user::Column::iter().map(|column| column.as_str().to_owned());
    let own: String = columns().map(|column| format!(", u.{column} AS own_{column}")).collect();
    let none: String = columns().map(|_| ", NULL").collect();
    format!(
        "SELECT {OWN}, u.id, s.id, s.slug, s.name, CAST(NULL AS smallint), CAST(NULL AS smallint), CAST(NULL AS smallint){own} \
         FROM users u LEFT JOIN seniority_levels s ON s.id = u.seniority_level_id WHERE u.id = $1 UNION ALL {}",
        sets_of("$1", &none)
    )
});

/// Every set of the users `ids`, with `more` columns at the end. The first two parts give PostgreSQL the types of all columns.
fn sets_of(ids: &str, more: &str) -> String {
    let mut parts = vec![format!(
        "SELECT {WINDOWS}, user_id, NULL, NULL, NULL, weekday, start_minute, end_minute{more} \
         FROM availability_windows WHERE user_id IN ({ids})"
    )];
    for (list, (table, column, terms)) in TERM_LISTS.iter().enumerate() {
        let numbers = match *table {
            "mentor_skills" => "l.level, NULL",
            "mentee_skills" => "l.level, l.priority",
            _ => "NULL, NULL",
        };
        parts.push(format!(
            "SELECT {list}, l.user_id, t.id, t.slug, t.name, {numbers}, NULL{more} \
             FROM {table} l JOIN {terms} t ON t.id = l.{column} WHERE l.user_id IN ({ids})"
        ));
    }
    parts.push(format!(
        "SELECT {LANGUAGES}, user_id, NULL, language, NULL, NULL, NULL, NULL{more} FROM user_languages WHERE user_id IN ({ids})"
    ));
    parts.join(" UNION ALL ")
}

/// The sets of each of these users, in one statement.
pub async fn load_sets(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<HashMap<Uuid, Sets>> {
    let Some(last) = users.last() else { return Ok(HashMap::new()) };
    // A power of two of ids, the last repeated: so there are few statements to prepare.
    let slots = users.len().next_power_of_two();
    let ids: Vec<Value> = users.iter().chain(std::iter::repeat(last)).take(slots).map(|id| (*id).into()).collect();
    let placeholders = (1..=slots).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sets_of(&placeholders, ""), ids);
    let mut found: HashMap<Uuid, Sets> = HashMap::with_capacity(users.len());
    for row in SetRow::find_by_statement(statement).all(db).await? {
        let sets = found.entry(row.user_id).or_default();
        sets.take(row)?;
    }
    found.values_mut().for_each(Sets::sort);
    Ok(found)
}

impl Sets {
    fn take(&mut self, row: SetRow) -> Result<()> {
        self.put(row).ok_or_else(|| Error::from(anyhow::anyhow!("a row of a set lacks a column")))
    }

    fn put(&mut self, row: SetRow) -> Option<()> {
        match row.list {
            LANGUAGES => self.languages.push(row.slug?),
            WINDOWS => self.windows.push(availability_window::Model {
                user_id: row.user_id,
                weekday: row.number?,
                start_minute: row.second?,
                end_minute: row.end_minute?,
            }),
            0 => {
                let skill = SkillOut { id: row.id?, slug: row.slug?, name: row.name?, level: row.number };
                self.mentor_skills.push(skill);
            }
            1 => {
                let (id, slug, name, priority) = (row.id?, row.slug?, row.name?, row.second?);
                self.mentee_skills.push(SoughtSkillOut { id, slug, name, level: row.number, priority });
            }
            list => self.terms(list)?.push(TermOut::of(row.id, row.slug, row.name)?),
        }
        Some(())
    }

    fn terms(&mut self, list: i32) -> Option<&mut Vec<TermOut>> {
        Some(match list {
            2 => &mut self.mentor_soft_skills,
            3 => &mut self.mentee_soft_skills,
            4 => &mut self.mentor_topics,
            5 => &mut self.mentee_topics,
            6 => &mut self.industries,
            _ => return None,
        })
    }

    fn sort(&mut self) {
        self.mentor_skills.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
        self.mentee_skills.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
        for list in 2..LANGUAGES {
            if let Some(terms) = self.terms(list) {
                terms.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
            }
        }
        self.languages.sort_unstable();
        self.windows.sort_unstable_by_key(|window| (window.weekday, window.start_minute));
    }
}
