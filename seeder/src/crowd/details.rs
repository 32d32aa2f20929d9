use chrono::{DateTime, TimeDelta, Utc};
use entity::goal::{Kind, Status};
use entity::meeting::Status as MeetingStatus;
use entity::note::Visibility;
use entity::{meeting, mentorship, note};

use super::pools::{AGENDAS, GOALS, NOTES};
use crate::calendar::NOW;
use crate::dice::Dice;
use crate::plan::{Aim, Appointment, Details, Goal, Mentorship, note};

const MEETING_KEYS: [&str; 3] = ["meeting-1", "meeting-2", "meeting-3"];
const GOAL_KEYS: [&str; 2] = ["goal-1", "goal-2"];

/// Goals, notes and meetings of what began, all within its time.
pub fn details(dice: &mut Dice, mentorship: &Mentorship) -> Details {
    let Some(start) = mentorship.row.start_date else { return Details::default() };
    let end = mentorship.row.end_date.unwrap_or(NOW);
    let mut details = Details::default();
    for key in GOAL_KEYS.iter().take(dice.below(3)) {
        details.goals.push(goal(dice, mentorship, key, start, end));
    }
    for index in 0..dice.below(3) {
        details.notes.push(a_note(dice, mentorship, index, start, end));
    }
    for key in MEETING_KEYS {
        details.meetings.extend(held(dice, mentorship, key, start, end));
    }
    if mentorship.row.status == mentorship::Status::Active {
        details.meetings.push(to_come(dice, mentorship, start));
    }
    details
}

fn one_of(dice: &mut Dice, mentorship: &Mentorship) -> uuid::Uuid {
    if dice.percent(50) { mentorship.row.mentor_id } else { mentorship.row.mentee_id }
}

fn goal(dice: &mut Dice, mentorship: &Mentorship, key: &'static str, start: DateTime<Utc>, end: DateTime<Utc>) -> Goal {
    let (title, steps) = dice.pick(&GOALS);
    let created_at = dice.instant(start, start + (end - start) / 4);
    let ended = mentorship.row.end_date.is_some();
    let status = if ended && dice.percent(70) { Status::Achieved } else { Status::Open };
    let done = if status == Status::Achieved { steps.len() } else { dice.below(steps.len() + 1) };
    let pace = (end - created_at) / (steps.len() as i32 + 2);
    let when = |step: usize| created_at + whole_millis(pace * (step as i32 + 1));
    let milestones: Vec<_> =
        steps.iter().enumerate().map(|(step, title)| (*title, (step < done).then(|| when(step)))).collect();
    let moved = status == Status::Achieved || done > 0;
    let aim = Aim {
        key,
        by: one_of(dice, mentorship),
        kind: if dice.percent(60) { Kind::ShortTerm } else { Kind::LongTerm },
        title,
        description: None,
        due: Some((created_at + TimeDelta::days(dice.between(30, 300))).date_naive()),
        progress: if status == Status::Achieved { 100 } else { 0 },
        status,
        created_at,
        updated_at: match status {
            Status::Achieved => when(steps.len()),
            _ if moved => when(done - 1),
            _ => created_at,
        },
        milestones,
    };
    aim.of(mentorship)
}

fn a_note(
    dice: &mut Dice,
    mentorship: &Mentorship,
    index: usize,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> note::Model {
    let author = one_of(dice, mentorship);
    let visibility = if dice.percent(60) { Visibility::Shared } else { Visibility::Private };
    let at = dice.instant(start, end);
    note(mentorship, &format!("note-{index}"), author, visibility, at, dice.pick(&NOTES))
}

/// A meeting that was held, or missed, where there was time for it.
fn held(
    dice: &mut Dice,
    mentorship: &Mentorship,
    key: &'static str,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> Option<meeting::Model> {
    let created_at = dice.instant(start, end);
    let at = on_the_hour(created_at + TimeDelta::hours(dice.between(26, 240)));
    let status = if dice.percent(90) { MeetingStatus::Held } else { MeetingStatus::NoShow };
    let appointment = appointment(dice, mentorship, key, created_at, at);
    let over = at + TimeDelta::minutes(i64::from(appointment.minutes));
    (over < end).then(|| Appointment { status, updated_at: over, ..appointment }.of(mentorship))
}

fn to_come(dice: &mut Dice, mentorship: &Mentorship, start: DateTime<Utc>) -> meeting::Model {
    let created_at = dice.instant((NOW - TimeDelta::days(6)).max(start), NOW - TimeDelta::hours(21));
    let at = on_the_hour(NOW + TimeDelta::hours(dice.between(30, 500)));
    let appointment = appointment(dice, mentorship, "to-come", created_at, at);
    if dice.percent(60) {
        return appointment.of(mentorship);
    }
    Appointment { status: MeetingStatus::Proposed, updated_at: created_at, ..appointment }.of(mentorship)
}

fn appointment(
    dice: &mut Dice,
    mentorship: &Mentorship,
    key: &'static str,
    created_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Appointment {
    Appointment {
        key,
        by: one_of(dice, mentorship),
        created_at,
        at,
        minutes: dice.pick(&[30, 45, 60, 60, 90]),
        time_zone: "UTC".to_owned(),
        link: Some("https://meet.example.org/room"),
        location: None,
        agenda: Some(dice.pick(&AGENDAS)),
        notes: None,
        status: MeetingStatus::Confirmed,
        updated_at: created_at + TimeDelta::hours(20),
    }
}

fn on_the_hour(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::milliseconds(at.timestamp_millis().rem_euclid(3_600_000))
}

fn whole_millis(time: TimeDelta) -> TimeDelta {
    TimeDelta::milliseconds(time.num_milliseconds())
}
