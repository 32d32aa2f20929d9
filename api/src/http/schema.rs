//! Input is checked against the schemas of the published document, so a bound is written once and all faults show at once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::error::{Error, Fault, Result};
use crate::http::per_type::PerType;
use crate::http::strict_json::token;

/// The validator of `T`'s schema, compiled at its first use.
pub fn of_body<T: ToSchema + 'static>() -> Result<Arc<Validator>> {
    static VALIDATORS: LazyLock<PerType<Validator>> = LazyLock::new(PerType::default);

    VALIDATORS.get::<T>(|| {
        let mut components = Vec::new();
        T::schemas(&mut components);
        compile(serde_json::to_value(T::schema()).unwrap_or_default(), components)
    })
}

/// The pointers of those fields of `T` that are passwords: they are taken as they were typed.
pub fn passwords_of<T: ToSchema + 'static>() -> Result<Arc<Vec<String>>> {
    static POINTERS: LazyLock<PerType<Vec<String>>> = LazyLock::new(PerType::default);

    POINTERS.get::<T>(|| {
        let schema = serde_json::to_value(T::schema()).unwrap_or_default();
        let fields = schema["properties"].as_object().into_iter().flatten();
        let passwords = fields.filter(|(_, field)| field["format"] == "password");
        Ok(passwords.map(|(name, _)| format!("/{}", token(name))).collect())
    })
}

/// The validator of the schema `root`, which may refer to `components`.
pub fn compile(mut root: Value, components: Vec<(String, RefOr<Schema>)>) -> Result<Validator> {
    let schemas: HashMap<_, _> = components.into_iter().collect();
    if let Value::Object(root) = &mut root {
        root.insert("components".to_owned(), json!({ "schemas": schemas }));
    }
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(&root)
        .map_err(|error| anyhow::anyhow!("a schema of the document does not compile: {error}").into())
}

/// Checks `value` and makes a `T` of it.
pub fn read<T: DeserializeOwned>(validator: &Validator, value: Value) -> Result<T> {
    let faults: Vec<Fault> = validator.iter_errors(&value).flat_map(|error| faults_of(&error)).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error.path().iter().map(|part| format!("/{}", token(&part.to_string()))).collect();
        Error::invalid(pointer, "invalid_value", "not a valid value for this field")
    })
}

fn faults_of(error: &jsonschema::ValidationError<'_>) -> Vec<Fault> {
    let at = error.instance_path().as_str();
    let one = |code: &str, detail: String| vec![Fault::new(at, code, detail)];
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Fault::new(format!("{at}/{}", token(name)), "unknown_field", "unknown field"))
            .collect(),
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Fault::new(format!("{at}/{}", token(name)), "missing", "this field is required")]
        }
        Kind::Type { kind } => one("wrong_type", format!("must be of type {}", type_names(kind))),
        Kind::MaxLength { limit } => one("too_long", format!("at most {limit} characters")),
        Kind::MinLength { limit } => one("too_short", format!("at least {limit} characters")),
        Kind::Maximum { limit } => one("too_large", format!("at most {limit}")),
        Kind::Minimum { limit } => one("too_small", format!("at least {limit}")),
        Kind::MaxItems { limit } => one("too_many_items", format!("at most {limit} items")),
        Kind::MinItems { limit } => one("too_few_items", format!("at least {limit} items")),
        Kind::UniqueItems => one("repeated_item", "items must be unique".to_owned()),
        Kind::Enum { options } => one("unknown_value", format!("must be one of {options}")),
        Kind::Format { format } => one("wrong_format", format!("not a valid {format}")),
        Kind::Pattern { .. } => one("wrong_form", "does not match the required format".to_owned()),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } | Kind::OneOfMultipleValid { context } => {
            closest(context).unwrap_or_else(|| one("invalid_value", "matches none of the allowed forms".to_owned()))
        }
        _ => one("invalid_value", "not a valid value for this field".to_owned()),
    }
}

/// Of the alternatives (in practice `null` or a type), the faults of the one that failed deepest.
fn closest(context: &[Vec<jsonschema::ValidationError<'static>>]) -> Option<Vec<Fault>> {
    let is_null_branch = |errors: &[jsonschema::ValidationError<'_>]| matches!(errors, [only] if matches!(only.kind(), Kind::Type { kind: TypeKind::Single(jsonschema::JsonType::Null) }));
    let branch = context.iter().find(|errors| !errors.is_empty() && !is_null_branch(errors))?;
    Some(branch.iter().flat_map(faults_of).collect())
}

fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
    }
}
