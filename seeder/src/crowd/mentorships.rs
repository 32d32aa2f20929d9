use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship::{EndReason, Origin};

use super::{Pairs, fit, lines, suits};
use crate::calendar::NOW;
use crate::dice::Dice;
use crate::plan::{Course, End, Member, Mentorship, paced};
use crate::texts::{MENTORSHIPS, REQUESTS};

/// For every hundred members.
const SHARE: usize = 30;

pub fn mentorships(dice: &mut Dice, members: &[Member]) -> Vec<Mentorship> {
    let wanted = members.len() * SHARE / 100;
    let (mut pairs, mut all) = (Pairs::default(), Vec::with_capacity(wanted));
    let mut places: Vec<i16> = members.iter().map(|member| member.row.mentor_capacity).collect();
    for _ in 0..wanted * 20 {
        if all.len() == wanted {
            break;
        }
        let (mentor, mentee) = (dice.below(members.len()), dice.below(members.len()));
        if places[mentor] == 0 || !suits(&members[mentor], &members[mentee]) || !pairs.take(mentor, mentee) {
            continue;
        }
        let mentorship = course(dice, &members[mentor], &members[mentee]).finish();
        if mentorship.row.is_open() {
            places[mentor] -= 1;
        }
        all.push(mentorship);
    }
    all
}

fn course<'a>(dice: &mut Dice, mentor: &'a Member, mentee: &'a Member) -> Course<'a> {
    let blank = |origin, created_at, accepted_at| {
        Course::new((mentor, mentee), format!("{}-{}", mentor.key, mentee.key), origin, created_at, accepted_at)
    };
    match dice.below(100) {
        0..10 => {
            let asked = dice.instant(days_ago(13), NOW - TimeDelta::hours(2));
            Course { message: Some(dice.pick(&REQUESTS)), ..blank(Origin::Request, asked, None) }
        }
        10..20 => {
            let asked = dice.instant(days_ago(180), days_ago(20));
            refused(dice, blank(Origin::Request, asked, None))
        }
        20..55 => {
            let (origin, asked, began) = beginning(dice, fit(mentor, mentee), 100, 200);
            let end = began + TimeDelta::minutes(dice.between(30 * 1440, 90 * 1440));
            ran(dice, blank(origin, asked, Some(began)), Some(end))
        }
        _ => {
            let (origin, asked, began) = beginning(dice, fit(mentor, mentee), 3, 120);
            ran(dice, blank(origin, asked, Some(began)), None)
        }
    }
}

fn days_ago(days: i64) -> DateTime<Utc> {
    NOW - TimeDelta::days(days)
}

/// How it came about (by a suggestion only where one could be made), when it was asked for and when it began.
fn beginning(dice: &mut Dice, suggested: bool, least: i64, most: i64) -> (Origin, DateTime<Utc>, DateTime<Utc>) {
    let began = dice.instant(days_ago(most), days_ago(least));
    match dice.below(10) {
        0..7 if suggested => (Origin::Suggestion, began, began),
        0..9 => (Origin::Request, began - TimeDelta::minutes(dice.between(30, 6 * 1440)), began),
        _ => (Origin::Admin, began, began),
    }
}

/// A request that came to nothing.
fn refused<'a>(dice: &mut Dice, course: Course<'a>) -> Course<'a> {
    let after = |minutes| course.created_at + TimeDelta::minutes(minutes);
    let (mentor, mentee) = (Some(course.mentor.row.id), Some(course.mentee.row.id));
    let (at, by, reason) = match dice.below(10) {
        0..5 => (after(dice.between(60, 9 * 1440)), mentor, EndReason::Declined),
        5..8 => (after(dice.between(60, 9 * 1440)), mentee, EndReason::Withdrawn),
        _ => (after(14 * 1440), None, EndReason::Expired),
    };
    let end = Some(End { at, completed: false, by, reason: Some(reason), note: None });
    Course { message: Some(dice.pick(&REQUESTS)), end, ..course }
}

/// One that began; with an end most came to their goals, some broke off.
fn ran<'a>(dice: &mut Dice, course: Course<'a>, end: Option<DateTime<Utc>>) -> Course<'a> {
    let began = course.accepted_at.unwrap_or(course.created_at);
    let by = if dice.percent(50) { course.mentor.row.id } else { course.mentee.row.id };
    let (completed, reason) = match dice.below(100) {
        0..85 => (true, EndReason::GoalsReached),
        85..95 => (false, EndReason::NoTime),
        _ => (false, EndReason::NotAFit),
    };
    let until = end.unwrap_or(NOW);
    let count = dice.between(4, 36) as usize;
    let talk = lines(dice, &MENTORSHIPS, count);
    let lines = paced(dice, talk.into_iter(), began + (until - began) / 50, until - (until - began) / 50);
    let lazy = end.is_none() && dice.percent(30);
    Course {
        message: (course.origin == Origin::Request).then(|| dice.pick(&REQUESTS)),
        end: end.map(|at| End { at, completed, by: Some(by), reason: Some(reason), note: None }),
        unread_by: lines.last().filter(|_| lazy).map(|last| 1 - last.by),
        lines,
        ..course
    }
}
