//! Each documented example is true: on a freshly seeded database, by the member it names, it succeeds and is answered so.

use std::collections::BTreeMap;
use std::path::Path;

use api::config::Config;
use entity::user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use support::{Answer, App, Client, Operation, document};

/// What cannot be shown once for all.
const EXCEPTIONS: [(&str, &str); 40] = [
    ("refresh", ONCE),
    ("refresh_by_cookie", ONCE),
    ("sign_out_by_cookie", "it needs a page of an allowed origin"),
    ("verify_email", ONCE),
    ("sign_in_by_link", ONCE),
    ("reset_password", ONCE),
    ("confirm_email", ONCE),
    ("undo_email_change", ONCE),
    ("accept_invitation", ONCE),
    ("confirm_second_factor", "its code is one of the moment"),
    ("renew_recovery_codes", "nobody has a second factor in the demonstration data"),
    ("finish_oauth", "it needs a sign-in that is under way in a browser"),
    ("exchange_oauth_code", ONCE),
    ("link_account", ONCE),
    ("unlink_account", "in the demonstration data everybody has one way of signing in, the last"),
    ("get_pair_ban", "nobody is kept apart in the demonstration data"),
    ("lift_pair_ban", "nobody is kept apart in the demonstration data"),
    ("edit_message", "a message can be edited for a quarter of an hour"),
    ("get_invitation", "nobody is invited in the demonstration data"),
    ("revoke_invitation", "nobody is invited in the demonstration data"),
    ("get_match_run", NO_RUN),
    ("edit_match_run", NO_RUN),
    ("publish_match_run", NO_RUN),
    ("cancel_match_run", NO_RUN),
    ("list_match_run_pairs", NO_RUN),
    ("export_match_run_pairs", NO_RUN),
    ("list_unmatched", NO_RUN),
    ("get_match_run_insights", NO_RUN),
    ("get_match_run_fairness", NO_RUN),
    ("get_match_run_certificate", NO_RUN),
    ("compare_match_runs", NO_RUN),
    ("open_socket", "it goes on as a WebSocket"),
    ("replace_phone_number", NO_CHANNEL),
    ("verify_phone_number", NO_CHANNEL),
    ("subscribe_push", NO_CHANNEL),
    ("get_push_subscription", NO_CHANNEL),
    ("unsubscribe_push", NO_CHANNEL),
    ("show_unsubscribe", "its token is in a mail"),
    ("unsubscribe", "its token is in a mail"),
    ("get_matching_report", "no week is over in the demonstration data"),
];

const NO_RUN: &str = "no cohort was matched in the demonstration data";
const NO_CHANNEL: &str = "the server of the examples sends neither text nor push messages";
const ONCE: &str = "its token is good once: nobody else's can be documented";

#[actix_web::test]
async fn each_example_of_a_read_works() {
    let app = App::seeded_with(prepare).await;
    let mut answers = Answers::default();
    for operation in document().operations.iter().filter(|operation| operation.method == "GET") {
        if !is_exception(operation) {
            answers.note(operation, &try_example(&app, operation).await);
        }
    }
    answers.compare("reads.json", |id, answer| {
        if ["list_sessions", "list_accesses", "get_matching_index", "get_event_cursor"].contains(&id) {
            form_of(answer)
        } else {
            answer.clone()
        }
    });
}

#[actix_web::test]
async fn each_example_of_a_write_works() {
    let mut answers = Answers::default();
    for operation in document().operations.iter().filter(|operation| operation.method != "GET") {
        if !is_exception(operation) {
            answers.note(operation, &try_example(&App::seeded().await, operation).await);
        }
    }
    answers.compare("writes.json", |_, answer| form_of(answer));
}

/// The provider of the examples (they do not go there), and lists that stay as short as they are.
fn prepare(config: &mut Config) {
    config.refill_lists = false;
    config.providers.github_client_id = "mentorship".to_owned();
    config.providers.github_client_secret = "a secret".into();
}

fn is_exception(operation: &Operation) -> bool {
    EXCEPTIONS.iter().any(|(id, _)| *id == operation.id)
}

#[test]
fn exceptions_exist() {
    for (id, _) in EXCEPTIONS {
        assert!(document().operations.iter().any(|operation| operation.id == id), "{id}");
    }
}

/// What the examples were answered, as the document shows it.
#[derive(Default)]
struct Answers {
    shown: BTreeMap<String, Value>,
    faults: Vec<String>,
}

impl Answers {
    fn note(&mut self, operation: &Operation, answer: &Answer) {
        if !(200..400).contains(&answer.status) {
            self.faults.push(format!("{}: {answer}", operation.id));
        } else if answer.header("content-type") == Some("application/json") && operation.id != "openapi_document" {
            self.shown.insert(operation.id.clone(), shorten(answer.json()));
        }
    }

    /// Fails where an example does not work, or is answered otherwise than `file` says, of which `compared` is what counts;
    /// `UPDATE_EXAMPLES=1` writes the answers there instead.
    fn compare(self, file: &str, compared: fn(&str, &Value) -> Value) {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n\n"));
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src/examples").join(file);
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            return std::fs::write(file, serde_json::to_string_pretty(&self.shown).unwrap() + "\n").unwrap();
        }
        let known: BTreeMap<String, Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert!(known.keys().eq(self.shown.keys()), "other operations are on file: run this with UPDATE_EXAMPLES=1");
        for (id, answer) in &self.shown {
            let told = "the document shows another answer; where that is meant, run this with UPDATE_EXAMPLES=1";
            assert_eq!(compared(id, &known[id]), compared(id, answer), "{id}: {told}");
        }
    }
}

/// The same with two items of each list at most, and without what is secret or signed. Lists of numbers are tables, good as a
/// whole only.
fn shorten(answer: Value) -> Value {
    match answer {
        Value::Array(items) if items.iter().all(Value::is_number) => Value::Array(items),
        Value::Array(items) => items.into_iter().take(2).map(shorten).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name.clone(), hide(&name, value))).collect(),
        other => other,
    }
}

fn hide(name: &str, value: Value) -> Value {
    match (name, value) {
        ("accessToken", _) => "<access token>".into(),
        ("deviceToken", Value::String(_)) => "<device token>".into(),
        ("refreshToken", _) => "<refresh token>".into(),
        ("secret", _) => "<secret>".into(),
        ("uri", _) => "otpauth://totp/<programme>:<e-mail>?secret=<secret>&issuer=<programme>".into(),
        ("nextCursor", Value::String(_)) => "<cursor>".into(),
        (_, value) => shorten(value),
    }
}

/// The names and the types alone: what is made has new ids.
fn form_of(answer: &Value) -> Value {
    match answer {
        Value::Array(items) => items.iter().map(form_of).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), form_of(value))).collect(),
        Value::String(_) => "".into(),
        Value::Number(_) => 0.into(),
        other => other.clone(),
    }
}

async fn try_example(app: &App, operation: &Operation) -> Answer {
    let client = example_client(app, operation).await;
    let path = example_path(operation);
    let body = example_body(operation);
    let version = if demands_version(operation) { Some(client.get(&path).await.etag()) } else { None };
    let headers: Vec<_> = version.iter().map(|version| ("If-Match", version.as_str())).collect();
    client.call(&operation.method, path, &headers, &body).await
}

async fn example_client(app: &App, operation: &Operation) -> Client {
    let Some(email) = operation.json["x-example-by"].as_str() else {
        assert!(operation.is_public(), "{}: whose example is it?", operation.id);
        return app.visitor();
    };
    let found = user::Entity::find().filter(user::Column::Email.eq(email)).one(app.db()).await.unwrap();
    app.sign_in(&found.unwrap_or_else(|| panic!("{}: {email} is not seeded", operation.id))).await
}

fn example_path(operation: &Operation) -> String {
    let (mut path, mut query) = (operation.path.clone(), Vec::new());
    for parameter in operation.json["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let value = match &parameter["example"] {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &value),
            Some("query") => query.push(format!("{name}={value}")),
            _ => {}
        }
    }
    assert!(!path.contains('{'), "{}: no example for {path}", operation.id);
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

/// The whole example, or the examples of the properties.
fn example_body(operation: &Operation) -> Value {
    let content = &operation.json["requestBody"]["content"]["application/json"];
    if content.is_null() {
        return Value::Null;
    }
    let schema = document().resolve(&content["schema"]);
    let example = [&content["example"], &schema["example"]].into_iter().find(|example| !example.is_null());
    example.unwrap_or_else(|| panic!("{}: its body has no example", operation.id)).clone()
}

fn demands_version(operation: &Operation) -> bool {
    let is_change = ["PATCH", "PUT", "DELETE"].contains(&operation.method.as_str());
    let parameters = operation.json["parameters"].as_array();
    is_change && parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"))
}
