//! JSON Merge Patch (RFC 7396): an absent field stays, `null` clears, anything else replaces.

use serde::{Deserialize, Deserializer};

/// For a field that may be cleared: `None` when absent, `Some(None)` for `null`.
pub fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
