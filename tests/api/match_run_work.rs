//! Who works on a match run: one node at a time, which may die, be told to stop, or find that another went on (promise M10).

use std::io::Read;
use std::time::Duration;

use chrono::TimeDelta;
use entity::match_run::{self, State};
use entity::{match_run_snapshot, mentorship};
use flate2::read::GzDecoder;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client, Process, is_postgres};
use tokio::time::timeout;
use uuid::Uuid;

use crate::match_runs::{Cohort, RUNS, cohort, id_of, pairs_of, run};
use crate::matching::{offers, seeks, skill};
use crate::races::{at_once, with_status};

async fn change_run(app: &App, id: Uuid, change: impl FnOnce(&mut match_run::ActiveModel)) {
    let mut row = match_run::ActiveModel::default();
    change(&mut row);
    let one = match_run::Entity::update_many().set(row).filter(match_run::Column::Id.eq(id));
    one.exec(app.db()).await.unwrap();
}

#[tokio::test]
async fn a_run_that_waits_is_cancelled_at_once() {
    let app = App::start().await;
    let Cohort { admin, .. } = cohort(&app, 4).await;
    let path = format!("{RUNS}/{}", id_of(&admin.post(RUNS, json!({})).await.accepted()));
    let cancelled = admin.post(format!("{path}/cancel"), Value::Null).await.ok();
    assert_eq!((&cancelled["state"], &cancelled["cancelRequested"]), (&json!("CANCELLED"), &json!(false)));
    assert_eq!(admin.post(format!("{path}/cancel"), Value::Null).await.ok(), cancelled);
    assert!(!api::match_runs::work(&app.state).await.unwrap(), "nobody takes it up");
    run(&app, &admin, json!({})).await;
}

/// A node holds it: it is told, and whoever goes on where that node is gone heeds it.
#[tokio::test]
async fn a_run_that_is_worked_on_is_cancelled_by_its_holder_or_the_next() {
    let app = App::start().await;
    let Cohort { admin, .. } = cohort(&app, 4).await;
    let id = id_of(&admin.post(RUNS, json!({})).await.accepted());
    let until = app.clock.now() + match_run::LEASE;
    let holder = app.state.new_id();
    change_run(&app, id, |row| {
        (row.state, row.lease_holder) = (Set(State::Solving), Set(Some(holder)));
        row.lease_until = Set(Some(until));
    })
    .await;
    let told = admin.post(format!("{RUNS}/{id}/cancel"), Value::Null).await.ok();
    assert_eq!((&told["state"], &told["cancelRequested"]), (&json!("SOLVING"), &json!(true)));
    assert!(!api::match_runs::work(&app.state).await.unwrap(), "it is held");
    app.clock.advance(match_run::LEASE);
    api::match_runs::work(&app.state).await.unwrap();
    assert_eq!(admin.get(format!("{RUNS}/{id}")).await.ok()["state"], "CANCELLED");
}

/// As a node that died leaves it: with a lease that ran out, and the input frozen. Whatever changed since, the plan is that of the input.
#[tokio::test]
async fn another_goes_on_from_the_frozen_input() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 8).await;
    let first = run(&app, &admin, json!({ "seed": 5 })).await;
    let (id, plan) = (id_of(&first), pairs_of(&admin, id_of(&first)).await);
    let proof = admin.get(format!("{RUNS}/{id}/certificate")).await.bytes().to_vec();
    app.change_user(&mentors[0], |row| row.active_mentor = Set(false)).await;
    let (now, holder) = (app.clock.now(), app.state.new_id());
    change_run(&app, id, |row| {
        (row.state, row.lease_holder) = (Set(State::Solving), Set(Some(holder)));
        row.lease_until = Set(Some(now + TimeDelta::seconds(1)));
        row.summary = Set(None);
    })
    .await;
    for table in ["match_run_pairs", "match_run_results"] {
        app.db().execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
    }
    let other = app.another_node().await;
    assert!(!api::match_runs::work(&other.state).await.unwrap(), "the lease has not run out");
    app.clock.advance(TimeDelta::seconds(1));
    assert!(api::match_runs::work(&other.state).await.unwrap());
    let again = admin.get(format!("{RUNS}/{id}")).await.ok();
    assert_eq!((&again["state"], &again["snapshotHash"]), (&json!("READY"), &first["snapshotHash"]));
    assert_eq!(pairs_of(&admin, id).await, plan);
    assert_eq!(admin.get(format!("{RUNS}/{id}/certificate")).await.bytes(), proof);
}

/// Of many nodes one takes it up.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_taken_up_once() {
    let app = App::start().await;
    let Cohort { admin, .. } = cohort(&app, 6).await;
    for _ in 0..5 {
        let id = id_of(&admin.post(RUNS, json!({})).await.accepted());
        let nodes = (0..6).map(|_| {
            let state = app.state.clone();
            tokio::spawn(async move { api::match_runs::work(&state).await.unwrap() })
        });
        let took = futures_util::future::join_all(nodes).await.into_iter().filter(|took| *took.as_ref().unwrap());
        assert_eq!(took.count(), 1);
        let told = app.log_of(id).await;
        let run = admin.get(format!("{RUNS}/{id}")).await.ok();
        assert_eq!(run["state"], "READY");
        assert_eq!(told.iter().filter(|kind| *kind == "match_run.requested").count(), 1);
    }
}

/// Promise H3: who publishes and who accepts take the same places, and never more than there are.
#[tokio::test(flavor = "multi_thread")]
async fn publishing_and_accepting_never_pass_a_capacity() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 6).await;
    for _ in 0..10 {
        let ready = run(&app, &admin, json!({})).await;
        let taken = ready["summary"]["totals"]["pairs"].as_u64().unwrap();
        let mut posts =
            vec![(admin.clone(), format!("{RUNS}/{}/publish", id_of(&ready)), json!({ "as": "MENTORSHIPS" }))];
        for mentor in &mentors {
            let other = app.mentee("Another").await;
            let id = app.request(mentor, &other).await;
            posts.push((mentor.clone(), format!("/mentorships/{id}/accept"), Value::Null));
        }
        let answers = at_once(posts).await;
        let published = answers[0].status == 200;
        assert_eq!(with_status(&answers, 200), if published { 1 } else { mentors.len() }.max(1), "{answers:?}");
        for mentor in &mentors {
            let held = mentorship::Entity::find().filter(mentorship::Column::MentorId.eq(mentor.id));
            let held = held.filter(mentorship::holds_place()).count(app.db()).await.unwrap();
            assert!(held <= 1, "{held} of one place");
        }
        assert!(!published || taken == mentors.len() as u64);
        let end = mentorship::Entity::update_many()
            .col_expr(mentorship::Column::Status, Expr::value("CANCELED"))
            .col_expr(mentorship::Column::EndReason, Expr::value("NO_TIME"))
            .col_expr(mentorship::Column::EndDate, Expr::value(app.clock.now()));
        end.exec(app.db()).await.unwrap();
        admin.post(format!("{RUNS}/{}/cancel", id_of(&ready)), Value::Null).await;
    }
}

/// Enough people that a solver without optimisation is at it for seconds.
async fn crowd(app: &App) -> Client {
    let mut skills = Vec::new();
    for number in 0..12 {
        skills.push(skill(app, &format!("Skill{number}")).await);
    }
    for number in 0..240_usize {
        let who = app.member(&format!("Member {number}")).await;
        for (at, id) in skills.iter().enumerate() {
            if (number * 7 + at * 5) % 11 < 4 {
                seeks(app, &who, *id).await;
            } else if (number + at) % 3 == 0 {
                offers(app, &who, *id).await;
            }
        }
    }
    app.admin().await
}

/// The program itself is killed while it works on a run; started again, it comes to the same plan.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_survives_a_kill() {
    let app = App::start().await;
    app.set_clock_to_now();
    let admin = crowd(&app).await;
    let expected = run(&app, &admin, json!({ "mode": "PARTICIPATION_FIRST" })).await;
    let variables = app.url();
    let process = Process::restart(&[("DATABASE_URL", &variables)]).await;
    let id = id_of(&admin.at(process.url("")).post(RUNS, json!({ "mode": "PARTICIPATION_FIRST" })).await.accepted());
    let path = format!("{RUNS}/{id}");
    // By the row, since a request each time would soon be beyond the quota.
    let state = async || {
        let row = match_run::Entity::find().filter(match_run::Column::Id.eq(id)).one(app.db()).await;
        row.unwrap().unwrap().state
    };
    let under_way = async { while [State::Queued, State::Snapshot].contains(&state().await) {} };
    timeout(Duration::from_secs(30), under_way).await.expect("somebody takes it up");
    process.signal("KILL");
    process.wait();
    let left = state().await;
    assert!([State::Scoring, State::Solving, State::Proving].contains(&left), "it was killed at {left}");
    let process = Process::restart(&[("DATABASE_URL", &variables)]).await;
    let ready = async { while state().await != State::Ready {} };
    timeout(Duration::from_secs(60), ready).await.expect("the next goes on once the lease has run out");
    let now = admin.get(&path).await.ok();
    assert_eq!((&now["snapshotHash"], &now["summary"]), (&expected["snapshotHash"], &expected["summary"]));
    assert_eq!(pairs_of(&admin, id).await, pairs_of(&admin, id_of(&expected)).await);
    drop(process);
    if !is_postgres() {
        crate::crashes::assert_sound(&app).await;
    }
}

/// Whoever may choose two people and see a plain digest could try out what one of them answered in private.
#[tokio::test]
async fn the_digest_of_the_input_tells_nothing_to_who_guesses_it() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 2).await;
    let filters = json!({ "mentorIds": [mentors[0].id], "menteeIds": [mentees[0].id] });
    let told = run(&app, &admin, json!({ "filters": filters })).await;
    let stored = match_run_snapshot::Entity::find().one(app.db()).await.unwrap().unwrap();
    let mut input = Vec::new();
    GzDecoder::new(stored.content.as_slice()).read_to_end(&mut input).unwrap();
    for bytes in [&input, &stored.content] {
        assert_ne!(told["snapshotHash"], blake3::hash(bytes).to_hex().as_str());
    }
    let again = run(&app, &admin, json!({ "filters": filters })).await;
    assert_eq!(told["snapshotHash"], again["snapshotHash"]);
}
