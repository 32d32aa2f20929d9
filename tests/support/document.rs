//! The document as the tests read it: its operations, and whether an answer is one that it promises.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::answer::Answer;

/// What may be answered at any address, before or after the operation has its say.
const EVERYWHERE: [(u16, &str); 3] = [(414, "uri_too_long"), (421, "misdirected_request"), (431, "headers_too_large")];

/// The headers that the document tells of each answer that carries them.
const HEADERS: [&str; 9] = [
    "allow",
    "etag",
    "idempotency-replayed",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
    "x-request-id",
];

pub struct Document {
    pub json: Value,
    pub operations: Vec<Operation>,
    closed: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// One method of one path.
pub struct Operation {
    pub id: String,
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    /// The least role that is admitted, in the document's word; `None` where anybody is.
    pub role: Option<String>,
    /// What the document says of it.
    pub json: Value,
}

pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
        let text = api::openapi().to_json().unwrap();
        Document::new(serde_json::from_str(&text).unwrap())
    });
    &DOCUMENT
}

impl Document {
    fn new(json: Value) -> Self {
        let paths = json["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| operations_of(path, item)).collect();
        Self {
            closed: close_all(json["components"]["schemas"].clone()),
            json,
            operations,
            validators: Mutex::default(),
        }
    }

    /// The operation that answers `method` at the address `path`.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let method = if method == "HEAD" { "GET" } else { method };
        let fitting = self.operations.iter().filter(|operation| operation.method == method && operation.fits(path));
        fitting.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// `schema` with its reference to a component followed.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|link| link.strip_prefix('#')) {
            Some(pointer) => self.json.pointer(pointer).map_or(&Value::Null, |target| self.resolve(target)),
            None => schema,
        }
    }

    /// What is wrong with `answer` to `method` at `path`, if anything.
    pub fn check(&self, method: &str, path: &str, answer: &Answer) -> Result<(), String> {
        let id = answer.header("x-request-id").filter(|id| !id.is_empty()).ok_or("it has no X-Request-Id")?;
        check_quota(method, path, answer)?;
        let is_head = method == "HEAD";
        if answer.status >= 400 && !is_head {
            check_problem(answer, id)?;
        }
        let Some(operation) = self.operation(method, path) else { return check_unrouted(method, path, answer) };
        if answer.status >= 400 && !is_head {
            let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
            if EVERYWHERE.contains(&(answer.status, &code)) {
                return Ok(());
            }
        }
        let status = answer.status.to_string();
        let promised = &operation.json["responses"][&status];
        if promised.is_null() {
            return Err(format!("{} does not document the status {status}", operation.id));
        }
        for name in HEADERS.into_iter().filter(|name| answer.header(name).is_some()) {
            let documented = promised["headers"].as_object().into_iter().flatten();
            if !documented.into_iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                return Err(format!("{} {status} does not document the header {name}", operation.id));
            }
        }
        if is_head {
            return if answer.bytes().is_empty() { Ok(()) } else { Err("HEAD has a body".to_owned()) };
        }
        check_code(promised, answer)?;
        self.check_body(&format!("{} {status}", operation.id), &promised["content"], answer)
    }

    /// The same of an answer whose body has no end.
    pub fn check_head(&self, method: &str, path: &str, answer: &Answer) -> Result<(), String> {
        let operation = self.operation(method, path).ok_or("no operation has a stream there")?;
        let content = &operation.json["responses"][answer.status.to_string()]["content"]["text/event-stream"];
        if content.is_null() { Err(format!("{} promises no stream", operation.id)) } else { Ok(()) }
    }

    /// Whether `value` is as the document says of the component `name`.
    pub fn check_component(&self, name: &str, value: &Value) -> Result<(), String> {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        let validator = self.validator(name, &schema);
        let faults: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        if faults.is_empty() { Ok(()) } else { Err(format!("{name}: {}\n{value}", faults.join("; "))) }
    }

    fn check_body(&self, key: &str, content: &Value, answer: &Answer) -> Result<(), String> {
        let Some(content) = content.as_object().filter(|content| !content.is_empty()) else {
            return if answer.bytes().is_empty() { Ok(()) } else { Err("a body where none is documented".to_owned()) };
        };
        let kind = answer.header("content-type").unwrap_or_default();
        let media = content.get(kind).ok_or(format!("the content type {kind:?} is not documented"))?;
        if !kind.ends_with("json") {
            return Ok(());
        }
        let validator = self.validator(key, &media["schema"]);
        let body = answer.json();
        let faults: Vec<_> = validator
            .iter_errors(&body)
            .map(|error| format!("{} at {:?}", error, error.instance_path().as_str()))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(format!("the body of {key}: {}", faults.join("; "))) }
    }

    fn validator(&self, key: &str, schema: &Value) -> Arc<Validator> {
        let mut known = self.validators.lock().unwrap();
        let made = known.entry(key.to_owned()).or_insert_with(|| {
            let mut root = schema.clone();
            seal(&mut root);
            root["components"] = json!({ "schemas": self.closed });
            let options = jsonschema::draft202012::options();
            let compiled = options.should_validate_formats(true).should_ignore_unknown_formats(true).build(&root);
            Arc::new(compiled.unwrap_or_else(|error| panic!("the schema of {key} does not compile: {error}")))
        });
        Arc::clone(made)
    }
}

impl Operation {
    pub fn is_public(&self) -> bool {
        self.role.is_none()
    }

    fn fits(&self, path: &str) -> bool {
        let (want, have): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), path.split('/').collect());
        let fit = |(want, have): (&&str, &&str)| want == have || (want.starts_with('{') && !have.is_empty());
        want.len() == have.len() && want.iter().zip(&have).all(fit)
    }
}

fn operations_of(path: &str, item: &Value) -> Vec<Operation> {
    let methods = ["get", "put", "post", "patch", "delete"];
    let there = methods.iter().filter_map(|method| Some((method, item.get(method)?)));
    there
        .map(|(method, json)| Operation {
            id: json["operationId"].as_str().unwrap_or_default().to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            role: json["security"][0]["bearer"][0].as_str().map(str::to_owned),
            json: json.clone(),
        })
        .collect()
}

/// Every answer of the API tells what is left of the quota, except to what never reaches it: a browser's preflight, and what was
/// meant for another host.
fn check_quota(method: &str, path: &str, answer: &Answer) -> Result<(), String> {
    let is_preflight = method == "OPTIONS" && matches!(answer.status, 200 | 400);
    let is_counted = path.starts_with("/api/") && answer.status != 421 && !is_preflight;
    for name in ["ratelimit", "ratelimit-policy"] {
        if answer.header(name).is_some() != is_counted {
            return Err(format!("{name} stands where it should not, or is missing"));
        }
    }
    Ok(())
}

fn check_problem(answer: &Answer, id: &str) -> Result<(), String> {
    if answer.header("content-type") != Some("application/problem+json") {
        return Err("a refusal that is no problem document".to_owned());
    }
    let problem = answer.json();
    if problem["status"] != answer.status || problem["instance"] != id {
        return Err("the problem names another status or request".to_owned());
    }
    if answer.status == 500 { Err("an internal error".to_owned()) } else { Ok(()) }
}

fn check_code(promised: &Value, answer: &Answer) -> Result<(), String> {
    if answer.status < 400 {
        return Ok(());
    }
    let problem = answer.json();
    let code = problem["code"].as_str().unwrap_or_default();
    let told = promised["description"].as_str().unwrap_or_default().contains(&format!("`{code}`"));
    if told { Ok(()) } else { Err(format!("the description of {} does not name `{code}`", answer.status)) }
}

/// An address that the document does not have: 404, or 405 where it has other methods.
fn check_unrouted(method: &str, path: &str, answer: &Answer) -> Result<(), String> {
    if path.starts_with("/docs") {
        return Ok(());
    }
    match answer.status {
        404 | 405 | 414 | 421 | 429 | 431 => Ok(()),
        200 | 204 | 400 if method == "OPTIONS" => Ok(()),
        status => Err(format!("{status} at an address without an operation")),
    }
}

/// Lets no undocumented field pass: objects that list their properties take no others. A component that stands in an `allOf`
/// stays open, and what it is part of is sealed as a whole.
fn close_all(mut components: Value) -> Value {
    let mut composed = HashSet::new();
    collect_composed(&components, &mut composed);
    for (name, component) in components.as_object_mut().into_iter().flatten() {
        if !composed.contains(name) {
            seal(component);
        }
    }
    components
}

fn collect_composed(value: &Value, names: &mut HashSet<String>) {
    let parts = value["allOf"].as_array().into_iter().flatten();
    names.extend(parts.filter_map(|part| Some(part["$ref"].as_str()?.rsplit_once('/')?.1.to_owned())));
    match value {
        Value::Object(fields) => fields.values().for_each(|inner| collect_composed(inner, names)),
        Value::Array(items) => items.iter().for_each(|inner| collect_composed(inner, names)),
        _ => {}
    }
}

fn seal(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let composed = fields.contains_key("allOf");
            let listed = fields.get("properties").is_some_and(Value::is_object);
            let closed = fields.contains_key("additionalProperties");
            for (_, inner) in fields.iter_mut().filter(|(name, _)| *name != "allOf") {
                seal(inner);
            }
            if composed {
                fields.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            } else if listed && !closed {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(seal),
        _ => {}
    }
}
