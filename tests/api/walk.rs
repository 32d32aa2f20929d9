//! What the walks over the document share: addresses of operations, and requests that need no row.

use serde_json::{Value, json};
use support::{App, Client, Operation, document};
use uuid::Uuid;

/// What is sent a form instead of JSON, since mail programs do so (RFC 8058).
const FORMS: [&str; 1] = ["unsubscribe"];

pub fn takes_json(operation: &Operation) -> bool {
    operation.json.get("requestBody").is_some() && !FORMS.contains(&operation.id.as_str())
}

/// An id that no row has.
pub fn nobody(app: &App) -> Uuid {
    app.state.new_id()
}

/// The address of `operation` on the row `id`; a word that is no id names nothing.
pub fn address(operation: &Operation, id: Uuid) -> String {
    let mut path = operation.path.clone();
    for parameter in operation.json["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "path" {
            let name = parameter["name"].as_str().unwrap();
            path = path.replace(&format!("{{{name}}}"), &word(&parameter["schema"], id));
        }
    }
    path
}

fn word(schema: &Value, id: Uuid) -> String {
    let schema = document().resolve(schema);
    match (&schema["enum"][0], schema["format"].as_str()) {
        (Value::String(one), _) => one.clone(),
        (_, Some("uuid")) => id.to_string(),
        _ if schema["type"] == "integer" => "1".to_owned(),
        _ => "no-such-thing".to_owned(),
    }
}

/// The query that `operation` cannot do without.
pub fn required_query(operation: &Operation) -> String {
    let parameters = operation.json["parameters"].as_array().into_iter().flatten();
    let required = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
    let pairs: Vec<_> =
        required.map(|one| format!("{}={}", one["name"].as_str().unwrap(), plain(&one["example"]))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Somebody whom `operation` admits.
pub async fn admitted(app: &App, operation: &Operation) -> Client {
    match operation.role.as_deref() {
        None => app.visitor(),
        Some("registered" | "member") => app.member("Mina Member").await,
        Some("admin") => app.admin().await,
        Some("owner") => app.owner().await,
        Some(other) => panic!("the role {other:?} of {} is unknown", operation.id),
    }
}

/// The least that `operation` reads as a body: an empty object where it takes one.
pub fn empty_body(operation: &Operation) -> Value {
    if operation.json.get("requestBody").is_some() { json!({}) } else { Value::Null }
}
