//! Section E of the promises, from `matrix.toml`: every operation for every persona, and that the hidden looks like nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::config::EmailVerification;
use serde_json::Value;
use support::{Answer, App, Operation, Providers, document};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};

use crate::cell::Cell;
use crate::keys::Keys;

/// The persona that may do it, for the columns that take their right away: the first of these that is let in.
const ENTITLED: [&str; 6] = ["self", "mee", "mor", "adm", "own", "str"];

/// Rows that are played at once.
const AT_ONCE: usize = 6;

struct Row {
    operation: &'static Operation,
    on: Option<String>,
    cells: Vec<(String, String)>,
}

fn rows() -> Vec<Row> {
    let file: BTreeMap<String, Value> = toml::from_str(include_str!("matrix.toml")).unwrap();
    let columns: Vec<_> = file["columns"].as_str().unwrap().split_whitespace().map(str::to_owned).collect();
    let tables = file.values().filter_map(Value::as_object).flatten();
    tables.map(|(call, cells)| row(call, cells.as_str().unwrap(), &columns)).collect()
}

fn row(call: &str, cells: &str, columns: &[String]) -> Row {
    let (id, on) = call.split_once(" on ").map_or((call, None), |(id, on)| (id, Some(on.to_owned())));
    let operation = document().operations.iter().find(|one| one.id == id);
    let operation = operation.unwrap_or_else(|| panic!("matrix.toml names {id}, which the document does not have"));
    let cells: Vec<_> = cells.split_whitespace().map(str::to_owned).collect();
    assert_eq!(cells.len(), columns.len(), "the cells of {call:?}");
    Row { operation, on, cells: columns.iter().cloned().zip(cells).collect() }
}

impl Row {
    fn entitled(&self) -> &str {
        let admits = |persona: &str| self.cells.iter().any(|(column, cell)| column == persona && cell.starts_with('2'));
        ENTITLED.into_iter().find(|persona| admits(persona)).unwrap_or("str")
    }

    fn name(&self) -> String {
        self.on.as_ref().map_or_else(|| self.operation.id.clone(), |on| format!("{} on {on}", self.operation.id))
    }

    async fn play(self, app: Arc<App>) -> (Vec<String>, Keys) {
        let (app, mut faults, mut keys) = (app.as_ref(), Vec::new(), Keys::default());
        for (persona, expected) in self.cells.iter().filter(|(_, expected)| expected != "-") {
            let cell = Cell::new(app, self.operation, self.on.as_deref(), persona, self.entitled()).await;
            let answer = cell.send().await;
            if answer.status.to_string() != *expected {
                faults.push(format!("{} for {persona} is not {expected}\n{answer}", self.name()));
            } else if answer.status == 404 && cell.is_of_one() {
                let nothing = cell.send_to_nothing(app).await;
                let differs = anonymous(&answer) != anonymous(&nothing);
                faults.extend(
                    differs.then(|| format!("{} tells {persona} that it is there\n{answer}\n{nothing}", self.name())),
                );
            } else if answer.status < 300 {
                keys.note(&self.operation.id, cell.role(persona), &answer);
            }
        }
        (faults, keys)
    }
}

/// The bytes of a refusal without the id of its request.
pub fn anonymous(answer: &Answer) -> String {
    let id = answer.header("x-request-id").unwrap();
    String::from_utf8_lossy(answer.bytes()).replace(id, "")
}

/// What a row that panicked said.
pub fn message_of(error: JoinError) -> String {
    let panic = error.into_panic();
    panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a row panicked, see above".to_owned())
}

#[test]
fn every_operation_is_in_the_matrix() {
    let there: BTreeSet<_> = rows().iter().map(|row| row.operation.id.as_str()).collect();
    let missing: Vec<_> =
        document().operations.iter().map(|one| one.id.as_str()).filter(|id| !there.contains(id)).collect();
    assert!(missing.is_empty(), "matrix.toml lacks {missing:?}");
}

#[tokio::test]
async fn every_cell_is_as_the_matrix_says_and_answers_have_the_keys_on_file() {
    let app = App::seeded_with(|config| {
        config.email_verification = EmailVerification::Required;
        Providers::shared().configure(config);
        crate::push::configure(config);
        crate::phone_numbers::configure(config, "http://127.0.0.1:9");
    })
    .await;
    let (app, places) = (Arc::new(app), Arc::new(Semaphore::new(AT_ONCE)));
    let mut running = JoinSet::new();
    for row in rows() {
        let (app, places) = (Arc::clone(&app), Arc::clone(&places));
        running.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            row.play(app).await
        });
    }
    let (mut faults, mut keys) = (Vec::new(), Keys::default());
    while let Some(played) = running.join_next().await {
        match played {
            Ok((found, noted)) => {
                faults.extend(found);
                keys.merge(noted);
            }
            Err(error) => faults.push(message_of(error)),
        }
    }
    assert!(faults.is_empty(), "{} cells are wrong\n\n{}", faults.len(), faults.join("\n\n"));
    keys.compare();
}
