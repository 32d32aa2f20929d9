use std::collections::BTreeMap;

use super::{Error, Fault};

/// Faults that `validator` found, as ours: paths and codes only, never the rejected value.
impl From<validator::ValidationErrors> for Error {
    fn from(errors: validator::ValidationErrors) -> Self {
        let mut faults = Vec::new();
        collect_faults(&errors, "", &mut faults);
        Self::Invalid(faults)
    }
}

fn collect_faults(errors: &validator::ValidationErrors, at: &str, faults: &mut Vec<Fault>) {
    use validator::ValidationErrorsKind as Kind;

    let by_field: BTreeMap<_, _> = errors.errors().iter().collect();
    for (field, kind) in by_field {
        let pointer = if field == "__all__" { at.to_owned() } else { format!("{at}/{}", camel(field)) };
        match kind {
            Kind::Field(found) => faults.extend(found.iter().map(|error| {
                Fault::new(pointer.as_str(), error.code.as_ref(), error.message.as_deref().unwrap_or_default())
            })),
            Kind::Struct(inner) => collect_faults(inner, &pointer, faults),
            Kind::List(items) => {
                for (index, inner) in items {
                    collect_faults(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}

fn camel(field: &str) -> String {
    let mut parts = field.split('_');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
