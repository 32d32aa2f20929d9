//! HTTP as this API speaks it: strict extractors, problem documents, pages, conditions, idempotency, limits.

pub mod answers;
pub mod body;
pub mod cors;
pub mod etag;
pub mod fallback;
pub mod headers;
pub mod idempotency;
mod instant;
pub mod json;
pub mod limits;
pub mod merge_patch;
pub mod observe;
pub mod operations;
pub mod outermost;
pub mod page;
mod path;
mod per_type;
mod query;
mod routes;
pub mod schema;
pub mod secure;
pub mod shield;
pub mod slow_readers;
pub mod strict_json;
pub mod text;
pub mod untaken;

pub use etag::{IfMatch, Public, Versioned};
pub use instant::Instant;
pub use json::Json;
pub use page::{Listing, PageParams, PageRequest};
pub use path::Path;
pub use query::{NoFilter, Paged, Query};
pub use routes::Routes;
