use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use entity::conversation;
use uuid::Uuid;

use crate::calendar::NOW;
use crate::dice::Dice;
use crate::ids;

/// A message to be: `by` is 0 for the first of the pair, 1 for the second.
#[derive(Clone, Copy)]
pub struct Line {
    pub by: usize,
    pub at: DateTime<Utc>,
    pub text: &'static str,
}

/// The messages of a pair, in a mentorship or a conversation, and how far each has read.
pub struct Thread {
    pub id: Uuid,
    pub of_mentorship: bool,
    pub pair: [Uuid; 2],
    pub lines: Vec<Line>,
    pub read: [i64; 2],
}

impl Thread {
    /// `unread_by` has not looked since their own last message; the other has read it all.
    pub fn new(id: Uuid, of_mentorship: bool, pair: [Uuid; 2], lines: Vec<Line>, unread_by: Option<usize>) -> Self {
        let read = [0, 1].map(|reader| match unread_by {
            Some(lazy) if lazy == reader => {
                lines.iter().rposition(|line| line.by == reader).map_or(0, |place| place as i64 + 1)
            }
            _ => lines.len() as i64,
        });
        Self { id, of_mentorship, pair, lines, read }
    }

    pub fn last_seq(&self) -> i64 {
        self.lines.len() as i64
    }

    pub fn last_at(&self) -> Option<DateTime<Utc>> {
        self.lines.last().map(|line| line.at)
    }

    /// When a reader who wrote nothing back looked at what came last.
    pub fn looked_at(&self) -> Option<DateTime<Utc>> {
        self.last_at().map(|at| (at + TimeDelta::minutes(37)).min(NOW))
    }
}

/// Lines and who says them, spread over the time from `start` to `end`.
pub fn paced(
    dice: &mut Dice,
    script: impl ExactSizeIterator<Item = (usize, &'static str)>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Vec<Line> {
    let start = start.trunc_subsecs(3);
    let pace = (end - start).num_milliseconds() / script.len().max(1) as i64;
    let lines = script.enumerate().map(|(index, (by, text))| {
        let late = dice.between(0, pace * 4 / 5);
        Line { by, at: start + TimeDelta::milliseconds(pace * index as i64 + late), text }
    });
    lines.collect()
}

/// A thread of two users outside a mentorship.
pub struct Conversation {
    pub row: conversation::Model,
    pub thread: Thread,
}

impl Conversation {
    /// Opened by the first of `pair` with the first line.
    pub fn new(key: &str, pair: [Uuid; 2], lines: Vec<Line>, unread_by: Option<usize>) -> Self {
        let created_at = lines.first().map_or(NOW, |line| line.at);
        let id = ids::id("conversations", key, created_at);
        let thread = Thread::new(id, false, pair, lines, unread_by);
        let (user_a_id, user_b_id) = conversation::ordered(pair[0], pair[1]);
        let read_by = |user: Uuid| thread.read[usize::from(user != pair[0])];
        let row = conversation::Model {
            id,
            user_a_id,
            user_b_id,
            last_message_seq: thread.last_seq(),
            user_a_read_seq: read_by(user_a_id),
            user_b_read_seq: read_by(user_b_id),
            last_message_at: thread.last_at(),
            created_at,
            updated_at: thread.last_at().unwrap_or(created_at),
        };
        Self { row, thread }
    }
}
