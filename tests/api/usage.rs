//! How much the programme is used, told without singling anybody out (promise F7).

use chrono::TimeDelta;
use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::App;
use uuid::Uuid;

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
