use chrono::{DateTime, Utc};
use entity::onboarding_step::Step;
use entity::user;
use uuid::Uuid;

/// A user with all that belongs to them; terms are places in the lists of the taxonomy.
pub struct Member {
    /// Stands for them in the names of rows, and in the address before the `@`.
    pub key: String,
    pub row: user::Model,
    /// Their place on the ladder of seniority, from 1
    pub rank: Option<i16>,
    pub languages: Vec<&'static str>,
    pub industries: Vec<usize>,
    pub offers: Vec<(usize, Option<i16>)>,
    pub seeks: Vec<(usize, Option<i16>)>,
    pub soft_offers: Vec<usize>,
    pub soft_seeks: Vec<usize>,
    pub topics_offered: Vec<usize>,
    pub topics_sought: Vec<usize>,
    pub windows: Vec<Window>,
    pub steps: Vec<(Step, DateTime<Utc>)>,
    pub approved: Option<Act>,
    pub suspended: Option<Act>,
}

/// A weekly window, in minutes of the day where the member lives.
#[derive(Clone, Copy)]
pub struct Window {
    pub weekday: i16,
    pub start: i16,
    pub end: i16,
}

impl Window {
    pub const fn on(weekday: i16, start_hour: i16, end_hour: i16) -> Self {
        Self { weekday, start: start_hour * 60, end: end_hour * 60 }
    }
}

/// What one of the staff did, and when.
#[derive(Clone, Copy)]
pub struct Act {
    pub by: Uuid,
    pub at: DateTime<Utc>,
}
