use std::collections::HashMap;

use entity::issue::{self, Category, Kind, Status};
use entity::issue_message;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::{Instant, text};
use crate::people::PersonOut;

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct IssueFilter {
    /// Only issues with this status.
    #[param(inline)]
    pub status: Option<Status>,
    /// Only issues of this kind.
    #[param(inline)]
    pub kind: Option<Kind>,
    /// Only issues of this category.
    #[param(inline)]
    pub category: Option<Category>,
    /// Only issues assigned to this member of the staff.
    pub assignee_id: Option<Uuid>,
    /// Only issues about this user.
    pub reported_id: Option<Uuid>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"userId": null}))]
pub struct Assignee {
    /// An admin or owner; null for nobody.
    #[schema(required)]
    pub user_id: Option<Uuid>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"text": "Thank you. We have spoken with them."}))]
pub struct IssueAnswer {
    #[schema(min_length = 1, max_length = 4000)]
    #[validate(custom(function = text::not_blank))]
    pub text: String,
}

/// An issue as admins see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaffIssueOut {
    id: Uuid,
    kind: Kind,
    category: Category,
    status: Status,
    /// Null if its author has left.
    #[schema(required, max_length = 4000)]
    text: Option<String>,
    #[schema(required)]
    reporter: Option<PersonOut>,
    /// Whom it is about, if anybody.
    #[schema(required)]
    reported: Option<PersonOut>,
    /// The message that was reported, if any.
    #[schema(required)]
    message_id: Option<Uuid>,
    #[schema(required)]
    assignee: Option<PersonOut>,
    #[schema(required, max_length = 4000)]
    answer: Option<String>,
    #[schema(required)]
    answered_at: Option<Instant>,
    #[schema(required)]
    closed_at: Option<Instant>,
    created_at: Instant,
    updated_at: Instant,
}

impl StaffIssueOut {
    pub fn new(row: issue::Model, cards: &HashMap<Uuid, PersonOut>) -> Self {
        let card = |id: Option<Uuid>| id.and_then(|id| cards.get(&id).cloned());
        Self {
            id: row.id,
            kind: row.kind,
            category: row.category,
            status: row.status,
            reporter: card(Some(row.reporter_id)),
            reported: card(row.reported_id),
            message_id: row.message_id,
            assignee: card(row.assignee_id),
            text: row.text,
            answer: row.answer,
            answered_at: row.answered_at.map(Into::into),
            closed_at: row.closed_at.map(Into::into),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueMessagesOut {
    #[schema(max_items = 7)]
    messages: Vec<IssueMessageOut>,
}

/// A message as it was when the issue was opened.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssueMessageOut {
    id: Uuid,
    #[schema(minimum = 1, maximum = 9007199254740991i64)]
    seq: i64,
    sender_id: Uuid,
    /// Null if it had been deleted before.
    #[schema(required, max_length = 5000)]
    content: Option<String>,
    sent_at: Instant,
}

impl From<Vec<issue_message::Model>> for IssueMessagesOut {
    fn from(rows: Vec<issue_message::Model>) -> Self {
        Self { messages: rows.into_iter().map(Into::into).collect() }
    }
}

impl From<issue_message::Model> for IssueMessageOut {
    fn from(row: issue_message::Model) -> Self {
        Self {
            id: row.message_id,
            seq: row.seq,
            sender_id: row.sender_id,
            content: row.content,
            sent_at: row.sent_at.into(),
        }
    }
}
