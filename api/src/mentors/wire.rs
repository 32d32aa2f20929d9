use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::ops::Entry;
use crate::http::text;
use crate::taxonomy::wire::{Slug, TermOut};
use crate::users::wire::{Language, SkillOut};

/// All that is given must hold.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MentorFilter {
    /// A skill they offer.
    #[param(inline, example = "backend-development")]
    pub skill: Option<Slug>,
    /// A topic they can help with.
    #[param(inline, example = "get-promoted")]
    pub topic: Option<Slug>,
    /// An industry they work in.
    #[param(inline, example = "software")]
    pub industry: Option<Slug>,
    /// Their seniority level.
    #[param(inline, example = "over-7-years")]
    pub seniority: Option<Slug>,
    /// A language they speak; `pt` also matches `pt-BR`.
    #[param(inline, example = "en")]
    pub language: Option<Language>,
    /// Whether they are open to meeting in person.
    pub in_person: Option<bool>,
    /// Whether they currently have a free place.
    pub has_capacity: Option<bool>,
    /// Text to find in `name`, `title` or `about`; ASCII letters match in either case.
    #[param(min_length = 1, max_length = 100, example = "engineer")]
    #[validate(custom(function = text::not_blank))]
    pub q: Option<String>,
}

/// A mentor in the directory.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MentorOut {
    id: Uuid,
    #[schema(max_length = 80)]
    name: String,
    #[schema(max_length = 2000, required)]
    image: Option<String>,
    #[schema(max_length = 120, required)]
    title: Option<String>,
    #[schema(max_length = 120, required)]
    location: Option<String>,
    #[schema(max_length = 64)]
    time_zone: String,
    in_person: bool,
    #[schema(max_length = 2000, required)]
    about: Option<String>,
    #[schema(required)]
    seniority: Option<TermOut>,
    #[schema(max_items = 20, value_type = Vec<Language>)]
    languages: Vec<String>,
    #[schema(max_items = 20)]
    industries: Vec<TermOut>,
    #[schema(max_items = 50)]
    skills: Vec<SkillOut>,
    #[schema(max_items = 50)]
    soft_skills: Vec<TermOut>,
    #[schema(max_items = 50)]
    topics: Vec<TermOut>,
    /// Whether they currently have a free place.
    has_capacity: bool,
}

impl From<Entry> for MentorOut {
    fn from(entry: Entry) -> Self {
        let Entry { mentor, sets } = entry;
        let seniority = TermOut::of(mentor.seniority_id, mentor.seniority_slug, mentor.seniority_name);
        Self {
            id: mentor.id,
            name: mentor.name,
            image: mentor.image,
            title: mentor.title,
            location: mentor.location,
            time_zone: mentor.time_zone,
            in_person: mentor.in_person,
            about: mentor.about,
            seniority,
            languages: sets.languages,
            industries: sets.industries,
            skills: sets.mentor_skills,
            soft_skills: sets.mentor_soft_skills,
            topics: sets.mentor_topics,
            has_capacity: mentor.has_capacity,
        }
    }
}
