//! People and what is between them, written straight into the database: a test begins where its subject begins.

use api::events::Kind;
use chrono::{DateTime, TimeDelta, Utc};
use entity::notification_preferences::NotificationPreferences;
use entity::{account, event, mentorship, onboarding_step, session, suggestion, user};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::app::App;
use crate::client::Client;

/// An active mentorship and its two sides.
pub struct Pair {
    pub id: Uuid,
    pub mentor: Client,
    pub mentee: Client,
}

impl App {
    /// An onboarded, active mentor with three places.
    pub async fn mentor(&self, name: &str) -> Client {
        self.person(name, |row| row.active_mentor = Set(true)).await
    }

    /// An onboarded, active mentee.
    pub async fn mentee(&self, name: &str) -> Client {
        self.person(name, |row| row.active_mentee = Set(true)).await
    }

    /// Mentor and mentee at once.
    pub async fn member(&self, name: &str) -> Client {
        self.person(name, |row| {
            row.active_mentor = Set(true);
            row.active_mentee = Set(true);
        })
        .await
    }

    pub async fn admin(&self) -> Client {
        self.person("Admin", |row| row.role = Set(user::Role::Admin)).await
    }

    pub async fn owner(&self) -> Client {
        self.person("Owner", |row| row.role = Set(user::Role::Owner)).await
    }

    /// Signed up, and nothing more: no side chosen, no step of the onboarding done.
    pub async fn newcomer(&self, name: &str) -> Client {
        let row = self.user(name);
        self.signed_in(row).await
    }

    /// An onboarded member as `change` makes them.
    pub async fn person(&self, name: &str, change: impl FnOnce(&mut user::ActiveModel)) -> Client {
        let mut row = self.user(name);
        row.onboarding_completed_at = Set(Some(self.clock.now()));
        change(&mut row);
        let client = self.signed_in(row).await;
        self.onboard(client.id).await;
        client
    }

    async fn onboard(&self, user_id: Uuid) {
        use onboarding_step::Step;

        let step = |step| onboarding_step::ActiveModel {
            user_id: Set(user_id),
            step: Set(step),
            saved_at: Set(self.clock.now()),
        };
        let steps = [Step::General, Step::Mentor, Step::Mentee, Step::Preferences].map(step);
        onboarding_step::Entity::insert_many(steps).exec_without_returning(self.db()).await.unwrap();
    }

    fn user(&self, name: &str) -> user::ActiveModel {
        let (id, now) = (self.state.new_id(), self.clock.now());
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        user::ActiveModel {
            id: Set(id),
            name: Set(name.to_owned()),
            email: Set(format!("{}.{}@example.org", letters.to_lowercase(), &id.simple().to_string()[20..])),
            email_verified_at: Set(Some(now)),
            role: Set(user::Role::Regular),
            status: Set(user::Status::Active),
            mentor_capacity: Set(3),
            notification_preferences: Set(NotificationPreferences::default()),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }

    async fn signed_in(&self, user: user::ActiveModel) -> Client {
        let user = user.insert(self.db()).await.unwrap();
        self.concerns(Kind::UserChanged, user.id);
        self.sign_in(&user).await
    }

    /// A new session of `user`; it lasts however far the clock is moved.
    pub async fn sign_in(&self, user: &user::Model) -> Client {
        let (id, now) = (self.state.new_id(), self.clock.now());
        let end: DateTime<Utc> = now + TimeDelta::days(36_500);
        let session = session::ActiveModel {
            id: Set(id),
            user_id: Set(user.id),
            refresh_hash: Set(id.to_string()),
            refresh_counter: Set(0),
            created_at: Set(now),
            last_seen_at: Set(now),
            auth_time: Set(now),
            idle_expires_at: Set(end),
            expires_at: Set(end),
            ..Default::default()
        };
        let session = session.insert(self.db()).await.unwrap();
        self.visitor().signed_in(self.state.clone(), session, user)
    }

    /// Gives `whom` a password to sign in with.
    pub async fn set_password(&self, whom: &Client, password: &str) {
        let (now, hash) = (self.clock.now(), self.state.auth.passwords.hash(password.to_owned()).await.unwrap());
        let row = account::ActiveModel {
            id: Set(self.state.new_id()),
            user_id: Set(whom.id),
            provider: Set(account::PASSWORD.to_owned()),
            provider_account_id: Set(whom.id.to_string()),
            password_hash: Set(Some(hash)),
            created_at: Set(now),
            updated_at: Set(now),
        };
        account::Entity::insert(row).exec_without_returning(self.db()).await.unwrap();
    }

    /// Changes the row of `whom` behind the server's back; it forgets what it knew of them.
    pub async fn change_user(&self, whom: &Client, change: impl FnOnce(&mut user::ActiveModel)) {
        let found = user::Entity::find().filter(user::Column::Id.eq(whom.id)).one(self.db()).await.unwrap();
        let mut row = found.unwrap().into_active_model();
        change(&mut row);
        row.update(self.db()).await.unwrap();
        self.concerns(Kind::UserChanged, whom.id);
        self.state.auth.forget(whom.id);
    }

    /// A pending suggestion; neither side has answered.
    pub async fn suggestion(&self, mentor: &Client, mentee: &Client) -> Uuid {
        let (id, now) = (self.state.new_id(), self.clock.now());
        let row = suggestion::ActiveModel {
            id: Set(id),
            mentor_id: Set(mentor.id),
            mentee_id: Set(mentee.id),
            score: Set(80),
            reasons: Set(suggestion::Reasons::default()),
            mentor_response: Set(suggestion::Response::Pending),
            mentee_response: Set(suggestion::Response::Pending),
            status: Set(suggestion::Status::Pending),
            expires_at: Set(now + TimeDelta::days(30)),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        suggestion::Entity::insert(row).exec_without_returning(self.db()).await.unwrap();
        self.concerns(Kind::SuggestionMade, id);
        id
    }

    /// An active mentorship of two new members.
    pub async fn pair(&self) -> Pair {
        let (mentor, mentee) = (self.mentor("Mona Mentor").await, self.mentee("Milo Mentee").await);
        let id = self.mentorship(&mentor, &mentee).await;
        Pair { id, mentor, mentee }
    }

    /// An active mentorship of these two.
    pub async fn mentorship(&self, mentor: &Client, mentee: &Client) -> Uuid {
        let now = self.clock.now();
        self.mentorship_with(mentor, mentee, |row| {
            row.status = Set(mentorship::Status::Active);
            row.accepted_at = Set(Some(now));
            row.approved_at = Set(Some(now));
            row.start_date = Set(Some(now));
        })
        .await
    }

    /// A request of the mentee that waits for the mentor's answer.
    pub async fn request(&self, mentor: &Client, mentee: &Client) -> Uuid {
        self.mentorship_with(mentor, mentee, |_| {}).await
    }

    pub async fn mentorship_with(
        &self,
        mentor: &Client,
        mentee: &Client,
        change: impl FnOnce(&mut mentorship::ActiveModel),
    ) -> Uuid {
        let (id, now) = (self.state.new_id(), self.clock.now());
        let mut row = mentorship::ActiveModel {
            id: Set(id),
            mentor_id: Set(mentor.id),
            mentee_id: Set(mentee.id),
            origin: Set(mentorship::Origin::Request),
            status: Set(mentorship::Status::Pending),
            message: Set(Some("May I learn from you?".to_owned())),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        change(&mut row);
        if row.origin == Set(mentorship::Origin::Request) && row.expires_at.is_not_set() {
            let asked = row.created_at.clone().unwrap();
            row.expires_at = Set(Some(asked + TimeDelta::days(14)));
        }
        mentorship::Entity::insert(row).exec_without_returning(self.db()).await.unwrap();
        self.concerns(Kind::MentorshipStarted, id);
        id
    }

    /// The mentorship is completed, whatever it was before.
    pub async fn end(&self, id: Uuid) {
        let found = mentorship::Entity::find().filter(mentorship::Column::Id.eq(id)).one(self.db()).await.unwrap();
        let mut row = found.unwrap().into_active_model();
        row.status = Set(mentorship::Status::Completed);
        row.end_date = Set(Some(self.clock.now()));
        row.update(self.db()).await.unwrap();
        self.concerns(Kind::MentorshipCompleted, id);
    }

    /// What happened to this row, in order, as the event log tells it.
    pub async fn log_of(&self, id: Uuid) -> Vec<String> {
        let of_row = event::Entity::find().filter(event::Column::StreamId.eq(id)).order_by_asc(event::Column::Seq);
        of_row.all(self.db()).await.unwrap().into_iter().map(|event| event.kind).collect()
    }
}
