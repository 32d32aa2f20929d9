//! Each documented example is true: on a freshly seeded database, by the member it names, it succeeds.

use entity::user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use support::{App, Client, Operation, document};

/// What cannot be shown once for all.
const EXCEPTIONS: [(&str, &str); 1] = [("refresh", "a refresh token is good once: nobody else's can be documented")];

#[actix_web::test]
async fn each_example_of_a_read_works() {
    let app = App::seeded().await;
    let mut faults = Vec::new();
    for operation in document().operations.iter().filter(|operation| operation.method == "GET") {
        faults.extend(try_example(&app, operation).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[actix_web::test]
async fn each_example_of_a_write_works() {
    let mut faults = Vec::new();
    for operation in document().operations.iter().filter(|operation| operation.method != "GET") {
        if EXCEPTIONS.iter().all(|(id, _)| *id != operation.id) {
            faults.extend(try_example(&App::seeded().await, operation).await);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn exceptions_exist() {
    for (id, _) in EXCEPTIONS {
        assert!(document().operations.iter().any(|operation| operation.id == id), "{id}");
    }
}

async fn try_example(app: &App, operation: &Operation) -> Option<String> {
    let client = example_client(app, operation).await;
    let path = example_path(operation);
    let body = example_body(operation);
    let version = if demands_version(operation) { Some(client.get(&path).await.etag()) } else { None };
    let headers: Vec<_> = version.iter().map(|version| ("If-Match", version.as_str())).collect();
    let answer = client.call(&operation.method, path, &headers, &body).await;
    (!(200..300).contains(&answer.status)).then(|| format!("{}: {answer}", operation.id))
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
    let is_change = ["PATCH", "DELETE"].contains(&operation.method.as_str());
    let parameters = operation.json["parameters"].as_array();
    is_change && parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "If-Match"))
}
