//! The seeded data through the API: everybody can sign in, and what they find is as they left it.

use entity::side::Side;
use entity::{suggestion, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use support::App;
use uuid::Uuid;

#[actix_web::test]
async fn the_known_sign_ins_work() {
    let app = App::seeded().await;
    for (key, role) in [("owner", "OWNER"), ("admin", "ADMIN"), ("mentor", "REGULAR"), ("mentee", "REGULAR")] {
        let body = json!({ "email": format!("{key}@example.org"), "password": seeder::PASSWORD });
        let signed_in = app.visitor().post("/auth/sign-in", body).await.ok();
        assert_eq!(signed_in["user"]["role"], role);
    }
}

#[actix_web::test]
async fn the_suspended_one_cannot_sign_in() {
    let app = App::seeded().await;
    let body = json!({ "email": "omar.haddad@example.org", "password": seeder::PASSWORD });
    app.visitor().post("/auth/sign-in", body).await.refused(403, "account_suspended");
}

#[actix_web::test]
async fn the_clock_of_the_tests_is_that_of_the_seeded_world() {
    let app = App::seeded().await;
    assert_eq!(app.clock.now(), seeder::NOW);
}

#[actix_web::test]
async fn suggestions_are_those_that_the_api_makes() {
    for side in [Side::Mentor, Side::Mentee] {
        let app = App::seeded().await;
        let key = side.pick("mentor", "mentee");
        let found = user::Entity::find().filter(user::Column::Email.eq(format!("{key}@example.org")));
        let client = app.sign_in(&found.one(app.db()).await.unwrap().unwrap()).await;
        let seeded = open_suggestions(&app, side, client.id).await;
        assert!(seeded.len() >= 2);
        let ids = seeded.iter().map(|row| row.id);
        suggestion::Entity::delete_many().filter(suggestion::Column::Id.is_in(ids)).exec(app.db()).await.unwrap();
        app.change_user(&client, |row| row.onboarding_completed_at = Set(None)).await;
        client.post("/me/onboarding/complete", json!(null)).await.ok();
        let made = open_suggestions(&app, side, client.id).await;
        for row in seeded {
            let same = made.iter().find(|one| (one.mentor_id, one.mentee_id) == (row.mentor_id, row.mentee_id));
            let same = same.unwrap_or_else(|| panic!("the API does not suggest {row:?}"));
            assert_eq!((same.score, &same.reasons), (row.score, &row.reasons));
        }
    }
}

async fn open_suggestions(app: &App, side: Side, me: Uuid) -> Vec<suggestion::Model> {
    use suggestion::Column;

    let open = suggestion::Entity::find()
        .filter(side.pick(Column::MentorId, Column::MenteeId).eq(me))
        .filter(Column::Status.eq(suggestion::Status::Pending))
        .filter(Column::ExpiresAt.gt(app.clock.now()));
    open.all(app.db()).await.unwrap()
}
