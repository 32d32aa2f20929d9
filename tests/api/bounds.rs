//! Each bound that the document tells is kept: one more, one less, another type, an unknown field at any depth is 422 at its place.

use serde_json::{Value, json};
use support::{App, Client, Operation, document};
use uuid::Uuid;

use crate::sample::{Bad, faults, is, plain, put, sample};
use crate::walk::{address, admitted, empty_body, nobody, required_query, takes_json};

const OUTSIDE: [&str; 6] = ["too_long", "too_short", "too_large", "too_small", "too_many_items", "too_few_items"];

/// The redirect URI: providers add parameters of their own, and what they send is no input of a client.
const OPEN: &str = "finish_oauth";

/// One who is admitted and an address; input is checked before rows are looked for, so none is needed.
struct Probe<'a> {
    operation: &'a Operation,
    client: Client,
    address: String,
}

impl<'a> Probe<'a> {
    async fn new(app: &App, operation: &'a Operation) -> Self {
        let address = address(operation, nobody(app));
        Self { operation, client: admitted(app, operation).await, address }
    }

    /// Sends it; what is wrong with the answer.
    async fn demand_fault(&self, path: &str, body: &Value, pointer: &str, what: &str) -> Option<String> {
        let answer = self.client.call(&self.operation.method, path, &[], body).await;
        let problem = answer.json();
        let named = problem["errors"].as_array().is_some_and(|all| all.iter().any(|one| one["pointer"] == pointer));
        let refused = answer.status == 422 && problem["code"] == "invalid_input" && named;
        (!refused).then(|| format!("{}: {what} at {pointer:?} is not refused there\n{answer}", self.operation.id))
    }

    /// Sends what lies on a bound: whatever else is wrong with it, it is within.
    async fn demand_within(&self, path: &str, body: &Value, pointer: &str) -> Option<String> {
        let answer = self.client.call(&self.operation.method, path, &[], body).await;
        let problem = if answer.status == 422 { answer.json() } else { Value::Null };
        let mut of_place = problem["errors"].as_array().into_iter().flatten().filter(|one| one["pointer"] == pointer);
        let outside = of_place.any(|one| one["code"].as_str().is_some_and(|code| OUTSIDE.contains(&code)));
        outside.then(|| format!("{}: the bound at {pointer:?} is tighter than it says\n{answer}", self.operation.id))
    }
}

fn report(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} bounds are not kept\n\n{}", faults.len(), faults.join("\n\n"));
}

#[tokio::test]
async fn each_bound_of_a_body_is_kept() {
    let app = App::start().await;
    let mut found = Vec::new();
    for operation in document().operations.iter().filter(|one| takes_json(one)) {
        let schema = &operation.json["requestBody"]["content"]["application/json"]["schema"];
        let whole = sample(schema, &Value::Null);
        let probe = Probe::new(&app, operation).await;
        let path = format!("{}{}", probe.address, required_query(operation));
        for Bad { at, value, fault, what, edge } in faults(schema, "", &whole) {
            found.extend(probe.demand_fault(&path, &put(&whole, &at, value), &fault, &what).await);
            if let Some(edge) = edge {
                found.extend(probe.demand_within(&path, &put(&whole, &at, edge), &fault).await);
            }
        }
    }
    report(found);
}

#[tokio::test]
async fn each_bound_of_a_query_is_kept() {
    let app = App::start().await;
    let mut found = Vec::new();
    for operation in document().operations.iter().filter(|one| one.id != OPEN) {
        let parameters = operation.json["parameters"].as_array().into_iter().flatten();
        let of_query: Vec<_> = parameters.filter(|one| one["in"] == "query").collect();
        let probe = Probe::new(&app, operation).await;
        let mut tried = vec![("noSuchParameter".to_owned(), "1".to_owned(), "an unknown parameter".to_owned())];
        for parameter in of_query {
            tried.extend(bad_texts(parameter["name"].as_str().unwrap(), &parameter["schema"]));
        }
        for (name, text, what) in tried {
            let path = format!("{}?{name}={text}", probe.address);
            found.extend(probe.demand_fault(&path, &empty_body(operation), &format!("/{name}"), &what).await);
        }
    }
    report(found);
}

/// What is wrong for a parameter and can be written in a query: there all is text, so an object is only another word.
fn bad_texts(name: &str, schema: &Value) -> Vec<(String, String, String)> {
    let is_text = is(plain(schema), "string");
    let bad = faults(schema, "", &sample(schema, &Value::Null)).into_iter().filter(|bad| bad.at.is_empty());
    let written = bad.filter(|bad| !(is_text && bad.value.is_object()));
    written.map(|bad| (name.to_owned(), text_of(&bad.value), bad.what)).collect()
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace('~', "%7E"))
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let app = App::start().await;
    for operation in &document().operations {
        let paged = operation.json["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "limit");
        if paged {
            let probe = Probe::new(&app, operation).await;
            let path = format!("{}?limit=5&limit=6", probe.address);
            assert_eq!(probe.demand_fault(&path, &Value::Null, "/limit", "the same name twice").await, None);
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let app = App::start().await;
    for operation in document().operations.iter().filter(|one| takes_json(one)) {
        let Probe { client, address, .. } = Probe::new(&app, operation).await;
        let send = async |kind: &str, text: &str| client.call_raw(&operation.method, &address, kind, text.into()).await;
        send("application/json", "").await.refused(400, "malformed_request");
        send("application/json", "{\"a\": 1").await.refused(400, "malformed_request");
        send("text/plain", "{}").await.refused(415, "unsupported_media_type");
        send("application/x-www-form-urlencoded", "a=1").await.refused(415, "unsupported_media_type");
        send("application/json", "[]").await.invalid("");
        send("application/json", "{\"noSuchField\": 1, \"noSuchField\": 1}").await.refused(422, "invalid_input");
        let deep = format!("{{\"noSuchField\": {}1{}}}", "[".repeat(64), "]".repeat(64));
        send("application/json", &deep).await.refused(422, "invalid_input");
        send("application/json", &json!({ "text": "a".repeat(300_000) }).to_string())
            .await
            .refused(413, "payload_too_large");
    }
}

#[tokio::test]
async fn a_word_that_is_no_id_names_nothing() {
    let app = App::start().await;
    for operation in document().operations.iter().filter(|one| one.path.contains("{id}")) {
        let client = admitted(&app, operation).await;
        let path = address(operation, Uuid::nil()).replace(&Uuid::nil().to_string(), "no-id");
        client.call(&operation.method, path, &[], &empty_body(operation)).await.refused(404, "not_found");
    }
}
