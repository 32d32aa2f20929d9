use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::taxonomy::wire::{Slug, TermOut};

/// A skill to offer or seek.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SkillChoice {
    pub skill: Slug,
    /// Proficiency, from 1 (beginner) to 5 (expert).
    #[schema(minimum = 1, maximum = 5)]
    pub level: Option<i16>,
}

/// The skills, replacing all previous ones.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"items": [{"skill": "backend-development", "level": 4}, {"skill": "devops"}]}))]
pub struct SkillSet {
    #[schema(max_items = 50)]
    pub items: Vec<SkillChoice>,
}

/// The terms, replacing all previous ones.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TermSet {
    #[schema(max_items = 50)]
    pub slugs: Vec<Slug>,
}

/// A skill offered or sought.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkillOut {
    pub id: Uuid,
    #[schema(max_length = 80, example = "devops")]
    pub slug: String,
    #[schema(max_length = 80, example = "DevOps")]
    pub name: String,
    #[schema(minimum = 1, maximum = 5, required)]
    pub level: Option<i16>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkillSetOut {
    #[schema(max_items = 50)]
    pub items: Vec<SkillOut>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermSetOut {
    #[schema(max_items = 50)]
    pub items: Vec<TermOut>,
}
