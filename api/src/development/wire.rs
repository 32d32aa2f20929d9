use entity::mail::{Kind, Model};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;

#[derive(Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct MailFilter {
    /// Only mails to this address.
    #[param(min_length = 1, max_length = 254)]
    pub to: Option<String>,
    /// Only mails of this kind.
    #[param(inline)]
    pub kind: Option<Kind>,
}

/// A mail as it was sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailOut {
    id: Uuid,
    kind: Kind,
    #[schema(max_length = 254)]
    to: String,
    #[schema(max_length = 200)]
    subject: String,
    #[schema(max_length = 10_000)]
    text: String,
    #[schema(max_length = 20_000)]
    html: String,
    created_at: Instant,
}

impl From<Model> for MailOut {
    fn from(row: Model) -> Self {
        let content = row.content.unwrap_or_default();
        let field = |name: &str| content[name].as_str().map(str::to_owned).unwrap_or_default();
        Self {
            id: row.id,
            kind: row.kind,
            to: field("to"),
            subject: field("subject"),
            text: field("text"),
            html: field("html"),
            created_at: row.created_at.into(),
        }
    }
}
