//! Match runs of a scene. Only one can be under way in a database, so that they are there at once, as a worker leaves them.

use std::io::Write;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use entity::match_run::{self, Edits, Filters, Mode, State, Summary};
use entity::matching_report::{self, Fairness, Figures, Group, Kind, OfSide, Report, Spread};
use entity::suggestion::Reasons;
use entity::{match_run_pair, match_run_result, match_run_snapshot};
use flate2::Compression;
use flate2::write::GzEncoder;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client, document};
use uuid::Uuid;

use crate::matching::skill;

/// So many weeks ago the next report begins: no two may begin at once.
static WEEKS: AtomicI64 = AtomicI64::new(1);

/// A run that is ready, with the pair of these two and a frozen input of nobody; and the one that the document names to be compared with.
pub async fn ready(app: &App, mentor: &Client, mentee: &Client) -> Uuid {
    let id = app.state.new_id();
    insert(app, id).await;
    insert(app, other()).await;
    let pair = match_run_pair::Model {
        run_id: id,
        mentee_id: mentee.id,
        mentor_id: mentor.id,
        points: 700,
        reasons: Reasons::default(),
    };
    match_run_pair::Entity::insert(pair.into_active_model()).exec_without_returning(app.db()).await.unwrap();
    let snapshot = json!({ "policy_version": 1, "algorithm_version": 1, "start": "2026-11-02T00:00:00Z",
        "terms": [], "mentors": [], "mentees": [], "blocks": [] });
    let snapshot = match_run_snapshot::Model { run_id: id, content: squeezed(&snapshot) };
    match_run_snapshot::Entity::insert(snapshot.into_active_model()).exec_without_returning(app.db()).await.unwrap();
    let skill = skill(app, &format!("Skill{}", id.simple())).await;
    let found = json!({
        "left": [{ "id": mentee.id, "why": { "Outbid": { "points": 500, "price": 600 } } }],
        "seats": [{ "id": mentor.id, "seats": 1, "taken": 1, "points": 600, "mentees": 0, "mentors": 0 }],
        "proof": { "participation": 0, "coverage": 0, "mentees": [[mentee.id, 100]], "mentors": [[mentor.id, 1, 600]] },
        "lacking": [{ "id": skill, "unmatched": 1, "mentors": 0, "gain": [500, 0, 0] }],
        "fairness": fairness(),
    });
    let found = match_run_result::Model { run_id: id, content: squeezed(&found) };
    match_run_result::Entity::insert(found.into_active_model()).exec_without_returning(app.db()).await.unwrap();
    id
}

/// The report of a week of its own.
pub async fn report(app: &App) -> Uuid {
    let (id, now) = (app.state.new_id(), app.clock.now());
    let (spread, fairness) = (Some(Spread { median: 1, ninetieth: 2 }), fairness());
    let report =
        Report { fairness, drawn_from: [None; 2], waiting: [spread; 2], never_shown: Some(12), declines: spread };
    let from_at = now - TimeDelta::days(7 * WEEKS.fetch_add(1, Ordering::Relaxed));
    let row = matching_report::Model { id, from_at, to_at: from_at + TimeDelta::days(7), report, created_at: now };
    matching_report::Entity::insert(row.into_active_model()).exec_without_returning(app.db()).await.unwrap();
    id
}

/// Whatever run is under way is so no more.
pub async fn end_runs(app: &App) {
    use match_run::{Column, Entity, UNDER_WAY};

    let end = Entity::update_many().col_expr(Column::State, Expr::value(State::Cancelled.to_string()));
    end.filter(Column::State.is_in(UNDER_WAY)).exec(app.db()).await.unwrap();
}

fn other() -> Uuid {
    let compare = document().operations.iter().find(|one| one.id == "compare_match_runs").unwrap();
    let parameters = compare.json["parameters"].as_array().unwrap();
    let with = parameters.iter().find(|one| one["name"] == "with").unwrap();
    with["example"].as_str().unwrap().parse().unwrap()
}

fn fairness() -> Fairness {
    let figures = Figures { people: 20, matched: Some(500), mean_score: Some(700) };
    let group = |label: Option<&str>| Group { kind: Kind::Language, label: label.map(str::to_owned), figures };
    let side = OfSide { all: Some(figures), groups: vec![group(None), group(Some("de"))], lowest_decile: Some(400) };
    Fairness { mentors: side.clone(), mentees: side, exposure_gini: Some(300) }
}

async fn insert(app: &App, id: Uuid) {
    let now = app.clock.now();
    let row = match_run::ActiveModel {
        id: Set(id),
        state: Set(State::Ready),
        mode: Set(Mode::BestTotal),
        floor: Set(0),
        minimum_one: Set(false),
        filters: Set(Filters::default()),
        edits: Set(Edits::default()),
        seed: Set(0),
        policy_version: Set(Some(1)),
        algorithm_version: Set(Some(1)),
        snapshot_hash: Set(Some("0".repeat(64))),
        summary: Set(Some(Summary::default())),
        created_at: Set(now),
        updated_at: Set(now),
        started_at: Set(Some(now)),
        finished_at: Set(Some(now)),
        ..Default::default()
    };
    let once = OnConflict::new().do_nothing().to_owned();
    match_run::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(app.db()).await.unwrap();
}

fn squeezed(document: &Value) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(document.to_string().as_bytes()).unwrap();
    encoder.finish().unwrap()
}
