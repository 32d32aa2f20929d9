//! The OpenAPI document: collected from the routes, then completed with what every operation shares.

use std::collections::BTreeSet;

use actix_web::App;
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ObjectBuilder, OpenApi as Document, PathItem, RefOr, Required, Server, Type};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::scope::scope;

use crate::error::{Code, Fault, Problem};
use crate::examples;
use crate::http::answers::{describe, refusal};
use crate::http::{Routes, headers};
use crate::{health, jwks, resources};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Mentorship API",
        description = "Run mentorship programmes: matching by mutual consent, goals, notes, meetings and messages.\n\n\
            Errors are problem documents (RFC 9457) with a stable `code`. Lists are paginated: pass `nextCursor` as `cursor`.\n\n\
            Examples work on the seeded data: sign in as the member that `x-example-by` names, such as `mentee@example.org`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem, Code, Fault)),
    tags(
        (name = "identity", description = "Sign up, sign in and out, and refresh tokens."),
        (name = "settings", description = "The name, branding and rules of the programme."),
        (name = "users", description = "Your profile and preferences, and the public profiles of members."),
        (name = "onboarding", description = "The steps a new member completes before being visible to others."),
        (name = "mentors", description = "The directory of mentors."),
        (name = "taxonomy", description = "Skills, soft skills, topics, industries and seniority levels."),
        (name = "staff", description = "Accounts, usage statistics and the audit log, for admins and owners."),
        (name = "suggestions", description = "Suggested pairs, which both sides accept or decline."),
        (name = "matching", description = "What matching goes by, for admins and owners: pair bans and the index."),
        (name = "mentorships", description = "Mentorships, from the request to the end."),
        (name = "match-runs", description = "Match runs: the best plan for a whole cohort, proven, edited and published by admins."),
        (name = "conversations", description = "Conversations between two people outside a mentorship."),
        (name = "messages", description = "Messages in mentorships and conversations."),
        (name = "blocks", description = "Whom you want no contact with."),
        (name = "issues", description = "What members report to the admins."),
        (name = "notifications", description = "Your notifications in the app, and how they reach you elsewhere."),
        (name = "events", description = "What happens to you, live: Server-Sent Events and a WebSocket."),
        (name = "goals", description = "Goals of a mentorship and their milestones."),
        (name = "notes", description = "Shared and private notes of a mentorship."),
        (name = "meetings", description = "Meetings of a mentorship."),
        (name = "dashboard", description = "What needs your attention, at a glance."),
        (name = "operations", description = "Health checks and this document."),
    )
)]
struct Base;

/// The whole document; needs no database and no configuration.
pub fn openapi() -> Document {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(|app| health::routes(&mut Routes::Documented(app)))
        .configure(|app| jwks::routes(&mut Routes::Documented(app)))
        .service(scope("/api/v1").configure(|app| resources(&mut Routes::Documented(app))))
        .split_for_parts();
    document.servers = Some(vec![Server::new("/")]);
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.headers = headers::shared();
    let versioned = versioned(&mut document);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete(path, method, operation);
            headers::apply(operation, &versioned);
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
    if method == HttpMethod::Post && creates(operation) && !is_public(operation) {
        refuse(operation, &[Code::IdempotencyInFlight, Code::IdempotencyAnswerLost, Code::IdempotencyKeyReused]);
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255)).build();
        let words = "Repeating the same key and body within 24 hours returns the first response.";
        add_header(operation, "Idempotency-Key", words, text);
    }
    if answers(operation, "412") {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(1000)).build();
        add_header(operation, "If-Match", "The `ETag` of the version you are changing.", text);
    }
    if answers(operation, "304") {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(1000)).build();
        add_header(operation, "If-None-Match", "The `ETag` of the copy you have.", text);
    }
    if path.starts_with("/api/") {
        refuse(operation, &[Code::QuotaExceeded]);
    }
    // A query or body that it does not take, and a body that does not arrive, can be sent to any operation.
    refuse(operation, &[Code::MalformedRequest, Code::InvalidInput, Code::Unavailable]);
    if method != HttpMethod::Get {
        refuse(operation, &[Code::RequestTimeout, Code::PayloadTooLarge, Code::UnsupportedMediaType]);
    }
    if examples::is_for_staff(operation) {
        refuse(operation, &[Code::SecondFactorSetupRequired]);
    }
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && (status.starts_with('4') || status.starts_with('5'))
            && response.content.is_empty()
        {
            response.content = refusal("").content;
        }
    }
    if method == HttpMethod::Patch {
        take_merge_patch(operation);
    }
    describe_path(path, operation);
    examples::apply(path, operation);
}

/// `http::Json` reads a patch under both names.
fn take_merge_patch(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(json) = body.content.get("application/json").cloned()
    {
        body.content.insert("application/merge-patch+json".to_owned(), json);
    }
}

/// Says of each parameter of the path what it names, which is what the path has before it: `/goals/{id}` a goal.
fn describe_path(path: &str, operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.parameter_in == ParameterIn::Path
        {
            let before = path.split(&format!("/{{{}}}", parameter.name)).next().unwrap_or_default();
            let named = before.rsplit('/').next().unwrap_or_default();
            parameter.description = Some(match parameter.name.as_str() {
                "kind" => "The kind of term.".to_owned(),
                "version" => "The version of the policy.".to_owned(),
                "token" => "The token of the link in the mail.".to_owned(),
                "provider" => "The id of the sign-in provider.".to_owned(),
                name if named.starts_with('{') => format!("The {name} of the term."),
                name => format!("The {name} of the {}.", named.trim_end_matches('s')),
            });
        }
    }
}

/// The names of the bodies that carry a version: what can be asked for anew, or changed, on condition of it.
fn versioned(document: &mut Document) -> BTreeSet<String> {
    let all = document.paths.paths.values_mut().flat_map(operations).map(|(_, operation)| operation);
    let conditional = all.filter(|one| answers(one, "304") || answers(one, "412"));
    conditional.filter_map(|one| headers::body_of(one.responses.responses.get("200")?)).collect()
}

fn is_public(operation: &Operation) -> bool {
    operation.security.as_ref().is_none_or(|any| any.contains(&SecurityRequirement::default()))
}

/// What is made at once is answered with 201; what is made by and by with 202.
fn creates(operation: &Operation) -> bool {
    let is_begun = operation.operation_id.as_ref().is_some_and(|id| id.starts_with("create_"));
    answers(operation, "201") || (is_begun && answers(operation, "202"))
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
            Some(RefOr::T(known)) => {
                known.description = format!("{}. {words}", known.description.trim_end_matches('.'));
            }
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
