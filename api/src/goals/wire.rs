use chrono::NaiveDate;
use entity::goal::{self, Kind, Status};
use entity::milestone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;
use crate::http::{merge_patch, text};

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct GoalFilter {
    /// Only goals with this status.
    #[param(inline)]
    pub status: Option<Status>,
    /// Only goals of this kind.
    #[param(inline)]
    pub kind: Option<Kind>,
}

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MilestoneFilter {
    /// `true`: only milestones that are done. `false`: only those that are not.
    pub done: Option<bool>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "kind": "SHORT_TERM",
    "title": "Give a talk at the team day",
    "description": "Twenty minutes on what we learned from the last incident.",
    "dueDate": "2027-03-31"
}))]
pub struct NewGoal {
    pub kind: Kind,
    #[schema(min_length = 1, max_length = 200)]
    #[validate(custom(function = text::name))]
    pub title: String,
    #[schema(min_length = 1, max_length = 4000)]
    #[validate(custom(function = text::not_blank))]
    pub description: Option<String>,
    pub due_date: Option<NaiveDate>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "title": "Give a talk at the summer conference", "dueDate": "2027-06-30" }))]
pub struct GoalPatch {
    #[schema(nullable = false)]
    pub kind: Option<Kind>,
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    #[validate(custom(function = text::name))]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    #[validate(custom(function = text::not_blank))]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub due_date: Option<Option<NaiveDate>>,
    /// In percent; only if the goal is open and has no milestones.
    #[schema(nullable = false, minimum = 0, maximum = 100)]
    pub progress: Option<i16>,
    /// `ACHIEVED` or `DROPPED` closes an open goal, `OPEN` reopens it.
    #[schema(nullable = false)]
    pub status: Option<Status>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "title": "Write the outline", "dueDate": "2027-01-31" }))]
pub struct NewMilestone {
    #[schema(min_length = 1, max_length = 200)]
    #[validate(custom(function = text::name))]
    pub title: String,
    pub due_date: Option<NaiveDate>,
    /// Milestones are ordered by position, then oldest first. If omitted, the milestone goes last.
    #[schema(minimum = 0, maximum = 10000)]
    pub position: Option<i16>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "title": "Write and show the outline" }))]
pub struct MilestonePatch {
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    #[validate(custom(function = text::name))]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(value_type = Option<NaiveDate>)]
    pub due_date: Option<Option<NaiveDate>>,
    #[schema(nullable = false, minimum = 0, maximum = 10000)]
    pub position: Option<i16>,
    /// Whether it is done; updates the goal's progress.
    #[schema(nullable = false)]
    pub done: Option<bool>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoalOut {
    id: Uuid,
    mentorship_id: Uuid,
    created_by_id: Uuid,
    kind: Kind,
    #[schema(max_length = 200)]
    title: String,
    #[schema(required, max_length = 4000)]
    description: Option<String>,
    #[schema(required)]
    due_date: Option<NaiveDate>,
    /// In percent: with milestones, the share that is done; 100 once achieved.
    #[schema(minimum = 0, maximum = 100)]
    progress: i16,
    status: Status,
    #[schema(max_items = 50)]
    milestones: Vec<MilestoneOut>,
    /// The `ETag` of the goal and its milestones, as a number.
    #[schema(minimum = 1, maximum = 2147483647)]
    version: i32,
    created_at: Instant,
    updated_at: Instant,
}

impl From<(goal::Model, Vec<milestone::Model>)> for GoalOut {
    fn from((row, milestones): (goal::Model, Vec<milestone::Model>)) -> Self {
        Self {
            id: row.id,
            mentorship_id: row.mentorship_id,
            created_by_id: row.created_by_id,
            kind: row.kind,
            title: row.title,
            description: row.description,
            due_date: row.due_date,
            progress: row.progress,
            status: row.status,
            milestones: milestones.into_iter().map(MilestoneOut::from).collect(),
            version: row.version,
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneOut {
    id: Uuid,
    goal_id: Uuid,
    #[schema(max_length = 200)]
    title: String,
    #[schema(minimum = 0, maximum = 10000)]
    position: i16,
    #[schema(required)]
    due_date: Option<NaiveDate>,
    /// When it was done; null if it is not.
    #[schema(required)]
    done_at: Option<Instant>,
    created_at: Instant,
    updated_at: Instant,
}

impl From<milestone::Model> for MilestoneOut {
    fn from(row: milestone::Model) -> Self {
        Self {
            id: row.id,
            goal_id: row.goal_id,
            title: row.title,
            position: row.position,
            due_date: row.due_date,
            done_at: row.done_at.map(Into::into),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}
