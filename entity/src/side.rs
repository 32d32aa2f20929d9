//! The two sides of a pair.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    Mentor,
    Mentee,
}

impl Side {
    pub fn of(user: Uuid, mentor: Uuid, mentee: Uuid) -> Option<Self> {
        match user {
            user if user == mentor => Some(Self::Mentor),
            user if user == mentee => Some(Self::Mentee),
            _ => None,
        }
    }

    pub fn other(self) -> Self {
        self.pick(Self::Mentee, Self::Mentor)
    }

    pub fn pick<T>(self, mentor: T, mentee: T) -> T {
        match self {
            Self::Mentor => mentor,
            Self::Mentee => mentee,
        }
    }
}
