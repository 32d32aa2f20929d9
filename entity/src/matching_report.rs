//! How matching treated people in a week: figures of all and of groups, none of which is small.

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

text_enum! {
    /// By what people are parted into groups.
    pub enum Kind as MatchingGroupKind {
        Seniority,
        Industry,
        Skill,
        Language,
        InPerson,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub people: u32,
    /// Thousandths
    pub matched: Option<u16>,
    /// Points, 0 to 1000
    pub mean_score: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub kind: Kind,
    /// The id of the term, the tag of the language, or `true` for in person; none for those who are in no group of the kind
    pub label: Option<String>,
    pub figures: Figures,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfSide {
    pub all: Option<Figures>,
    pub groups: Vec<Group>,
    /// Points
    pub lowest_decile: Option<u16>,
}

/// How both sides fare, in a week or a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fairness {
    pub mentors: OfSide,
    pub mentees: OfSide,
    /// Thousandths
    pub exposure_gini: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    pub median: u64,
    pub ninetieth: u64,
}

/// What besides is told of a week; the two of a pair are mentors, then mentees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Report {
    pub fairness: Fairness,
    /// Of how many those who are counted were drawn; none where all are counted
    pub drawn_from: [Option<u32>; 2],
    /// Minutes
    pub waiting: [Option<Spread>; 2],
    pub never_shown: Option<u32>,
    /// Of a mentor
    pub declines: Option<Spread>,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matching_reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub from_at: DateTimeUtc,
    pub to_at: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary")]
    pub report: Report,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
