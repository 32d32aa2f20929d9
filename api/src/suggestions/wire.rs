use entity::component::Component;
use entity::side::Side;
use entity::suggestion::{self, Reasons, Response, Shared, Status, Term};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::ops::Seen;
use crate::http::Instant;
use crate::people::PersonOut;

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SuggestionFilter {
    /// Only those in which you are on this side.
    #[param(inline)]
    pub side: Option<Side>,
    /// Only those with this status, as visible to you.
    #[param(inline)]
    pub status: Option<Status>,
}

/// A suggested pair, as visible to you.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SuggestionOut {
    id: Uuid,
    /// Your side; null if you are neither.
    #[schema(required)]
    side: Option<Side>,
    /// The person suggested to you; null if you are neither side.
    #[schema(required)]
    person: Option<PersonOut>,
    mentor_id: Uuid,
    mentee_id: Uuid,
    /// How well they match, from 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    score: i16,
    reasons: ReasonsOut,
    /// Your answer; null if you are neither side.
    #[schema(required)]
    response: Option<Response>,
    /// If you put it off: when it returns to your list, unless it lapses before.
    #[schema(required)]
    not_before: Option<Instant>,
    /// `ACCEPTED` once both accepted, `DECLINED` once you declined, otherwise `PENDING`; the other side's answer is never
    /// revealed.
    status: Status,
    /// When it lapses if unanswered.
    expires_at: Instant,
    /// What started once both accepted; null until then.
    #[schema(required)]
    mentorship_id: Option<Uuid>,
    created_at: Instant,
}

/// Why they were matched.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReasonsOut {
    /// Skills the mentor offers and the mentee seeks.
    #[schema(max_items = 100)]
    skills: Vec<SharedTermOut>,
    /// Topics the mentor can help with and the mentee wants help with.
    #[schema(max_items = 100)]
    topics: Vec<SharedTermOut>,
    #[schema(max_items = 100)]
    industries: Vec<SharedTermOut>,
    /// Soft skills the mentor has and the mentee seeks.
    #[schema(max_items = 100)]
    soft_skills: Vec<SharedTermOut>,
    /// Languages both speak, as BCP 47 tags.
    #[schema(max_items = 100)]
    languages: Vec<SharedLanguage>,
    /// How many seniority levels the mentor is above the mentee; null unless both have a seniority level.
    #[schema(required, minimum = -1000, maximum = 1000)]
    seniority_distance: Option<i16>,
    /// Minutes a week in which both are available.
    #[schema(minimum = 0, maximum = 10080)]
    shared_minutes: i32,
    /// Whether both are open to meeting in person.
    in_person: bool,
}

/// The record of a suggestion: how its score came about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhyOut {
    suggestion_id: Uuid,
    /// How well they match, from 0 to 100: a tenth of the sum of the terms, rounded.
    #[schema(minimum = 0, maximum = 100)]
    score: i16,
    /// The terms of the score; empty for what was suggested before they were kept.
    #[schema(max_items = 10)]
    terms: Vec<ScoreTermOut>,
    reasons: ReasonsOut,
    /// Of the matching policy it was scored by; 0 before there were any.
    #[schema(minimum = 0, maximum = 1_000_000)]
    policy_version: i32,
    /// Of the formula; 0 before it had any.
    #[schema(minimum = 0, maximum = 1000)]
    algorithm_version: i32,
}

/// What one term of the score earned.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreTermOut {
    component: Component,
    #[schema(minimum = 0, maximum = 1000)]
    points: u16,
    /// The most it can earn; the terms together make 1000.
    #[schema(minimum = 0, maximum = 1000)]
    most: u16,
    /// False if one of the two has not answered what it takes: it then earns half.
    answered: bool,
}

/// A taxonomy term they have in common, with its name at the time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SharedTermOut {
    #[schema(max_length = 80, example = "devops")]
    slug: String,
    #[schema(max_length = 80, example = "DevOps")]
    name: String,
}

#[derive(Serialize, ToSchema)]
#[schema(max_length = 35, example = "en")]
pub struct SharedLanguage(String);

impl From<Seen> for SuggestionOut {
    fn from(seen: Seen) -> Self {
        Self {
            id: seen.id,
            side: seen.side,
            person: seen.person,
            mentor_id: seen.mentor_id,
            mentee_id: seen.mentee_id,
            score: seen.score,
            reasons: seen.reasons.into(),
            response: seen.response,
            not_before: seen.not_before.map(Instant::from),
            status: seen.status,
            expires_at: seen.expires_at.into(),
            mentorship_id: seen.mentorship_id,
            created_at: seen.created_at.into(),
        }
    }
}

impl From<suggestion::Model> for WhyOut {
    fn from(row: suggestion::Model) -> Self {
        Self {
            suggestion_id: row.id,
            score: row.score,
            terms: row.reasons.terms.iter().copied().map(ScoreTermOut::from).collect(),
            reasons: row.reasons.into(),
            policy_version: row.policy_version,
            algorithm_version: row.algorithm_version,
        }
    }
}

impl From<Term> for ScoreTermOut {
    fn from(term: Term) -> Self {
        let Term { component, points, most, answered } = term;
        Self { component, points, most, answered }
    }
}

impl From<Reasons> for ReasonsOut {
    fn from(reasons: Reasons) -> Self {
        let named = |terms: Vec<Shared>| terms.into_iter().map(SharedTermOut::from).collect();
        Self {
            skills: named(reasons.skills),
            topics: named(reasons.topics),
            industries: named(reasons.industries),
            soft_skills: named(reasons.soft_skills),
            languages: reasons.languages.into_iter().map(SharedLanguage).collect(),
            seniority_distance: reasons.seniority_distance,
            shared_minutes: reasons.shared_minutes,
            in_person: reasons.in_person,
        }
    }
}

impl From<Shared> for SharedTermOut {
    fn from(term: Shared) -> Self {
        Self { slug: term.slug, name: term.name }
    }
}
