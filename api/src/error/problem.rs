use serde::Serialize;
use utoipa::ToSchema;

use super::Code;

/// How many faults a problem lists, and how many characters a text of one has, as the schemas below say.
pub const MOST: usize = 1000;
const LONGEST: usize = 500;

/// One error in the input, at a JSON Pointer (RFC 6901) into the body, or at `/name` for a parameter or header; or one of many
/// refusals, at what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// A JSON Pointer into the body, or `/name` for a parameter or header.
    #[schema(max_length = 500, example = "/email")]
    pub pointer: String,
    /// A stable code for the kind of error.
    #[schema(max_length = 60, example = "too_long")]
    pub code: String,
    /// A description for people.
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
    /// A URI that identifies the kind of problem, equivalent to `code`.
    #[serde(rename = "type")]
    #[schema(max_length = 120, example = "urn:mentorship:problem:not-found")]
    pub kind: String,
    /// A short summary, the same for every occurrence.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status code.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is specific to this occurrence.
    #[schema(max_length = 500)]
    pub detail: String,
    /// The id of the request, as in `X-Request-Id`.
    #[schema(max_length = 64)]
    pub instance: String,
    pub code: Code,
    /// All errors in the input, with `invalid_input`; or what was refused, with `match_run_conflicts`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<Fault>,
}
