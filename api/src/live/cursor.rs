//! The id of an event as clients keep it: its position in the log and its time, signed.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, Utc};

use crate::auth::Auth;
use crate::events::log::Position;

const MAC: usize = 8;

/// Where a client stands, and when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub position: Position,
    pub at: DateTime<Utc>,
}

impl Cursor {
    pub fn seal(self, auth: &Auth) -> String {
        let Position { at, place } = self.position;
        let numbers = [at, place, self.at.timestamp_millis()].map(i64::to_be_bytes).concat();
        BASE64_URL_SAFE_NO_PAD.encode([&mac(auth, &numbers), numbers.as_slice()].concat())
    }

    /// None where it is not one of ours.
    pub fn open(auth: &Auth, text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (signed, numbers) = bytes.split_at_checked(MAC)?;
        if signed != mac(auth, numbers) {
            return None;
        }
        let mut numbers = numbers.as_chunks::<8>().0.iter().map(|bytes| i64::from_be_bytes(*bytes));
        let position = Position { at: numbers.next()?, place: numbers.next()? };
        Some(Self { position, at: DateTime::from_timestamp_millis(numbers.next()?)? })
    }
}

fn mac(auth: &Auth, numbers: &[u8]) -> [u8; MAC] {
    let whole = auth.mac("event cursor", numbers);
    std::array::from_fn(|at| whole[at])
}
