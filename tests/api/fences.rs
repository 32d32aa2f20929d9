//! What happens to somebody at the very moment in which they are being suggested: no list may store what it rules out.

use std::pin::Pin;

use chrono::TimeDelta;
use entity::suggestion;
use futures_util::future::join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    Statement, TransactionTrait,
};
use serde_json::{Value, json};
use support::{Answer, App, Client, is_postgres};
use tokio::task::{JoinHandle, yield_now};
use uuid::Uuid;

use crate::match_runs::{RUNS, id_of, run};
use crate::matching::{offers, refresh, seeks, skill};
use crate::races::ROUNDS;
use crate::suggestions::listed;

/// A mentor and a mentee who would be suggested to each other.
async fn scene(app: &App) -> (Client, Client) {
    let skill = skill(app, &format!("Skill{}", app.state.new_id().simple())).await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    offers(app, &ann, skill).await;
    seeks(app, &bo, skill).await;
    (ann, bo)
}

async fn open_between(app: &App, one: &Client, other: &Client) -> u64 {
    let open = suggestion::Entity::find().filter(suggestion::of_pair(one.id, other.id));
    open.filter(suggestion::Column::ExpiresAt.gt(app.clock.now())).count(app.db()).await.unwrap()
}

/// A transaction of somebody else.
pub async fn transaction(app: &App) -> DatabaseTransaction {
    support::connect(&support::config(&app.url())).await.writer().begin().await.unwrap()
}

/// How many wait for somebody's lock on PostgreSQL.
async fn waiting(app: &App) -> i64 {
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let row = app.db().query_one_raw(Statement::from_string(app.db().get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

async fn until_waiting(app: &App, count: i64) {
    while waiting(app).await < count {
        yield_now().await;
    }
}

/// Keeps whoever would store a suggestion of the two waiting until it ends: it is about to store one itself.
async fn before_it_is_stored(app: &App, mentor: &Client, mentee: &Client) -> DatabaseTransaction {
    let (id, now) = (app.suggestion(mentor, mentee).await, app.clock.now());
    let gone = suggestion::ActiveModel {
        expires_at: Set(now - TimeDelta::days(1)),
        replaced_at: Set(Some(now)),
        ..Default::default()
    };
    suggestion::Entity::update_many().set(gone).filter(suggestion::Column::Id.eq(id)).exec(app.db()).await.unwrap();
    let held = transaction(app).await;
    let back = suggestion::ActiveModel { replaced_at: Set(None), ..Default::default() };
    suggestion::Entity::update_many().set(back).filter(suggestion::Column::Id.eq(id)).exec(&held).await.unwrap();
    held
}

fn spawn(answer: impl Future<Output = Answer> + Send + 'static) -> JoinHandle<Answer> {
    tokio::spawn(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_suit_each_other_both_ways_change_at_once() {
    let app = App::start().await;
    for round in 0..ROUNDS / 2 {
        let skill = skill(&app, &format!("Skill{round}")).await;
        let both = [app.member("Ann").await, app.member("Bo").await];
        for who in &both {
            offers(&app, who, skill).await;
            seeks(&app, who, skill).await;
        }
        let changes = both.clone().map(|who| spawn(async move { who.patch("/me", json!({ "inPerson": true })).await }));
        for answer in join_all(changes).await {
            answer.unwrap().ok();
        }
        for who in &both {
            assert!(!listed(who, "").await.is_empty(), "one of the two was first, or the reader is");
        }
    }
}

type Act = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What rules a pair out, by name; whether it takes back what was suggested before it.
fn acts(admin: &Client, ann: &Client, bo: &Client, until: Value) -> [(&'static str, bool, Act); 4] {
    let ban = json!({ "oneId": ann.id, "otherId": bo.id, "note": "They are siblings" });
    let (suspend, note) = (format!("/admin/users/{}/suspend", ann.id), json!({ "note": "x" }));
    let (banning, suspending, leaving, pausing) = (admin.clone(), admin.clone(), ann.clone(), ann.clone());
    [
        ("ban", true, Box::pin(async move { banning.post("/admin/pair-bans", ban).await })),
        ("erasure", true, Box::pin(async move { leaving.delete("/me").await })),
        ("suspension", false, Box::pin(async move { suspending.post(suspend, note).await })),
        ("pause", false, Box::pin(async move { pausing.patch("/me", json!({ "pausedUntil": until })).await })),
    ]
}

/// On PostgreSQL, as SQLite has one writer: nobody can come in between there. The list was made and is about to be stored.
#[tokio::test(flavor = "multi_thread")]
async fn what_rules_somebody_out_while_a_list_is_made_comes_before_it_or_after_it() {
    if !is_postgres() {
        return;
    }
    let app = App::start().await;
    let admin = app.admin().await;
    let soon = json!(app.clock.now() + TimeDelta::days(3));
    for at in 0..4 {
        let (ann, bo) = scene(&app).await;
        let held = before_it_is_stored(&app, &ann, &bo).await;
        let reading = spawn({
            let bo = bo.clone();
            async move { bo.get("/me/suggestions").await }
        });
        until_waiting(&app, 1).await;
        let (name, takes_back, act) = acts(&admin, &ann, &bo, soon.clone()).into_iter().nth(at).unwrap();
        let act = spawn(act);
        while !act.is_finished() && waiting(&app).await < 2 {
            yield_now().await;
        }
        let was_first = act.is_finished();
        held.rollback().await.unwrap();
        reading.await.unwrap().ok();
        let act = act.await.unwrap();
        assert!(act.status < 300, "{act}");
        let open = open_between(&app, &ann, &bo).await;
        assert!(open == 0 || !was_first && !takes_back, "{open} after the {name}, which was first: {was_first}");
    }
}

/// PostgreSQL only, for the same reason. Whoever publishes has locked both when the answer to what stands between them comes.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_published_while_one_of_its_pairs_answers() {
    if !is_postgres() {
        return;
    }
    let app = App::start().await;
    let (ann, bo) = scene(&app).await;
    refresh(&app, &bo).await;
    let id = listed(&bo, "").await[0]["id"].as_str().unwrap().to_owned();
    let admin = app.admin().await;
    let ready = run(&app, &admin, json!({})).await;
    assert_eq!(ready["summary"]["totals"]["pairs"], 1);
    let held = transaction(&app).await;
    held.execute_unprepared("SELECT 1 FROM users FOR NO KEY UPDATE").await.unwrap();
    let publish = format!("{RUNS}/{}/publish", id_of(&ready));
    let publishing = spawn(async move { admin.post(publish, json!({ "as": "SUGGESTIONS" })).await });
    until_waiting(&app, 1).await;
    let accepting = spawn(async move { ann.post(format!("/suggestions/{id}/accept"), Value::Null).await });
    until_waiting(&app, 2).await;
    held.rollback().await.unwrap();
    publishing.await.unwrap().ok();
    accepting.await.unwrap().ok();
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 1, "what stands stays");
}

/// Two wait for each other, and PostgreSQL gives one up: that is nobody's fault, and a moment later it works.
#[tokio::test(flavor = "multi_thread")]
async fn whom_the_database_gives_up_is_told_to_come_again() {
    if !is_postgres() {
        return;
    }
    let app = App::start().await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id: Uuid = app.suggestion(&ann, &bo).await;
    let other = transaction(&app).await;
    other
        .execute_unprepared("SET LOCAL deadlock_timeout = '1min'; SELECT 1 FROM users FOR NO KEY UPDATE")
        .await
        .unwrap();
    let accept = format!("/suggestions/{id}/accept");
    let accepting = spawn({
        let (ann, accept) = (ann.clone(), accept.clone());
        async move { ann.post(accept, Value::Null).await }
    });
    until_waiting(&app, 1).await;
    other.execute_unprepared("SELECT 1 FROM suggestions FOR NO KEY UPDATE").await.unwrap();
    other.rollback().await.unwrap();
    let refused = accepting.await.unwrap();
    refused.refused(503, "unavailable");
    assert_eq!(refused.header("retry-after"), Some("1"));
    ann.post(accept, Value::Null).await.ok();
}
