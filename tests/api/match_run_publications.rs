//! Publishing as work that outlives its request: what takes long, and what was asked of a node that is gone.

use entity::match_run::{self, Publication, PublishedAs};
use entity::{mentorship, suggestion, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, TransactionTrait,
};
use serde_json::{Value, json};
use support::{App, Client, is_postgres};
use uuid::Uuid;

use crate::match_runs::{Cohort, RUNS, cohort, id_of, run};

/// A plan of which an admin asked a node that then died before it did anything.
async fn asked(app: &App, admin: &Client, how: PublishedAs) -> Uuid {
    let id = id_of(&run(app, admin, json!({})).await);
    let row = match_run::Entity::find().filter(match_run::Column::Id.eq(id)).one(app.db()).await.unwrap().unwrap();
    let mut row = row.into_active_model();
    row.publication = Set(Some(Publication { how, only_fresh: false, by_id: admin.id, request_id: None }));
    row.update(app.db()).await.unwrap();
    id
}

async fn shown(admin: &Client, id: Uuid) -> Value {
    admin.get(format!("{RUNS}/{id}")).await.ok()
}

#[tokio::test]
async fn what_was_asked_of_a_node_that_is_gone_is_published_by_another() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 8).await;
    let id = asked(&app, &admin, PublishedAs::Mentorships).await;
    let under_way = shown(&admin, id).await;
    assert_eq!((&under_way["state"], &under_way["publishingAs"]), (&json!("READY"), &json!("MENTORSHIPS")));
    api::match_runs::publish_asked(&app.state).await.unwrap();
    let published = shown(&admin, id).await;
    assert_eq!((&published["state"], &published["publishedAs"]), (&json!("PUBLISHED"), &json!("MENTORSHIPS")));
    assert_eq!(published["publishingAs"], Value::Null);
    assert_eq!(mentorship::Entity::find().count(app.db()).await.unwrap(), mentors.len() as u64);
    api::match_runs::publish_asked(&app.state).await.unwrap();
    assert_eq!(mentorship::Entity::find().count(app.db()).await.unwrap(), mentors.len() as u64, "once");
    let log = admin.get("/admin/audit-log?limit=1").await.ok();
    assert_eq!(
        (&log["items"][0]["kind"], &log["items"][0]["actor"]["id"]),
        (&json!("match_run.published"), &json!(admin.id))
    );
}

#[tokio::test]
async fn what_is_being_published_is_not_changed_and_tells_what_came_in_its_way() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 8).await;
    let id = asked(&app, &admin, PublishedAs::Suggestions).await;
    let version = admin.get(format!("{RUNS}/{id}")).await.header("etag").unwrap().to_owned();
    let edit = admin.patch_if(format!("{RUNS}/{id}"), &version, json!({ "bans": [] })).await;
    edit.refused(409, "invalid_transition");
    let other = admin.post(format!("{RUNS}/{id}/publish"), json!({ "as": "MENTORSHIPS" })).await;
    other.refused(409, "invalid_transition");
    app.change_user(&mentors[0], |row| row.status = Set(user::Status::Suspended)).await;
    api::match_runs::publish_asked(&app.state).await.unwrap();
    let run = shown(&admin, id).await;
    assert_eq!((&run["state"], &run["publishingAs"]), (&json!("READY"), &Value::Null));
    let conflicts = run["conflicts"].as_array().unwrap();
    assert_eq!((conflicts.len(), &conflicts[0]["mentorId"]), (1, &json!(mentors[0].id)));
    assert_eq!(conflicts[0]["code"], "not_suggestable");
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 0);
    app.change_user(&mentors[0], |row| row.status = Set(user::Status::Active)).await;
    let published = admin.post(format!("{RUNS}/{id}/publish"), json!({ "as": "MENTORSHIPS" })).await.ok();
    assert_eq!((&published["state"], &published["conflicts"]), (&json!("PUBLISHED"), &Value::Null));
}

/// SQLite has one writer, so there nobody can come between the request and what it asks for.
#[tokio::test]
async fn what_takes_longer_than_an_answer_may_goes_on_behind_it() {
    if !is_postgres() {
        return;
    }
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 8).await;
    let id = id_of(&run(&app, &admin, json!({})).await);
    let txn = app.db().begin().await.unwrap();
    let held = user::Entity::find().filter(user::Column::Id.eq(mentors[0].id)).lock(LockType::Update);
    held.one(&txn).await.unwrap().unwrap();
    let publish = format!("{RUNS}/{id}/publish");
    let under_way = admin.post(&publish, json!({ "as": "SUGGESTIONS" })).await.accepted();
    assert_eq!((&under_way["state"], &under_way["publishingAs"]), (&json!("READY"), &json!("SUGGESTIONS")));
    txn.rollback().await.unwrap();
    let published = admin.post(&publish, json!({ "as": "SUGGESTIONS" })).await.ok();
    assert_eq!(published["state"], "PUBLISHED");
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), mentors.len() as u64);
}
