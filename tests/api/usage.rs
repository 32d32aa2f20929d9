//! How much the programme is used, told without singling anybody out (promise F7).

use chrono::TimeDelta;
use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::App;
use uuid::Uuid;

use crate::taxonomy::{add, add_levels};

#[tokio::test]
async fn usage_counts_what_is_there() {
    let app = App::start().await;
    let admin = app.admin().await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}/messages", pair.id);
    let message = json!({ "clientId": Uuid::new_v4(), "content": "Hello" });
    pair.mentor.post(&path, message).await.created();
    let suspended = app.mentee("Sue").await;
    admin.post(format!("/admin/users/{}/suspend", suspended.id), json!({ "note": "x" })).await.ok();
    let usage = admin.get("/admin/usage").await.ok();
    assert_eq!(
        usage["users"],
        json!({ "total": 4, "pendingApproval": 0, "active": 3, "suspended": 1, "regular": 3, "admins": 1, "owners": 0,
            "activeMentors": 1, "activeMentees": 1 })
    );
    assert_eq!(usage["places"], json!({ "offered": 3, "free": 2 }));
    assert_eq!(usage["mentorships"], json!({ "pending": 0, "active": 1, "completed": 0, "canceled": 0 }));
    assert_eq!(usage["last30Days"]["messages"], 1);
    app.clock.advance(TimeDelta::days(31));
    assert_eq!(admin.get("/admin/usage").await.ok()["last30Days"]["messages"], 0);
}

#[tokio::test]
async fn usage_hides_groups_under_five() {
    let app = App::start().await;
    let admin = app.admin().await;
    let members = async |count, gender| {
        for _ in 0..count {
            app.person("Member", |row| row.gender = Set(gender)).await;
        }
    };
    members(6, Some(user::Gender::Female)).await;
    members(4, Some(user::Gender::Male)).await;
    members(4, None).await;
    let groups = async || {
        let usage = admin.get("/admin/usage").await.ok();
        let groups = usage["activeMembers"]["byGender"].as_array().unwrap().clone();
        groups.into_iter().map(|group| (group["gender"].clone(), group["members"].clone())).collect::<Vec<_>>()
    };
    let of = |gender: &str, members: Value| (json!(gender), members);
    let hidden = groups().await;
    assert!(hidden.contains(&of("FEMALE", json!(6))), "{hidden:?}");
    assert!(hidden.contains(&of("MALE", Value::Null)), "{hidden:?}");
    assert!(hidden.contains(&(Value::Null, Value::Null)), "the rest would tell the number of men: {hidden:?}");
    members(1, Some(user::Gender::Male)).await;
    let shown = groups().await;
    assert!(shown.contains(&of("MALE", json!(5))) && shown.contains(&of("OTHER", Value::Null)), "{shown:?}");
}

#[tokio::test]
async fn what_lapsed_is_counted_when_it_lapsed() {
    let app = App::start().await;
    let admin = app.admin().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    app.suggestion(&ann, &bo).await;
    let counts = async || {
        let recent = admin.get("/admin/usage").await.ok()["last30Days"]["suggestions"].clone();
        (recent["made"].clone(), recent["lapsed"].clone())
    };
    app.clock.advance(TimeDelta::days(30) - TimeDelta::milliseconds(1));
    assert_eq!(counts().await, (json!(1), json!(0)));
    app.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(counts().await, (json!(0), json!(1)));
    app.clock.advance(TimeDelta::days(30));
    assert_eq!(counts().await, (json!(0), json!(0)));
}

#[tokio::test]
async fn the_answers_of_a_few_are_not_told() {
    let app = App::start().await;
    let admin = app.admin().await;
    let ann = app.mentor("Ann").await;
    let counts = async || admin.get("/admin/usage").await.ok()["last30Days"]["suggestions"].clone();
    let answer = async |what: &str| {
        let id = app.suggestion(&ann, &app.mentee("Bo").await).await;
        ann.post(format!("/suggestions/{id}/{what}"), Value::Null).await.ok();
    };
    for _ in 0..4 {
        answer("decline").await;
    }
    assert_eq!(counts().await, json!({ "made": 4, "answered": null, "accepted": 0, "declined": null, "lapsed": 0 }));
    answer("decline").await;
    assert_eq!(counts().await, json!({ "made": 5, "answered": 5, "accepted": 0, "declined": 5, "lapsed": 0 }));
    answer("accept").await;
    assert_eq!(counts().await, json!({ "made": 6, "answered": null, "accepted": 0, "declined": null, "lapsed": 0 }));
    for _ in 0..4 {
        answer("accept").await;
    }
    assert_eq!(counts().await, json!({ "made": 10, "answered": 10, "accepted": 0, "declined": 5, "lapsed": 0 }));
}

#[tokio::test]
async fn groups_are_in_the_same_order_everywhere() {
    let app = App::start().await;
    let admin = app.admin().await;
    add_levels(&admin, &["Junior", "Senior"]).await;
    add(&admin, "industries", &["Zinc", "a-b", "aa"]).await;
    for level in ["senior", "junior"] {
        let who = app.mentor("Member").await;
        who.patch("/me", json!({ "seniority": level, "industries": ["zinc", "aa", "a-b"] })).await.ok();
    }
    let groups = admin.get("/admin/usage").await.ok()["activeMembers"].clone();
    let slugs = |list: &str| {
        let groups = groups[list].as_array().unwrap().iter();
        groups.map(|group| group["term"]["slug"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(slugs("bySeniority"), [json!("junior"), json!("senior"), Value::Null]);
    assert_eq!(slugs("byIndustry"), [json!("a-b"), json!("aa"), json!("zinc")]);
}
