use entity::user_language;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Order, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter,
    Value,
};
use uuid::Uuid;

use crate::error::{Fault, Result};
use crate::taxonomy;
use crate::taxonomy::ops::Choice;
use crate::taxonomy::wire::{Kind, Slug};
use crate::users::wire::{Language, SkillChoice, SoughtSkillChoice};

/// A set of terms that belongs to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    MentorSkills,
    MenteeSkills,
    MentorSoftSkills,
    MenteeSoftSkills,
    MentorTopics,
    MenteeTopics,
    Industries,
}

impl Links {
    const ALL: [Self; 7] = [
        Self::MentorSkills,
        Self::MenteeSkills,
        Self::MentorSoftSkills,
        Self::MenteeSoftSkills,
        Self::MentorTopics,
        Self::MenteeTopics,
        Self::Industries,
    ];

    /// Table, its column, the kind of term.
    fn link(self) -> (&'static str, &'static str, Kind) {
        match self {
            Self::MentorSkills => ("mentor_skills", "skill_id", Kind::Skills),
            Self::MenteeSkills => ("mentee_skills", "skill_id", Kind::Skills),
            Self::MentorSoftSkills => ("mentor_soft_skills", "soft_skill_id", Kind::SoftSkills),
            Self::MenteeSoftSkills => ("mentee_soft_skills", "soft_skill_id", Kind::SoftSkills),
            Self::MentorTopics => ("mentor_topics", "topic_id", Kind::Topics),
            Self::MenteeTopics => ("mentee_topics", "topic_id", Kind::Topics),
            Self::Industries => ("user_industries", "industry_id", Kind::Industries),
        }
    }

    /// What changed, as events name it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::MentorSkills => "mentorSkills",
            Self::MenteeSkills => "menteeSkills",
            Self::MentorSoftSkills => "mentorSoftSkills",
            Self::MenteeSoftSkills => "menteeSoftSkills",
            Self::MentorTopics => "mentorTopics",
            Self::MenteeTopics => "menteeTopics",
            Self::Industries => "industries",
        }
    }

    /// What else is told of each term.
    fn details(self) -> &'static [&'static str] {
        match self {
            Self::MentorSkills => &["level"],
            Self::MenteeSkills => &["level", "priority"],
            _ => &[],
        }
    }

    /// The table's columns.
    fn columns(self) -> impl Iterator<Item = &'static str> {
        ["user_id", self.link().1].into_iter().chain(self.details().iter().copied())
    }
}

/// Of somebody who has both of two terms that become one: the level that was told, and the greater wish.
fn merged(table: &str, detail: &str) -> String {
    match detail {
        "priority" => {
            format!("CASE WHEN {table}.priority < excluded.priority THEN excluded.priority ELSE {table}.priority END")
        }
        _ => format!("COALESCE({table}.{detail}, excluded.{detail})"),
    }
}

/// What somebody chose for a set, and where in the body it stands.
pub struct Choices {
    pub(super) set: Links,
    /// Each with its details
    terms: Vec<(Slug, Vec<Value>)>,
    at: &'static str,
}

impl Choices {
    pub fn offered(at: &'static str, skills: Vec<SkillChoice>) -> Self {
        let terms = skills.into_iter().map(|choice| (choice.skill, vec![choice.level.into()]));
        Self { set: Links::MentorSkills, at, terms: terms.collect() }
    }

    pub fn sought(at: &'static str, skills: Vec<SoughtSkillChoice>) -> Self {
        let details = |level: Option<i16>, priority: Option<i16>| vec![level.into(), priority.unwrap_or(1).into()];
        let terms = skills.into_iter().map(|choice| (choice.skill, details(choice.level, choice.priority)));
        Self { set: Links::MenteeSkills, at, terms: terms.collect() }
    }

    pub fn of_terms(set: Links, at: &'static str, slugs: Vec<Slug>) -> Self {
        Self { set, at, terms: slugs.into_iter().map(|slug| (slug, Vec::new())).collect() }
    }

    fn pointer(&self, at: usize) -> String {
        let field = if self.set.details().is_empty() { "" } else { "/skill" };
        format!("{}/{at}{field}", self.at)
    }
}

/// What is to become of a set.
pub(super) struct Chosen {
    pub(super) set: Links,
    terms: Vec<(Uuid, Vec<Value>)>,
}

#[derive(FromQueryResult)]
struct Link {
    term_id: Uuid,
}

/// Finds the chosen terms; what names none is a fault. Before the user is locked.
pub(super) async fn choose(
    txn: &DatabaseTransaction,
    user: Uuid,
    choices: Choices,
    faults: &mut Vec<Fault>,
) -> Result<Chosen> {
    let (table, column, kind) = choices.set.link();
    let mut query = Query::select();
    query.expr_as(Expr::col(column), "term_id").from(table).and_where(Expr::col("user_id").eq(user));
    let held = Link::find_by_statement(txn.get_database_backend().build(&query)).all(txn).await?;
    let held: Vec<_> = held.into_iter().map(|link| link.term_id).collect();
    let slugs = choices.terms.iter().enumerate();
    let named: Vec<_> = slugs.map(|(at, (slug, _))| Choice { slug, pointer: choices.pointer(at) }).collect();
    let ids = taxonomy::ops::resolve(txn, kind, &named, &held, faults).await?;
    let details = choices.terms.into_iter().map(|(_, details)| details);
    Ok(Chosen { set: choices.set, terms: ids.into_iter().zip(details).collect() })
}

/// Replaces the set whole. With the user locked.
pub(super) async fn replace(txn: &DatabaseTransaction, user: Uuid, chosen: Chosen) -> Result<()> {
    let (table, ..) = chosen.set.link();
    let mut delete = Query::delete();
    txn.execute(delete.from_table(table).and_where(Expr::col("user_id").eq(user))).await?;
    if chosen.terms.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table(table).columns(chosen.set.columns());
    for (term, details) in chosen.terms {
        let keys = [Value::from(user), term.into()];
        let values = keys.into_iter().chain(details).map(Expr::val);
        insert.values(values).map_err(|error| anyhow::anyhow!(error))?;
    }
    txn.execute(&insert).await?;
    Ok(())
}

pub(super) async fn replace_languages(txn: &DatabaseTransaction, user: Uuid, languages: &[Language]) -> Result<()> {
    user_language::Entity::delete_many().filter(user_language::Column::UserId.eq(user)).exec(txn).await?;
    if languages.is_empty() {
        return Ok(());
    }
    let row = |language: &Language| user_language::ActiveModel {
        user_id: Set(user),
        language: Set(language.as_str().to_owned()),
    };
    user_language::Entity::insert_many(languages.iter().map(row)).exec_without_returning(txn).await?;
    Ok(())
}

/// Takes all sets from the locked user.
pub(super) async fn delete_all(txn: &DatabaseTransaction, user: Uuid) -> Result<()> {
    for set in Links::ALL {
        let (table, ..) = set.link();
        txn.execute(Query::delete().from_table(table).and_where(Expr::col("user_id").eq(user))).await?;
    }
    Ok(())
}

/// Gives everybody who has the term `from` the term `into`; who has both keeps one, at the level that was told.
pub async fn move_links(txn: &DatabaseTransaction, kind: Kind, from: Uuid, into: Uuid) -> Result<()> {
    if kind == Kind::SeniorityLevels {
        lock_in_order(txn, from).await?;
        let mut update = Query::update();
        update.table("users").value("seniority_level_id", into).and_where(Expr::col("seniority_level_id").eq(from));
        txn.execute(&update).await?;
    }
    for set in Links::ALL.into_iter().filter(|set| set.link().2 == kind) {
        let (table, column, _) = set.link();
        let mut copies = Query::select();
        copies.column("user_id").expr(Expr::val(into)).from(table).and_where(Expr::col(column).eq(from));
        copies.columns(set.details().iter().copied());
        let mut insert = Query::insert();
        insert.into_table(table).columns(set.columns());
        let mut both = OnConflict::columns(["user_id", column]);
        match set.details() {
            [] => both.do_nothing(),
            details => both.values(details.iter().map(|detail| (*detail, Expr::cust(merged(table, detail))))),
        };
        insert.select_from(copies).map_err(|error| anyhow::anyhow!(error))?.on_conflict(both);
        txn.execute(&insert).await?;
        let mut delete = Query::delete();
        txn.execute(delete.from_table(table).and_where(Expr::col(column).eq(from))).await?;
    }
    Ok(())
}

/// An update would lock them in any order, and could so block another who locks two of them by id.
async fn lock_in_order(txn: &DatabaseTransaction, seniority_level: Uuid) -> Result<()> {
    let mut query = Query::select();
    query.column("id").from("users").and_where(Expr::col("seniority_level_id").eq(seniority_level));
    query.order_by("id", Order::Asc).lock(LockType::NoKeyUpdate);
    txn.query_all(&query).await?;
    Ok(())
}
