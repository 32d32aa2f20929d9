//! What stays of an account that was erased: a row for the history of others, with nothing in it of whose it was.

use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, NotSet};

use super::{ActiveModel, Model, PreferredGender, Role, Status};
use crate::notification_preferences::NotificationPreferences;

/// How others see whoever has left.
pub const FORMER_MEMBER: &str = "Former member";

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the account is erased")]
pub struct Erased;

impl Model {
    /// For what nobody does with an account that nobody has.
    pub fn demand_not_erased(&self) -> Result<(), Erased> {
        if self.erased_at.is_some() { Err(Erased) } else { Ok(()) }
    }

    /// Each column is named, so that a new one must be thought of here.
    pub fn erase(self, now: DateTimeUtc) -> ActiveModel {
        let erased = Self {
            id: self.id,
            name: FORMER_MEMBER.to_owned(),
            // Nobody can have it (RFC 6761, section 6.4).
            email: format!("former-{}@invalid", self.id),
            email_key: String::new(),
            email_verified_at: None,
            image: None,
            title: None,
            location: None,
            time_zone: "UTC".to_owned(),
            in_person: false,
            about: None,
            motivation: None,
            side_projects: None,
            linkedin_url: None,
            gender: None,
            preferred_mentor_gender: PreferredGender::Any,
            seniority_level_id: None,
            role: Role::Regular,
            status: Status::Suspended,
            suspension_note: None,
            active_mentor: false,
            active_mentee: false,
            mentor_capacity: 1,
            paused_until: None,
            onboarding_completed_at: None,
            notification_preferences: NotificationPreferences::default(),
            created_at: self.created_at,
            updated_at: now,
            erased_at: Some(now),
        };
        ActiveModel { email_key: NotSet, ..erased.into_active_model().reset_all() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::user::tests::available;

    #[test]
    fn of_whose_it_was_nothing_is_left() {
        let now = Utc::now();
        let ada = Model {
            title: Some("Engineer".to_owned()),
            email_verified_at: Some(now),
            role: Role::Owner,
            ..available(now)
        };
        let erased = ada.erase(now);
        assert_eq!(erased.name.unwrap(), FORMER_MEMBER);
        assert_eq!(erased.email.unwrap(), "former-00000000-0000-0000-0000-000000000001@invalid");
        assert_eq!((erased.title.unwrap(), erased.email_verified_at.unwrap()), (None, None));
        assert_eq!((erased.role.unwrap(), erased.status.unwrap()), (Role::Regular, Status::Suspended));
        assert_eq!(erased.erased_at.unwrap(), Some(now));
    }
}
