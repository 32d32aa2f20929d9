//! Users: members, admins and owners.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

use crate::notification_preferences::NotificationPreferences;
use crate::side::Side;
use crate::text_enum::text_enum;

mod erasure;
mod standing;

pub use erasure::{Erased, FORMER_MEMBER};
pub use standing::StandingError;

text_enum! {
    pub enum Gender {
        Female,
        Male,
        NonBinary,
        Other,
    }
}

text_enum! {
    /// The gender a mentee prefers their mentor to have.
    pub enum PreferredGender {
        Any,
        Female,
        Male,
        NonBinary,
        Other,
    }
}

text_enum! {
    pub enum Role {
        Regular,
        Admin,
        Owner,
    }
}

text_enum! {
    pub enum Status as UserStatus {
        PendingApproval,
        Active,
        Suspended,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub email: String,
    /// Written by the database from `email`; leave it unset
    pub email_key: String,
    pub email_verified_at: Option<DateTimeUtc>,
    pub image: Option<String>,
    pub title: Option<String>,
    pub location: Option<String>,
    pub time_zone: String,
    pub in_person: bool,
    pub about: Option<String>,
    pub motivation: Option<String>,
    pub side_projects: Option<String>,
    pub linkedin_url: Option<String>,
    pub gender: Option<Gender>,
    pub preferred_mentor_gender: PreferredGender,
    pub seniority_level_id: Option<Uuid>,
    pub role: Role,
    pub status: Status,
    pub suspension_note: Option<String>,
    pub active_mentor: bool,
    pub active_mentee: bool,
    pub mentor_capacity: i16,
    pub paused_until: Option<DateTimeUtc>,
    pub onboarding_completed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "JsonBinary")]
    pub notification_preferences: NotificationPreferences,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Nobody's any more: what is left is for the history of others
    pub erased_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::seniority_level::Entity",
        from = "Column::SeniorityLevelId",
        to = "super::seniority_level::Column::Id"
    )]
    SeniorityLevel,
}

impl Related<super::seniority_level::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SeniorityLevel.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// How e-mail addresses are compared: as the database does in `email_key`, which folds ASCII letters only.
pub fn email_key(email: &str) -> String {
    email.to_ascii_lowercase()
}

/// Can be matched on that side now, in SQL, where `now` is the placeholder of the time: [`Model::is_available_as`].
pub fn available_sql(side: Side, now: &str) -> String {
    let wants = side.pick("active_mentor", "active_mentee");
    format!(
        "(users.{wants} AND users.status = 'ACTIVE' AND users.onboarding_completed_at IS NOT NULL \
            AND (users.paused_until IS NULL OR users.paused_until <= {now}))"
    )
}

/// Mentors as the directory lists them. The text is that of the index `ix_users_directory`, so that it serves them.
pub fn listed_as_mentor(now: DateTimeUtc) -> Condition {
    Condition::all()
        .add(Expr::cust(
            "users.active_mentor AND users.status = 'ACTIVE' AND users.onboarding_completed_at IS NOT NULL",
        ))
        .add(Condition::any().add(Column::PausedUntil.is_null()).add(Column::PausedUntil.lte(now)))
}

impl Model {
    /// Whether other members see them: approved, not suspended, through with the survey.
    pub fn is_public(&self) -> bool {
        self.status == Status::Active && self.onboarding_completed_at.is_some()
    }

    /// Whether they may be matched on that side now.
    pub fn is_available_as(&self, side: Side, now: DateTimeUtc) -> bool {
        let wants = match side {
            Side::Mentor => self.active_mentor,
            Side::Mentee => self.active_mentee,
        };
        wants && self.is_public() && !self.is_paused(now)
    }

    /// How many mentorships they take on at once as a mentor.
    pub fn places(&self) -> u64 {
        self.mentor_capacity.try_into().unwrap_or(0)
    }

    pub fn is_paused(&self, now: DateTimeUtc) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }

    pub fn is_staff(&self) -> bool {
        self.role != Role::Regular
    }
}

impl PreferredGender {
    /// Whether a mentor of that gender, or of none they told, will do.
    pub fn admits(self, gender: Option<Gender>) -> bool {
        match self {
            Self::Any => true,
            Self::Female => gender == Some(Gender::Female),
            Self::Male => gender == Some(Gender::Male),
            Self::NonBinary => gender == Some(Gender::NonBinary),
            Self::Other => gender == Some(Gender::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;

    pub(super) fn available(now: DateTimeUtc) -> Model {
        Model {
            id: Uuid::from_u128(1),
            name: "Ada".to_owned(),
            email: "Ada@example.org".to_owned(),
            email_key: "ada@example.org".to_owned(),
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
            status: Status::Active,
            suspension_note: None,
            active_mentor: true,
            active_mentee: false,
            mentor_capacity: 1,
            paused_until: None,
            onboarding_completed_at: Some(now),
            notification_preferences: NotificationPreferences::default(),
            created_at: now,
            updated_at: now,
            erased_at: None,
        }
    }

    #[test]
    fn a_user_is_available_on_the_sides_they_are_active_on() {
        let now = Utc::now();
        assert!(available(now).is_available_as(Side::Mentor, now));
        assert!(!available(now).is_available_as(Side::Mentee, now));
    }

    #[test]
    fn a_pause_lasts_until_its_end() {
        let now = Utc::now();
        let paused = Model { paused_until: Some(now + TimeDelta::minutes(1)), ..available(now) };
        assert!(!paused.is_available_as(Side::Mentor, now));
        assert!(paused.is_available_as(Side::Mentor, now + TimeDelta::minutes(1)));
    }

    #[test]
    fn only_active_and_onboarded_users_are_available() {
        let now = Utc::now();
        for status in [Status::PendingApproval, Status::Suspended] {
            assert!(!Model { status, ..available(now) }.is_available_as(Side::Mentor, now));
        }
        let new = Model { onboarding_completed_at: None, ..available(now) };
        assert!(!new.is_available_as(Side::Mentor, now));
    }

    #[test]
    fn approval_opens_a_new_account_only() {
        let now = Utc::now();
        let with = |status| Model { status, ..available(now) };
        let approved = with(Status::PendingApproval).approve(now).unwrap().unwrap();
        assert_eq!(approved.status.unwrap(), Status::Active);
        assert_eq!(with(Status::Active).approve(now), Ok(None));
        assert_eq!(with(Status::Suspended).approve(now), Err(StandingError { from: Status::Suspended }));
    }

    #[test]
    fn a_suspension_is_noted_and_lifted_again() {
        let now = Utc::now();
        let with = |status| Model { status, suspension_note: Some("spam".to_owned()), ..available(now) };
        let suspended = with(Status::Active).suspend("rude".to_owned(), now).unwrap();
        assert_eq!(suspended.suspension_note.unwrap().as_deref(), Some("rude"));
        assert_eq!(with(Status::Suspended).suspend("rude".to_owned(), now), None);
        let back = with(Status::Suspended).reactivate(now).unwrap().unwrap();
        assert_eq!((back.status.unwrap(), back.suspension_note.unwrap()), (Status::Active, None));
        assert_eq!(with(Status::Active).reactivate(now), Ok(None));
        assert!(with(Status::PendingApproval).reactivate(now).is_err());
    }

    #[test]
    fn a_gender_not_told_satisfies_no_preference() {
        assert!(PreferredGender::Any.admits(None));
        assert!(PreferredGender::Female.admits(Some(Gender::Female)));
        assert!(!PreferredGender::Female.admits(Some(Gender::Male)));
        assert!(!PreferredGender::Other.admits(None));
    }
}
