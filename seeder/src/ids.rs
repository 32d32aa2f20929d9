//! Ids that follow from names, so that documentation and tests can point at rows.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// The id of the row `name` of `table`: shaped as a UUIDv7 of the instant it was created, the rest a hash of both words.
pub fn id(table: &str, name: &str, created_at: DateTime<Utc>) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&hash(&[table, name])[..10]);
    let millis = u64::try_from(created_at.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

pub fn hash(words: &[&str]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for word in words {
        hasher.update(word.as_bytes()).update(b"/");
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_version_7_of_its_row() {
        let id = id("users", "mentee", crate::NOW);
        assert_eq!(id.get_version_num(), 7);
        let (seconds, _) = id.get_timestamp().unwrap().to_unix();
        assert_eq!(seconds, 1_793_610_000);
    }

    #[test]
    fn names_of_different_tables_do_not_meet() {
        assert_ne!(id("users", "a", crate::NOW), id("goals", "a", crate::NOW));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
