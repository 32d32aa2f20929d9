use chrono::TimeDelta;
use entity::{event, mentorship};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{Answer, App, Client};
use uuid::Uuid;

use crate::suggestions::demand_approval;

pub async fn ask(mentee: &Client, mentor: &Client) -> Answer {
    mentee.post("/me/mentorships", json!({ "mentorId": mentor.id, "message": "May I?" })).await
}

pub async fn make(who: &Client, id: impl std::fmt::Display, step: &str) -> Answer {
    let body = match step {
        "complete" => json!({}),
        "cancel" => json!({ "reason": "NO_TIME" }),
        _ => Value::Null,
    };
    who.post(format!("/mentorships/{id}/{step}"), body).await
}

pub fn id_of(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

pub async fn names(who: &Client, path: &str) -> Vec<String> {
    let page = who.get(path).await.ok();
    page["items"].as_array().unwrap().iter().map(|item| item["person"]["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_moves_only_what_is_theirs_to_move() {
    let app = App::start().await;
    let (ann, bo, stranger, admin) =
        (app.mentor("Ann").await, app.mentee("Bo").await, app.member("Stranger").await, app.admin().await);
    let id = id_of(&ask(&bo, &ann).await.created());
    for step in ["accept", "decline"] {
        make(&bo, &id, step).await.refused(403, "not_receiver");
    }
    make(&ann, &id, "withdraw").await.refused(403, "not_requester");
    for step in ["accept", "decline", "withdraw"] {
        make(&admin, &id, step).await.refused(403, "forbidden");
    }
    for step in ["accept", "decline", "withdraw", "complete", "cancel"] {
        make(&stranger, &id, step).await.refused(404, "not_found");
        make(&app.visitor(), &id, step).await.refused(401, "unauthenticated");
    }
    stranger.get(format!("/mentorships/{id}")).await.refused(404, "not_found");
    make(&bo, &id, "complete").await.refused(409, "invalid_transition");
    make(&ann, &id, "accept").await.ok();
    make(&ann, &id, "decline").await.refused(409, "invalid_transition");
    make(&bo, &id, "withdraw").await.refused(409, "invalid_transition");
    make(&bo, &id, "complete").await.ok();
    for (who, step) in [(&bo, "accept"), (&ann, "accept"), (&ann, "withdraw"), (&ann, "complete"), (&bo, "cancel")] {
        let problem = make(who, &id, step).await.refused(409, "invalid_transition");
        assert!(problem["detail"].as_str().unwrap().contains("COMPLETED"));
    }
}

#[tokio::test]
async fn the_same_move_again_changes_nothing() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let steps = [(&ann, "accept"), (&bo, "complete")];
    let id = id_of(&ask(&bo, &ann).await.created());
    for (who, step) in steps {
        let first = make(who, &id, step).await;
        let again = make(who, &id, step).await;
        assert_eq!(first.etag(), again.etag());
        assert_eq!(first.ok(), again.ok());
    }
    for (who, step) in [(&ann, "decline"), (&bo, "withdraw"), (&ann, "cancel")] {
        let id = app.request(&ann, &bo).await;
        let first = make(who, id, step).await.ok();
        assert_eq!(make(who, id, step).await.ok(), first);
        let kinds = event::Entity::find().filter(event::Column::StreamId.eq(id)).count(app.db()).await.unwrap();
        assert_eq!(kinds, 1, "one event for {step}");
    }
}

#[tokio::test]
async fn the_note_at_the_end_is_for_staff_and_its_writer() {
    let app = App::start().await;
    let (pair, admin) = (app.pair().await, app.admin().await);
    let path = format!("/mentorships/{}", pair.id);
    pair.mentee.post(format!("{path}/cancel"), json!({ "reason": "NOT_A_FIT", "note": "Never on time" })).await.ok();
    for who in [&pair.mentee, &admin] {
        let seen = who.get(&path).await.ok();
        assert_eq!((&seen["endNote"], &seen["endReason"]), (&json!("Never on time"), &json!("NOT_A_FIT")));
    }
    let seen = pair.mentor.get(&path).await.ok();
    assert_eq!((&seen["endNote"], &seen["endReason"]), (&Value::Null, &Value::Null));
    let told = pair.mentor.get("/notifications").await.ok().to_string();
    assert!(!told.contains("Never on time") && !told.contains("NOT_A_FIT"));
}

#[tokio::test]
async fn staff_complete_and_cancel_with_a_reason() {
    let app = App::start().await;
    let admin = app.admin().await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}", pair.id);
    admin.post(format!("{path}/complete"), json!({})).await.invalid("/reason");
    admin.post(format!("{path}/cancel"), json!({})).await.invalid("/reason");
    admin.post(format!("{path}/cancel"), json!({ "reason": "DECLINED" })).await.invalid("/reason");
    assert_eq!(admin.post(format!("{path}/complete"), json!({ "reason": "OTHER" })).await.ok()["status"], "COMPLETED");
    let other = app.pair().await;
    let ended = format!("/admin/mentorships/{}/end", other.id);
    let body = json!({ "reason": "CONDUCT", "note": "Reported twice" });
    other.mentor.post(&ended, body.clone()).await.refused(403, "forbidden");
    assert_eq!(admin.post(&ended, body.clone()).await.ok()["status"], "CANCELED");
    admin.post(&ended, body).await.ok();
    let seen = other.mentor.get(format!("/mentorships/{}", other.id)).await.ok();
    assert_eq!((&seen["endReason"], &seen["endNote"]), (&Value::Null, &Value::Null));
    let acts = event::Entity::find().filter(event::Column::Staff.eq(true)).count(app.db()).await.unwrap();
    assert_eq!(acts, 2);
}

#[tokio::test]
async fn an_admin_assigns_within_the_rules() {
    let app = App::start().await;
    let (ann, bo, cy, admin) =
        (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await, app.admin().await);
    app.change_user(&ann, |row| row.mentor_capacity = Set(1)).await;
    let assign = |mentee: Uuid| json!({ "mentorId": ann.id, "menteeId": mentee });
    bo.post("/admin/mentorships", assign(bo.id)).await.refused(403, "forbidden");
    let made = admin.post("/admin/mentorships", assign(bo.id)).await.created();
    assert_eq!((&made["status"], &made["origin"], &made["side"]), (&json!("ACTIVE"), &json!("ADMIN"), &Value::Null));
    admin.post("/admin/mentorships", assign(bo.id)).await.refused(409, "mentorship_exists");
    admin.post("/admin/mentorships", assign(cy.id)).await.refused(409, "mentor_at_capacity");
    admin.post("/admin/mentorships", assign(ann.id)).await.invalid("/menteeId");
    admin.post("/admin/mentorships", assign(Uuid::from_u128(7))).await.invalid("");
    let turned = json!({ "mentorId": bo.id, "menteeId": ann.id });
    admin.post("/admin/mentorships", turned).await.refused(409, "not_suggestable");
    let all = admin.get(format!("/admin/mentorships?status=ACTIVE&mentorId={}", ann.id)).await.ok();
    assert_eq!(all["items"][0]["mentee"]["name"], "Bo");
    assert_eq!(admin.get(format!("/admin/mentorships?menteeId={}", cy.id)).await.ok()["items"], json!([]));
    ann.get("/admin/mentorships").await.refused(403, "forbidden");
}

#[tokio::test]
async fn an_approval_and_the_answer_come_in_either_order() {
    let app = App::start().await;
    demand_approval(&app).await;
    let (ann, bo, admin) = (app.mentor("Ann").await, app.mentee("Bo").await, app.admin().await);
    app.change_user(&ann, |row| row.mentor_capacity = Set(1)).await;
    let cy = app.mentee("Cy").await;
    let (first, other) = (app.request(&ann, &bo).await, app.request(&ann, &cy).await);
    let waiting = make(&ann, first, "accept").await.ok();
    assert_eq!((&waiting["status"], waiting["acceptedAt"].is_string()), (&json!("PENDING"), true));
    make(&ann, other, "accept").await.refused(409, "mentor_at_capacity");
    make(&bo, first, "withdraw").await.refused(409, "invalid_transition");
    app.clock.advance(TimeDelta::days(20));
    let approve = |id: Uuid| format!("/admin/mentorships/{id}/approve");
    assert_eq!(admin.post(approve(first), Value::Null).await.ok()["status"], "ACTIVE");
    admin.post(approve(first), Value::Null).await.ok();
    app.change_user(&ann, |row| row.mentor_capacity = Set(2)).await;
    let third = app.request(&ann, &cy_again(&app).await).await;
    assert_eq!(admin.post(approve(third), Value::Null).await.ok()["status"], "PENDING");
    assert_eq!(make(&ann, third, "accept").await.ok()["status"], "ACTIVE");
    make(&ann, third, "cancel").await.ok();
    admin.post(approve(third), Value::Null).await.refused(409, "invalid_transition");
}

async fn cy_again(app: &App) -> Client {
    app.mentee("Cy again").await
}

#[tokio::test]
async fn the_shared_text_is_changed_by_one_at_a_time() {
    let app = App::start().await;
    let (pair, admin, stranger) = (app.pair().await, app.admin().await, app.member("Stranger").await);
    let path = format!("/mentorships/{}", pair.id);
    let read = pair.mentor.get(&path).await;
    let etag = read.etag();
    assert_eq!(pair.mentor.get_with(&path, &[("If-None-Match", &etag)]).await.status, 304);
    let patch = |text: &str| json!({ "message": text });
    pair.mentor.patch(&path, patch("Lead a team")).await.refused(428, "precondition_required");
    let changed = pair.mentor.patch_if(&path, &etag, patch("Lead a team")).await;
    assert_ne!(changed.etag(), etag);
    pair.mentee.patch_if(&path, &etag, patch("Something else")).await.refused(412, "precondition_failed");
    pair.mentee
        .post_with(format!("{path}/complete"), &[("If-Match", &etag)], json!({}))
        .await
        .refused(412, "precondition_failed");
    pair.mentee.patch_if(&path, changed.etag(), patch("  ")).await.invalid("/message");
    pair.mentee.patch_if(&path, changed.etag(), json!({ "status": "COMPLETED" })).await.invalid("/status");
    admin.patch_if(&path, changed.etag(), patch("Ours")).await.refused(403, "forbidden");
    stranger.patch_if(&path, changed.etag(), patch("Mine")).await.refused(404, "not_found");
    let cleared = pair.mentee.patch_if(&path, changed.etag(), json!({ "message": null })).await;
    assert_eq!(cleared.ok()["message"], Value::Null);
    make(&pair.mentee, pair.id, "complete").await.ok();
    pair.mentee.patch_if(&path, "\"1\"", patch("Late")).await.refused(409, "mentorship_closed");
    let request = app.request(&app.mentor("Ann").await, &pair.mentee).await;
    let path = format!("/mentorships/{request}");
    let etag = pair.mentee.get(&path).await.etag();
    pair.mentee.patch_if(&path, etag, patch("Please")).await.ok();
}

#[tokio::test]
async fn mine_are_listed_by_side_with_what_is_unread() {
    let app = App::start().await;
    let (me, ann, bo) = (app.member("Me").await, app.mentor("Ann").await, app.mentee("Bo").await);
    let as_mentee = app.mentorship_with(&ann, &me, |_| {}).await;
    let now = app.clock.now();
    app.mentorship_with(&me, &bo, |row| {
        row.status = Set(mentorship::Status::Active);
        row.accepted_at = Set(Some(now));
        row.start_date = Set(Some(now));
        row.last_message_seq = Set(5);
        row.mentor_read_seq = Set(2);
        row.mentee_read_seq = Set(5);
    })
    .await;
    assert_eq!(names(&me, "/me/mentorships").await, ["Bo", "Ann"]);
    assert_eq!(names(&me, "/me/mentorships?side=MENTEE").await, ["Ann"]);
    assert_eq!(names(&me, "/me/mentorships?status=ACTIVE").await, ["Bo"]);
    let first = me.get("/me/mentorships?limit=1").await.ok();
    assert_eq!((&first["items"][0]["unreadCount"], &first["items"][0]["side"]), (&json!(3), &json!("MENTOR")));
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = me.get(format!("/me/mentorships?limit=1&cursor={cursor}")).await.ok();
    assert_eq!((&second["items"][0]["id"], &second["nextCursor"]), (&json!(as_mentee), &Value::Null));
    assert_eq!(bo.get("/me/mentorships").await.ok()["items"][0]["unreadCount"], 0);
}

#[tokio::test]
async fn an_assignment_honours_whom_the_mentee_wants() {
    use entity::user::{Gender, PreferredGender};

    let app = App::start().await;
    let (ann, bo, admin) = (app.mentor("Ann").await, app.mentee("Bo").await, app.admin().await);
    let body = json!({ "mentorId": ann.id, "menteeId": bo.id });
    app.change_user(&bo, |row| row.preferred_mentor_gender = Set(PreferredGender::Female)).await;
    for gender in [None, Some(Gender::Male)] {
        app.change_user(&ann, |row| row.gender = Set(gender)).await;
        admin.post("/admin/mentorships", body.clone()).await.refused(409, "not_suggestable");
    }
    app.change_user(&ann, |row| row.gender = Set(Some(Gender::Female))).await;
    admin.post("/admin/mentorships", body).await.created();
}

#[tokio::test]
async fn staff_do_not_read_what_the_other_side_told_the_staff_about_them() {
    let app = App::start().await;
    let (boss, admin, bo) = (app.admin().await, app.admin().await, app.mentee("Bo").await);
    let path = format!("/mentorships/{}", app.mentorship(&boss, &bo).await);
    bo.post(format!("{path}/cancel"), json!({ "reason": "CONDUCT", "note": "Shouts" })).await.ok();
    let told = |seen: &Value| (seen["endReason"].clone(), seen["endNote"].clone());
    assert_eq!(told(&boss.get(&path).await.ok()), (Value::Null, Value::Null));
    let listed = boss.get("/admin/mentorships").await.ok();
    assert_eq!(told(&listed["items"][0]), (Value::Null, Value::Null));
    for who in [&admin, &bo] {
        assert_eq!(told(&who.get(&path).await.ok()), (json!("CONDUCT"), json!("Shouts")));
    }
}

#[tokio::test]
async fn the_staff_find_what_waits_for_them() {
    let app = App::start().await;
    demand_approval(&app).await;
    let (ann, admin) = (app.mentor("Ann").await, app.admin().await);
    let (asked, accepted) = (app.mentee("Asked").await, app.mentee("Accepted").await);
    app.mentorship(&ann, &app.mentee("Active").await).await;
    app.request(&ann, &asked).await;
    make(&ann, app.request(&ann, &accepted).await, "accept").await.ok();
    let names = async |awaiting: &str| {
        let page = admin.get(format!("/admin/mentorships?awaiting={awaiting}")).await.ok();
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["mentee"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("APPROVAL").await, ["Accepted"]);
    assert_eq!(names("ANSWER").await, ["Asked"]);
    app.clock.advance(TimeDelta::days(14));
    assert_eq!(names("APPROVAL").await, ["Accepted"]);
    assert!(names("ANSWER").await.is_empty());
    admin.get("/admin/mentorships?awaiting=GODOT").await.invalid("/awaiting");
}

#[tokio::test]
async fn how_far_the_thread_is_read_is_for_the_two() {
    let app = App::start().await;
    let (pair, admin) = (app.pair().await, app.admin().await);
    let path = format!("/mentorships/{}", pair.id);
    for _ in 0..3 {
        let body = json!({ "clientId": Uuid::new_v4(), "content": "Hello" });
        pair.mentor.post(format!("{path}/messages"), body).await.created();
    }
    pair.mentee.put(format!("{path}/read-marker"), json!({ "seq": 1 })).await.ok();
    let counts = |seen: &Value| ["lastMessageSeq", "readSeq", "unreadCount"].map(|name| seen[name].clone());
    for (who, expected) in [(&pair.mentor, [3, 3, 0]), (&pair.mentee, [3, 1, 2])] {
        assert_eq!(counts(&who.get(&path).await.ok()), expected.map(|count| json!(count)));
        assert_eq!(counts(&who.get("/me/mentorships").await.ok()["items"][0]), expected.map(|count| json!(count)));
    }
    assert_eq!(counts(&admin.get(&path).await.ok()), [Value::Null, Value::Null, Value::Null]);
}
