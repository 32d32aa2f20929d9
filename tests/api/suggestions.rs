use chrono::TimeDelta;
use entity::{mentorship, suggestion, user};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

pub async fn stored(app: &App, id: Uuid) -> suggestion::Model {
    let found = suggestion::Entity::find().filter(suggestion::Column::Id.eq(id)).one(app.db()).await.unwrap();
    found.unwrap()
}

pub async fn accept(who: &Client, id: Uuid) -> Value {
    who.post(format!("/suggestions/{id}/accept"), Value::Null).await.ok()
}

pub async fn decline(who: &Client, id: Uuid) -> Value {
    who.post(format!("/suggestions/{id}/decline"), Value::Null).await.ok()
}

pub async fn listed(who: &Client, query: &str) -> Vec<Value> {
    who.get(format!("/me/suggestions{query}")).await.ok()["items"].as_array().unwrap().clone()
}

async fn mentorships_of(app: &App, who: &Client) -> u64 {
    mentorship::Entity::find().filter(mentorship::of_participant(who.id)).count(app.db()).await.unwrap()
}

#[tokio::test]
async fn both_see_a_suggestion_from_their_side() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    let (of_ann, of_bo) = (listed(&ann, "").await, listed(&bo, "").await);
    assert_eq!((of_ann.len(), of_bo.len()), (1, 1));
    assert_eq!((&of_ann[0]["side"], &of_ann[0]["person"]["name"]), (&json!("MENTOR"), &json!("Bo")));
    assert_eq!((&of_bo[0]["side"], &of_bo[0]["person"]["name"]), (&json!("MENTEE"), &json!("Ann")));
    assert_eq!(of_bo[0]["score"], 80);
    let alone = ann.get(format!("/suggestions/{id}")).await.ok();
    assert_eq!(alone, of_ann[0]);
}

#[tokio::test]
async fn a_mentorship_starts_once_both_accepted() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    let first = accept(&bo, id).await;
    assert_eq!((&first["response"], &first["status"]), (&json!("ACCEPTED"), &json!("PENDING")));
    assert_eq!(mentorships_of(&app, &bo).await, 0);
    let both = accept(&ann, id).await;
    assert_eq!(both["status"], "ACCEPTED");
    assert_eq!(listed(&bo, "?status=ACCEPTED").await[0]["status"], "ACCEPTED");
    let mine = bo.get("/me/mentorships").await.ok();
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    assert_eq!((&mine["items"][0]["status"], &mine["items"][0]["origin"]), (&json!("ACTIVE"), &json!("SUGGESTION")));
    assert_eq!(accept(&ann, id).await, both);
    assert_eq!(mentorships_of(&app, &bo).await, 1);
}

#[tokio::test]
async fn a_mentorship_waits_for_approval_where_settings_ask_for_it() {
    let app = App::start().await;
    let (ann, bo, admin) = (app.mentor("Ann").await, app.mentee("Bo").await, app.admin().await);
    demand_approval(&app).await;
    let id = app.suggestion(&ann, &bo).await;
    accept(&bo, id).await;
    accept(&ann, id).await;
    let waiting = ann.get("/me/mentorships?status=PENDING").await.ok();
    let mentorship = waiting["items"][0]["id"].as_str().unwrap();
    assert!(waiting["items"][0]["acceptedAt"].is_string());
    ann.post(format!("/admin/mentorships/{mentorship}/approve"), Value::Null).await.refused(403, "forbidden");
    let approved = admin.post(format!("/admin/mentorships/{mentorship}/approve"), Value::Null).await.ok();
    assert_eq!(approved["status"], "ACTIVE");
}

pub async fn demand_approval(app: &App) {
    use entity::setting;

    let row = setting::ActiveModel { id: Set(setting::ID), mentorship_approval: Set(true), ..Default::default() };
    row.update(app.db()).await.unwrap();
}

/// Everything a member may see of a suggestion, but for when it ends.
async fn view(who: &Client, id: Uuid) -> Value {
    json!({
        "one": who.get(format!("/suggestions/{id}")).await.ok(),
        "pending": listed(who, "?status=PENDING").await,
        "declined": listed(who, "?status=DECLINED").await,
        "accepted": listed(who, "?status=ACCEPTED").await,
        "all": listed(who, "").await,
        "notified": who.get("/notifications").await.ok()["items"],
    })
}

#[tokio::test]
async fn what_the_other_answered_shows_nowhere() {
    let app = App::start().await;
    let bo = app.mentee("Bo").await;
    for answer in ["accept", "decline"] {
        let ann = app.mentor("Ann").await;
        let id = app.suggestion(&ann, &bo).await;
        let before = view(&bo, id).await;
        ann.post(format!("/suggestions/{id}/{answer}"), Value::Null).await.ok();
        assert_eq!(view(&bo, id).await, before);
        // It must not stand in the way of the next round.
        app.clock.advance(TimeDelta::days(31));
    }
}

#[tokio::test]
async fn a_late_answer_to_a_no_is_taken_like_any_other() {
    let app = App::start().await;
    let (bo, cy) = (app.mentee("Bo").await, app.mentee("Cy").await);
    let ann = app.mentor("Ann").await;
    let (declined, open) = (app.suggestion(&ann, &bo).await, app.suggestion(&ann, &cy).await);
    decline(&ann, declined).await;
    let (late, usual) = (accept(&bo, declined).await, accept(&cy, open).await);
    for field in ["response", "status"] {
        assert_eq!(late[field], usual[field]);
    }
    assert_eq!(stored(&app, declined).await.status, suggestion::Status::Declined);
    assert_eq!(mentorships_of(&app, &bo).await, 0);
    bo.post(format!("/suggestions/{declined}/decline"), Value::Null).await.refused(409, "already_answered");
    cy.post(format!("/suggestions/{open}/decline"), Value::Null).await.refused(409, "already_answered");
    // Ann, who said no, hears nothing of Bo's yes.
    assert_eq!(listed(&ann, "?status=DECLINED").await[0]["person"]["name"], "Bo");
    app.clock.advance(TimeDelta::days(31));
    for (who, id) in [(&bo, declined), (&cy, open)] {
        assert!(listed(who, "").await.is_empty());
        who.post(format!("/suggestions/{id}/decline"), Value::Null).await.refused(409, "already_answered");
    }
}

#[tokio::test]
async fn an_answer_is_taken_once() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    let first = decline(&ann, id).await;
    assert_eq!((&first["response"], &first["status"]), (&json!("DECLINED"), &json!("DECLINED")));
    assert_eq!(decline(&ann, id).await, first);
    ann.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "already_answered");
}

#[tokio::test]
async fn nobody_answers_what_has_lapsed() {
    let app = App::start().await;
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    let (pending, declined) = (app.suggestion(&ann, &bo).await, app.suggestion(&ann, &cy).await);
    decline(&ann, declined).await;
    app.clock.advance(TimeDelta::days(30) - TimeDelta::milliseconds(1));
    assert_eq!((listed(&bo, "").await.len(), listed(&cy, "").await.len()), (1, 1));
    app.clock.advance(TimeDelta::milliseconds(1));
    for (who, id) in [(&bo, pending), (&cy, declined)] {
        assert!(listed(who, "").await.is_empty());
        who.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "suggestion_lapsed");
    }
    assert_eq!(listed(&ann, "").await.len(), 1, "what I declined stays listed");
}

#[tokio::test]
async fn staff_read_a_suggestion_without_the_answers_and_give_none() {
    let app = App::start().await;
    let (ann, bo, admin) = (app.mentor("Ann").await, app.mentee("Bo").await, app.admin().await);
    let id = app.suggestion(&ann, &bo).await;
    decline(&ann, id).await;
    let seen = admin.get(format!("/suggestions/{id}")).await.ok();
    for field in ["side", "person", "response"] {
        assert_eq!(seen[field], Value::Null);
    }
    assert_eq!(seen["status"], "PENDING");
    assert_eq!(seen["mentorId"], json!(ann.id));
    admin.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(403, "forbidden");
    let stranger = app.member("Stranger").await;
    let hidden = stranger.get(format!("/suggestions/{id}")).await.refused(404, "not_found");
    let none = stranger.get(format!("/suggestions/{}", Uuid::from_u128(7))).await.refused(404, "not_found");
    assert_eq!((&hidden["title"], &hidden["detail"]), (&none["title"], &none["detail"]));
    stranger.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(404, "not_found");
}

#[tokio::test]
async fn nothing_is_stored_when_the_mentor_has_no_place() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    accept(&ann, id).await;
    app.change_user(&ann, |row| row.mentor_capacity = Set(0)).await;
    bo.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "mentor_at_capacity");
    assert_eq!(stored(&app, id).await.mentee_response, suggestion::Response::Pending);
    app.change_user(&ann, |row| row.mentor_capacity = Set(1)).await;
    assert_eq!(accept(&bo, id).await["status"], "ACCEPTED");
}

#[tokio::test]
async fn the_hard_rules_are_checked_again_at_the_second_yes() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    accept(&bo, id).await;
    let soon = app.clock.now() + TimeDelta::days(1);
    app.change_user(&bo, |row| row.paused_until = Set(Some(soon))).await;
    ann.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "not_suggestable");
    app.change_user(&bo, |row| row.paused_until = Set(None)).await;
    let request = app.request(&ann, &bo).await;
    ann.post(format!("/suggestions/{id}/accept"), Value::Null).await.refused(409, "mentorship_exists");
    bo.post(format!("/mentorships/{request}/withdraw"), Value::Null).await.ok();
    assert_eq!(accept(&ann, id).await["status"], "ACCEPTED");
}

/// A refusal that depended on what the other answered would tell it.
#[tokio::test]
async fn a_refused_yes_tells_nothing_of_the_other_side() {
    let app = App::start().await;
    for rule in ["mentor_at_capacity", "not_suggestable", "mentorship_exists"] {
        let mut seen = Vec::new();
        for theirs in [None, Some("accept"), Some("decline")] {
            let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
            let id = app.suggestion(&ann, &bo).await;
            if let Some(answer) = theirs {
                ann.post(format!("/suggestions/{id}/{answer}"), Value::Null).await.ok();
            }
            let soon = app.clock.now() + TimeDelta::days(1);
            match rule {
                "mentor_at_capacity" => app.change_user(&ann, |row| row.mentor_capacity = Set(0)).await,
                "not_suggestable" => app.change_user(&bo, |row| row.paused_until = Set(Some(soon))).await,
                _ => _ = app.request(&ann, &bo).await,
            }
            let answer = bo.post(format!("/suggestions/{id}/accept"), Value::Null).await;
            let mut problem = answer.refused(409, rule);
            problem["instance"] = Value::Null;
            seen.push((problem, stored(&app, id).await.mentee_response));
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
    }
}

#[tokio::test]
async fn suggestions_come_in_pages_and_by_side() {
    let app = App::start().await;
    let me = app.member("Me").await;
    let mut all = Vec::new();
    for number in 0..5 {
        let other = app.member(&format!("Other {number}")).await;
        let pair = if number % 2 == 0 { (&me, &other) } else { (&other, &me) };
        all.push(json!(app.suggestion(pair.0, pair.1).await));
    }
    all.reverse();
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = me.get(format!("/me/suggestions?limit=2{cursor}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, all);
    assert_eq!(listed(&me, "?side=MENTOR").await.len(), 3);
    assert_eq!(listed(&me, "?side=MENTEE&status=PENDING").await.len(), 2);
    me.get("/me/suggestions?side=BOTH").await.invalid("/side");
}

#[tokio::test]
async fn one_suspended_is_suggested_to_nobody() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    accept(&ann, id).await;
    app.change_user(&ann, |row| row.status = Set(user::Status::Suspended)).await;
    assert!(listed(&bo, "").await.is_empty());
    bo.get(format!("/suggestions/{id}")).await.refused(404, "not_found");
    app.change_user(&ann, |row| row.status = Set(user::Status::Active)).await;
    assert_eq!(listed(&bo, "").await.len(), 1);
    assert_eq!(accept(&bo, id).await["status"], "ACCEPTED");
    app.change_user(&ann, |row| row.status = Set(user::Status::Suspended)).await;
    assert_eq!(listed(&bo, "?status=ACCEPTED").await.len(), 1);
}

#[tokio::test]
async fn an_answer_to_one_suspended_is_not_stored() {
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.suggestion(&ann, &bo).await;
    app.change_user(&ann, |row| row.status = Set(user::Status::Suspended)).await;
    bo.post(format!("/suggestions/{id}/decline"), Value::Null).await.refused(404, "not_found");
    assert_eq!(stored(&app, id).await.mentee_response, suggestion::Response::Pending);
}

#[tokio::test]
async fn once_both_accepted_a_suggestion_names_the_mentorship() {
    let app = App::start().await;
    let (ann, bo, admin) = (app.mentor("Ann").await, app.mentee("Bo").await, app.admin().await);
    let id = app.suggestion(&ann, &bo).await;
    assert_eq!(accept(&ann, id).await["mentorshipId"], Value::Null);
    let both = accept(&bo, id).await;
    let mine = bo.get("/me/mentorships").await.ok();
    assert_eq!(both["mentorshipId"], mine["items"][0]["id"]);
    for who in [&ann, &bo] {
        assert_eq!(listed(who, "").await[0]["mentorshipId"], both["mentorshipId"]);
    }
    assert_eq!(admin.get(format!("/suggestions/{id}")).await.ok()["mentorshipId"], both["mentorshipId"]);
}
