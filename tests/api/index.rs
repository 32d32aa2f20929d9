//! The index of each node: derived from the database, and never in its way.

use api::candidates::snapshot;
use api::events::Kind;
use api::events::log::{self, Entry, Position};
use api::matching_policies;
use chrono::{DateTime, TimeDelta, Utc};
use entity::side::Side;
use entity::{suggestion, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Statement,
    TransactionTrait,
};
use serde_json::json;
use support::{App, Client, is_postgres};
use uuid::Uuid;

use crate::fences::transaction;
use crate::matching::{offers, seeks, skill};
use crate::suggestions::listed;

/// The hash of somebody's row on this node; none where they have none.
fn row(app: &App, side: Side, who: &Client) -> Option<u64> {
    app.state.candidates.read(|index| index.hash_of(side, who.id)).unwrap()
}

/// Changes the database behind everybody's back.
async fn give_capacity(app: &App, who: &Client, capacity: i16) {
    let change = user::ActiveModel { mentor_capacity: Set(capacity), ..Default::default() };
    user::Entity::update_many().set(change).filter(user::Column::Id.eq(who.id)).exec(app.db()).await.unwrap();
}

#[tokio::test]
async fn a_node_follows_what_others_write() {
    let app = App::start().await;
    let other = app.another_node().await;
    skill(&app, "Rust").await;
    let ann = app.mentor("Ann").await;
    ann.put("/me/mentor-skills", json!({ "items": [{ "skill": "rust", "level": 4 }] })).await.ok();
    other.state.candidates.check().await;
    app.state.candidates.check().await;
    assert!(row(&app, Side::Mentor, &ann).is_some());
    assert_eq!(row(&other, Side::Mentor, &ann), row(&app, Side::Mentor, &ann));
    ann.patch("/me", json!({ "activeMentor": false, "activeMentee": true })).await.ok();
    let report = other.state.candidates.check().await;
    assert_eq!((report.differed, report.compared), (0, 1), "the log told it");
    assert_eq!(row(&other, Side::Mentor, &ann), None);
    assert!(row(&other, Side::Mentee, &ann).is_some());
}

#[tokio::test]
async fn a_check_finds_what_the_log_did_not_tell_and_loads_everybody_anew() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.state.candidates.check().await;
    assert_eq!(app.state.candidates.check().await.differed, 0);
    let before = row(&app, Side::Mentor, &ann);
    give_capacity(&app, &ann, 0).await;
    let report = app.state.candidates.check().await;
    assert_eq!((report.differed, report.compared), (1, 1));
    assert_ne!(row(&app, Side::Mentor, &ann), before);
    assert_eq!(app.state.candidates.check().await.differed, 0);
}

#[tokio::test]
async fn a_node_starts_from_the_snapshot_of_another_and_catches_up() {
    let app = App::start().await;
    let (ann, cy) = (app.mentor("Ann").await, app.mentor("Cy").await);
    app.state.candidates.check().await;
    assert!(snapshot::work(&app.state).await.unwrap());
    assert!(!snapshot::work(&app.state).await.unwrap(), "the next is not due");
    let policy = matching_policies::ops::current(app.db()).await.unwrap();
    let read = snapshot::read(app.db(), policy.clone(), app.clock.now()).await.unwrap().unwrap().0;
    assert_eq!(read.hash_of(Side::Mentor, ann.id), row(&app, Side::Mentor, &ann));
    ann.patch("/me", json!({ "mentorCapacity": 4, "inPerson": true })).await.ok();
    cy.patch("/me", json!({ "activeMentor": false, "activeMentee": true })).await.ok();
    let other = app.another_node().await;
    assert_ne!(row(&other, Side::Mentor, &ann), read.hash_of(Side::Mentor, ann.id));
    assert_eq!(row(&other, Side::Mentor, &cy), None);
    let report = other.state.candidates.check().await;
    assert_eq!((report.differed, report.compared), (0, 2));
    app.clock.advance(TimeDelta::hours(25));
    assert!(snapshot::read(app.db(), policy, app.clock.now()).await.unwrap().is_none(), "too old");
    assert!(snapshot::work(&app.state).await.unwrap());
}

/// A node that has not heard of it yet writes none either.
#[tokio::test]
async fn a_snapshot_tells_nothing_of_who_was_erased() {
    let app = App::start().await;
    let (ann, cy) = (app.mentor("Ann").await, app.mentor("Cy").await);
    app.state.candidates.check().await;
    assert!(snapshot::work(&app.state).await.unwrap());
    crate::erasure::erase(&ann).await;
    let policy = matching_policies::ops::current(app.db()).await.unwrap();
    let read = async || snapshot::read(app.db(), policy.clone(), app.clock.now()).await.unwrap();
    assert!(read().await.is_none());
    app.clock.advance(TimeDelta::minutes(1));
    // The first may be of a round that began before.
    app.state.candidates.check().await;
    app.state.candidates.check().await;
    assert!(snapshot::work(&app.state).await.unwrap());
    let (index, _) = read().await.unwrap();
    assert_eq!(index.hash_of(Side::Mentor, ann.id), None);
    assert_eq!(index.hash_of(Side::Mentor, cy.id), row(&app, Side::Mentor, &cy));
}

#[tokio::test]
async fn a_database_that_was_filled_otherwise_gives_its_first_node_a_snapshot() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.state.candidates.check().await;
    snapshot::make(app.db(), app.clock.now()).await.unwrap();
    let policy = matching_policies::ops::current(app.db()).await.unwrap();
    let (index, _) = snapshot::read(app.db(), policy, app.clock.now()).await.unwrap().unwrap();
    assert_eq!(index.hash_of(Side::Mentor, ann.id), row(&app, Side::Mentor, &ann));
}

#[tokio::test]
async fn a_snapshot_that_is_not_true_is_not_used() {
    let app = App::start().await;
    let ann = app.mentor("Ann").await;
    app.state.candidates.check().await;
    assert!(snapshot::work(&app.state).await.unwrap());
    give_capacity(&app, &ann, 0).await;
    let other = app.another_node().await;
    assert_ne!(row(&other, Side::Mentor, &ann), row(&app, Side::Mentor, &ann));
    assert_eq!(other.state.candidates.check().await.differed, 0, "everybody was read");
}

#[tokio::test]
async fn an_index_that_is_behind_proposes_and_never_decides() {
    let app = App::start().await;
    let rust = skill(&app, "Rust").await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &bo, rust).await;
    app.state.candidates.check().await;
    give_capacity(&app, &ann, 0).await;
    let proposed = app.state.candidates.read(|index| index.hash_of(Side::Mentor, ann.id)).unwrap();
    assert!(proposed.is_some());
    assert!(listed(&bo, "").await.is_empty());
}

#[tokio::test]
async fn a_merged_skill_is_followed() {
    let app = App::start().await;
    let (rust, admin) = (skill(&app, "Rust").await, app.admin().await);
    let rusty = skill(&app, "Rusty").await;
    let (ann, bo) = (app.mentor("Ann").await, app.mentee("Bo").await);
    offers(&app, &ann, rusty).await;
    seeks(&app, &bo, rust).await;
    assert!(listed(&bo, "").await.is_empty());
    admin.post("/admin/taxonomy/skills/rusty/merge", json!({ "into": "rust" })).await.ok();
    assert_eq!(app.state.candidates.check().await.differed, 0, "everybody was loaded anew");
    assert_eq!(listed(&bo, "").await.len(), 1);
}

/// Nobody answers it, and its time has not come: the log alone tells that a mentor is less crowded.
#[tokio::test]
async fn what_lapses_before_its_time_is_followed() {
    let app = App::start().await;
    let (other, admin, ann) = (app.another_node().await, app.admin().await, app.mentor("Ann").await);
    app.change_user(&ann, |row| row.mentor_capacity = Set(1)).await;
    for at in 0..14 {
        app.suggestion(&ann, &app.mentee(&format!("Mentee {at}")).await).await;
    }
    for act in ["ban", "wish", "erasure"] {
        let bo = app.mentee("Bo").await;
        app.suggestion(&ann, &bo).await;
        // What a test writes past the API is in no log.
        other.state.candidates.check().await;
        let crowded = row(&other, Side::Mentor, &ann);
        match act {
            "ban" => {
                let ban = json!({ "oneId": ann.id, "otherId": bo.id, "note": "x" });
                admin.post("/admin/pair-bans", ban).await.created();
            }
            "wish" => drop(bo.patch("/me", json!({ "preferredMentorGender": "FEMALE" })).await.ok()),
            _ => drop(crate::erasure::erase(&bo).await),
        }
        told(&app).await;
        assert_eq!(other.state.candidates.check().await.differed, 0, "{act}");
        assert_ne!(row(&other, Side::Mentor, &ann), crowded, "{act}");
    }
}

/// On PostgreSQL an older transaction that is under way holds the log back: the other node has heard of nothing yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_hears_late_shows_what_is_true_and_stores_nothing_wrong() {
    let app = App::start().await;
    let (other, admin, rust) = (app.another_node().await, app.admin().await, skill(&app, "Rust").await);
    let bo = app.mentee("Bo").await;
    seeks(&app, &bo, rust).await;
    let mut mentors = Vec::new();
    for name in ["Ann", "Cy", "Dee", "Eve", "Finn"] {
        mentors.push(app.mentor(name).await);
        offers(&app, &mentors[mentors.len() - 1], rust).await;
    }
    let [ann, cy, dee, eve, finn] = mentors.try_into().ok().unwrap();
    // What a test writes past the API is in no log.
    other.state.candidates.note(vec![Entry { kind: Kind::TermChanged, subject: rust }]);
    assert_eq!(other.state.candidates.check().await.differed, 0);
    let before = row(&other, Side::Mentor, &ann);
    let late = if is_postgres() { Some(transaction(&app).await) } else { None };
    if let Some(late) = &late {
        append(late, Uuid::from_u128(7)).await;
    }
    ann.patch("/me", json!({ "pausedUntil": app.clock.now() + TimeDelta::days(3) })).await.ok();
    cy.put("/me/mentor-skills", json!({ "items": [] })).await.ok();
    admin.post(format!("/admin/users/{}/suspend", dee.id), json!({ "note": "x" })).await.ok();
    admin.post("/admin/pair-bans", json!({ "oneId": eve.id, "otherId": bo.id, "note": "x" })).await.created();
    let there = bo.at(other.base().to_owned());
    let shown: Vec<_> = listed(&there, "").await.iter().map(|item| item["person"]["id"].clone()).collect();
    assert_eq!(shown, [json!(finn.id)]);
    assert!(!is_postgres() || row(&other, Side::Mentor, &ann) == before, "it has not heard of it");
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 1);
    if let Some(late) = late {
        late.commit().await.unwrap();
    }
    told(&app).await;
    assert_eq!(other.state.candidates.check().await.differed, 0);
    assert_ne!(row(&other, Side::Mentor, &ann), before);
}

/// Until the log tells all that was committed: PostgreSQL holds it back while anything older is under way on the server.
async fn told(app: &App) {
    let end = log::end(app.db()).await.unwrap();
    while log::present(app.db()).await.unwrap() < end {}
}

/// SQLite has one writer, so that no other can commit in between there.
#[tokio::test]
async fn the_log_is_read_in_the_order_of_commits_and_a_late_one_is_not_skipped() {
    let app = App::start().await;
    let mut position = log::present(app.db()).await.unwrap();
    let subjects = [Uuid::from_u128(1), Uuid::from_u128(2)];
    let slow = app.db().begin().await.unwrap();
    append(&slow, subjects[0]).await;
    if is_postgres() {
        append(app.db(), subjects[1]).await;
        assert_eq!(log::read_on(app.db(), &mut position, 10).await.unwrap(), [], "an older one is under way");
        slow.commit().await.unwrap();
    } else {
        slow.commit().await.unwrap();
        append(app.db(), subjects[1]).await;
    }
    let entries = subjects.map(|subject| Entry { kind: Kind::UserChanged, subject });
    assert_eq!(read(&app, &mut position, 1).await, entries[..1]);
    assert_eq!(read(&app, &mut position, 10).await, entries[1..]);
    assert_eq!(log::read_on(app.db(), &mut position, 10).await.unwrap(), []);
}

#[tokio::test]
async fn the_log_is_read_on_from_where_one_was() {
    let app = App::start().await;
    append(app.db(), Uuid::from_u128(7)).await;
    let mut position = log::end(app.db()).await.unwrap();
    append(app.db(), Uuid::from_u128(8)).await;
    let entry = Entry { kind: Kind::UserChanged, subject: Uuid::from_u128(8) };
    assert_eq!(read(&app, &mut position, 10).await, [entry]);
    assert_eq!(log::read_on(app.db(), &mut position, 10).await.unwrap(), []);
}

/// What comes next in the log: PostgreSQL holds it back while an older transaction is under way, be it of another test's database.
async fn read(app: &App, position: &mut Position, most: u32) -> Vec<Entry> {
    loop {
        let entries = log::read_on(app.db(), position, most).await.unwrap();
        if !entries.is_empty() {
            return entries;
        }
    }
}

async fn append(db: &impl ConnectionTrait, subject: Uuid) {
    let sql = "INSERT INTO event_entries (id, stream_kind, stream_id, kind, staff, data, occurred_at)
        VALUES ($1, 'user', $2, 'user.changed', FALSE, $3, $4)";
    let values = [
        Uuid::now_v7().into(),
        subject.into(),
        json!({}).into(),
        "2026-11-02T09:00:00Z".parse::<DateTime<Utc>>().unwrap().into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
}
