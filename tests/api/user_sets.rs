use serde_json::{Value, json};
use support::App;
use tokio::task::JoinSet;

use crate::taxonomy::{add, offer};

#[tokio::test]
async fn sets_are_replaced_whole() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.member("Ann").await);
    add(&admin, "skills", &["Rust", "Go", "Zig"]).await;
    add(&admin, "soft-skills", &["Patience", "Humour"]).await;
    add(&admin, "topics", &["Interviews"]).await;
    offer(&ann, json!([{ "skill": "rust", "level": 1 }, { "skill": "go" }])).await;
    let now = offer(&ann, json!([{ "skill": "zig", "level": null }, { "skill": "rust", "level": 5 }])).await;
    assert_eq!((now.as_array().unwrap().len(), &now[0]["level"], &now[1]["slug"]), (2, &json!(5), &json!("zig")));
    for side in ["mentor", "mentee"] {
        let soft = ann.put(format!("/me/{side}-soft-skills"), json!({ "slugs": ["patience", "humour"] })).await.ok();
        assert_eq!(soft["items"][0]["slug"], "humour");
        ann.put(format!("/me/{side}-soft-skills"), json!({ "slugs": [] })).await.ok();
        let topics = ann.put(format!("/me/{side}-topics"), json!({ "slugs": ["interviews"] })).await.ok();
        assert_eq!(topics["items"][0]["name"], "Interviews");
    }
    let mine = ann.get("/me").await.ok();
    assert_eq!((&mine["mentorSoftSkills"], &mine["menteeSkills"]), (&json!([]), &json!([])));
    assert_eq!(mine["menteeTopics"], mine["mentorTopics"]);
}

#[tokio::test]
async fn what_is_sought_has_a_priority_that_others_do_not_see() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.member("Ann").await, app.member("Bo").await);
    add(&admin, "skills", &["Rust", "Go"]).await;
    let seek = async |items: Value| ann.put("/me/mentee-skills", json!({ "items": items })).await;
    let kept = seek(json!([{ "skill": "rust", "level": 2, "priority": 3 }, { "skill": "go" }])).await.ok();
    let of = |at: usize| (kept["items"][at]["slug"].clone(), kept["items"][at]["priority"].clone());
    assert_eq!((of(0), of(1)), ((json!("go"), json!(1)), (json!("rust"), json!(3))));
    assert_eq!(ann.get("/me").await.ok()["menteeSkills"], kept["items"]);
    let seen = bo.get(format!("/users/{}", ann.id)).await.ok();
    assert_eq!(seen["menteeSkills"][1]["level"], 2);
    assert_eq!(seen["menteeSkills"][1]["priority"], Value::Null);
    for faulty in [json!(0), json!(4), json!(1.5), json!("1"), Value::Null] {
        seek(json!([{ "skill": "rust", "priority": faulty }])).await.invalid("/items/0/priority");
    }
    let offered = json!({ "items": [{ "skill": "rust", "priority": 1 }] });
    ann.put("/me/mentor-skills", offered).await.invalid("/items/0/priority");
}

#[tokio::test]
async fn a_faulty_set_changes_nothing() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.member("Ann").await);
    add(&admin, "skills", &["Rust"]).await;
    let before = offer(&ann, json!([{ "skill": "rust", "level": 3 }])).await;
    let refused = [
        ("/items/0/skill", json!([{ "skill": "none" }])),
        ("/items/1/skill", json!([{ "skill": "rust" }, { "skill": "rust" }])),
        ("/items/0/level", json!([{ "skill": "rust", "level": 0 }])),
        ("/items/0/level", json!([{ "skill": "rust", "level": 6 }])),
        ("/items/0/userId", json!([{ "skill": "rust", "userId": admin.id }])),
        ("/items", json!(vec![json!({ "skill": "rust" }); 51])),
    ];
    for (pointer, items) in refused {
        ann.put("/me/mentor-skills", json!({ "items": items })).await.invalid(pointer);
    }
    ann.put("/me/mentor-topics", json!({ "slugs": ["Not a slug"] })).await.invalid("/slugs/0");
    assert_eq!(ann.get("/me").await.ok()["mentorSkills"], before);
}

#[tokio::test]
async fn one_of_many_replacements_at_once_stays() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    let slugs = add(&admin, "skills", &["A", "B", "C", "D"]).await;
    let mut calls = JoinSet::new();
    for at in 0..16 {
        let (ann, first, second) = (ann.clone(), slugs[at % 4].clone(), slugs[(at + 1) % 4].clone());
        calls.spawn(async move { offer(&ann, json!([{ "skill": first }, { "skill": second }])).await });
    }
    calls.join_all().await;
    assert_eq!(ann.get("/me").await.ok()["mentorSkills"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn availability_is_weekly_windows_on_ones_own_wall_clock() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let put = |windows: Value| json!({ "timeZone": "Asia/Kolkata", "windows": windows });
    let windows = json!([
        { "weekday": 7, "start": "00:00", "end": "24:00" },
        { "weekday": 1, "start": "12:00", "end": "13:30" },
        { "weekday": 1, "start": "09:00", "end": "12:00" },
    ]);
    let kept = ann.put("/me/availability", put(windows.clone())).await.ok();
    assert_eq!(kept["windows"], json!([windows[2], windows[1], windows[0]]));
    assert_eq!(ann.get("/me/availability").await.ok(), kept);
    let mine = ann.get("/me").await.ok();
    assert_eq!((&mine["availability"], &mine["timeZone"]), (&kept["windows"], &json!("Asia/Kolkata")));
    let window = |weekday: i32, start: &str, end: &str| json!({ "weekday": weekday, "start": start, "end": end });
    let refused = [
        ("/windows/0/end", json!([window(1, "10:00", "10:00")])),
        ("/windows/0/end", json!([window(1, "22:00", "02:00")])),
        ("/windows/1", json!([window(1, "10:00", "12:00"), window(1, "11:59", "13:00")])),
        ("/windows/0/weekday", json!([window(0, "10:00", "12:00")])),
        ("/windows/0/weekday", json!([window(8, "10:00", "12:00")])),
        ("/windows/0/start", json!([window(1, "24:00", "24:00")])),
        ("/windows/0/start", json!([window(1, "9:000", "12:00")])),
        ("/windows/0/end", json!([window(1, "10:00", "12:60")])),
    ];
    for (pointer, windows) in refused {
        ann.put("/me/availability", put(windows)).await.invalid(pointer);
    }
    ann.put("/me/availability", json!({ "windows": [] })).await.invalid("/timeZone");
    assert_eq!(ann.get("/me/availability").await.ok(), kept);
    assert_eq!(ann.put("/me/availability", put(json!([]))).await.ok()["windows"], json!([]));
}

#[tokio::test]
async fn notification_preferences_have_every_kind() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let path = "/me/notification-preferences";
    let before = ann.get(path).await.ok();
    assert_eq!(before["kinds"].as_object().unwrap().len(), 5);
    assert_eq!((&before["news"], &before["quietHours"]), (&json!(false), &Value::Null));
    let silent = json!({ "email": false, "push": false, "sms": false });
    let quiet = json!({ "start": "22:00", "end": "07:00" });
    let body = json!({ "kinds": { "GOALS": silent }, "digest": "DAILY", "quietHours": quiet, "news": true });
    let after = ann.put(path, body.clone()).await.ok();
    assert_eq!((&after["kinds"]["GOALS"], &after["kinds"]["MESSAGES"]), (&silent, &before["kinds"]["MESSAGES"]));
    assert_eq!((&after["quietHours"], &after["digest"], &after["news"]), (&quiet, &json!("DAILY"), &json!(true)));
    assert_eq!(ann.get("/me").await.ok()["notificationPreferences"], after);
    let with = |field: &str, value: Value| {
        let mut body = body.clone();
        body[field] = value;
        body
    };
    ann.put(path, with("kinds", json!({ "PIGEONS": silent }))).await.refused(422, "invalid_input");
    ann.put(path, with("digest", json!("HOURLY"))).await.invalid("/digest");
    ann.put(path, with("quietHours", json!({ "start": "22:00", "end": "22:00" }))).await.invalid("/quietHours");
    ann.put(path, with("quietHours", json!({ "start": "22:00", "end": "24:00" }))).await.invalid("/quietHours/end");
    assert_eq!(ann.get(path).await.ok(), after);
}
