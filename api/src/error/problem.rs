use serde::Serialize;
use utoipa::ToSchema;

use super::Code;

/// How many faults a problem lists, and how many characters a text of one has, as the schemas below say.
pub const MOST: usize = 1000;
const LONGEST: usize = 500;

/// One fault of the input, at a JSON Pointer (RFC 6901); of a query or header it is `/name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Where: a JSON Pointer into the body, or `/name` of a parameter.
    #[schema(max_length = 500, example = "/email")]
    pub pointer: String,
    /// What kind of fault, a stable word.
    #[schema(max_length = 60, example = "too_long")]
    pub code: String,
    /// The fault in words.
    #[schema(max_length = 500, example = "at most 254 characters")]
    pub detail: String,
}

impl Fault {
    /// What comes from the caller may be longer than a problem shows; it is cut.
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: cut(pointer.into()), code: code.into(), detail: cut(detail.into()) }
    }
}

fn cut(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// A problem document (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem; it says the same as `code`.
    #[serde(rename = "type")]
    #[schema(max_length = 120, example = "urn:mentorship:problem:not-found")]
    pub kind: String,
    /// The problem in a sentence; the same for every occurrence.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is particular to this occurrence.
    #[schema(max_length = 500)]
    pub detail: String,
    /// The id of the request, as in `X-Request-Id`.
    #[schema(max_length = 64)]
    pub instance: String,
    pub code: Code,
    /// All faults of the input at once; only with `invalid_input`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<Fault>,
}
