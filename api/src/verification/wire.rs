use entity::session::Mode;
use entity::verification_token::Model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::{Instant, text};

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"token": "mvt_from-the-mailed-link"}))]
pub struct MailedToken {
    /// The token from the mailed link.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"email": "mentee@example.org"}))]
pub struct KnownAddress {
    #[schema(min_length = 1, max_length = 254)]
    pub email: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"email": "linh.tran@example.org"}))]
pub struct NewAddress {
    #[schema(format = "email", min_length = 3, max_length = 254)]
    pub email: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"token": "mvt_from-the-mailed-link"}))]
pub struct SignInByLink {
    /// The token from the mailed link.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// How to take the refresh token; as at `/auth/sign-in`.
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// A code of the authenticator app, or a recovery code; asked for with `second_factor_required` where the second factor is enabled.
    #[schema(min_length = 1, max_length = 64, nullable = false)]
    pub second_factor: Option<String>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"token": "mvt_from-the-mailed-link", "password": "another walk by the river"}))]
pub struct ResetPassword {
    /// The token from the mailed link.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    #[schema(format = "password", min_length = 8, max_length = 256)]
    pub password: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"token": "mvt_from-the-mailed-link", "name": "Ada Lindqvist", "password": "a long walk by the river"}))]
pub struct AcceptInvitation {
    /// The token from the mailed link.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// Display name.
    #[schema(min_length = 1, max_length = 80)]
    #[validate(custom(function = text::name))]
    pub name: String,
    #[schema(format = "password", min_length = 8, max_length = 256)]
    pub password: String,
}

/// An invitation that nobody accepted yet.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationOut {
    id: Uuid,
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// The admin who invited; null if the account no longer exists.
    #[schema(required)]
    invited_by: Option<Uuid>,
    created_at: Instant,
    expires_at: Instant,
}

impl From<Model> for InvitationOut {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            invited_by: row.created_by,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
        }
    }
}
