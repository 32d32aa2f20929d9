//! The seeded data through the API: everybody can sign in, and what they find is as they left it.

use serde_json::json;
use support::App;

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
