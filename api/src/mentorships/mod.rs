//! Mentorships: from the request or the match to the end.

pub mod ops;
