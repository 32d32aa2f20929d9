use entity::{mentor_skill, mentor_topic, mentorship, seniority_level, user, user_industry, user_language};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};
use uuid::Uuid;

use super::wire::MentorFilter;
use crate::error::Result;
use crate::http::page::{Listing, PageRequest};
use crate::search;
use crate::state::AppState;
use crate::taxonomy::ops::id_of;
use crate::taxonomy::wire::Kind;
use crate::users::ops::{Sets, load_sets};

/// The columns of a mentor in the directory.
#[derive(FromQueryResult)]
pub(super) struct Mentor {
    pub id: Uuid,
    pub name: String,
    pub image: Option<String>,
    pub title: Option<String>,
    pub location: Option<String>,
    pub time_zone: String,
    pub in_person: bool,
    pub about: Option<String>,
    pub seniority_id: Option<Uuid>,
    pub seniority_slug: Option<String>,
    pub seniority_name: Option<String>,
    pub has_capacity: bool,
}

pub(super) struct Entry {
    pub mentor: Mentor,
    pub sets: Sets,
}

/// A page in two statements, however many mentors it holds.
pub(super) async fn list(state: &AppState, filter: MentorFilter, page: &PageRequest) -> Result<Listing<Entry>> {
    let _place = filter.q.as_ref().map(|_| state.searches.begin()).transpose()?;
    let db = state.read();
    let mut query = columns(user::Entity::find()).filter(user::listed_as_mentor(state.clock.now()));
    query = by_terms(query, &filter);
    if let Some(in_person) = filter.in_person {
        query = query.filter(user::Column::InPerson.eq(in_person));
    }
    if let Some(wanted) = filter.has_capacity {
        query = query.filter(if wanted { has_capacity() } else { has_capacity().not() });
    }
    if let Some(text) = &filter.q {
        let columns = [user::Column::Name, user::Column::Title, user::Column::About];
        query = query.filter(search::contains(db.get_database_backend(), columns, text));
    }
    if let Some(after) = page.after::<Uuid>()? {
        query = query.filter(user::Column::Id.gt(after));
    }
    let mentors: Vec<Mentor> = query.order_by_asc(user::Column::Id).limit(page.fetch()).into_model().all(db).await?;
    let listing = page.listing(mentors, |mentor| mentor.id)?;
    let ids: Vec<_> = listing.items.iter().map(|mentor| mentor.id).collect();
    let mut sets = load_sets(db, &ids).await?;
    Ok(listing.map(|mentor| Entry { sets: sets.remove(&mentor.id).unwrap_or_default(), mentor }))
}

fn columns(query: Select<user::Entity>) -> Select<user::Entity> {
    use user::Column::{About, Id, Image, InPerson, Location, Name, TimeZone, Title};

    query
        .select_only()
        .columns([Id, Name, Image, Title, Location, TimeZone, InPerson, About])
        .column_as(seniority_level::Column::Id, "seniority_id")
        .column_as(seniority_level::Column::Slug, "seniority_slug")
        .column_as(seniority_level::Column::Name, "seniority_name")
        .expr_as(has_capacity(), "has_capacity")
        .join(JoinType::LeftJoin, user::Relation::SeniorityLevel.def())
}

fn by_terms(mut query: Select<user::Entity>, filter: &MentorFilter) -> Select<user::Entity> {
    if let Some(slug) = &filter.skill {
        let links = of_user(mentor_skill::Entity, mentor_skill::Column::UserId);
        query = query.filter(linked(links, mentor_skill::Column::SkillId, id_of(Kind::Skills, slug)));
    }
    if let Some(slug) = &filter.topic {
        let links = of_user(mentor_topic::Entity, mentor_topic::Column::UserId);
        query = query.filter(linked(links, mentor_topic::Column::TopicId, id_of(Kind::Topics, slug)));
    }
    if let Some(slug) = &filter.industry {
        let links = of_user(user_industry::Entity, user_industry::Column::UserId);
        query = query.filter(linked(links, user_industry::Column::IndustryId, id_of(Kind::Industries, slug)));
    }
    if let Some(slug) = &filter.seniority {
        let level = id_of(Kind::SeniorityLevels, slug);
        query = query.filter(Expr::col(user::Column::SeniorityLevelId.as_column_ref()).eq(level));
    }
    if let Some(language) = &filter.language {
        let variants = LikeExpr::new(format!("{}-%", search::escape(language.as_str()))).escape('\\');
        let speaks = user_language::Column::Language.eq(language.as_str());
        let mut spoken = of_user(user_language::Entity, user_language::Column::UserId);
        spoken.and_where(speaks.or(Expr::col(user_language::Column::Language.as_column_ref()).like(variants)));
        query = query.filter(Expr::exists(spoken));
    }
    query
}

fn of_user<E: EntityTrait>(links: E, user_id: E::Column) -> SelectStatement {
    let of_user = Expr::col(user_id.as_column_ref()).equals(user::Column::Id.as_column_ref());
    Query::select().expr(Expr::val(1)).from(links).and_where(of_user).take()
}

fn linked(mut links: SelectStatement, term: impl ColumnTrait, id: SelectStatement) -> Expr {
    Expr::exists(links.and_where(Expr::col(term.as_column_ref()).eq(id)).take())
}

fn has_capacity() -> Expr {
    let mut taken = of_user(mentorship::Entity, mentorship::Column::MentorId);
    taken.clear_selects().expr(Func::count(Expr::cust("*"))).cond_where(mentorship::holds_place());
    Expr::col(user::Column::MentorCapacity.as_column_ref()).gt(taken)
}
