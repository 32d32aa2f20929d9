//! The mentorships of the ten: at least one in every state.

use chrono::{DateTime, Utc};
use entity::mentorship::{EndReason, Origin};
use uuid::Uuid;

use super::people::{ADMIN, KENJI, LUCAS, MENTEE, MENTOR, OMAR, OWNER, PRIYA, SOFIA};
use super::threads;
use crate::calendar::at;
use crate::dice::Dice;
use crate::plan::{Course, End, Line, Member, Mentorship, paced};
use crate::texts::{Script, by_turns};

/// Places in the list of [`mentorships`], where others point at them.
pub const AMARA_LINH: usize = 0;
pub const LUCAS_PRIYA: usize = 1;
pub const AMARA_SOFIA: usize = 2;
pub const PRIYA_SOFIA: usize = 8;
pub const INGRID_PRIYA: usize = 12;
/// When both had accepted the suggestion.
pub const AMARA_LINH_START: DateTime<Utc> = at(9, 7, 13, 20);

pub fn mentorships(members: &[Member], dice: &mut Dice) -> Vec<Mentorship> {
    let mut author = Author { members, dice };
    let before = priya_and_sofia_in_spring(&author).finish();
    let mut all = of_amara_and_lucas(&mut author);
    all.extend(of_priya_and_omar(&mut author));
    all.extend(of_those_who_tried_again_or_later(&mut author, before.row.id));
    let mut all: Vec<Mentorship> = all.into_iter().map(Course::finish).collect();
    // Rows come after those they refer to; the places above stay what they are.
    all.push(before);
    all
}

/// Who the ten are, and the dice that pace what they say.
struct Author<'a, 'd> {
    members: &'a [Member],
    dice: &'d mut Dice,
}

impl<'a> Author<'a, '_> {
    fn begun(
        &self,
        key: &str,
        mentor: usize,
        mentee: usize,
        created_at: DateTime<Utc>,
        accepted_at: Option<DateTime<Utc>>,
    ) -> Course<'a> {
        let pair = (&self.members[mentor], &self.members[mentee]);
        Course::new(pair, key.to_owned(), Origin::Request, created_at, accepted_at)
    }

    fn talk(&mut self, script: Script, start: DateTime<Utc>, end: DateTime<Utc>) -> Vec<Line> {
        paced(self.dice, by_turns(script), start, end)
    }

    fn end(
        &self,
        at: DateTime<Utc>,
        completed: bool,
        by: Option<usize>,
        reason: EndReason,
        note: Option<&'static str>,
    ) -> Option<End> {
        Some(End { at, completed, by: by.map(|by| self.members[by].row.id), reason: Some(reason), note })
    }
}

fn priya_and_sofia_in_spring<'a>(author: &Author<'a, '_>) -> Course<'a> {
    Course {
        message: Some("Could we look at visitor numbers together? I design for them and cannot read them."),
        end: author.end(at(4, 6, 15, 2), false, Some(PRIYA), EndReason::NoTime, None),
        ..author.begun("priya-sofia-1", PRIYA, SOFIA, at(3, 23, 15, 2), Some(at(3, 24, 13, 20)))
    }
}

fn of_amara_and_lucas<'a>(author: &mut Author<'a, '_>) -> Vec<Course<'a>> {
    vec![
        Course {
            origin: Origin::Suggestion,
            lines: author.talk(threads::AMARA_LINH, at(9, 7, 14, 0), at(11, 1, 16, 0)),
            unread_by: Some(1),
            ..author.begun("amara-linh", MENTOR, MENTEE, AMARA_LINH_START, Some(AMARA_LINH_START))
        },
        Course {
            message: Some("I would like to run my own models in production. Would you show me how to do it properly?"),
            lines: author.talk(threads::LUCAS_PRIYA, at(8, 12, 14, 30), at(10, 29, 14, 0)),
            unread_by: Some(0),
            ..author.begun("lucas-priya", LUCAS, PRIYA, at(8, 10, 6, 40), Some(at(8, 12, 12, 15)))
        },
        Course {
            message: Some("I draw pages all day and want to learn to build one. May I do that with you?"),
            lines: author.talk(threads::AMARA_SOFIA, at(3, 10, 15, 0), at(7, 16, 12, 0)),
            end: author.end(at(7, 17, 9, 30), true, Some(SOFIA), EndReason::GoalsReached, None),
            ..author.begun("amara-sofia", MENTOR, SOFIA, at(3, 9, 16, 20), Some(at(3, 10, 14, 5)))
        },
        Course {
            message: Some(
                "We ship a model into a hospital network next year. I would love to think through its security with you.",
            ),
            ..author.begun("amara-priya", MENTOR, PRIYA, at(10, 28, 14, 45), None)
        },
        Course {
            message: Some(
                "I would like to understand where my code runs. Could we go through one deployment together, step by step?",
            ),
            ..author.begun("lucas-linh", LUCAS, MENTEE, at(10, 30, 13, 5), None)
        },
    ]
}

fn of_priya_and_omar<'a>(author: &mut Author<'a, '_>) -> Vec<Course<'a>> {
    vec![
        Course {
            message: Some(
                "I sit between designers and analysts and understand half of each. Would you help me with the second half?",
            ),
            lines: author.talk(threads::PRIYA_LINH, at(2, 20, 14, 0), at(6, 11, 15, 0)),
            end: author.end(at(6, 12, 14, 10), true, Some(PRIYA), EndReason::GoalsReached, None),
            ..author.begun("priya-linh", PRIYA, MENTEE, at(2, 18, 13, 30), Some(at(2, 20, 13, 0)))
        },
        Course {
            message: Some("Could you help me with my first database schema?"),
            lines: author.talk(threads::OMAR_LINH, at(6, 17, 8, 0), at(6, 23, 18, 0)),
            end: author.end(
                at(6, 24, 10, 25),
                false,
                Some(ADMIN),
                EndReason::Conduct,
                Some("Asked the mentee for money. Talked to both; account suspended."),
            ),
            ..author.begun("omar-linh", OMAR, MENTEE, at(6, 15, 12, 0), Some(at(6, 16, 9, 40)))
        },
        Course {
            message: Some("You know what our new models do; I know how to keep them up. Shall we trade?"),
            end: author.end(at(7, 8, 12, 30), false, Some(LUCAS), EndReason::Withdrawn, None),
            ..author.begun("priya-lucas", PRIYA, LUCAS, at(7, 6, 17, 10), None)
        },
    ]
}

fn of_those_who_tried_again_or_later<'a>(author: &mut Author<'a, '_>, previous_id: Uuid) -> Vec<Course<'a>> {
    vec![
        Course {
            message: Some("Let us try again: I still have those visitor numbers."),
            lines: author.talk(threads::PRIYA_SOFIA, at(9, 2, 16, 0), at(10, 31, 16, 0)),
            unread_by: Some(1),
            previous_id: Some(previous_id),
            ..author.begun("priya-sofia-2", PRIYA, SOFIA, at(8, 31, 14, 0), Some(at(9, 2, 13, 10)))
        },
        Course {
            message: Some(
                "I would like to build a small app for my map of tea houses. Would you be my mentor for that?",
            ),
            end: author.end(at(9, 10, 11, 50), false, Some(KENJI), EndReason::Declined, None),
            ..author.begun("kenji-linh", KENJI, MENTEE, at(9, 8, 13, 15), None)
        },
        Course {
            message: Some("I think of founding a studio and would like to hear what you wish you had known."),
            lines: author.talk(threads::INGRID_SOFIA, at(4, 22, 12, 0), at(5, 28, 12, 0)),
            end: author.end(at(5, 29, 7, 45), false, Some(OWNER), EndReason::NoTime, None),
            ..author.begun("ingrid-sofia", OWNER, SOFIA, at(4, 20, 16, 30), Some(at(4, 22, 7, 55)))
        },
        Course {
            message: Some(
                "Our security reviews frighten everybody. I would like to run them better; may I learn from you?",
            ),
            end: author.end(at(4, 6, 16, 40), false, None, EndReason::Expired, None),
            ..author.begun("amara-lucas", MENTOR, LUCAS, at(3, 23, 16, 40), None)
        },
        Course {
            origin: Origin::Admin,
            lines: author.talk(threads::INGRID_PRIYA, at(10, 5, 13, 0), at(10, 30, 15, 0)),
            unread_by: Some(1),
            ..author.begun("ingrid-priya", OWNER, PRIYA, at(10, 5, 10, 0), Some(at(10, 5, 10, 0)))
        },
    ]
}
