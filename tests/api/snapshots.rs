//! What was fetched once and then followed by events is what is fetched anew, for every kind of event (promise I6).

mod plays;
mod state;

use std::collections::BTreeSet;
use std::sync::Arc;

use api::events::{Kind, is_live};
use serde_json::Value;
use support::{App, Client, Providers, Stream, document};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cell::Cell;
use crate::matrix::message_of;
use plays::{Act, prepare};
use state::Shown;

/// Rows that are played at once.
const AT_ONCE: usize = 4;

struct Row {
    kind: String,
    call: Option<String>,
    play: Option<String>,
    body: Option<Value>,
}

fn rows() -> Vec<Row> {
    let file: Value = toml::from_str(include_str!("snapshots.toml")).unwrap();
    let streams = file.as_object().unwrap().iter();
    let rows = streams.flat_map(|(stream, rows)| rows.as_object().unwrap().iter().map(move |row| (stream, row)));
    rows.map(|(stream, (word, row))| Row {
        kind: format!("{stream}.{word}"),
        call: row["call"].as_str().map(str::to_owned),
        play: row["play"].as_str().map(str::to_owned),
        body: row.get("body").cloned(),
    })
    .collect()
}

impl Row {
    async fn prepare(&self, app: &App) -> Act {
        let Some(call) = &self.call else { return prepare(app, self.play.as_ref().unwrap()).await };
        let (what, persona) = call.split_once(" by ").unwrap();
        let (id, on) = what.split_once(" on ").map_or((what, None), |(id, on)| (id, Some(on)));
        let operation = document().operations.iter().find(|one| one.id == id);
        let operation =
            operation.unwrap_or_else(|| panic!("snapshots.toml names {id}, which the document does not have"));
        let cell = Cell::new(app, operation, on, persona, persona).await;
        Act::call(match &self.body {
            Some(body) => cell.with_body(body.clone()),
            None => cell,
        })
    }

    /// Plays it; what is shown wrongly afterwards.
    async fn play(self) -> Vec<String> {
        let app = App::start_with(|config| Providers::shared().configure(config)).await;
        let act = self.prepare(&app).await;
        let mut watchers = Vec::new();
        for who in &act.people {
            watchers.extend(Watcher::start(who, &act.people).await);
        }
        act.perform(&app).await;
        let (mut heard, mut faults) = (BTreeSet::new(), Vec::new());
        for mut watcher in watchers {
            if !watcher.is_admitted().await {
                continue;
            }
            heard.extend(watcher.catch_up().await);
            let fresh = watcher.shown.again().await;
            let differences = watcher.shown.differences(&fresh);
            faults
                .extend(differences.into_iter().map(|one| format!("{}: {} shows {one}", self.kind, watcher.who.name)));
        }
        if !heard.contains(&self.kind) {
            faults.push(format!("{}: nobody heard it; they heard {heard:?}", self.kind));
        }
        faults
    }
}

/// A client that fetched once and listens since.
struct Watcher {
    who: Client,
    stream: Stream,
    shown: Shown,
}

impl Watcher {
    /// None where `who` is not admitted.
    async fn start(who: &Client, accounts: &[Client]) -> Option<Self> {
        if who.get("/me").await.status != 200 {
            return None;
        }
        let mut stream = who.stream(None).await;
        stream.expect("ready").await;
        let mut watcher = Self { who: who.clone(), stream, shown: Shown::fetch(who, accounts).await };
        // What comes from now on is of the act.
        watcher.catch_up().await;
        Some(watcher)
    }

    async fn is_admitted(&self) -> bool {
        self.who.get("/me").await.status == 200
    }

    /// Applies all that has happened up to now; the kinds of it.
    async fn catch_up(&mut self) -> BTreeSet<String> {
        let last = self.who.post("/me/issues", crate::stage::report()).await.created()["id"].clone();
        let mut heard = BTreeSet::new();
        loop {
            let event = self.stream.heard().await;
            self.shown.apply(&event).await;
            if event.data["subjectId"] == last {
                return heard;
            }
            heard.insert(event.kind);
        }
    }
}

#[test]
fn every_live_kind_is_made_to_happen() {
    let known: BTreeSet<_> = rows().into_iter().map(|row| row.kind).collect();
    let live = Kind::ALL.iter().filter(|kind| is_live(**kind)).map(|kind| kind.word().to_owned());
    assert_eq!(known, live.collect());
}

#[tokio::test]
async fn an_old_snapshot_and_what_was_told_since_are_a_new_snapshot() {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for row in rows() {
        let places = Arc::clone(&places);
        running.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            row.play().await
        });
    }
    let mut faults = Vec::new();
    while let Some(played) = running.join_next().await {
        match played {
            Ok(found) => faults.extend(found),
            Err(error) => faults.push(message_of(error)),
        }
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n\n"));
}
