use chrono::TimeDelta;

use super::{Pairs, lines};
use crate::calendar::NOW;
use crate::dice::Dice;
use crate::plan::{Conversation, Member, paced};
use crate::texts::CONVERSATIONS;

/// For every hundred members.
const SHARE: usize = 50;

pub fn conversations(dice: &mut Dice, members: &[Member]) -> Vec<Conversation> {
    let mut pairs = Pairs::default();
    let mut all = Vec::new();
    for _ in 0..members.len() * SHARE / 100 {
        let (one, other) = (dice.below(members.len()), dice.below(members.len()));
        if pairs.take(one, other) {
            all.push(conversation(dice, &members[one], &members[other]));
        }
    }
    all
}

fn conversation(dice: &mut Dice, one: &Member, other: &Member) -> Conversation {
    let count = dice.between(4, 16) as usize;
    let talk = lines(dice, &CONVERSATIONS, count);
    let lasts = TimeDelta::minutes(dice.between(30, 240)) * count as i32;
    let start = dice.instant(NOW - TimeDelta::days(240), NOW - lasts);
    let lines = paced(dice, talk.into_iter(), start, start + lasts);
    let lazy = dice.percent(15);
    let unread_by = lines.last().filter(|_| lazy).map(|last| 1 - last.by);
    Conversation::new(&format!("{}-{}", one.key, other.key), [one.row.id, other.row.id], lines, unread_by)
}
