use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::taxonomy::wire::{Slug, TermOut};

/// A skill to offer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SkillChoice {
    pub skill: Slug,
    /// Proficiency, from 1 (beginner) to 5 (expert).
    #[schema(minimum = 1, maximum = 5)]
    pub level: Option<i16>,
}

/// A skill to seek.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SoughtSkillChoice {
    pub skill: Slug,
    /// Proficiency, from 1 (beginner) to 5 (expert).
    #[schema(minimum = 1, maximum = 5)]
    pub level: Option<i16>,
    /// How much you want it, from 1 to 3 (most); 1 if omitted.
    #[schema(minimum = 1, maximum = 3, nullable = false)]
    pub priority: Option<i16>,
}

/// The skills, replacing all previous ones.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"items": [{"skill": "backend-development", "level": 4}, {"skill": "devops"}]}))]
pub struct SkillSet {
    #[schema(max_items = 50)]
    pub items: Vec<SkillChoice>,
}

/// The skills, replacing all previous ones.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"items": [{"skill": "backend-development", "priority": 3}, {"skill": "devops"}]}))]
pub struct SoughtSkillSet {
    #[schema(max_items = 50)]
    pub items: Vec<SoughtSkillChoice>,
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

/// A skill you seek.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SoughtSkillOut {
    pub id: Uuid,
    #[schema(max_length = 80, example = "devops")]
    pub slug: String,
    #[schema(max_length = 80, example = "DevOps")]
    pub name: String,
    #[schema(minimum = 1, maximum = 5, required)]
    pub level: Option<i16>,
    /// How much you want it, from 1 to 3 (most); never shown to others.
    #[schema(minimum = 1, maximum = 3)]
    pub priority: i16,
}

/// As others see it.
impl From<SoughtSkillOut> for SkillOut {
    fn from(sought: SoughtSkillOut) -> Self {
        Self { id: sought.id, slug: sought.slug, name: sought.name, level: sought.level }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SkillSetOut {
    #[schema(max_items = 50)]
    pub items: Vec<SkillOut>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SoughtSkillSetOut {
    #[schema(max_items = 50)]
    pub items: Vec<SoughtSkillOut>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TermSetOut {
    #[schema(max_items = 50)]
    pub items: Vec<TermOut>,
}
