use entity::mentorship::Status;
use entity::side::Side;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct MineFilter {
    /// Only those in which you are on this side.
    #[param(inline)]
    pub side: Option<Side>,
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<Status>,
}

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AdminFilter {
    /// Only those with this status.
    #[param(inline)]
    pub status: Option<Status>,
    /// Only those awaiting this.
    #[param(inline)]
    pub awaiting: Option<Awaiting>,
    /// Only those of this mentor.
    pub mentor_id: Option<Uuid>,
    /// Only those of this mentee.
    pub mentee_id: Option<Uuid>,
}

/// What a pending mentorship is awaiting: an answer, or, once both sides agreed, approval by an admin.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Awaiting {
    Answer,
    Approval,
}
