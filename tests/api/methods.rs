//! A method that an address does not offer is 405 with `Allow`; `HEAD` is `GET` without the body.

use std::collections::BTreeSet;

use support::{App, document};

use crate::walk::{address, admitted, nobody, required_query};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn offered(path: &str) -> BTreeSet<&'static str> {
    let of_path = |method: &&str| document().operations.iter().any(|one| one.path == path && one.method == *method);
    let mut methods: BTreeSet<_> = METHODS.into_iter().filter(of_path).collect();
    methods.insert("OPTIONS");
    if methods.contains("GET") {
        methods.insert("HEAD");
    }
    methods
}

#[tokio::test]
async fn an_undeclared_method_is_refused_with_those_that_are_offered() {
    let app = App::start().await;
    let owner = app.owner().await;
    for operation in &document().operations {
        let (path, offered) = (address(operation, nobody(&app)), offered(&operation.path));
        for method in METHODS.into_iter().chain(["HEAD", "PROPFIND"]).filter(|method| !offered.contains(method)) {
            let answer = owner.call(method, &path, &[], &serde_json::Value::Null).await;
            assert_eq!(answer.status, 405, "{answer}");
            let allowed: BTreeSet<_> = answer.header("allow").unwrap_or_default().split(", ").collect();
            assert_eq!(allowed, offered, "{answer}");
        }
    }
}

#[tokio::test]
async fn options_tells_what_is_offered() {
    let app = App::start().await;
    for operation in &document().operations {
        let answer =
            app.visitor().call("OPTIONS", address(operation, nobody(&app)), &[], &serde_json::Value::Null).await;
        answer.no_content();
        let allowed: BTreeSet<_> = answer.header("allow").unwrap_or_default().split(", ").collect();
        assert_eq!(allowed, offered(&operation.path), "{answer}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let app = App::start().await;
    for operation in document().operations.iter().filter(|operation| operation.method == "GET") {
        let path = format!("{}{}", address(operation, nobody(&app)), required_query(operation));
        let client = admitted(&app, operation).await;
        let (get, head) = (client.get(&path).await, client.call("HEAD", &path, &[], &serde_json::Value::Null).await);
        assert_eq!((head.status, head.bytes()), (get.status, [].as_slice()), "{head}");
        for name in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name}\n{head}");
        }
    }
}
