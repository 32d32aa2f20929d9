use uuid::Uuid;

use crate::error::{Code, Error, Result};
use crate::sessions::Client;
use crate::state::AppState;
use crate::throttle::Attempt;

const SECOND_FACTOR: &str = "second factor";

/// A code that somebody gave, counted as an attempt at the second factor of a user until it is known whether it was right.
#[must_use = "a guess that is not settled counts as failed"]
pub struct Guess<'a>(Option<Attempt<'a>>);

impl<'a> Guess<'a> {
    /// Before the transaction in which the code is demanded: counting may take the network. Nothing is counted where no code is
    /// given. The failures of strangers do not count on a device that the user is known on.
    pub async fn begin(state: &'a AppState, client: &Client, user_id: Uuid, given: Option<&str>) -> Result<Self> {
        if given.is_none() {
            return Ok(Self(None));
        }
        let bucket = client.device_id.map_or_else(|| user_id.to_string(), |device| format!("{user_id} {device}"));
        Ok(Self(Some(Attempt::begin(state, SECOND_FACTOR, bucket, client.address).await?)))
    }

    /// Passes on what came of it.
    pub async fn settle<T>(self, outcome: Result<T>) -> Result<T> {
        let Self(Some(attempt)) = self else { return outcome };
        let was_right = match &outcome {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Code::InvalidSecondFactor => Ok(false),
            Err(error) => Err(Error::from(error.code())),
        };
        attempt.conclude(was_right).await.ok();
        outcome
    }
}
