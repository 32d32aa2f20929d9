use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::MatchingTerms;
use super::terms::example;
use crate::examples::LUCAS;
use crate::matching_policies::ops::{Moved, Named, Previewed};

/// Terms to try out.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"terms": example(), "sample": [LUCAS]}))]
pub struct PreviewPolicy {
    pub terms: MatchingTerms,
    /// The mentees whose lists to compare; ten of the newest thousand if omitted, the same ones each time.
    #[schema(min_items = 1, max_items = 20)]
    pub sample: Option<Vec<Uuid>>,
}

/// How lists would change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewOut {
    #[schema(max_items = 20)]
    sample: Vec<PreviewedListOut>,
}

/// A mentee's ten best mentors under the version in force and under the terms, hard rules kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedListOut {
    mentee: PreviewedPersonOut,
    /// All who are on either list: first the new one in its order, then those who are no longer on it.
    #[schema(max_items = 20)]
    mentors: Vec<PreviewedMentorOut>,
    /// How many are on the new list only.
    #[schema(minimum = 0, maximum = 10)]
    entered: usize,
    /// How many are on the old list only.
    #[schema(minimum = 0, maximum = 10)]
    left: usize,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedPersonOut {
    id: Uuid,
    #[schema(max_length = 80)]
    name: String,
}

/// A mentor before and after.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedMentorOut {
    mentor: PreviewedPersonOut,
    /// On the list as it is; null if they enter it.
    #[schema(required, minimum = 1, maximum = 10)]
    place_before: Option<u8>,
    /// On the list as it would be; null if they leave it.
    #[schema(required, minimum = 1, maximum = 10)]
    place_after: Option<u8>,
    /// Null if one of the two would not gain enough.
    #[schema(required, minimum = 0, maximum = 100)]
    score_before: Option<u8>,
    /// Null if one of the two would not gain enough.
    #[schema(required, minimum = 0, maximum = 100)]
    score_after: Option<u8>,
}

impl From<Vec<Previewed>> for PreviewOut {
    fn from(lists: Vec<Previewed>) -> Self {
        Self { sample: lists.into_iter().map(PreviewedListOut::from).collect() }
    }
}

impl From<Previewed> for PreviewedListOut {
    fn from(list: Previewed) -> Self {
        let count = |missing: fn(&Moved) -> bool| list.mentors.iter().filter(|one| missing(one)).count();
        Self {
            entered: count(|one| one.before.place.is_none()),
            left: count(|one| one.after.place.is_none()),
            mentee: list.mentee.into(),
            mentors: list.mentors.into_iter().map(PreviewedMentorOut::from).collect(),
        }
    }
}

impl From<Moved> for PreviewedMentorOut {
    fn from(moved: Moved) -> Self {
        Self {
            mentor: moved.mentor.into(),
            place_before: moved.before.place,
            place_after: moved.after.place,
            score_before: moved.before.score,
            score_after: moved.after.score,
        }
    }
}

impl From<Named> for PreviewedPersonOut {
    fn from(named: Named) -> Self {
        Self { id: named.id, name: named.name }
    }
}
