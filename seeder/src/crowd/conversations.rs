use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::suggestion::Response::Declined;

use super::{Pairs, lines};
use crate::calendar::NOW;
use crate::dice::Dice;
use crate::plan::{Conversation, Member, Mentorship, Suggestion, paced};
use crate::texts::CONVERSATIONS;

/// For every hundred members.
const SHARE: usize = 50;

/// Two who may talk outside a mentorship, by their places, and when either may begin.
struct Reason {
    pair: (usize, usize),
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

pub fn conversations(
    dice: &mut Dice,
    members: &[Member],
    mentorships: &[Mentorship],
    suggestions: &[Suggestion],
) -> Vec<Conversation> {
    let mut reasons = reasons(members, mentorships, suggestions);
    dice.shuffle(&mut reasons);
    let (wanted, mut pairs, mut all) = (members.len() * SHARE / 100, Pairs::default(), Vec::new());
    for Reason { pair: (one, other), from, until } in reasons {
        if all.len() == wanted {
            break;
        }
        if pairs.take(one, other) {
            let (one, other) = if dice.percent(50) { (one, other) } else { (other, one) };
            all.extend(conversation(dice, [&members[one], &members[other]], from, until));
        }
    }
    all
}

/// A mentorship is one for ever, a suggestion while it is open and nobody has declined it.
fn reasons(members: &[Member], mentorships: &[Mentorship], suggestions: &[Suggestion]) -> Vec<Reason> {
    let place: HashMap<_, _> = members.iter().enumerate().map(|(place, member)| (member.row.id, place)).collect();
    let met = mentorships.iter().map(|Mentorship { row, .. }| Reason {
        pair: (place[&row.mentor_id], place[&row.mentee_id]),
        from: row.created_at,
        until: NOW,
    });
    let declined = |answer: Option<_>| answer.is_some_and(|(answer, _)| answer == Declined);
    let suggested = suggestions.iter().filter(|one| !declined(one.mentor_answer) && !declined(one.mentee_answer));
    let suggested = suggested.map(|one| Reason {
        pair: (one.mentor, one.mentee),
        from: one.created_at,
        until: one.expires_at.min(NOW),
    });
    met.chain(suggested).collect()
}

/// None where too little time is left for it.
fn conversation(
    dice: &mut Dice,
    [one, other]: [&Member; 2],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Option<Conversation> {
    let count = dice.between(4, 16) as usize;
    let talk = lines(dice, &CONVERSATIONS, count);
    let lasts = TimeDelta::minutes(dice.between(30, 240)) * count as i32;
    let latest = until.min(NOW - lasts);
    if latest <= from {
        return None;
    }
    let start = dice.instant(from, latest);
    let lines = paced(dice, talk.into_iter(), start, start + lasts);
    let lazy = dice.percent(15);
    let unread_by = lines.last().filter(|_| lazy).map(|last| 1 - last.by);
    Some(Conversation::new(&format!("{}-{}", one.key, other.key), [one.row.id, other.row.id], lines, unread_by))
}
