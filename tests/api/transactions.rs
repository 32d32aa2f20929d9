//! Each act over many rows is one transaction: wherever it is cut, it leaves all or nothing (promise H7).

use std::collections::BTreeMap;

use entity::{meeting, notification};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement};
use serde_json::{Value, json};
use support::{App, Client, Process, Proxy, is_postgres};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::crashes::assert_sound;
use crate::onboarding::ready_to_complete;
use crate::taxonomy::{add, offer};

/// A request that changes several rows.
struct Act {
    who: Client,
    path: String,
    body: Value,
}

/// Every act takes more messages to the database.
const FEWEST: usize = 3;

const ACTS: [&str; 9] = [
    "accept a request",
    "accept a suggestion",
    "complete with meetings",
    "request",
    "add a milestone",
    "sign up",
    "send a message",
    "complete the onboarding",
    "suspend an account",
];

/// The act of that name on rows of its own.
async fn prepare(app: &App, name: &str) -> Act {
    let act = |who: &Client, path: String, body: Value| Act { who: who.clone(), path, body };
    match name {
        "accept a request" => {
            let (mentor, mentee) = (app.mentor("Ann").await, app.mentee("Bo").await);
            act(&mentor, format!("/mentorships/{}/accept", app.request(&mentor, &mentee).await), Value::Null)
        }
        "accept a suggestion" => {
            let (mentor, mentee) = (app.mentor("Ann").await, app.mentee("Bo").await);
            let path = format!("/suggestions/{}/accept", app.suggestion(&mentor, &mentee).await);
            mentor.post(&path, Value::Null).await.ok();
            act(&mentee, path, Value::Null)
        }
        "complete with meetings" => {
            let pair = app.pair().await;
            for _ in 0..2 {
                pair.mentor.post(format!("/mentorships/{}/meetings", pair.id), meeting_of(app)).await.created();
            }
            act(&pair.mentee, format!("/mentorships/{}/complete", pair.id), json!({}))
        }
        "request" => {
            let (mentor, mentee) = (app.mentor("Ann").await, app.mentee("Bo").await);
            act(&mentee, "/me/mentorships".to_owned(), json!({ "mentorId": mentor.id }))
        }
        "add a milestone" => {
            let pair = app.pair().await;
            let goal = json!({ "kind": "SHORT_TERM", "title": "Give a talk" });
            let goal = pair.mentee.post(format!("/mentorships/{}/goals", pair.id), goal).await.created();
            let milestones = format!("/goals/{}/milestones", goal["id"].as_str().unwrap());
            act(&pair.mentor, milestones, json!({ "title": "An outline" }))
        }
        "sign up" => {
            let email = format!("{}@example.org", Uuid::new_v4().simple());
            let body = json!({ "name": "Ada", "email": email, "password": "a long walk by the river" });
            act(&app.visitor(), "/auth/sign-up".to_owned(), body)
        }
        "send a message" => {
            let pair = app.pair().await;
            let body = json!({ "clientId": Uuid::new_v4(), "content": "Hello" });
            act(&pair.mentor, format!("/mentorships/{}/messages", pair.id), body)
        }
        "complete the onboarding" => {
            act(&ready_to_complete(app).await, "/me/onboarding/complete".to_owned(), json!({}))
        }
        _ => {
            let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
            act(&admin, format!("/admin/users/{}/suspend", ann.id), json!({ "note": "spam" }))
        }
    }
}

/// Whom the onboarding of a mentee leads to.
async fn suggestable_mentor(app: &App) {
    add(&app.admin().await, "skills", &["Rust"]).await;
    offer(&app.mentor("Cy").await, json!([{ "skill": "rust", "level": 5 }])).await;
}

fn meeting_of(app: &App) -> Value {
    let at = app.clock.now() + chrono::TimeDelta::days(3);
    json!({ "scheduledAt": at, "durationMinutes": 45, "timeZone": "Europe/Berlin" })
}

/// PostgreSQL only: its connection is cut before each of the messages of an act in turn, which stops it between any two
/// statements. SQLite has no connection; there a kill stands for it, below.
#[tokio::test(flavor = "multi_thread")]
async fn an_act_that_is_cut_between_two_statements_leaves_nothing() {
    if !is_postgres() {
        return;
    }
    let app = App::start().await;
    let proxy = Proxy::start().await;
    let through = proxy.url(&app.url());
    let one_connection = |config: &mut api::config::Config| {
        config.database_url = through.into();
        (config.workers, config.database_connections) = (1, 1);
    };
    let node = app.another_node_with(one_connection).await;
    suggestable_mentor(&app).await;
    for name in ACTS {
        let whole = {
            let act = prepare(&app, name).await;
            let before = dump(&app).await;
            assert!(act.who.try_post(act.path, &act.body).await.unwrap() < 300);
            difference(&before, &dump(&app).await)
        };
        assert!(whole.len() > 1, "{name} changes {whole:?}");
        let mut act = prepare(&app, name).await;
        let mut who = act.who.at(node.base().to_owned());
        warm(&who).await;
        let mut before = dump(&app).await;
        let (mut messages, mut spared) = (0, 0);
        loop {
            warm(&who).await;
            proxy.cut_after(messages);
            let status = who.try_post(&act.path, &act.body).await.unwrap();
            let was_cut = proxy.was_cut();
            let now = settled(&app).await;
            if now != before {
                let changed = difference(&before, &now);
                assert_eq!(changed, whole, "{name}, cut after {messages} messages, answers {status}");
                if messages > FEWEST {
                    break;
                }
                // The cut met the node's reader of the log instead.
                spared += 1;
                assert!(spared < 20, "{name} takes {messages} messages");
                act = prepare(&app, name).await;
                who = act.who.at(node.base().to_owned());
                warm(&who).await;
                before = dump(&app).await;
                continue;
            }
            assert!(was_cut && status == 503, "{name}, cut after {messages} messages, answers {status}");
            messages += 1;
        }
    }
}

/// A connection that was cut is replaced at the next use.
async fn warm(who: &Client) {
    while who.get("/settings").await.status != 200 || who.token().is_some() && who.get("/me").await.status != 200 {}
}

type Rows = BTreeMap<String, Vec<String>>;

/// Every row there is, by table.
async fn dump(app: &App) -> Rows {
    let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
    let mut rows = Rows::new();
    for table in strings(app, tables).await {
        let all = strings(app, &format!("SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")).await;
        rows.insert(table, all);
    }
    rows
}

/// The dump once the server has rolled back, or committed, what it was told.
async fn settled(app: &App) -> Rows {
    let busy = "SELECT pid::text FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'";
    while !strings(app, busy).await.is_empty() {}
    dump(app).await
}

async fn strings(app: &App, sql: &str) -> Vec<String> {
    let rows = app.db().query_all_raw(Statement::from_string(app.db().get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// For each table that changed, how many rows went, and how many came.
fn difference(before: &Rows, after: &Rows) -> BTreeMap<String, (usize, usize)> {
    let missing = |from: &[String], of: &[String]| of.iter().filter(|row| from.binary_search(row).is_err()).count();
    let change = |(table, old): (&String, &Vec<String>)| {
        let (mut old, mut new) = (old.clone(), after[table].clone());
        old.sort();
        new.sort();
        (table.clone(), (missing(&new, &old), missing(&old, &new)))
    };
    before.iter().map(change).filter(|(_, change)| *change != (0, 0)).collect()
}

const PAIRS: usize = 24;

/// Killed while six at once are in the middle of their acts: each mentorship is as it was before one of them, or after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_leaves_no_act_half_done() {
    let app = App::start().await;
    app.set_clock_to_now();
    let possible = possible_states(&app).await;
    for acts_before_the_kill in [3, 11, 20, 34, 47] {
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            let (mentor, mentee) = (app.mentor("Ann").await, app.mentee("Bo").await);
            pairs.push((app.request(&mentor, &mentee).await, mentor, mentee));
        }
        let process = Process::restart(&[("DATABASE_URL", &app.url())]).await;
        let (done, mut acts) = mpsc::unbounded_channel();
        let mut workers = JoinSet::new();
        for pairs in pairs.chunks(PAIRS / 6) {
            let at = |who: &Client| who.at(process.url(""));
            let pairs: Vec<_> = pairs.iter().map(|(id, mentor, mentee)| (*id, at(mentor), at(mentee))).collect();
            let (done, meeting) = (done.clone(), meeting_of(&app));
            workers.spawn(async move {
                for (id, mentor, mentee) in pairs {
                    for (who, path, body) in acts_on(id, &mentor, &mentee, &meeting) {
                        let Some(status) = who.try_post(&path, &body).await else { return };
                        if status < 300 {
                            done.send(()).ok();
                        }
                    }
                }
            });
        }
        drop(done);
        for _ in 0..acts_before_the_kill {
            acts.recv().await.expect("enough acts before the kill");
        }
        process.signal("KILL");
        process.wait();
        workers.join_all().await;
        for (id, mentor, mentee) in &pairs {
            let state = state_of(&app, *id, mentor, mentee).await;
            assert!(possible.contains(&state), "half-done: {state}");
        }
        assert_sound(&app).await;
    }
}

fn acts_on(id: Uuid, mentor: &Client, mentee: &Client, meeting: &Value) -> [(Client, String, Value); 3] {
    let path = |what: &str| format!("/mentorships/{id}/{what}");
    [
        (mentor.clone(), path("accept"), Value::Null),
        (mentor.clone(), path("meetings"), meeting.clone()),
        (mentee.clone(), path("complete"), json!({})),
    ]
}

async fn possible_states(app: &App) -> Vec<String> {
    let (mentor, mentee) = (app.mentor("Ann").await, app.mentee("Bo").await);
    let id = app.request(&mentor, &mentee).await;
    let mut states = vec![state_of(app, id, &mentor, &mentee).await];
    for (who, path, body) in acts_on(id, &mentor, &mentee, &meeting_of(app)) {
        assert!(who.post(path, body).await.status < 300);
        states.push(state_of(app, id, &mentor, &mentee).await);
    }
    states.dedup();
    assert_eq!(states.len(), 4);
    states
}

/// The mentorship, its meetings, its events and who was told, in words.
async fn state_of(app: &App, id: Uuid, mentor: &Client, mentee: &Client) -> String {
    let row = entity::mentorship::Entity::find().filter(entity::mentorship::Column::Id.eq(id)).one(app.db()).await;
    let row = row.unwrap().unwrap();
    let meetings = meeting::Entity::find().filter(meeting::Column::MentorshipId.eq(id)).all(app.db()).await.unwrap();
    let mut words = vec![row.status.to_string(), app.log_of(id).await.join(" ")];
    for meeting in meetings {
        words.extend([meeting.status.to_string(), app.log_of(meeting.id).await.join(" ")]);
    }
    for who in [mentor, mentee] {
        let told = notification::Entity::find().filter(notification::Column::UserId.eq(who.id));
        let told = told.order_by_asc(notification::Column::Id).all(app.db()).await.unwrap();
        words.extend(told.into_iter().map(|told| format!("{:?}", told.kind)));
        words.push("/".to_owned());
    }
    words.join(", ")
}
