//! Which passwords are taken, and that they are taken as they are (promises A11, A12).

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use entity::account;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use support::{Answer, App};
use uuid::Uuid;

const GOOD: &str = "a long walk by the river";

async fn sign_up_as(app: &App, name: &str, email: &str, password: &str) -> Answer {
    app.visitor().post("/auth/sign-up", json!({ "name": name, "email": email, "password": password })).await
}

async fn sign_up(app: &App, email: &str, password: &str) -> Answer {
    sign_up_as(app, "Karin", email, password).await
}

async fn sign_in(app: &App, email: &str, password: &str) -> Answer {
    app.visitor().post("/auth/sign-in", json!({ "email": email, "password": password })).await
}

fn assert_common(answer: &Answer) {
    assert_eq!(answer.invalid("/password")["errors"][0]["code"], "common_password", "{answer}");
}

#[tokio::test]
async fn any_text_of_eight_to_256_characters_is_a_password_with_its_exact_characters() {
    let app = App::start().await;
    let taken = [
        "correcthorsebatterystaple".to_owned(),
        "  two spaces around  ".to_owned(),
        "6281937405".to_owned(),
        "zo\u{e9} zo\u{e9} likes rain".to_owned(),
        "zoe\u{301} zoe\u{301} likes rain".to_owned(),
        "\u{1f40c}\u{1f332}\u{1f30a}\u{1f525}\u{1f319}\u{1f344}\u{1f41d}\u{1f98a}".to_owned(),
        "\u{fb01}\u{212b}\u{200d}\u{202e}\tover\nlines".to_owned(),
        "\u{1f40c}".repeat(256),
    ];
    for (number, password) in taken.iter().enumerate() {
        let email = format!("karin{number}@example.org");
        sign_up(&app, &email, password).await.accepted();
        sign_in(&app, &email, password).await.ok();
        let changes =
            [password.to_uppercase(), password.trim().to_owned(), format!("{password} "), nfc(password), nfd(password)];
        for other in changes.iter().filter(|other| *other != password && other.chars().count() <= 256) {
            sign_in(&app, &email, other).await.refused(401, "invalid_credentials");
        }
    }
    for password in ["\u{1f40c}".repeat(7), "\u{1f40c}".repeat(257), "nul\u{0}nul\u{0}nul".to_owned()] {
        sign_up(&app, "ada@example.org", &password).await.invalid("/password");
    }
}

/// The only letter of these tests that has two forms.
fn nfc(text: &str) -> String {
    text.replace("e\u{301}", "\u{e9}")
}

fn nfd(text: &str) -> String {
    text.replace('\u{e9}', "e\u{301}")
}

#[tokio::test]
async fn what_everybody_tries_first_is_refused_in_whatever_case() {
    let app = App::start().await;
    for password in
        ["password", "PassWord123", "12345678", "QWERTYUIOP", "trustno1", "iloveyou", "1q2w3e4r", "P@ssw0rd"]
    {
        assert_common(&sign_up(&app, "karin@example.org", password).await);
    }
    sign_up(&app, "karin@example.org", GOOD).await.accepted();
}

#[tokio::test]
async fn what_stands_beside_the_account_is_refused() {
    let app = App::start().await;
    let owner = app.owner().await;
    let settings = owner.get("/owner/settings").await;
    owner.patch_if("/owner/settings", settings.etag(), json!({ "name": "Women in Code" })).await.ok();
    let (name, email) = ("Ada Lindqvist", "ada.from.malmo@mail.example.org");
    let words = [
        "mentorship",
        "Mentorship2026!",
        "women in code",
        "WomenInCode1",
        "adalindqvist",
        "Lindqvist-1990",
        "ada.from.malmo",
        "mail.example.org",
        "ADA.FROM.MALMO@mail.example.org",
    ];
    for password in words {
        assert_common(&sign_up_as(&app, name, email, password).await);
    }
    sign_up_as(&app, "Karin", "karin@example.net", "Lindqvist-1990").await.accepted();
    sign_up_as(&app, name, email, "mentorship-demo").await.accepted();
}

#[tokio::test]
async fn another_password_is_held_to_the_same() {
    let app = App::start().await;
    let ada = app.member("Ada Lindqvist").await;
    for password in ["password123", "lindqvist2026", &ada.email] {
        assert_common(&ada.put("/me/password", json!({ "password": password })).await);
    }
    let exact = " zoe\u{301} likes rain";
    ada.put("/me/password", json!({ "password": exact })).await.no_content();
    sign_in(&app, &ada.email, exact).await.ok();
    sign_in(&app, &ada.email, &nfc(exact)).await.refused(401, "invalid_credentials");
}

async fn hash_of(app: &App, user: Uuid) -> account::Model {
    let accounts = account::Entity::find().filter(account::Column::UserId.eq(user));
    accounts.filter(account::Column::Provider.eq(account::PASSWORD)).one(app.db()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_weaker_hash_is_replaced_when_the_password_is_next_given() {
    let app = App::start().await;
    sign_up(&app, "karin@example.org", GOOD).await.accepted();
    let user = sign_in(&app, "karin@example.org", GOOD).await.ok()["user"]["id"].as_str().unwrap().parse().unwrap();
    let strong = hash_of(&app, user).await;
    let is_strong =
        |hash: &account::Model| hash.password_hash.as_ref().unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$");
    assert!(is_strong(&strong), "{strong:?}");

    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
    let weak = weak.hash_password_with_salt(GOOD.as_bytes(), b"sixteen bytes ok").unwrap().to_string();
    let mut row = strong.into_active_model();
    row.password_hash = Set(Some(weak.clone()));
    row.update(app.db()).await.unwrap();
    sign_in(&app, "karin@example.org", "a long walk by the sea").await.refused(401, "invalid_credentials");
    assert_eq!(hash_of(&app, user).await.password_hash, Some(weak));
    sign_in(&app, "karin@example.org", GOOD).await.ok();
    let replaced = hash_of(&app, user).await;
    assert!(is_strong(&replaced), "{replaced:?}");
    sign_in(&app, "karin@example.org", GOOD).await.ok();
    assert_eq!(hash_of(&app, user).await, replaced);
}
