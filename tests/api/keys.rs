//! The keys of every answer, by operation and role, on file: a new one is there on purpose (promise F4).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use support::Answer;

/// By operation and role; a key is there with whether it ever had a value.
type Known = BTreeMap<String, BTreeMap<String, BTreeMap<String, bool>>>;
type Flat = BTreeMap<String, BTreeMap<String, String>>;

/// What was answered in this run.
#[derive(Default)]
pub struct Keys(Known);

impl Keys {
    pub fn note(&mut self, operation: &str, role: &str, answer: &Answer) {
        // The document answers itself, an export is no JSON, and a HEAD or a 204 answers nothing.
        let is_export = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"));
        if operation == "openapi_document" || is_export || answer.bytes().is_empty() {
            return;
        }
        let found = self.0.entry(operation.to_owned()).or_default().entry(role.to_owned()).or_default();
        collect(&answer.json(), "", found);
    }

    pub fn merge(&mut self, more: Self) {
        for (operation, roles) in more.0 {
            let known = self.0.entry(operation).or_default();
            for (role, keys) in roles {
                let known = known.entry(role).or_default();
                keys.into_iter().for_each(|(key, filled)| *known.entry(key).or_default() |= filled);
            }
        }
    }

    /// Fails where they are not those of `keys.json`; `UPDATE_KEYS=1` writes them there instead.
    pub fn compare(self) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/keys.json");
        let text = serde_json::to_string_pretty(&self.flat()).unwrap() + "\n";
        if std::env::var_os("UPDATE_KEYS").is_some() {
            std::fs::write(file, text).unwrap();
            return;
        }
        let known: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(include_str!("keys.json")).unwrap();
        let differences: Vec<_> = differences(&known, &self.flat());
        assert!(
            differences.is_empty(),
            "answers have other keys than tests/api/keys.json says; where that is meant, run this with UPDATE_KEYS=1\n{}",
            differences.join("\n")
        );
    }

    /// A line for each role, so that a difference reads well; `?` marks what was null in every answer about one thing.
    fn flat(&self) -> Flat {
        let word = |(key, filled): (&String, &bool)| if *filled { key.clone() } else { format!("{key}?") };
        let line = |(role, keys): (&String, &BTreeMap<String, bool>)| {
            (role.clone(), keys.iter().map(word).collect::<Vec<_>>().join(" "))
        };
        self.0.iter().map(|(operation, roles)| (operation.clone(), roles.iter().map(line).collect())).collect()
    }
}

fn differences(known: &Flat, found: &Flat) -> Vec<String> {
    let operations: BTreeSet<_> = known.keys().chain(found.keys()).collect();
    let differ = operations.into_iter().filter(|one| known.get(*one) != found.get(*one));
    differ.map(|one| format!("{one}\n  on file: {:?}\n  answered: {:?}", known.get(one), found.get(one))).collect()
}

/// What entries of the log tell, each kind other things: `audit.rs` holds them to that. Which are the newest depends on what else
/// goes on.
const OF_EVENTS: [&str; 3] = ["items.before", "items.after", "items.details"];

fn collect(value: &Value, at: &str, keys: &mut BTreeMap<String, bool>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let key = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                // What a list holds depends on what else goes on.
                let listed = key.starts_with("items") || key == "nextCursor";
                *keys.entry(key.clone()).or_default() |= listed || !inner.is_null();
                if !OF_EVENTS.contains(&key.as_str()) {
                    collect(inner, &key, keys);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, at, keys)),
        _ => {}
    }
}
