//! Who leaves while a match run is worked on: what was read of them before is kept nowhere (promise O4).

use std::sync::mpsc;
use std::time::Duration;

use entity::match_run::LEASE;
use entity::suggestion::Reasons;
use entity::{match_run_pair, match_run_snapshot, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement};
use serde_json::json;
use support::{App, is_postgres};
use tokio::time::timeout;

use crate::erasure::erase;
use crate::match_runs::{Cohort, RUNS, cohort, id_of};

const PATIENCE: Duration = Duration::from_secs(30);

/// The thread that solves is busy until the member is gone: what is solved then was frozen before.
#[tokio::test(flavor = "multi_thread")]
async fn no_reason_tells_of_who_left_while_a_run_was_solved() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 6).await;
    let (begun, is_busy) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let solver = app.state.solver.clone();
    let busy = move || {
        begun.send(()).unwrap();
        held.recv()
    };
    tokio::spawn(async move { solver.run(busy).await });
    is_busy.recv().unwrap();
    let id = id_of(&admin.post(RUNS, json!({})).await.accepted());
    let state = app.state.clone();
    let work = tokio::spawn(async move { api::match_runs::work(&state).await.unwrap() });
    let frozen = async { while admin.get(format!("{RUNS}/{id}")).await.ok()["state"] != "SCORING" {} };
    timeout(PATIENCE, frozen).await.expect("it is frozen");
    erase(&mentors[0]).await.no_content();
    release.send(()).unwrap();
    assert!(work.await.unwrap());
    assert_eq!(admin.get(format!("{RUNS}/{id}")).await.ok()["state"], "READY");
    let pairs = match_run_pair::Entity::find().all(app.db()).await.unwrap();
    assert_eq!(pairs.len(), mentors.len());
    for pair in pairs {
        assert_eq!(pair.reasons == Reasons::default(), pair.mentor_id == mentors[0].id, "{pair:?}");
    }
}

/// On PostgreSQL the input is read, and waits to be stored until the erasure is done; SQLite's one writer lets nobody begin before.
#[tokio::test(flavor = "multi_thread")]
async fn no_frozen_input_tells_of_who_left_while_it_was_read() {
    let app = App::start().await;
    let other = app.another_node().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 6).await;
    let id = id_of(&admin.post(RUNS, json!({})).await.accepted());
    let erasure = app.state.begin_write().await.unwrap();
    api::match_runs::lock_telling(&erasure).await.unwrap();
    api::match_runs::forget(&erasure, mentors[0].id).await.unwrap();
    let gone = user::ActiveModel {
        erased_at: Set(Some(app.clock.now())),
        status: Set(user::Status::Suspended),
        ..Default::default()
    };
    user::Entity::update_many().set(gone).filter(user::Column::Id.eq(mentors[0].id)).exec(&erasure).await.unwrap();
    let state = other.state.clone();
    let work = tokio::spawn(async move { api::match_runs::work(&state).await });
    if is_postgres() {
        timeout(PATIENCE, async { while !is_awaited(&app).await {} }).await.expect("it waits for the erasure");
    }
    erasure.commit().await.unwrap();
    if is_postgres() {
        work.await.unwrap().expect_err("who left is in what was read");
        assert_eq!(match_run_snapshot::Entity::find().count(app.db()).await.unwrap(), 0);
        app.clock.advance(LEASE);
        assert!(api::match_runs::work(&other.state).await.unwrap());
    } else {
        assert!(work.await.unwrap().unwrap());
    }
    assert_eq!(admin.get(format!("{RUNS}/{id}")).await.ok()["state"], "READY");
    let pairs = match_run_pair::Entity::find().all(app.db()).await.unwrap();
    assert_eq!(pairs.len(), mentors.len() - 1);
    assert!(pairs.iter().all(|pair| pair.mentor_id != mentors[0].id));
}

/// Whether somebody waits for a word that another has locked.
async fn is_awaited(app: &App) -> bool {
    let sql = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
               WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted";
    let statement = Statement::from_string(app.db().get_database_backend(), sql);
    let row = app.db().query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index::<i64>(0).unwrap() > 0
}
