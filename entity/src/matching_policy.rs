//! A version of what the score of a pair weighs. The highest is in force; the others stay, for what was scored by them.

use std::collections::BTreeMap;

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::component::Component;

/// The numbers as they are stored; what they mean, and within which bounds, `matching` knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// The most that each component earns, in points; one that is not named earns none
    pub weights: BTreeMap<Component, u16>,
    /// Percent
    pub floors: Floors,
    /// Percent, from the mentor four steps below or more to four above or more
    pub seniority: [u8; 9],
    /// Tenths
    pub levels: Levels,
    /// A week
    pub enough_minutes: u16,
    /// Percent for no, one, and two or more in common
    pub languages: [u8; 3],
    /// Percent
    pub place: Place,
    pub crowding: Ratio,
    pub list_length: u16,
    pub lambda: Ratio,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floors {
    pub mentee: u8,
    pub mentor: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    pub above: u8,
    pub equal: u8,
    pub below: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub together: u8,
    pub remote: u8,
    pub apart: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    pub upper: u16,
    pub lower: u16,
}

/// How rare each skill was among offers when the version was made, by its id, in 64ths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Rarity(pub BTreeMap<Uuid, u16>);

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matching_policies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub terms: Terms,
    #[sea_orm(column_type = "JsonBinary")]
    pub rarity: Rarity,
    /// What the change was for
    pub note: Option<String>,
    /// None of the first version, which came with the software
    pub created_by_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
