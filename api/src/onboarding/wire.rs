use entity::onboarding_step::Step;
use entity::user::{Gender, PreferredGender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::ops::Survey;
use crate::http::Instant;
use crate::http::text;
use crate::taxonomy::wire::Slug;
use crate::users::ops::{Changes, Choices, Links};
use crate::users::wire::{MeOut, Preferences, SkillChoice, SoughtSkillChoice, UpdateMe, Window, linkedin};

/// Who you are, and whether you are a mentor, a mentee or both. Omitted fields are cleared.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = GeneralStep, example = json!({"name": "Ada Lindqvist", "title": "Software Engineer", "seniority": "under-3-years",
    "industries": ["software"], "about": "I build things that last.", "activeMentor": false, "activeMentee": true}))]
#[validate(schema(function = chooses_a_side))]
pub struct General {
    #[schema(min_length = 1, max_length = 80)]
    #[validate(custom(function = text::name))]
    name: String,
    #[schema(min_length = 1, max_length = 120)]
    #[validate(custom(function = text::name))]
    title: Option<String>,
    /// Never shown to others.
    gender: Option<Gender>,
    seniority: Option<Slug>,
    #[serde(default)]
    #[schema(max_items = 20)]
    industries: Vec<Slug>,
    #[schema(min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    about: Option<String>,
    active_mentor: bool,
    active_mentee: bool,
}

fn chooses_a_side(general: &General) -> Result<(), ValidationError> {
    if general.active_mentor || general.active_mentee {
        return Ok(());
    }
    Err(text::fault("no_side", "be a mentor, a mentee or both"))
}

/// What you offer. Omitted fields are cleared.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MentorStep, example = json!({"skills": [{"skill": "backend-development", "level": 4}],
    "softSkills": ["coaching"], "topics": ["get-promoted"], "mentorCapacity": 5}))]
pub struct Mentor {
    #[schema(min_items = 1, max_items = 50)]
    skills: Vec<SkillChoice>,
    #[serde(default)]
    #[schema(max_items = 50)]
    soft_skills: Vec<Slug>,
    /// Topics you can help with.
    #[serde(default)]
    #[schema(max_items = 50)]
    topics: Vec<Slug>,
    /// How many mentorships you take on at a time.
    #[schema(minimum = 1, maximum = 50)]
    mentor_capacity: i16,
}

/// What you seek. Omitted fields are cleared.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MenteeStep, example = json!({"skills": [{"skill": "cloud-architecture"}],
    "topics": ["learn-a-new-skill"], "motivation": "I want to grow into architecture."}))]
pub struct Mentee {
    #[schema(min_items = 1, max_items = 50)]
    skills: Vec<SoughtSkillChoice>,
    #[serde(default)]
    #[schema(max_items = 50)]
    soft_skills: Vec<Slug>,
    /// Topics you want help with.
    #[serde(default)]
    #[schema(max_items = 50)]
    topics: Vec<Slug>,
    /// Never shown to others; `ANY` if omitted.
    #[schema(nullable = false)]
    preferred_mentor_gender: Option<PreferredGender>,
    #[schema(min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    motivation: Option<String>,
    #[schema(min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::not_blank))]
    side_projects: Option<String>,
}

/// How and when you can meet. Omitted fields are cleared.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PreferencesStep, example = json!({"inPerson": false, "timeZone": "Europe/Stockholm",
    "windows": [{"weekday": 3, "start": "17:00", "end": "19:00"}]}))]
pub struct Meeting {
    in_person: bool,
    /// Your IANA time zone, which the windows are in.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(custom(function = text::time_zone))]
    time_zone: String,
    /// When you are available each week. Windows may be adjacent but must not overlap.
    #[schema(max_items = 50)]
    windows: Vec<Window>,
    #[schema(min_length = 1, max_length = 300)]
    #[validate(custom(function = linkedin))]
    linkedin_url: Option<String>,
    /// Unchanged if omitted; initially e-mails, and no news.
    #[schema(nullable = false)]
    #[validate(nested)]
    notification_preferences: Option<Preferences>,
}

impl From<General> for Changes {
    fn from(body: General) -> Self {
        let profile = UpdateMe {
            name: Some(body.name),
            title: Some(body.title),
            gender: Some(body.gender),
            seniority: Some(body.seniority),
            industries: Some(body.industries),
            about: Some(body.about),
            active_mentor: Some(body.active_mentor),
            active_mentee: Some(body.active_mentee),
            ..UpdateMe::default()
        };
        Self { profile, ..Self::default() }
    }
}

impl From<Mentor> for Changes {
    fn from(body: Mentor) -> Self {
        let profile = UpdateMe { mentor_capacity: Some(body.mentor_capacity), ..UpdateMe::default() };
        let sets = vec![
            Choices::offered("/skills", body.skills),
            Choices::of_terms(Links::MentorSoftSkills, "/softSkills", body.soft_skills),
            Choices::of_terms(Links::MentorTopics, "/topics", body.topics),
        ];
        Self { profile, sets, ..Self::default() }
    }
}

impl From<Mentee> for Changes {
    fn from(body: Mentee) -> Self {
        let profile = UpdateMe {
            preferred_mentor_gender: Some(body.preferred_mentor_gender.unwrap_or(PreferredGender::Any)),
            motivation: Some(body.motivation),
            side_projects: Some(body.side_projects),
            ..UpdateMe::default()
        };
        let sets = vec![
            Choices::sought("/skills", body.skills),
            Choices::of_terms(Links::MenteeSoftSkills, "/softSkills", body.soft_skills),
            Choices::of_terms(Links::MenteeTopics, "/topics", body.topics),
        ];
        Self { profile, sets, ..Self::default() }
    }
}

impl From<Meeting> for Changes {
    fn from(body: Meeting) -> Self {
        let profile = UpdateMe {
            in_person: Some(body.in_person),
            time_zone: Some(body.time_zone),
            linkedin_url: Some(body.linkedin_url),
            ..UpdateMe::default()
        };
        let preferences = body.notification_preferences.map(Into::into);
        Self { profile, windows: Some(body.windows), preferences, ..Self::default() }
    }
}

/// A step of the onboarding.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepOut {
    step: Step,
    /// Whether it is required, given whether you are a mentor, a mentee or both.
    required: bool,
    /// When it was last saved; null if never.
    #[schema(required)]
    saved_at: Option<Instant>,
}

/// Your onboarding status.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OnboardingOut {
    /// Null until onboarding is complete.
    #[schema(required)]
    completed_at: Option<Instant>,
    #[schema(max_items = 4)]
    steps: Vec<StepOut>,
    /// Your answers so far, which make up your profile.
    answers: MeOut,
}

impl From<Survey> for OnboardingOut {
    fn from(survey: Survey) -> Self {
        let step =
            |step| StepOut { step, required: survey.requires(step), saved_at: survey.saved_at(step).map(Into::into) };
        Self {
            completed_at: survey.answers.user.onboarding_completed_at.map(Into::into),
            steps: Step::ALL.map(step).into(),
            answers: survey.answers.into(),
        }
    }
}
