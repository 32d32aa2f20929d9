//! The milestones of a goal.

use serde_json::{Value, json};
use support::App;

use crate::goals::{add_milestones, set_goal};

#[tokio::test]
async fn progress_follows_from_milestones() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = set_goal(&pair).await;
    let (steps, mut etag) = add_milestones(&pair.mentee, &path, 3).await;
    let progress = async || pair.mentor.get(&path).await.ok()["progress"].as_i64().unwrap();
    let refused = pair.mentee.patch_if(&path, &etag, json!({ "progress": 10 })).await;
    refused.refused(409, "progress_from_milestones");
    for (step, share) in steps.iter().zip([33, 66, 100]) {
        let ticked = pair.mentor.patch_if(step, &etag, json!({ "done": true })).await;
        assert_eq!(ticked.ok()["doneAt"], "2026-11-02T09:00:00.000Z");
        etag = ticked.etag();
        assert_eq!(progress().await, share);
    }
    etag = pair.mentor.patch_if(&steps[0], &etag, json!({ "done": false })).await.etag();
    assert_eq!(progress().await, 66);
    pair.mentor.delete_if(&steps[0], &etag).await.no_content();
    assert_eq!(progress().await, 100);
    pair.mentor.get(&steps[0]).await.refused(404, "not_found");
    assert_eq!(pair.mentor.get(&path).await.ok()["milestones"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_goal_that_is_not_open_keeps_its_milestones_as_they_are() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = set_goal(&pair).await;
    let (steps, etag) = add_milestones(&pair.mentee, &path, 2).await;
    let etag = pair.mentee.patch_if(&steps[0], etag, json!({ "done": true })).await.etag();
    let etag = pair.mentee.patch_if(&path, etag, json!({ "status": "ACHIEVED" })).await.etag();
    let refused = pair.mentee.patch_if(&steps[1], &etag, json!({ "done": true })).await;
    refused.refused(409, "invalid_transition");
    pair.mentee.delete_if(&steps[1], &etag).await.refused(409, "invalid_transition");
    let another = pair.mentee.post(format!("{path}/milestones"), json!({ "title": "More" })).await;
    another.refused(409, "invalid_transition");
    let renamed = pair.mentee.patch_if(&steps[1], &etag, json!({ "title": "Rehearse" })).await;
    assert_eq!(renamed.ok()["title"], "Rehearse");
    let reopened = pair.mentee.patch_if(&path, renamed.etag(), json!({ "status": "OPEN" })).await;
    assert_eq!(reopened.ok()["progress"], 50);
}

#[tokio::test]
async fn a_milestone_has_the_version_of_its_goal() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, before) = set_goal(&pair).await;
    let (steps, etag) = add_milestones(&pair.mentee, &path, 1).await;
    assert_ne!(etag, before);
    let version = |tag: String| tag.split('.').next().unwrap().to_owned();
    let (goal, milestone) = (pair.mentor.get(&path).await.etag(), pair.mentor.get(&steps[0]).await.etag());
    assert_eq!((version(goal), milestone), (version(etag.clone()), etag.clone()));
    pair.mentor.patch(&steps[0], json!({ "done": true })).await.refused(428, "precondition_required");
    pair.mentor.delete(&steps[0]).await.refused(428, "precondition_required");
    pair.mentor.patch_if(&steps[0], &before, json!({ "done": true })).await.refused(412, "precondition_failed");
    let same = pair.mentor.patch_if(&steps[0], &etag, json!({ "done": false })).await;
    assert_eq!(same.etag(), etag);
}

#[tokio::test]
async fn milestones_stand_by_position() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = set_goal(&pair).await;
    let (steps, etag) = add_milestones(&pair.mentee, &path, 3).await;
    let etag = pair.mentee.patch_if(&steps[0], etag, json!({ "position": 2 })).await.etag();
    pair.mentee.patch_if(&steps[1], etag, json!({ "done": true })).await.ok();
    let first = pair.mentee.get(format!("{path}/milestones?limit=2")).await.ok();
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = pair.mentee.get(format!("{path}/milestones?limit=2&cursor={cursor}")).await.ok();
    let titles = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!([titles(&first), titles(&second)].concat(), ["Step 1", "Step 0", "Step 2"]);
    assert_eq!(second["nextCursor"], Value::Null);
    assert_eq!(titles(&pair.mentee.get(format!("{path}/milestones?done=true")).await.ok()), ["Step 1"]);
    assert_eq!(titles(&pair.mentee.get(format!("{path}/milestones?done=false")).await.ok()), ["Step 0", "Step 2"]);
}

#[tokio::test]
async fn a_goal_has_at_most_fifty_milestones() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, _) = set_goal(&pair).await;
    let (steps, etag) = add_milestones(&pair.mentee, &path, 50).await;
    let one_more = json!({ "title": "One more" });
    pair.mentee.post(format!("{path}/milestones"), one_more.clone()).await.refused(409, "too_many");
    pair.mentee.delete_if(&steps[0], etag).await.no_content();
    pair.mentee.post(format!("{path}/milestones"), one_more).await.created();
}
