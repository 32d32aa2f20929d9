use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use entity::component::Component;
use entity::notification_preferences::{Channels, Group, NotificationPreferences, QuietHours};
use entity::*;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseConnection, EntityTrait, NotSet, PaginatorTrait, QueryFilter, Set,
};
use serde_json::json;
use uuid::Uuid;

use crate::database::each;

#[tokio::test]
async fn a_user_comes_back_as_they_went_in_with_the_key_of_their_email() {
    for db in each().await {
        let stored = person(&db, "Ada.Ünal@Example.ORG").await;
        assert_eq!(stored.email_key, "ada.Ünal@example.org");
        assert_eq!(stored.email_key, user::email_key(&stored.email));
        let read = user::Entity::find().filter(user::Column::EmailKey.eq(&stored.email_key)).one(&db).await.unwrap();
        assert_eq!(read, Some(stored.clone()));
        assert!(stored.notification_preferences.channels(Group::Goals).sms);
        let renamed = user::ActiveModel { name: Set("Ada".to_owned()), ..stored.clone().into() };
        assert_eq!(renamed.update(&db).await.unwrap(), user::Model { name: "Ada".to_owned(), ..stored });
    }
}

#[tokio::test]
async fn a_suggestion_comes_back_as_it_went_in_and_instants_compare() {
    for db in each().await {
        let (mentor, mentee) = (person(&db, "a@example.org").await, person(&db, "b@example.org").await);
        let now = Utc::now().trunc_subsecs(3);
        let row = suggestion::Model {
            id: Uuid::now_v7(),
            mentor_id: mentor.id,
            mentee_id: mentee.id,
            score: 80,
            policy_version: 1,
            algorithm_version: 1,
            reasons: suggestion::Reasons {
                skills: vec![suggestion::Shared { slug: "ai-ml".to_owned(), name: "AI/ML".to_owned() }],
                seniority_distance: Some(-1),
                terms: vec![suggestion::Term {
                    component: Component::SoftSkills,
                    points: 25,
                    most: 50,
                    answered: false,
                }],
                ..suggestion::Reasons::default()
            },
            mentor_response: suggestion::Response::Pending,
            mentee_response: suggestion::Response::Pending,
            mentor_responded_at: None,
            mentee_responded_at: None,
            mentor_not_before: None,
            mentee_not_before: None,
            status: suggestion::Status::Pending,
            expires_at: now,
            replaced_at: None,
            created_at: now,
            updated_at: now,
        };
        suggestion::Entity::insert(suggestion::ActiveModel::from(row.clone())).exec(&db).await.unwrap();
        assert_eq!(suggestion::Entity::find().all(&db).await.unwrap(), [row]);
        let lapsed = |at: DateTime<Utc>| {
            count::<suggestion::Entity>(&db, Condition::all().add(suggestion::Column::ExpiresAt.lte(at)))
        };
        assert_eq!(lapsed(now).await, 1);
        assert_eq!(lapsed(now - TimeDelta::milliseconds(1)).await, 0);
        assert_eq!(lapsed(now.trunc_subsecs(0) + TimeDelta::seconds(1)).await, 1);
    }
}

#[tokio::test]
async fn conditions_show_each_what_is_theirs() {
    for db in each().await {
        let (a, b) = (person(&db, "a@example.org").await.id, person(&db, "b@example.org").await.id);
        let active = mentorship(&db, a, b, mentorship::Status::Active).await;
        let other = person(&db, "c@example.org").await.id;
        mentorship(&db, a, other, mentorship::Status::Pending).await;
        let of = |user| count::<mentorship::Entity>(&db, mentorship::of_participant(user));
        assert_eq!((of(a).await, of(b).await, of(Uuid::now_v7()).await), (2, 1, 0));
        assert_eq!(count::<mentorship::Entity>(&db, mentorship::open()).await, 2);
        assert_eq!(count::<mentorship::Entity>(&db, mentorship::holds_place()).await, 1);
        note(&db, active, a, note::Visibility::Private).await;
        note(&db, active, a, note::Visibility::Shared).await;
        let notes = |user| count::<note::Entity>(&db, note::visible_to(user));
        assert_eq!((notes(a).await, notes(b).await), (2, 1));
    }
}

#[tokio::test]
async fn json_and_bytes_come_back_as_they_went_in() {
    for db in each().await {
        let now = Utc::now().trunc_subsecs(3);
        let key = idempotency_key::Model {
            digest: "d".to_owned(),
            user_id: Uuid::now_v7(),
            holder: Uuid::now_v7(),
            fingerprint: "f".to_owned(),
            done: true,
            status: Some(201),
            headers: Some(json!({"location": "/goals/1"})),
            body: Some(vec![0, 159, 146, 150]),
            created_at: now,
            expires_at: now,
        };
        idempotency_key::Entity::insert(idempotency_key::ActiveModel::from(key.clone())).exec(&db).await.unwrap();
        assert_eq!(idempotency_key::Entity::find().one(&db).await.unwrap(), Some(key));
        let event = event::Model {
            id: Uuid::now_v7(),
            stream_kind: "USER".to_owned(),
            stream_id: Uuid::now_v7(),
            seq: 1,
            kind: "USER_APPROVED".to_owned(),
            actor_id: None,
            staff: true,
            data: json!({"before": null, "after": ["ACTIVE", 1.5]}),
            request_id: None,
            occurred_at: now,
        };
        event::Entity::insert(event::ActiveModel::from(event.clone())).exec(&db).await.unwrap();
        let audit = event::Entity::find().filter(event::Column::Staff.eq(true)).one(&db).await.unwrap();
        assert_eq!(audit, Some(event));
        let settings = setting::Entity::find_by_id(setting::ID).one(&db).await.unwrap().unwrap();
        assert_eq!((settings.name.as_str(), settings.cooling_off_days, settings.version), ("Mentorship", 90, 1));
    }
}

async fn person(db: &DatabaseConnection, email: &str) -> user::Model {
    let now = Utc::now().trunc_subsecs(3);
    let channels = Channels { email: false, push: true, sms: true };
    let preferences = NotificationPreferences {
        kinds: [(Group::Goals, channels)].into(),
        quiet_hours: Some(QuietHours { start_minute: 1320, end_minute: 420 }),
        ..NotificationPreferences::default()
    };
    let row = user::ActiveModel {
        id: Set(Uuid::now_v7()),
        name: Set("Somebody".to_owned()),
        email: Set(email.to_owned()),
        email_key: NotSet,
        role: Set(user::Role::Regular),
        status: Set(user::Status::Active),
        notification_preferences: Set(preferences),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    row.insert(db).await.unwrap()
}

async fn mentorship(db: &DatabaseConnection, mentor: Uuid, mentee: Uuid, status: mentorship::Status) -> Uuid {
    let now = Utc::now().trunc_subsecs(3);
    let started = (status == mentorship::Status::Active).then_some(now);
    let row = mentorship::ActiveModel {
        id: Set(Uuid::now_v7()),
        mentor_id: Set(mentor),
        mentee_id: Set(mentee),
        origin: Set(mentorship::Origin::Request),
        status: Set(status),
        accepted_at: Set(started),
        expires_at: Set(Some(now)),
        start_date: Set(started),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    row.insert(db).await.unwrap().id
}

async fn note(db: &DatabaseConnection, mentorship_id: Uuid, author_id: Uuid, visibility: note::Visibility) {
    let row = note::ActiveModel {
        id: Set(Uuid::now_v7()),
        mentorship_id: Set(mentorship_id),
        author_id: Set(author_id),
        visibility: Set(visibility),
        text: Set("Text".to_owned()),
        version: Set(1),
        created_at: Set(Utc::now()),
        updated_at: Set(Utc::now()),
    };
    row.insert(db).await.unwrap();
}

async fn count<E>(db: &DatabaseConnection, condition: Condition) -> u64
where
    E: EntityTrait,
    E::Model: Sync,
{
    E::find().filter(condition).count(db).await.unwrap()
}
