//! What the examples of the document name: rows of the seeded data, and who may do what is shown.

use serde_json::json;
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};

/// Ids of seeded rows, by the path they stand in, with the member whose example it is.
const ROWS: &[(&str, &str, &str)] = &[];

/// Fills the path parameters of `operation` with an id that exists in the seeded data.
pub fn apply(path: &str, operation: &mut Operation) {
    let Some((_, id, member)) = ROWS.iter().find(|(row, _, _)| path.starts_with(&format!("/api/v1{row}"))) else {
        return;
    };
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.parameter_in == ParameterIn::Path
        {
            *parameter = ParameterBuilder::from(parameter.clone()).example(Some(json!(id))).build();
        }
    }
    operation.extensions.get_or_insert_default().merge(ExtensionsBuilder::new().add("x-example-by", *member).build());
}
