//! The card of a person: what lists and threads show of somebody else.

use std::collections::HashMap;

use entity::{seniority_level, user};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationTrait,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::taxonomy::wire::TermOut;

/// The columns of a card.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub title: Option<String>,
    pub image: Option<String>,
    pub seniority_id: Option<Uuid>,
    pub seniority_slug: Option<String>,
    pub seniority_name: Option<String>,
}

/// The columns of a [`Person`] in SQL, named with `prefix`, over `users u` with [`SENIORITY`] joined.
pub fn columns(prefix: &str) -> String {
    let column = |from: &str, name: &str| format!("{from} AS {prefix}{name}");
    let of_user = ["id", "name", "title", "image"].map(|name| column(&format!("u.{name}"), name));
    let of_level = ["id", "slug", "name"].map(|name| column(&format!("l.{name}"), &format!("seniority_{name}")));
    [of_user.as_slice(), &of_level].concat().join(", ")
}

/// How many [`columns`] there are.
pub const COLUMNS: usize = 7;

/// The join that a card needs: the level `l` of a user `u`.
pub const SENIORITY: &str = "LEFT JOIN seniority_levels l ON l.id = u.seniority_level_id";

/// A person, in brief.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonOut {
    pub id: Uuid,
    #[schema(max_length = 80)]
    pub name: String,
    /// What they do.
    #[schema(max_length = 120, required)]
    pub title: Option<String>,
    /// URL of their picture.
    #[schema(max_length = 2000, required)]
    pub image: Option<String>,
    #[schema(required)]
    pub seniority: Option<TermOut>,
}

impl From<Person> for PersonOut {
    fn from(row: Person) -> Self {
        let seniority = TermOut::of(row.seniority_id, row.seniority_slug, row.seniority_name);
        Self { id: row.id, name: row.name, title: row.title, image: row.image, seniority }
    }
}

/// The cards of these users, in one query.
pub async fn by_id(db: &impl ConnectionTrait, ids: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, PersonOut>> {
    let cards = cards(db, Condition::all().add(user::Column::Id.is_in(ids))).await?;
    Ok(cards.into_iter().map(|card| (card.id, card)).collect())
}

/// The cards of the users who meet `condition`.
pub async fn cards(db: &impl ConnectionTrait, condition: Condition) -> Result<Vec<PersonOut>> {
    let rows = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name, user::Column::Title, user::Column::Image])
        .column_as(seniority_level::Column::Id, "seniority_id")
        .column_as(seniority_level::Column::Slug, "seniority_slug")
        .column_as(seniority_level::Column::Name, "seniority_name")
        .join(JoinType::LeftJoin, user::Relation::SeniorityLevel.def())
        .filter(condition)
        .into_model::<Person>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(PersonOut::from).collect())
}
