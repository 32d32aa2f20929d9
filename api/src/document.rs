//! The OpenAPI document: collected from the routes, then completed with what every operation shares.

use actix_web::App;
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    HeaderBuilder, ObjectBuilder, OpenApi as Document, PathItem, RefOr, Required, Response, Server, Type,
};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::scope::scope;

use crate::error::{Code, Fault, Problem};
use crate::examples;
use crate::http::answers::{describe, refusal};
use crate::{health, resources};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mentorship API",
        description = "Run mentorship programmes: matching by mutual consent, goals, notes, meetings and messages.\n\n\
            Errors are problem documents (RFC 9457) with a stable `code`. Lists are keyset pages: pass `nextCursor` as `cursor`.\n\n\
            Examples are true of the seeded data: sign in as `mentee@example.org` or any other seeded member.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem, Code, Fault))
)]
struct Base;

/// The whole document; needs no database and no configuration.
pub fn openapi() -> Document {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(health::routes)
        .service(scope("/api/v1").configure(resources))
        .split_for_parts();
    document.servers = Some(vec![Server::new("/")]);
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, method, operation);
        }
    }
    drop_unreferenced(&mut document);
    document
}

/// Items of lists are collected although each list shows them in place.
fn drop_unreferenced(document: &mut Document) {
    let text = document.to_json().unwrap_or_default();
    if let Some(components) = &mut document.components {
        components.schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [
        (HttpMethod::Get, &mut item.get),
        (HttpMethod::Put, &mut item.put),
        (HttpMethod::Post, &mut item.post),
        (HttpMethod::Patch, &mut item.patch),
        (HttpMethod::Delete, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn complete(path: &str, method: HttpMethod, operation: &mut Operation) {
    if method == HttpMethod::Post && (answers(operation, "201") || answers(operation, "202")) {
        refuse(operation, &[Code::IdempotencyInFlight, Code::IdempotencyKeyReused]);
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build();
        add_header(operation, "Idempotency-Key", "The same key and body replay the first answer for 24 hours.", text);
    }
    if answers(operation, "412") {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(1000)).build();
        add_header(operation, "If-Match", "The `ETag` that the change is meant for.", text);
    }
    refuse(operation, &[Code::Unavailable]);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response {
            finish(status, response);
        }
    }
    examples::apply(path, operation);
}

fn answers(operation: &Operation, status: &str) -> bool {
    operation.responses.responses.contains_key(status)
}

/// Adds codes to what an operation says it may refuse with.
fn refuse(operation: &mut Operation, codes: &[Code]) {
    for code in codes {
        let words = describe(&[*code]);
        let status = code.status().as_str().to_owned();
        match operation.responses.responses.get_mut(&status) {
            Some(RefOr::T(known)) if known.description.contains(&format!("`{}`", code.word())) => {}
            Some(RefOr::T(known)) => known.description = format!("{} {words}", known.description),
            _ => {
                operation.responses.responses.insert(status, RefOr::T(refusal(&words)));
            }
        }
    }
}

fn add_header(operation: &mut Operation, name: &str, description: &str, schema: utoipa::openapi::Object) {
    let header: Parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(header.into());
}

fn add_answer_header(response: &mut Response, name: &str, description: &str, max_length: usize) {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(max_length)).build();
    let header = HeaderBuilder::new().schema(Some(text)).description(Some(description)).build();
    response.headers.insert(name.to_owned(), header.into());
}

fn finish(status: &str, response: &mut Response) {
    add_answer_header(response, "X-Request-Id", "The id of this request in logs and problems.", 64);
    if status == "201" {
        add_answer_header(response, "Location", "Where what was made is to be found.", 300);
    }
    let is_refusal = status.starts_with('4') || status.starts_with('5');
    if is_refusal && response.content.is_empty() {
        response.content = refusal("").content;
    }
}
