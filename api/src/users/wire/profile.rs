use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Language, SkillOut};
use crate::taxonomy::wire::TermOut;
use crate::users::ops::Profile;

/// A member's public profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProfileOut {
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
    #[schema(max_items = 20, value_type = Vec<Language>)]
    languages: Vec<String>,
    in_person: bool,
    #[schema(max_length = 2000, required)]
    about: Option<String>,
    #[schema(max_length = 2000, required)]
    motivation: Option<String>,
    #[schema(max_length = 2000, required)]
    side_projects: Option<String>,
    #[schema(max_length = 300, required)]
    linkedin_url: Option<String>,
    #[schema(max_items = 20)]
    industries: Vec<TermOut>,
    #[schema(required)]
    seniority: Option<TermOut>,
    active_mentor: bool,
    active_mentee: bool,
    /// Whether, as a mentor, they currently have a free place.
    has_capacity: bool,
    #[schema(max_items = 50)]
    mentor_skills: Vec<SkillOut>,
    #[schema(max_items = 50)]
    mentee_skills: Vec<SkillOut>,
    #[schema(max_items = 50)]
    mentor_soft_skills: Vec<TermOut>,
    #[schema(max_items = 50)]
    mentee_soft_skills: Vec<TermOut>,
    #[schema(max_items = 50)]
    mentor_topics: Vec<TermOut>,
    #[schema(max_items = 50)]
    mentee_topics: Vec<TermOut>,
}

impl From<Profile> for ProfileOut {
    fn from(profile: Profile) -> Self {
        let (user, sets) = (profile.loaded.user, profile.loaded.sets);
        Self {
            id: user.id,
            name: user.name,
            image: user.image,
            title: user.title,
            location: user.location,
            time_zone: user.time_zone,
            languages: sets.languages,
            in_person: user.in_person,
            about: user.about,
            motivation: user.motivation,
            side_projects: user.side_projects,
            linkedin_url: user.linkedin_url,
            industries: sets.industries,
            seniority: profile.loaded.seniority,
            active_mentor: user.active_mentor,
            active_mentee: user.active_mentee,
            has_capacity: profile.has_capacity,
            mentor_skills: sets.mentor_skills,
            mentee_skills: sets.mentee_skills.into_iter().map(SkillOut::from).collect(),
            mentor_soft_skills: sets.mentor_soft_skills,
            mentee_soft_skills: sets.mentee_soft_skills,
            mentor_topics: sets.mentor_topics,
            mentee_topics: sets.mentee_topics,
        }
    }
}
