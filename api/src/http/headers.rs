//! The headers of answers, for the document.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::path::Operation;
use utoipa::openapi::{Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, Type};

/// What nearly every answer carries, described once.
const SHARED: [(&str, &str, usize); 3] = [
    ("X-Request-Id", "The id of this request, as in logs and problem documents.", 64),
    ("RateLimit-Policy", "The quota: `q` requests in `w` seconds.", 100),
    ("RateLimit", "What is left: `r` requests; all of the quota again in `t` seconds.", 100),
];

/// The headers that answers refer to.
pub fn shared() -> BTreeMap<String, RefOr<Header>> {
    SHARED.map(|(name, description, max_length)| (name.to_owned(), header(description, max_length).into())).into()
}

/// Documents what is sent with each answer of `operation`; bodies named in `versioned` come with their version.
pub fn apply(operation: &mut Operation, versioned: &BTreeSet<String>) {
    let parameters = operation.parameters.iter().flatten();
    let takes = |name: &str| parameters.clone().any(|one| matches!(one, RefOr::T(one) if one.name == name));
    let is_counted = operation.responses.responses.contains_key("429");
    let (takes_key, is_cached) = (takes("Idempotency-Key"), takes("If-None-Match"));
    for (status, response) in &mut operation.responses.responses {
        let has_version = body_of(response).is_some_and(|name| versioned.contains(&name));
        let RefOr::T(response) = response else { continue };
        for (name, _, _) in if is_counted { &SHARED[..] } else { &SHARED[..1] } {
            let shared = Ref::new(format!("#/components/headers/{name}"));
            response.headers.insert((*name).to_owned(), RefOr::Ref(shared));
        }
        if has_version || (is_cached && status == "304") {
            add(response, "ETag", "The version, for `If-Match` and `If-None-Match`.", 40);
        }
        if takes_key && status.starts_with('2') {
            add(response, "Idempotency-Replayed", "`true` if this is the response to an earlier request.", 4);
        }
        match status.as_str() {
            "302" => add(response, "Location", "Where to go next.", 4000),
            "201" => add(response, "Location", "URL of the created resource.", 300),
            "202" if takes_key => add(response, "Location", "URL of the created resource.", 300),
            "401" => add(response, "WWW-Authenticate", "How to authenticate (RFC 6750, RFC 9470).", 100),
            "409" if takes_key => add(response, "Retry-After", "Seconds to wait, with `idempotency_in_flight`.", 10),
            "429" | "503" => add(response, "Retry-After", "Seconds to wait.", 10),
            _ => {}
        }
    }
}

/// The name of the schema of a JSON answer.
pub fn body_of(response: &RefOr<Response>) -> Option<String> {
    let RefOr::T(response) = response else { return None };
    let content = serde_json::to_value(response.content.get("application/json")?).ok()?;
    Some(content["schema"]["$ref"].as_str()?.rsplit_once('/')?.1.to_owned())
}

fn add(response: &mut Response, name: &str, description: &str, max_length: usize) {
    response.headers.insert(name.to_owned(), header(description, max_length).into());
}

fn header(description: &str, max_length: usize) -> Header {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(max_length)).build();
    HeaderBuilder::new().schema(Some(text)).description(Some(description)).build()
}
