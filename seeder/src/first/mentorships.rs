//! The mentorships of the ten: at least one in every state.

use chrono::{DateTime, Utc};
use entity::mentorship::{EndReason, Origin};

use super::people::{ADMIN, KENJI, LUCAS, MENTEE, MENTOR, OMAR, OWNER, PRIYA, SOFIA};
use super::threads;
use crate::calendar::at;
use crate::dice::Dice;
use crate::plan::{Course, End, Line, Member, Mentorship, paced};
use crate::texts::Script;
use crate::texts::by_turns;

/// Places in the list of [`mentorships`], where others point at them.
pub const AMARA_LINH: usize = 0;
pub const LUCAS_PRIYA: usize = 1;
pub const AMARA_SOFIA: usize = 2;
pub const PRIYA_SOFIA: usize = 8;
pub const INGRID_PRIYA: usize = 12;
/// When both had accepted the suggestion.
pub const AMARA_LINH_START: DateTime<Utc> = at(9, 7, 13, 20);

pub fn mentorships(members: &[Member], dice: &mut Dice) -> Vec<Mentorship> {
    let begun = |key: &str, mentor: usize, mentee: usize, created_at, accepted_at| Course {
        key: key.to_owned(),
        mentor: &members[mentor],
        mentee: &members[mentee],
        origin: Origin::Request,
        created_at,
        message: None,
        accepted_at,
        end: None,
        previous_id: None,
        lines: Vec::new(),
        unread_by: None,
    };
    let mut talk = |script: Script, start, end| -> Vec<Line> { paced(dice, by_turns(script), start, end) };
    let end = |at, completed, by: Option<usize>, reason, note| {
        Some(End { at, completed, by: by.map(|by| members[by].row.id), reason: Some(reason), note })
    };
    let before = Course {
        message: Some("Could we look at visitor numbers together? I design for them and cannot read them."),
        end: end(at(4, 6, 15, 2), false, Some(PRIYA), EndReason::NoTime, None),
        ..begun("priya-sofia-1", PRIYA, SOFIA, at(3, 23, 15, 2), Some(at(3, 24, 13, 20)))
    }
    .finish();
    let previous_id = Some(before.row.id);
    let courses = [
        Course {
            origin: Origin::Suggestion,
            lines: talk(threads::AMARA_LINH, at(9, 7, 14, 0), at(11, 1, 16, 0)),
            unread_by: Some(1),
            ..begun("amara-linh", MENTOR, MENTEE, AMARA_LINH_START, Some(AMARA_LINH_START))
        },
        Course {
            message: Some("I would like to run my own models in production. Would you show me how to do it properly?"),
            lines: talk(threads::LUCAS_PRIYA, at(8, 12, 14, 30), at(10, 29, 14, 0)),
            unread_by: Some(0),
            ..begun("lucas-priya", LUCAS, PRIYA, at(8, 10, 6, 40), Some(at(8, 12, 12, 15)))
        },
        Course {
            message: Some("I draw pages all day and want to learn to build one. May I do that with you?"),
            lines: talk(threads::AMARA_SOFIA, at(3, 10, 15, 0), at(7, 16, 12, 0)),
            end: end(at(7, 17, 9, 30), true, Some(SOFIA), EndReason::GoalsReached, None),
            ..begun("amara-sofia", MENTOR, SOFIA, at(3, 9, 16, 20), Some(at(3, 10, 14, 5)))
        },
        Course {
            message: Some(
                "We ship a model into a hospital network next year. I would love to think through its security with you.",
            ),
            ..begun("amara-priya", MENTOR, PRIYA, at(10, 28, 14, 45), None)
        },
        Course {
            message: Some(
                "I would like to understand where my code runs. Could we go through one deployment together, step by step?",
            ),
            ..begun("lucas-linh", LUCAS, MENTEE, at(10, 30, 13, 5), None)
        },
        Course {
            message: Some(
                "I sit between designers and analysts and understand half of each. Would you help me with the second half?",
            ),
            lines: talk(threads::PRIYA_LINH, at(2, 20, 14, 0), at(6, 11, 15, 0)),
            end: end(at(6, 12, 14, 10), true, Some(PRIYA), EndReason::GoalsReached, None),
            ..begun("priya-linh", PRIYA, MENTEE, at(2, 18, 13, 30), Some(at(2, 20, 13, 0)))
        },
        Course {
            message: Some("Could you help me with my first database schema?"),
            lines: talk(threads::OMAR_LINH, at(6, 17, 8, 0), at(6, 23, 18, 0)),
            end: end(
                at(6, 24, 10, 25),
                false,
                Some(ADMIN),
                EndReason::Conduct,
                Some("Asked the mentee for money. Talked to both; account suspended."),
            ),
            ..begun("omar-linh", OMAR, MENTEE, at(6, 15, 12, 0), Some(at(6, 16, 9, 40)))
        },
        Course {
            message: Some("You know what our new models do; I know how to keep them up. Shall we trade?"),
            end: end(at(7, 8, 12, 30), false, Some(LUCAS), EndReason::Withdrawn, None),
            ..begun("priya-lucas", PRIYA, LUCAS, at(7, 6, 17, 10), None)
        },
        Course {
            message: Some("Let us try again: I still have those visitor numbers."),
            lines: talk(threads::PRIYA_SOFIA, at(9, 2, 16, 0), at(10, 31, 16, 0)),
            unread_by: Some(1),
            previous_id,
            ..begun("priya-sofia-2", PRIYA, SOFIA, at(8, 31, 14, 0), Some(at(9, 2, 13, 10)))
        },
        Course {
            message: Some(
                "I would like to build a small app for my map of tea houses. Would you be my mentor for that?",
            ),
            end: end(at(9, 10, 11, 50), false, Some(KENJI), EndReason::Declined, None),
            ..begun("kenji-linh", KENJI, MENTEE, at(9, 8, 13, 15), None)
        },
        Course {
            message: Some("I think of founding a studio and would like to hear what you wish you had known."),
            lines: talk(threads::INGRID_SOFIA, at(4, 22, 12, 0), at(5, 28, 12, 0)),
            end: end(at(5, 29, 7, 45), false, Some(OWNER), EndReason::NoTime, None),
            ..begun("ingrid-sofia", OWNER, SOFIA, at(4, 20, 16, 30), Some(at(4, 22, 7, 55)))
        },
        Course {
            message: Some(
                "Our security reviews frighten everybody. I would like to run them better; may I learn from you?",
            ),
            end: end(at(4, 6, 16, 40), false, None, EndReason::Expired, None),
            ..begun("amara-lucas", MENTOR, LUCAS, at(3, 23, 16, 40), None)
        },
        Course {
            origin: Origin::Admin,
            lines: talk(threads::INGRID_PRIYA, at(10, 5, 13, 0), at(10, 30, 15, 0)),
            unread_by: Some(1),
            ..begun("ingrid-priya", OWNER, PRIYA, at(10, 5, 10, 0), Some(at(10, 5, 10, 0)))
        },
    ];
    let mut all: Vec<Mentorship> = courses.into_iter().map(Course::finish).collect();
    // Rows come after those they refer to; the places above stay what they are.
    all.push(before);
    all
}
