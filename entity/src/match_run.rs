//! A run that matches a whole cohort at once. How it moves is in [`moves`].

use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

mod moves;

pub use moves::{LEASE, MoveError};

text_enum! {
    /// How far a run is. It is under way up to `PROVING`; a plan is there from `READY` on.
    pub enum State as MatchRunState {
        Queued,
        Snapshot,
        Scoring,
        Solving,
        Proving,
        Ready,
        Published,
        Failed,
        Cancelled,
        Stale,
    }
}

text_enum! {
    /// What the best plan is: the most points in all; as many mentees with a mentor as can be, and then the most points; or one in which no two would
    /// both rather have each other.
    pub enum Mode as MatchRunMode {
        BestTotal,
        ParticipationFirst,
        Stable,
    }
}

text_enum! {
    /// What the solver is at. It may look for better pairs and solve again more than once.
    pub enum Phase as MatchRunPhase {
        Snapshot,
        Scoring,
        Solving,
        Pricing,
        Proving,
    }
}

text_enum! {
    /// What publishing makes of the pairs.
    pub enum PublishedAs {
        Suggestions,
        Mentorships,
    }
}

text_enum! {
    /// Why a run failed.
    pub enum Failure as MatchRunFailure {
        /// A pin is against a rule, below the floor, banned, there twice, or beyond what the two can have
        PinRefused,
        /// More people than a run takes
        TooLarge,
        /// Something on our side: the log of the server tells it
        Internal,
    }
}

/// Whom a run takes. An empty list asks nothing; of a list, one is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase", default)]
pub struct Filters {
    pub topics: Vec<Uuid>,
    pub skills: Vec<Uuid>,
    pub industries: Vec<Uuid>,
    /// BCP 47
    pub languages: Vec<String>,
    pub mentee_ids: Vec<Uuid>,
    pub mentor_ids: Vec<Uuid>,
    /// Of those of a side at most so many, drawn by the seed
    pub most_mentees: Option<u32>,
    pub most_mentors: Option<u32>,
}

/// A mentor and a mentee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Couple {
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
}

/// A mentor who takes at most so many, where that is fewer than their free places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeatLimit {
    pub mentor_id: Uuid,
    pub seats: u16,
}

/// What an admin demands of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase", default)]
pub struct Edits {
    /// Pairs that must be in it
    pub pins: Vec<Couple>,
    /// Pairs that must not be in it
    pub bans: Vec<Couple>,
    pub seats: Vec<SeatLimit>,
}

/// What an admin asked to be made of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Publication {
    pub how: PublishedAs,
    /// Only where the plan would be made of the same today
    pub only_fresh: bool,
    pub by_id: Uuid,
    pub request_id: Option<Uuid>,
}

/// A pair that could not be made, and the code of why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    #[serde(flatten)]
    pub couple: Couple,
    pub code: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Conflicts(pub Vec<Conflict>);

/// What a plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    pub points: i64,
    pub pairs: u32,
    /// Mentees with a mentor
    pub matched_mentees: u32,
    /// Mentors with a mentee
    pub matched_mentors: u32,
}

/// What a run was about, and what its plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub mentees: u32,
    pub mentors: u32,
    pub seats: u32,
    pub totals: Totals,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "match_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: State,
    pub mode: Mode,
    /// The lowest score, 0 to 100, that a pair may have
    pub floor: i16,
    pub minimum_one: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub filters: Filters,
    #[sea_orm(column_type = "JsonBinary")]
    pub edits: Edits,
    pub seed: i64,
    pub policy_version: Option<i32>,
    pub algorithm_version: Option<i32>,
    pub snapshot_hash: Option<String>,
    pub progress_phase: Option<Phase>,
    pub progress_done: i64,
    pub progress_total: i64,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub summary: Option<Summary>,
    pub failure: Option<Failure>,
    pub cancel_requested: bool,
    /// Who works on it, for as long as the lease runs
    pub lease_holder: Option<Uuid>,
    pub lease_until: Option<DateTimeUtc>,
    pub requested_by_id: Option<Uuid>,
    pub published_as: Option<PublishedAs>,
    /// What is asked for, until it is done or found impossible
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub publication: Option<Publication>,
    /// What came in the way of the plan, or of what was asked for last
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub conflicts: Option<Conflicts>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub started_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
    pub published_at: Option<DateTimeUtc>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Neither ended nor ready: there is one such at most.
pub const UNDER_WAY: [State; 5] = [State::Queued, State::Snapshot, State::Scoring, State::Solving, State::Proving];

impl State {
    pub fn is_under_way(self) -> bool {
        UNDER_WAY.contains(&self)
    }

    /// Whether there is a plan to look at.
    pub fn has_plan(self) -> bool {
        matches!(self, Self::Ready | Self::Published | Self::Stale)
    }
}
