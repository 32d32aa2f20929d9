use chrono::{DateTime, NaiveTime, Utc};
use entity::user;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::auth::Caller;
use crate::http::Instant;
use crate::http::text;

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AccountFilter {
    /// Prefix of the name or e-mail address; ASCII letters match in either case.
    #[param(min_length = 1, max_length = 254, example = "ad")]
    pub q: Option<String>,
    /// Only accounts with this status.
    #[param(inline)]
    pub status: Option<user::Status>,
    /// Only accounts with this role.
    #[param(inline)]
    pub role: Option<user::Role>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"note": "Sent advertisements to several members."}))]
pub struct Suspension {
    /// The reason. Visible only to staff.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(custom(function = text::not_blank))]
    pub note: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"role": "ADMIN"}))]
pub struct RoleChange {
    pub role: user::Role,
}

/// Which accounts a member of the staff sees without the filter: owners all, admins their own and those of regular members.
#[derive(Clone, Copy)]
pub struct Viewer {
    id: Uuid,
    is_owner: bool,
}

impl Viewer {
    pub fn of<R>(me: &Caller<R>) -> Self {
        Self { id: me.id(), is_owner: me.role() == user::Role::Owner }
    }

    pub fn is_owner(self) -> bool {
        self.is_owner
    }

    fn email_of(self, user: &user::Model) -> Option<String> {
        let shown = user.erased_at.is_none() && (self.is_owner || user.id == self.id || !user.is_staff());
        shown.then(|| user.email.clone())
    }
}

/// An account, in brief.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountOut {
    id: Uuid,
    #[schema(max_length = 80)]
    name: String,
    /// Null if you are an admin and the account is that of another admin or an owner, or it is erased.
    #[schema(required, max_length = 254)]
    email: Option<String>,
    role: user::Role,
    status: user::Status,
    active_mentor: bool,
    active_mentee: bool,
    #[schema(required)]
    onboarding_completed_at: Option<Instant>,
    created_at: Instant,
}

impl AccountOut {
    pub fn of(user: user::Model, viewer: Viewer) -> Self {
        Self {
            id: user.id,
            email: viewer.email_of(&user),
            name: user.name,
            role: user.role,
            status: user.status,
            active_mentor: user.active_mentor,
            active_mentee: user.active_mentee,
            onboarding_completed_at: user.onboarding_completed_at.map(Into::into),
            created_at: user.created_at.into(),
        }
    }
}

/// An account with how it is used.
pub struct Account {
    pub user: user::Model,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub providers: Vec<String>,
}

/// An account, as visible to staff.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountDetailsOut {
    id: Uuid,
    #[schema(max_length = 80)]
    name: String,
    /// Null if you are an admin and the account is that of another admin or an owner, or it is erased.
    #[schema(required, max_length = 254)]
    email: Option<String>,
    #[schema(required)]
    email_verified_at: Option<Instant>,
    #[schema(required, max_length = 120)]
    title: Option<String>,
    #[schema(required, max_length = 120)]
    location: Option<String>,
    role: user::Role,
    status: user::Status,
    /// Why the account is suspended; null if it is not.
    #[schema(required, max_length = 1000)]
    suspension_note: Option<String>,
    active_mentor: bool,
    active_mentee: bool,
    #[schema(minimum = 0, maximum = 50)]
    mentor_capacity: i16,
    #[schema(required)]
    paused_until: Option<Instant>,
    #[schema(required)]
    onboarding_completed_at: Option<Instant>,
    /// When a session was last used; admins see only the day. Null if never.
    #[schema(required)]
    last_seen_at: Option<Instant>,
    /// The sign-in methods; null for admins.
    #[schema(required, max_items = 20, max_length = 60)]
    providers: Option<Vec<String>>,
    created_at: Instant,
    updated_at: Instant,
    /// When its owner erased the account; nothing personal is left of it.
    #[schema(required)]
    erased_at: Option<Instant>,
}

impl AccountDetailsOut {
    pub fn of(account: Account, viewer: Viewer) -> Self {
        let Account { user, last_seen_at, providers } = account;
        Self {
            id: user.id,
            email: viewer.email_of(&user),
            email_verified_at: user.email_verified_at.map(Into::into),
            name: user.name,
            title: user.title,
            location: user.location,
            role: user.role,
            status: user.status,
            suspension_note: user.suspension_note,
            active_mentor: user.active_mentor,
            active_mentee: user.active_mentee,
            mentor_capacity: user.mentor_capacity,
            paused_until: user.paused_until.map(Into::into),
            onboarding_completed_at: user.onboarding_completed_at.map(Into::into),
            last_seen_at: (if viewer.is_owner { last_seen_at } else { last_seen_at.map(day) }).map(Into::into),
            providers: viewer.is_owner.then_some(providers),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
            erased_at: user.erased_at.map(Into::into),
        }
    }
}

fn day(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(NaiveTime::MIN).and_utc()
}
