use chrono::TimeDelta;
use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::taxonomy::{add, add_levels};

async fn patch(who: &Client, body: Value) -> Value {
    who.patch("/me", body).await.ok()
}

#[tokio::test]
async fn a_profile_changes_where_it_is_named() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    add(&admin, "industries", &["Finance", "Health"]).await;
    add_levels(&admin, &["Junior", "Senior"]).await;
    let full = json!({ "name": "Ann Stone", "image": "https://example.org/ann.png", "title": "Engineer",
        "location": "Berlin", "timeZone": "Europe/Berlin", "languages": ["EN", "pt-br"], "inPerson": true,
        "about": "Line one\nline two", "motivation": "Give back", "sideProjects": "A boat",
        "linkedinUrl": "https://www.linkedin.com/in/ann", "gender": "FEMALE", "preferredMentorGender": "ANY",
        "industries": ["health", "finance"], "seniority": "senior", "activeMentor": true, "activeMentee": true,
        "mentorCapacity": 4, "pausedUntil": "2026-12-01T00:00:00.000Z" });
    let mine = patch(&ann, full.clone()).await;
    for (field, told) in full.as_object().unwrap() {
        match field.as_str() {
            "languages" => assert_eq!(mine[field], json!(["en", "pt-BR"])),
            "industries" => {
                assert_eq!((&mine[field][0]["slug"], &mine[field][1]["slug"]), (&json!("finance"), &json!("health")))
            }
            "seniority" => assert_eq!(mine[field]["slug"], "senior"),
            "pausedUntil" => assert!(mine[field].as_str().unwrap().starts_with("2026-12-01T00:00:00")),
            _ => assert_eq!(mine[field], *told, "{field}"),
        }
    }
    assert_eq!(patch(&ann, json!({})).await, mine);
    let cleared =
        patch(&ann, json!({ "title": null, "gender": null, "seniority": null, "pausedUntil": null, "industries": [] }))
            .await;
    for field in ["title", "gender", "seniority", "pausedUntil"] {
        assert_eq!(cleared[field], Value::Null, "{field}");
    }
    assert_eq!((&cleared["industries"], &cleared["name"]), (&json!([]), &json!("Ann Stone")));
    assert_eq!(cleared, ann.get("/me").await.ok());
}

#[tokio::test]
async fn what_is_not_ones_own_to_set_is_refused() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let before = ann.get("/me").await.ok();
    for field in [
        "id",
        "role",
        "status",
        "email",
        "emailVerifiedAt",
        "onboardingCompletedAt",
        "createdAt",
        "updatedAt",
        "suspensionNote",
        "mentorSkills",
        "availability",
        "userId",
    ] {
        let problem = ann.patch("/me", json!({ field: "ADMIN" })).await.invalid(&format!("/{field}"));
        assert_eq!(problem["errors"][0]["code"], "unknown_field");
    }
    for field in ["name", "timeZone", "languages", "inPerson", "activeMentor", "mentorCapacity", "industries"] {
        ann.patch("/me", json!({ field: null })).await.invalid(&format!("/{field}"));
    }
    assert_eq!(ann.get("/me").await.ok(), before);
}

#[tokio::test]
async fn text_links_and_zones_are_checked() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let refused = [
        ("/name", json!({ "name": "  " })),
        ("/name", json!({ "name": "Ann\u{202e}enots" })),
        ("/name", json!({ "name": "Ann\nStone" })),
        ("/name", json!({ "name": "a".repeat(81) })),
        ("/title", json!({ "title": "Hid\u{200b}den" })),
        ("/about", json!({ "about": "nul\u{0}" })),
        ("/about", json!({ "about": " \n " })),
        ("/about", json!({ "about": "a".repeat(2001) })),
        ("/image", json!({ "image": "javascript:alert(1)" })),
        ("/linkedinUrl", json!({ "linkedinUrl": "https://example.org/in/ann" })),
        ("/timeZone", json!({ "timeZone": "Mars/Olympus" })),
        ("/languages/0", json!({ "languages": ["english"] })),
        ("/languages/1", json!({ "languages": ["en-GB", "EN-gb"] })),
        ("/industries/0", json!({ "industries": ["none"] })),
        ("/seniority", json!({ "seniority": "none" })),
        ("/gender", json!({ "gender": "ANY" })),
        ("/mentorCapacity", json!({ "mentorCapacity": 51 })),
        ("/pausedUntil", json!({ "pausedUntil": "tomorrow" })),
    ];
    for (pointer, body) in refused {
        ann.patch("/me", body).await.invalid(pointer);
    }
    assert_eq!(patch(&ann, json!({ "name": "Rene\u{301}" })).await["name"], "Ren\u{e9}");
    assert_eq!(patch(&ann, json!({ "about": "a".repeat(2000) })).await["about"].as_str().unwrap().len(), 2000);
    assert_eq!(patch(&ann, json!({ "name": "名".repeat(80) })).await["name"], "名".repeat(80));
}

#[tokio::test]
async fn who_is_pending_keeps_their_profile_and_sees_nobody() {
    let app = App::start().await;
    let (ann, di) = (app.mentor("Ann").await, app.newcomer("Di").await);
    app.change_user(&di, |row| row.status = Set(user::Status::PendingApproval)).await;
    assert_eq!(patch(&di, json!({ "title": "Baker" })).await["title"], "Baker");
    di.get(format!("/users/{}", ann.id)).await.refused(403, "account_pending");
    app.change_user(&di, |row| row.status = Set(user::Status::Suspended)).await;
    di.get("/me").await.refused(403, "account_suspended");
    di.patch("/me", json!({ "title": "Baker" })).await.refused(403, "account_suspended");
    app.visitor().get("/me").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn others_see_a_profile_without_what_is_private() {
    let app = App::start().await;
    let (ann, bo) = (app.member("Ann").await, app.mentee("Bo").await);
    patch(&ann, json!({ "gender": "FEMALE", "preferredMentorGender": "MALE", "about": "Hello" })).await;
    let seen = bo.get(format!("/users/{}", ann.id)).await.ok();
    let keys: Vec<_> = seen.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "about",
            "activeMentee",
            "activeMentor",
            "hasCapacity",
            "id",
            "image",
            "inPerson",
            "industries",
            "languages",
            "linkedinUrl",
            "location",
            "menteeSkills",
            "menteeSoftSkills",
            "menteeTopics",
            "mentorSkills",
            "mentorSoftSkills",
            "mentorTopics",
            "motivation",
            "name",
            "seniority",
            "sideProjects",
            "timeZone",
            "title"
        ]
    );
    assert!(!seen.to_string().contains(&ann.email));
    assert_eq!(app.admin().await.get(format!("/users/{}", ann.id)).await.ok(), seen);
}

#[tokio::test]
async fn drafts_and_closed_accounts_are_as_absent_as_none_but_to_staff() {
    let app = App::start().await;
    let (bo, admin) = (app.mentee("Bo").await, app.admin().await);
    let draft = app.newcomer("Draft").await;
    let (pending, suspended) = (app.mentor("Pending").await, app.mentor("Suspended").await);
    app.change_user(&pending, |row| row.status = Set(user::Status::PendingApproval)).await;
    app.change_user(&suspended, |row| row.status = Set(user::Status::Suspended)).await;
    let absent = |problem: Value| {
        let mut problem = problem;
        problem["instance"] = Value::Null;
        problem
    };
    let nobody = absent(bo.get(format!("/users/{}", Uuid::new_v4())).await.refused(404, "not_found"));
    for hidden in [&draft, &pending, &suspended] {
        let path = format!("/users/{}", hidden.id);
        assert_eq!(absent(bo.get(&path).await.refused(404, "not_found")), nobody);
        admin.get(&path).await.ok();
    }
    draft.get(format!("/users/{}", draft.id)).await.ok();
    bo.get("/users/none").await.refused(404, "not_found");
}

#[tokio::test]
async fn capacity_is_not_lowered_below_the_places_in_use() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.mentorship(&ann, &app.mentee("Bo").await).await;
    let now = app.clock.now();
    // Accepted and waiting for approval: a place is kept.
    app.mentorship_with(&ann, &app.mentee("Cy").await, |row| row.accepted_at = Set(Some(now))).await;
    app.request(&ann, &app.mentee("Di").await).await;
    let problem =
        ann.patch("/me", json!({ "mentorCapacity": 1, "title": "Busy" })).await.refused(409, "capacity_in_use");
    assert_eq!(problem["detail"], "2 places are taken");
    assert_eq!(ann.get("/me").await.ok()["title"], Value::Null);
    assert_eq!(patch(&ann, json!({ "mentorCapacity": 2 })).await["mentorCapacity"], 2);
    patch(&app.mentor("Ed").await, json!({ "mentorCapacity": 0 })).await;
}

#[tokio::test]
async fn accepting_while_lowering_never_exceeds_the_capacity() {
    let app = App::start().await;
    for round in 0..8 {
        let ann = app.mentor(&format!("Ann {round}")).await;
        let mut requests = Vec::new();
        for name in ["Bo", "Cy", "Di"] {
            requests.push(app.request(&ann, &app.mentee(name).await).await);
        }
        let mut calls = JoinSet::new();
        for id in requests {
            let ann = ann.clone();
            calls.spawn(async move { ann.post(format!("/mentorships/{id}/accept"), json!({})).await });
        }
        let lowering = ann.clone();
        calls.spawn(async move { lowering.patch("/me", json!({ "mentorCapacity": 1 })).await });
        for answer in calls.join_all().await {
            assert!(matches!(answer.status, 200 | 409), "{answer}");
        }
        let capacity = ann.get("/me").await.ok()["mentorCapacity"].as_u64().unwrap();
        let running = ann.get("/me/mentorships?side=MENTOR&status=ACTIVE").await.ok();
        let running = running["items"].as_array().unwrap().len() as u64;
        assert!(running <= capacity, "{running} of {capacity} in round {round}");
    }
}

#[tokio::test]
async fn a_pause_takes_one_out_of_the_directory_until_it_ends() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let until = app.clock.now() + TimeDelta::days(3);
    patch(&ann, json!({ "pausedUntil": until })).await;
    assert_eq!(bo.get("/mentors").await.ok()["items"], json!([]));
    bo.get(format!("/users/{}", ann.id)).await.ok();
    patch(&ann, json!({ "pausedUntil": null })).await;
    assert_eq!(bo.get("/mentors").await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_pause_ends_within_two_years() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    let ends = ["9999-12-31T23:59:59-23:59", "2028-11-02T09:00:00.001Z", "1969-12-31T23:59:59Z"];
    for until in ends {
        ann.patch("/me", json!({ "pausedUntil": until })).await.invalid("/pausedUntil");
    }
    for (until, kept) in [
        ("2028-11-02T09:00:00Z", "2028-11-02T09:00:00.000Z"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"),
        ("2026-12-01T00:00:00.123999Z", "2026-12-01T00:00:00.123Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
    ] {
        assert_eq!(ann.patch("/me", json!({ "pausedUntil": until })).await.ok()["pausedUntil"], kept);
    }
}
