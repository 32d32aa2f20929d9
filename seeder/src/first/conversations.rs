//! Twenty conversations among the ten.

use chrono::{DateTime, TimeDelta, Utc};

use super::people::{ADMIN, KENJI, LUCAS, MENTEE, MENTOR, OMAR, OWNER, PRIYA, SOFIA};
use crate::calendar::at;
use crate::dice::Dice;
use crate::plan::{Conversation, Member, paced};
use crate::texts::{CONVERSATIONS, by_turns};

/// Who opened it, with whom, when, and which of them (0 or 1) has not read the last of it. Whoever opens one is staff, or
/// had a mentorship or a suggestion with the other by then.
const PAIRS: [(usize, usize, DateTime<Utc>, Option<usize>); 20] = [
    (MENTEE, OWNER, at(10, 26, 13, 0), None),
    (ADMIN, MENTEE, at(2, 3, 9, 0), None),
    (MENTEE, KENJI, at(10, 30, 14, 0), Some(0)),
    (MENTEE, PRIYA, at(6, 29, 12, 0), None),
    (OWNER, MENTOR, at(10, 29, 7, 30), Some(0)),
    (MENTOR, ADMIN, at(10, 29, 12, 30), Some(0)),
    (LUCAS, MENTOR, at(7, 21, 12, 0), None),
    (OWNER, LUCAS, at(9, 28, 12, 15), None),
    (ADMIN, OWNER, at(10, 30, 10, 0), Some(0)),
    (LUCAS, PRIYA, at(8, 17, 13, 0), None),
    (MENTOR, SOFIA, at(8, 27, 11, 0), None),
    (MENTEE, LUCAS, at(10, 30, 16, 0), None),
    (ADMIN, SOFIA, at(10, 19, 9, 30), None),
    (SOFIA, PRIYA, at(8, 4, 12, 0), None),
    (OWNER, KENJI, at(3, 16, 9, 0), None),
    (ADMIN, KENJI, at(4, 27, 8, 0), None),
    (PRIYA, OWNER, at(10, 12, 12, 0), None),
    (OWNER, SOFIA, at(5, 18, 11, 0), None),
    (ADMIN, OMAR, at(3, 9, 9, 0), None),
    (PRIYA, MENTOR, at(10, 30, 13, 0), Some(0)),
];

pub fn conversations(members: &[Member], dice: &mut Dice) -> Vec<Conversation> {
    let pairs = PAIRS.iter().zip(CONVERSATIONS);
    let open = pairs.map(|((one, other, start, unread_by), script)| {
        let pace = TimeDelta::minutes(dice.between(25, 240));
        let lines = paced(dice, by_turns(script), *start, *start + pace * script.len() as i32);
        let key = format!("{}-{}", members[*one].key, members[*other].key);
        Conversation::new(&key, [members[*one].row.id, members[*other].row.id], lines, *unread_by)
    });
    open.collect()
}
