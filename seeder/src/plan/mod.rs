//! What the world holds before it becomes rows: the same shapes for the ten who are written by hand and for the crowd.

mod course;
mod details;
mod member;
mod pairing;
mod thread;

pub use course::{Course, End, Mentorship};
pub use details::{Aim, Appointment, note};
pub use member::{Act, Member, Window};
pub use pairing::{fit, name};
pub use thread::{Conversation, Line, Thread, paced};

use chrono::{DateTime, Utc};
use entity::suggestion::Response;
use entity::{goal, meeting, milestone, note};

/// A goal with its milestones.
pub struct Goal {
    pub row: goal::Model,
    pub milestones: Vec<milestone::Model>,
}

/// What a mentorship holds besides its messages.
#[derive(Default)]
pub struct Details {
    pub goals: Vec<Goal>,
    pub notes: Vec<note::Model>,
    pub meetings: Vec<meeting::Model>,
}

/// A suggested pair, by their places in the circle, and what each side answered and when.
pub struct Suggestion {
    pub mentor: usize,
    pub mentee: usize,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub mentor_answer: Option<(Response, DateTime<Utc>)>,
    pub mentee_answer: Option<(Response, DateTime<Utc>)>,
}
