use std::borrow::Cow;
use std::future::{Ready, ready};
use std::sync::{Arc, LazyLock};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use jsonschema::Validator;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};
use validator::Validate;

use crate::error::{Code, Error, Fault, Result};
use crate::http::page::{PageParams, PageRequest};
use crate::http::per_type::PerType;
use crate::http::{schema, strict_json};

/// The query of an address, checked like a body: unknown and repeated names are faults.
pub struct Query<T>(pub T);

/// Nothing to filter by.
#[derive(Debug, Deserialize, IntoParams, Validate)]
pub struct NoFilter {}

/// A filter together with `limit` and `cursor`, which every list takes.
pub struct Paged<T>(pub T, pub PageRequest);

impl<T: DeserializeOwned + IntoParams + Validate + 'static> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(pairs(request.query_string()).and_then(|pairs| read(pairs).map(Self)))
    }
}

impl<T: DeserializeOwned + IntoParams + Validate + 'static> FromRequest for Paged<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(paged(request))
    }
}

fn paged<T: DeserializeOwned + IntoParams + Validate + 'static>(request: &HttpRequest) -> Result<Paged<T>> {
    let (page, filter): (Vec<_>, Vec<_>) =
        pairs(request.query_string())?.into_iter().partition(|(name, _)| matches!(name.as_ref(), "limit" | "cursor"));
    match (read::<T>(filter), read::<PageParams>(page)) {
        (Ok(filter), Ok(page)) => Ok(Paged(filter, PageRequest::new(request, page)?)),
        (Err(Error::Invalid(mut faults)), Err(Error::Invalid(more))) => {
            faults.extend(more);
            Err(Error::Invalid(faults))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// Refuses every parameter of an operation that takes none.
pub fn demand_none(query: &str) -> Result<()> {
    to_object(&Map::new(), pairs(query)?).map(|_| ())
}

type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

fn pairs(query: &str) -> Result<Vec<Pair<'_>>> {
    if !is_percent_encoded_utf8(query) {
        return Err(Error::refused(Code::MalformedRequest, "the query is not percent-encoded UTF-8"));
    }
    Ok(url::form_urlencoded::parse(query.as_bytes()).collect())
}

fn is_percent_encoded_utf8(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).all(|(name, value)| {
        !name.contains(char::REPLACEMENT_CHARACTER) && !value.contains(char::REPLACEMENT_CHARACTER)
    })
}

/// What the parameters of a query may be: their schemas by name, and the validator of them all.
struct Shape {
    schemas: Map<String, Value>,
    validator: Validator,
}

impl Shape {
    fn of<T: IntoParams + 'static>() -> Result<Arc<Self>> {
        static SHAPES: LazyLock<PerType<Shape>> = LazyLock::new(PerType::default);

        SHAPES.get::<T>(|| {
            let parameters = T::into_params(|| Some(ParameterIn::Query));
            let schemas: Map<_, _> = parameters.iter().map(|one| (one.name.clone(), schema_of(one))).collect();
            let required: Vec<_> =
                parameters.iter().filter(|one| one.required == Required::True).map(|one| &one.name).collect();
            let object =
                json!({ "type": "object", "properties": schemas, "required": required, "additionalProperties": false });
            Ok(Self { validator: schema::compile(object, Vec::new())?, schemas })
        })
    }
}

fn schema_of(parameter: &Parameter) -> Value {
    serde_json::to_value(&parameter.schema).unwrap_or_default()
}

fn read<T: DeserializeOwned + IntoParams + Validate + 'static>(pairs: Vec<Pair<'_>>) -> Result<T> {
    let shape = Shape::of::<T>()?;
    let query: T = schema::read(&shape.validator, to_object(&shape.schemas, pairs)?)?;
    query.validate()?;
    Ok(query)
}

fn to_object(schemas: &Map<String, Value>, pairs: Vec<Pair<'_>>) -> Result<Value> {
    let mut object = Map::new();
    let mut faults = Vec::new();
    for (name, text) in pairs {
        let pointer = format!("/{}", strict_json::token(&name));
        faults.extend(strict_json::text_fault(&pointer, &text));
        let Some(schema) = schemas.get(name.as_ref()) else {
            faults.push(Fault::new(pointer, "unknown_field", "unknown parameter"));
            continue;
        };
        let value = coerce(schema, strict_json::nfc(text));
        if object.insert(name.into_owned(), value).is_some() {
            faults.push(Fault::new(pointer, "repeated_name", "a parameter may appear only once"));
        }
    }
    if faults.is_empty() { Ok(Value::Object(object)) } else { Err(Error::Invalid(faults)) }
}

/// Query text as the JSON that its schema asks for; what does not read as that stays text and fails the schema.
fn coerce(schema: &Value, text: String) -> Value {
    let takes = |kind: &str| match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|one| one == kind),
        one => one == kind,
    };
    if takes("integer") {
        return text.parse::<i64>().map_or(Value::String(text), Value::from);
    }
    if takes("boolean") {
        return text.parse::<bool>().map_or(Value::String(text), Value::from);
    }
    Value::String(text)
}
