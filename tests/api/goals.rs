use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client, Pair};
use tokio::task::JoinSet;
use uuid::Uuid;

pub fn goal(title: &str) -> Value {
    json!({ "kind": "SHORT_TERM", "title": title })
}

/// A goal of the pair, set by the mentee: its path and its `ETag`.
pub async fn set_goal(pair: &Pair) -> (String, String) {
    let answer = pair.mentee.post(format!("/mentorships/{}/goals", pair.id), goal("Give a talk")).await;
    (format!("/goals/{}", answer.created()["id"].as_str().unwrap()), answer.etag())
}

/// Its milestones, each with its path, and the goal's `ETag` after them.
pub async fn add_milestones(by: &Client, goal: &str, count: usize) -> (Vec<String>, String) {
    let mut paths = Vec::new();
    let mut etag = String::new();
    for number in 0..count {
        let body = json!({ "title": format!("Step {number}") });
        let answer = by.post(format!("{goal}/milestones"), body).await;
        paths.push(format!("/milestones/{}", answer.created()["id"].as_str().unwrap()));
        etag = answer.etag();
    }
    (paths, etag)
}

async fn told(who: &Client) -> Vec<String> {
    let items = who.get("/notifications").await.ok()["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn either_side_sets_a_goal_and_the_other_is_told() {
    let app = App::start().await;
    let pair = app.pair().await;
    let body = json!({
        "kind": "LONG_TERM", "title": "Lead a team", "description": "One of five\nor so", "dueDate": "2027-10-01"
    });
    let answer = pair.mentor.post(format!("/mentorships/{}/goals", pair.id), body.clone()).await;
    let made = answer.created();
    let path = format!("/goals/{}", made["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!((&made["status"], &made["progress"]), (&json!("OPEN"), &json!(0)));
    assert_eq!(made["createdById"], pair.mentor.id.to_string());
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&made[name], value);
    }
    let read = pair.mentee.get(&path).await;
    assert_eq!((read.etag(), read.ok()), (answer.etag(), made.clone()));
    assert_eq!(pair.mentee.get_with(&path, &[("If-None-Match", &answer.etag())]).await.status, 304);
    let listed = pair.mentee.get(format!("/mentorships/{}/goals", pair.id)).await.ok();
    assert_eq!(listed, json!({ "items": [made], "nextCursor": null }));
    assert_eq!((told(&pair.mentee).await, told(&pair.mentor).await), (vec!["GOAL_ADDED".to_owned()], vec![]));
}

#[tokio::test]
async fn goals_are_only_for_the_two() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = set_goal(&pair).await;
    let (steps, etag) = add_milestones(&pair.mentee, &path, 1).await;
    let list = format!("/mentorships/{}/goals", pair.id);
    let steps_of = format!("{path}/milestones");
    let step = json!({ "title": "A step" });
    let others = [app.mentor("Stella").await, app.admin().await, app.owner().await];
    for other in &others {
        for read in [&list, &path, &steps_of, &steps[0]] {
            other.get(read).await.refused(404, "not_found");
        }
        other.post(&list, goal("Mine")).await.refused(404, "not_found");
        other.post(&steps_of, step.clone()).await.refused(404, "not_found");
        for changed in [&path, &steps[0]] {
            other.patch_if(changed, &etag, json!({ "title": "Mine" })).await.refused(404, "not_found");
            other.delete_if(changed, &etag).await.refused(404, "not_found");
        }
    }
    app.visitor().get(&path).await.refused(401, "unauthenticated");
    pair.mentor.patch_if(&path, &etag, json!({ "title": "Ours" })).await.ok();
    for absent in [Uuid::nil().to_string(), "x".to_owned()] {
        pair.mentor.get(format!("/goals/{absent}")).await.refused(404, "not_found");
        pair.mentor.get(format!("/milestones/{absent}")).await.refused(404, "not_found");
        pair.mentor.get(format!("/mentorships/{absent}/goals")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn former_partners_read_their_goals_and_change_none() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = set_goal(&pair).await;
    let (steps, etag) = add_milestones(&pair.mentee, &path, 1).await;
    app.end(pair.id).await;
    let list = format!("/mentorships/{}/goals", pair.id);
    for read in [&list, &path, &format!("{path}/milestones"), &steps[0]] {
        pair.mentor.get(read).await.ok();
    }
    pair.mentor.post(&list, goal("Too late")).await.refused(409, "mentorship_closed");
    let step = json!({ "title": "Too late" });
    pair.mentor.post(format!("{path}/milestones"), step.clone()).await.refused(409, "mentorship_closed");
    for changed in [&path, &steps[0]] {
        pair.mentor.patch_if(changed, &etag, step.clone()).await.refused(409, "mentorship_closed");
        pair.mentor.delete_if(changed, &etag).await.refused(409, "mentorship_closed");
    }
}

#[tokio::test]
async fn a_request_has_no_goals_yet() {
    let app = App::start().await;
    let (mentor, mentee) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let path = format!("/mentorships/{}/goals", app.request(&mentor, &mentee).await);
    assert_eq!(mentee.get(&path).await.ok()["items"], json!([]));
    mentee.post(&path, goal("Early")).await.refused(409, "mentorship_closed");
}

#[tokio::test]
async fn a_change_names_the_version_it_is_meant_for() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, first) = set_goal(&pair).await;
    let change = json!({ "description": "Twenty minutes" });
    pair.mentor.patch(&path, change.clone()).await.refused(428, "precondition_required");
    pair.mentor.delete(&path).await.refused(428, "precondition_required");
    let changed = pair.mentor.patch_if(&path, &first, change.clone()).await;
    assert_eq!(changed.ok()["description"], "Twenty minutes");
    assert_ne!(changed.etag(), first);
    pair.mentee.patch_if(&path, &first, json!({ "title": "Late" })).await.refused(412, "precondition_failed");
    pair.mentee.delete_if(&path, &first).await.refused(412, "precondition_failed");
    pair.mentee.patch_if(&path, "no tag", json!({})).await.refused(412, "precondition_failed");
    assert_eq!(pair.mentee.patch_if(&path, changed.etag(), change).await.etag(), changed.etag());
    let cleared = pair.mentee.patch_if(&path, changed.etag(), json!({ "description": null })).await;
    assert_eq!(cleared.ok()["description"], Value::Null);
    pair.mentee.delete_if(&path, cleared.etag()).await.no_content();
    pair.mentee.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn of_many_changes_to_one_version_one_wins() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = set_goal(&pair).await;
    let mut racing = JoinSet::new();
    for number in 0..12 {
        let by = if number % 2 == 0 { pair.mentor.clone() } else { pair.mentee.clone() };
        let (path, etag) = (path.clone(), etag.clone());
        racing.spawn(async move { by.patch_if(path, etag, json!({ "title": format!("Try {number}") })).await.status });
    }
    let mut statuses = racing.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![412; 11]].concat());
    assert_eq!(pair.mentee.get(&path).await.ok()["version"], 2);
}

#[tokio::test]
async fn an_open_goal_comes_along_and_is_achieved() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = set_goal(&pair).await;
    let half = pair.mentee.patch_if(&path, etag, json!({ "progress": 50 })).await;
    assert_eq!(half.ok()["progress"], 50);
    let all = pair.mentee.patch_if(&path, half.etag(), json!({ "progress": 100 })).await;
    assert_eq!(all.ok()["status"], "OPEN");
    let less = pair.mentee.patch_if(&path, all.etag(), json!({ "progress": 60 })).await;
    let achieved = pair.mentee.patch_if(&path, less.etag(), json!({ "status": "ACHIEVED" })).await;
    assert_eq!((&achieved.ok()["status"], &achieved.ok()["progress"]), (&json!("ACHIEVED"), &json!(100)));
    let again = pair.mentee.patch_if(&path, achieved.etag(), json!({ "status": "ACHIEVED" })).await;
    assert_eq!(again.etag(), achieved.etag());
    assert_eq!(told(&pair.mentor).await, ["GOAL_ACHIEVED", "GOAL_ADDED"]);
    let problem = pair.mentee.patch_if(&path, again.etag(), json!({ "progress": 10 })).await;
    assert!(problem.refused(409, "invalid_transition")["detail"].as_str().unwrap().contains("ACHIEVED"));
    pair.mentee.patch_if(&path, again.etag(), json!({ "status": "DROPPED" })).await.refused(409, "invalid_transition");
    let reopened = pair.mentor.patch_if(&path, again.etag(), json!({ "status": "OPEN", "progress": 80 })).await;
    assert_eq!((&reopened.ok()["status"], &reopened.ok()["progress"]), (&json!("OPEN"), &json!(80)));
    let dropped = pair.mentor.patch_if(&path, reopened.etag(), json!({ "status": "DROPPED" })).await;
    assert_eq!((&dropped.ok()["status"], &dropped.ok()["progress"]), (&json!("DROPPED"), &json!(80)));
    let refused = pair.mentor.patch_if(&path, dropped.etag(), json!({ "status": "ACHIEVED" })).await;
    refused.refused(409, "invalid_transition");
}

#[tokio::test]
async fn goals_come_in_pages_and_by_state() {
    let app = App::start().await;
    let pair = app.pair().await;
    let list = format!("/mentorships/{}/goals", pair.id);
    for number in 0..5 {
        pair.mentee.post(&list, goal(&format!("Goal {number}"))).await.created();
    }
    let (other, etag) = set_goal(&pair).await;
    pair.mentee.patch_if(other, etag, json!({ "status": "DROPPED" })).await.ok();
    let mut titles = Vec::new();
    let mut next = format!("{list}?limit=2&status=OPEN");
    loop {
        let page = pair.mentor.get(&next).await.ok();
        titles.extend(page["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("{list}?limit=2&status=OPEN&cursor={cursor}");
    }
    assert_eq!(titles, ["Goal 0", "Goal 1", "Goal 2", "Goal 3", "Goal 4"]);
    assert_eq!(pair.mentor.get(format!("{list}?kind=LONG_TERM")).await.ok()["items"], json!([]));
    pair.mentor.get(format!("{list}?status=LOST")).await.invalid("/status");
    pair.mentor.get(format!("{list}?cursor=x")).await.refused(400, "invalid_cursor");
}

#[tokio::test]
async fn a_mentorship_has_at_most_fifty_goals() {
    let app = App::start().await;
    let pair = app.pair().await;
    let list = format!("/mentorships/{}/goals", pair.id);
    for number in 0..49 {
        pair.mentee.post(&list, goal(&format!("Goal {number}"))).await.created();
    }
    let mut racing = JoinSet::new();
    for _ in 0..6 {
        let (by, list) = (pair.mentor.clone(), list.clone());
        racing.spawn(async move { by.post(list, goal("The last")).await.status });
    }
    let mut statuses = racing.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    pair.mentee.post(&list, goal("One more")).await.refused(409, "too_many");
    let count = entity::goal::Entity::find().filter(entity::goal::Column::MentorshipId.eq(pair.id)).count(app.db());
    assert_eq!(count.await.unwrap(), 50);
}

#[tokio::test]
async fn what_is_written_is_bounded() {
    let app = App::start().await;
    let pair = app.pair().await;
    let list = format!("/mentorships/{}/goals", pair.id);
    let with = |name: &str, value: Value| {
        let mut body = goal("A goal");
        body[name] = value;
        body
    };
    let faulty = [
        ("kind", json!("MIDDLE")),
        ("title", json!("")),
        ("title", json!("  ")),
        ("title", json!("a\nb")),
        ("title", json!("x".repeat(201))),
        ("description", json!("x".repeat(4001))),
        ("description", json!(" ")),
        ("dueDate", json!("2027-02-30")),
        ("progress", json!(50)),
        ("createdById", json!(pair.mentee.id)),
    ];
    for (name, value) in faulty {
        pair.mentee.post(&list, with(name, value)).await.invalid(&format!("/{name}"));
    }
    let longest = json!({ "kind": "LONG_TERM", "title": "ü".repeat(200), "description": "ü".repeat(4000) });
    pair.mentee.post(&list, longest).await.created();
    let (path, etag) = set_goal(&pair).await;
    for (name, value) in [
        ("progress", json!(101)),
        ("progress", json!(-1)),
        ("progress", json!(null)),
        ("title", json!(null)),
        ("status", json!("DONE")),
        ("version", json!(7)),
    ] {
        pair.mentee.patch_if(&path, &etag, json!({ name: value })).await.invalid(&format!("/{name}"));
    }
    for (name, value) in [("title", json!("x".repeat(201))), ("position", json!(10_001)), ("done", json!(true))] {
        let mut body = json!({ "title": "A step" });
        body[name] = value;
        pair.mentee.post(format!("{path}/milestones"), body).await.invalid(&format!("/{name}"));
    }
}

#[tokio::test]
async fn each_change_is_in_the_log_once() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = set_goal(&pair).await;
    let changed = pair.mentee.patch_if(&path, etag, json!({ "progress": 30 })).await;
    pair.mentee.patch_if(&path, changed.etag(), json!({ "progress": 30 })).await.ok();
    let (steps, etag) = add_milestones(&pair.mentee, &path, 1).await;
    let etag = pair.mentee.patch_if(&steps[0], etag, json!({ "done": true })).await.etag();
    pair.mentee.delete_if(&steps[0], etag).await.no_content();
    let etag = pair.mentee.get(&path).await.etag();
    let etag = pair.mentee.patch_if(&path, etag, json!({ "status": "ACHIEVED" })).await.etag();
    pair.mentee.delete_if(&path, etag).await.no_content();
    let id: Uuid = path.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(
        app.log_of(id).await,
        [
            "goal.added",
            "goal.changed",
            "goal.milestone_added",
            "goal.milestone_changed",
            "goal.milestone_deleted",
            "goal.achieved",
            "goal.deleted"
        ]
    );
}
