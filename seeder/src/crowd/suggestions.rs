use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship::Origin;
use entity::suggestion::Response::{Accepted, Declined};

use super::{Pairs, fit};
use crate::calendar::NOW;
use crate::dice::Dice;
use crate::plan::{Member, Mentorship, Suggestion};

/// Of one circle.
const DECLINED: usize = 10;
/// Open ones of one mentee.
const OPEN: usize = 5;
const LONG: TimeDelta = TimeDelta::days(365);
const SHORT: TimeDelta = TimeDelta::days(30);

/// What was answered, and for every mentee who looks for somebody a handful that is open.
pub fn suggestions(dice: &mut Dice, members: &[Member], mentorships: &[Mentorship]) -> Vec<Suggestion> {
    let place: HashMap<_, _> = members.iter().enumerate().map(|(place, member)| (member.row.id, place)).collect();
    let mut free: Vec<i16> = members.iter().map(|member| member.row.mentor_capacity).collect();
    let (mut taken, mut all) = (Pairs::default(), Vec::new());
    for Mentorship { row, .. } in mentorships {
        let (mentor, mentee) = (place[&row.mentor_id], place[&row.mentee_id]);
        taken.take(mentor, mentee);
        free[mentor] -= i16::from(row.is_open());
        if row.origin == Origin::Suggestion {
            all.push(matched(dice, mentor, mentee, row.created_at));
        }
    }
    for _ in 0..DECLINED {
        let (mentor, mentee) = (dice.below(members.len()), dice.below(members.len()));
        if fit(&members[mentor], &members[mentee]) && taken.take(mentor, mentee) {
            all.push(declined(dice, mentor, mentee));
        }
    }
    let looking = |place: &usize| members[*place].row.paused_until.is_none();
    let mut mentors: Vec<_> = (0..members.len()).filter(looking).filter(|place| free[*place] > 0).collect();
    for mentee in (0..members.len()).filter(looking) {
        dice.shuffle(&mut mentors);
        let fitting = mentors.iter().copied().filter(|mentor| {
            *mentor != mentee && !taken.has(*mentor, mentee) && fit(&members[*mentor], &members[mentee])
        });
        all.extend(fitting.take(OPEN).map(|mentor| open(dice, mentor, mentee)));
    }
    all
}

/// The mentor said yes last.
fn matched(dice: &mut Dice, mentor: usize, mentee: usize, at: DateTime<Utc>) -> Suggestion {
    let created_at = at - TimeDelta::minutes(dice.between(60, 10 * 1440));
    Suggestion {
        mentor,
        mentee,
        created_at,
        expires_at: created_at + SHORT,
        mentor_answer: Some((Accepted, at)),
        mentee_answer: Some((Accepted, dice.instant(created_at + TimeDelta::minutes(5), at - TimeDelta::minutes(5)))),
    }
}

fn declined(dice: &mut Dice, mentor: usize, mentee: usize) -> Suggestion {
    let created_at = dice.instant(NOW - TimeDelta::days(200), NOW - TimeDelta::days(40));
    let no = Some((Declined, created_at + TimeDelta::minutes(dice.between(10, 20 * 1440))));
    let (mentor_answer, mentee_answer) = if dice.percent(50) { (no, None) } else { (None, no) };
    Suggestion { mentor, mentee, created_at, expires_at: created_at + SHORT, mentor_answer, mentee_answer }
}

fn open(dice: &mut Dice, mentor: usize, mentee: usize) -> Suggestion {
    let created_at = dice.instant(NOW - TimeDelta::days(20), NOW - TimeDelta::hours(1));
    let yes = Some((Accepted, dice.instant(created_at, NOW)));
    let (mentor_answer, mentee_answer) = match dice.below(100) {
        0..8 => (yes, None),
        8..20 => (None, yes),
        _ => (None, None),
    };
    Suggestion { mentor, mentee, created_at, expires_at: created_at + LONG, mentor_answer, mentee_answer }
}
