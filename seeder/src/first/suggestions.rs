//! The suggestions among the ten: every state there is.

use chrono::{DateTime, TimeDelta, Utc};
use entity::suggestion::Response::{Accepted, Declined};

use super::mentorships::AMARA_LINH_START;
use super::people::{ADMIN, KENJI, LUCAS, MENTEE, MENTOR, OWNER, PRIYA, SOFIA};
use crate::calendar::at;
use crate::plan::Suggestion;

/// From 12 October suggestions stay open for a year, so that a newcomer finds some.
const LONG: TimeDelta = TimeDelta::days(365);
const SHORT: TimeDelta = TimeDelta::days(30);

pub fn suggestions() -> Vec<Suggestion> {
    let open = |mentor, mentee, created_at: DateTime<Utc>, days| Suggestion {
        mentor,
        mentee,
        created_at,
        expires_at: created_at + days,
        mentor_answer: None,
        mentee_answer: None,
    };
    vec![
        Suggestion { mentor_answer: Some((Declined, at(5, 6, 11, 20))), ..open(KENJI, MENTEE, at(5, 4, 3, 0), SHORT) },
        open(PRIYA, LUCAS, at(8, 3, 3, 0), SHORT),
        Suggestion {
            mentor_answer: Some((Accepted, AMARA_LINH_START)),
            mentee_answer: Some((Accepted, at(9, 4, 12, 45))),
            ..open(MENTOR, MENTEE, at(9, 3, 3, 0), SHORT)
        },
        Suggestion { mentee_answer: Some((Declined, at(10, 10, 8, 35))), ..open(OWNER, SOFIA, at(10, 8, 3, 0), SHORT) },
        open(MENTOR, LUCAS, at(10, 26, 3, 0), LONG),
        Suggestion {
            mentor_answer: Some((Accepted, at(10, 27, 13, 25))),
            ..open(OWNER, MENTEE, at(10, 26, 3, 1), LONG)
        },
        open(ADMIN, MENTEE, at(10, 28, 3, 0), LONG),
        Suggestion {
            mentee_answer: Some((Accepted, at(10, 29, 12, 10))),
            ..open(MENTOR, ADMIN, at(10, 28, 3, 1), LONG)
        },
    ]
}
