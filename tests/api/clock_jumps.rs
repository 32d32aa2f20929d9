//! The wall clock jumps under the real program, ids and all: no list changes its order (promise N8). In `time` the clock of
//! the tests jumps, which ids are not made from.

use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{App, Client, Pair, Process};
use uuid::Uuid;

/// Debian's libfaketime, which `scripts/test.sh` installs.
const LIBRARIES: [&str; 3] = ["x86_64-linux-gnu", "aarch64-linux-gnu", "faketime"];

fn library() -> Option<PathBuf> {
    let place = |folder| PathBuf::from("/usr/lib").join(folder).join("faketime/libfaketimeMT.so.1");
    LIBRARIES.into_iter().map(place).find(|file| file.exists())
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_keep_their_order_while_the_clock_jumps() {
    let Some(library) = library() else {
        assert!(std::env::var("CI").is_err(), "libfaketime is missing; scripts/test.sh installs it");
        eprintln!("skipped: libfaketime is missing, so nothing moves the clock of the program");
        return;
    };
    let app = App::start().await;
    app.set_clock_to_now();
    let pair = app.pair().await;
    let jump = std::env::temp_dir().join(format!("mentorship-jump-{}", Uuid::new_v4()));
    fs::write(&jump, "+0").unwrap();
    let variables = [
        ("DATABASE_URL", app.url()),
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", jump.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    let process = Process::serve(&variables.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let node = Pair { id: pair.id, mentor: pair.mentor.at(process.url("")), mentee: pair.mentee.at(process.url("")) };

    let days = TimeDelta::days;
    let mut made = Vec::new();
    let mut stands = TimeDelta::zero();
    for by in [TimeDelta::zero(), TimeDelta::minutes(15), days(40), days(-1), days(-40), days(1)] {
        stands += by;
        app.clock.advance(by);
        fs::write(&jump, format!("{:+}", stands.num_seconds())).unwrap();
        for _ in 0..3 {
            made.push(make(&node, made.len()).await);
        }
    }
    fs::remove_file(&jump).unwrap();
    let told: Vec<_> = made.iter().map(|made| made.told.clone()).rev().collect();
    assert_eq!(ids(&node.mentor.all("/notifications?limit=5").await, "subjectId"), told);
    let listed = async |what| ids(&node.mentee.all(format!("/mentorships/{}/{what}?limit=5", pair.id)).await, "id");
    assert_eq!(listed("goals").await, made.iter().map(|made| made.goal.clone()).collect::<Vec<_>>());
    assert_eq!(listed("notes").await, made.iter().map(|made| made.note.clone()).collect::<Vec<_>>());
    let seqs: Vec<_> = node.mentor.all(format!("/mentorships/{}/messages?order=ASC", pair.id)).await;
    assert!(seqs.iter().map(|one| one["seq"].as_i64().unwrap()).eq(1..=made.len() as i64));
}

/// The ids of what was made at one moment.
struct Made {
    goal: String,
    note: String,
    told: String,
}

async fn make(pair: &Pair, number: usize) -> Made {
    let post = async |who: &Client, what: &str, body: Value| {
        let made = who.post(format!("/mentorships/{}/{what}", pair.id), body).await.created();
        made["id"].as_str().unwrap().to_owned()
    };
    let goal = json!({ "kind": "SHORT_TERM", "title": format!("Goal {number}") });
    let goal = post(&pair.mentee, "goals", goal).await;
    let note = json!({ "text": format!("Note {number}"), "visibility": "PRIVATE" });
    let note = post(&pair.mentee, "notes", note).await;
    post(&pair.mentor, "messages", json!({ "clientId": Uuid::new_v4(), "content": "Hello" })).await;
    Made { told: goal.clone(), goal, note }
}

fn ids(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
