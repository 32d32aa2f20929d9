//! Values that fit a schema, and values that break each of its bounds.

use serde_json::{Map, Value, json};
use support::document;

/// A value for `at`, and the pointer where its fault must show.
#[derive(Debug)]
pub struct Bad {
    pub at: String,
    pub value: Value,
    pub fault: String,
    pub what: String,
    /// The last value that still fits, where there is a bound.
    pub edge: Option<Value>,
}

/// The schema itself: references followed, and the alternative to `null` taken.
pub fn plain(schema: &Value) -> &Value {
    let schema = document().resolve(schema);
    let alternatives = ["oneOf", "anyOf"].iter().find_map(|word| schema[*word].as_array());
    match alternatives.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
        Some(one) => plain(one),
        None => schema,
    }
}

pub fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

/// A value that fits `schema`, with every property; what `example` or the schema shows comes first.
pub fn sample(schema: &Value, example: &Value) -> Value {
    let outer = document().resolve(schema);
    let inner = plain(schema);
    let shown =
        [example, &outer["example"], &inner["example"], &inner["default"]].into_iter().find(|one| !one.is_null());
    let shown = shown.unwrap_or(&Value::Null);
    if let Some(properties) = inner["properties"].as_object() {
        let field = |(name, schema): (&String, &Value)| (name.clone(), sample(schema, &shown[name.as_str()]));
        return Value::Object(properties.iter().map(field).collect::<Map<_, _>>());
    }
    if is(inner, "array") {
        let given = shown.as_array().filter(|items| !items.is_empty());
        let one = || vec![sample(&inner["items"], &Value::Null)];
        return given
            .map_or_else(|| json!(one()), |items| items.iter().map(|item| sample(&inner["items"], item)).collect());
    }
    if shown.is_null() { invent(inner) } else { shown.clone() }
}

fn invent(schema: &Value) -> Value {
    let fixed = [&schema["enum"][0], &schema["const"]];
    if let Some(value) = fixed.into_iter().find(|value| !value.is_null()) {
        return value.clone();
    }
    if is(schema, "integer") || is(schema, "number") {
        return json!(schema["minimum"].as_i64().unwrap_or(0));
    }
    if is(schema, "boolean") {
        return json!(true);
    }
    if is(schema, "object") {
        return json!({});
    }
    match schema["format"].as_str() {
        Some("uuid") => json!("01a20000-0000-7000-8000-000000000000"),
        Some("date-time") => json!("2026-11-03T10:00:00Z"),
        Some("date") => json!("2026-12-24"),
        Some("email") => json!("somebody@example.org"),
        Some("uri") => json!("https://example.org"),
        _ => json!("a".repeat(schema["minLength"].as_u64().unwrap_or(1).max(1) as usize)),
    }
}

/// Everything that is wrong at `at` or below; `value` is a sample with every property.
pub fn faults(schema: &Value, at: &str, value: &Value) -> Vec<Bad> {
    let schema = plain(schema);
    let mut all = Vec::new();
    let mut bad = |value: Value, edge: Option<Value>, what: &str| {
        all.push(Bad { at: at.to_owned(), value, fault: at.to_owned(), what: what.to_owned(), edge });
    };
    let text = |length: u64| json!("a".repeat(length as usize));
    let items = |count: u64| json!(vec![value[0].clone(); count as usize]);
    bad(wrong_type(schema), None, "the wrong type");
    if let Some(longest) = schema["maxLength"].as_u64() {
        bad(text(longest + 1), Some(text(longest)), "one character too many");
    }
    if let Some(shortest) = schema["minLength"].as_u64().filter(|shortest| *shortest > 0) {
        bad(text(shortest - 1), Some(text(shortest)), "one character too few");
    }
    if let Some(most) = schema["maximum"].as_i64() {
        bad(json!(most + 1), Some(json!(most)), "one more than the maximum");
    }
    if let Some(least) = schema["minimum"].as_i64() {
        bad(json!(least - 1), Some(json!(least)), "one less than the minimum");
    }
    if let Some(most) = schema["maxItems"].as_u64() {
        bad(items(most + 1), Some(items(most)), "one item too many");
    }
    if let Some(least) = schema["minItems"].as_u64().filter(|least| *least > 0) {
        bad(items(least - 1), Some(items(least)), "one item too few");
    }
    if schema["enum"].is_array() || schema["pattern"].is_string() || is_checked_format(&schema["format"]) {
        bad(json!("~"), None, "a word that it does not take");
    }
    all.extend(inner_faults(schema, at, value));
    all
}

fn is_checked_format(format: &Value) -> bool {
    matches!(format.as_str(), Some("uuid" | "date" | "date-time" | "email" | "uri"))
}

fn wrong_type(schema: &Value) -> Value {
    if is(schema, "string") || schema["enum"].is_array() { json!({ "a": 1 }) } else { json!("text") }
}

fn inner_faults(schema: &Value, at: &str, value: &Value) -> Vec<Bad> {
    let mut all = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        all.extend(faults(property, &format!("{at}/{name}"), &value[name.as_str()]));
    }
    if is(schema, "array") {
        all.extend(faults(&schema["items"], &format!("{at}/0"), &value[0]));
    }
    if schema["additionalProperties"].is_object() {
        for (name, inner) in value.as_object().into_iter().flatten().take(1) {
            all.extend(faults(&schema["additionalProperties"], &format!("{at}/{name}"), inner));
        }
    }
    if is(schema, "object") {
        all.extend(wrong_fields(schema, at, value));
    }
    all
}

fn wrong_fields(schema: &Value, at: &str, value: &Value) -> Vec<Bad> {
    let with = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut fields = value.as_object().cloned().unwrap_or_default();
        change(&mut fields);
        Value::Object(fields)
    };
    let bad = |value, name: &str, what: &str| Bad {
        at: at.to_owned(),
        value,
        fault: format!("{at}/{name}"),
        edge: None,
        what: what.to_owned(),
    };
    let unknown = with(&|fields| _ = fields.insert("noSuchField".to_owned(), json!(1)));
    let mut all = vec![bad(unknown, "noSuchField", "an unknown field")];
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        all.push(bad(with(&|fields| _ = fields.remove(name)), name, "a missing field"));
    }
    all
}

/// `whole` with `value` at the pointer `at`.
pub fn put(whole: &Value, at: &str, value: Value) -> Value {
    let mut whole = whole.clone();
    match whole.pointer_mut(at) {
        Some(place) => *place = value,
        None => panic!("the sample has nothing at {at:?}: {whole}"),
    }
    whole
}
