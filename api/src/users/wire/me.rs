use chrono::{DateTime, Utc};
use entity::user::{Gender, PreferredGender, Role, Status};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::{Language, PreferencesOut, SkillOut, SoughtSkillOut, WindowOut};
use crate::http::Instant;
use crate::http::{merge_patch, text};
use crate::taxonomy::wire::{Slug, TermOut};
use crate::users::ops::Loaded;

/// Changes to your profile: omitted fields stay, `null` clears.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"title": "Staff Engineer", "seniority": "over-7-years",
    "industries": ["software", "video-games"], "languages": ["en", "de"], "inPerson": true, "pausedUntil": null}))]
pub struct UpdateMe {
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    #[validate(custom(function = text::name))]
    pub name: Option<String>,
    /// URL of a picture.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::web_link))]
    pub image: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    #[validate(custom(function = text::name))]
    pub title: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    #[validate(custom(function = text::name))]
    pub location: Option<Option<String>>,
    /// Your IANA time zone, which your availability is in.
    #[schema(min_length = 1, max_length = 64, nullable = false)]
    #[validate(custom(function = text::time_zone))]
    pub time_zone: Option<String>,
    #[schema(max_items = 20, nullable = false)]
    pub languages: Option<Vec<Language>>,
    /// Whether you are open to meeting in person.
    #[schema(nullable = false)]
    pub in_person: Option<bool>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    pub about: Option<Option<String>>,
    /// Why you are looking for a mentor.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    pub motivation: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    pub side_projects: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    #[validate(custom(function = linkedin))]
    pub linkedin_url: Option<Option<String>>,
    /// Never shown to others.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<Gender>)]
    pub gender: Option<Option<Gender>>,
    /// Never shown to others.
    #[schema(nullable = false)]
    pub preferred_mentor_gender: Option<PreferredGender>,
    #[schema(max_items = 20, nullable = false)]
    pub industries: Option<Vec<Slug>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<Slug>)]
    pub seniority: Option<Option<Slug>>,
    /// Whether you offer to be a mentor.
    #[schema(nullable = false)]
    pub active_mentor: Option<bool>,
    /// Whether you are looking for a mentor.
    #[schema(nullable = false)]
    pub active_mentee: Option<bool>,
    /// How many mentorships you take on at a time as a mentor.
    #[schema(minimum = 0, maximum = 50, nullable = false)]
    pub mentor_capacity: Option<i16>,
    /// Until then you are neither suggested nor listed; at most two years ahead.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub paused_until: Option<Option<DateTime<Utc>>>,
}

/// A link into LinkedIn.
pub fn linkedin(text: &str) -> Result<(), ValidationError> {
    text::web_link(text)?;
    let url = url::Url::parse(text).ok();
    match url.as_ref().and_then(url::Url::host_str) {
        Some(host) if host == "linkedin.com" || host.ends_with(".linkedin.com") => Ok(()),
        _ => Err(text::fault("not_linkedin", "must be a link to linkedin.com")),
    }
}

/// Your complete profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeOut {
    id: Uuid,
    #[schema(max_length = 80)]
    name: String,
    #[schema(max_length = 254)]
    email: String,
    #[schema(required)]
    email_verified_at: Option<Instant>,
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
    #[schema(required)]
    gender: Option<Gender>,
    preferred_mentor_gender: PreferredGender,
    #[schema(max_items = 20)]
    industries: Vec<TermOut>,
    #[schema(required)]
    seniority: Option<TermOut>,
    role: Role,
    status: Status,
    active_mentor: bool,
    active_mentee: bool,
    #[schema(minimum = 0, maximum = 50)]
    mentor_capacity: i16,
    #[schema(required)]
    paused_until: Option<Instant>,
    #[schema(required)]
    onboarding_completed_at: Option<Instant>,
    #[schema(max_items = 50)]
    mentor_skills: Vec<SkillOut>,
    #[schema(max_items = 50)]
    mentee_skills: Vec<SoughtSkillOut>,
    #[schema(max_items = 50)]
    mentor_soft_skills: Vec<TermOut>,
    #[schema(max_items = 50)]
    mentee_soft_skills: Vec<TermOut>,
    #[schema(max_items = 50)]
    mentor_topics: Vec<TermOut>,
    #[schema(max_items = 50)]
    mentee_topics: Vec<TermOut>,
    /// Weekly windows, in `timeZone`.
    #[schema(max_items = 50)]
    availability: Vec<WindowOut>,
    notification_preferences: PreferencesOut,
    created_at: Instant,
    updated_at: Instant,
}

impl From<Loaded> for MeOut {
    fn from(loaded: Loaded) -> Self {
        let Loaded { user, seniority, sets } = loaded;
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            email_verified_at: user.email_verified_at.map(Into::into),
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
            gender: user.gender,
            preferred_mentor_gender: user.preferred_mentor_gender,
            industries: sets.industries,
            seniority,
            role: user.role,
            status: user.status,
            active_mentor: user.active_mentor,
            active_mentee: user.active_mentee,
            mentor_capacity: user.mentor_capacity,
            paused_until: user.paused_until.map(Into::into),
            onboarding_completed_at: user.onboarding_completed_at.map(Into::into),
            mentor_skills: sets.mentor_skills,
            mentee_skills: sets.mentee_skills,
            mentor_soft_skills: sets.mentor_soft_skills,
            mentee_soft_skills: sets.mentee_soft_skills,
            mentor_topics: sets.mentor_topics,
            mentee_topics: sets.mentee_topics,
            availability: sets.windows.iter().map(WindowOut::from).collect(),
            notification_preferences: PreferencesOut::from(&user.notification_preferences),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}
