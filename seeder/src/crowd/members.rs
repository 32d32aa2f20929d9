use chrono::{DateTime, TimeDelta, Utc};
use entity::notification_preferences::{Digest, NotificationPreferences};
use entity::onboarding_step::Step;
use entity::user::{self, Gender, PreferredGender, Role, Status};

use super::pools::{ABOUTS, ANYBODY, FAMILIES, MEN, MOTIVATIONS, PLACES, TITLES, WOMEN};
use crate::calendar::{at, next_year};
use crate::dice::Dice;
use crate::ids;
use crate::plan::{Member, Window};
use crate::taxonomy::{INDUSTRIES, SENIORITY_LEVELS, SKILLS, SOFT_SKILLS, TOPICS, term_id};

/// The first of the crowd, and how long until the next: a million come before March.
const FIRST_JOINED: DateTime<Utc> = at(1, 14, 6, 0);
const EACH_MILLIS: i64 = 3_888;
/// Until the survey was done.
const SURVEY: TimeDelta = TimeDelta::minutes(24);

/// What is decided of somebody first.
struct Outline {
    index: u64,
    joined: DateTime<Utc>,
    mentor: bool,
    mentee: bool,
    /// From 1 to 4
    rank: i16,
    /// The skill they live by
    field: usize,
    home: usize,
}

/// The `index`-th user of the world.
pub fn member(dice: &mut Dice, index: u64) -> Member {
    let outline = outline(dice, index);
    let Outline { joined, mentor, mentee, rank, field, home, .. } = outline;
    let mut member = Member {
        key: format!("member{index}"),
        row: row(dice, &outline),
        rank: Some(rank),
        languages: std::iter::once("en").chain(PLACES[home].2.iter().copied()).collect(),
        industries: several(dice, 1, 2, INDUSTRIES.len()),
        offers: Vec::new(),
        seeks: Vec::new(),
        soft_offers: Vec::new(),
        soft_seeks: Vec::new(),
        topics_offered: Vec::new(),
        topics_sought: Vec::new(),
        windows: windows(dice),
        steps: steps(mentor, mentee, joined),
        approved: None,
        suspended: None,
    };
    if mentor {
        member.offers = skills(dice, field, 3, 5);
        member.soft_offers = several(dice, 1, 3, SOFT_SKILLS.len());
        member.topics_offered = several(dice, 1, 4, TOPICS.len());
    }
    if mentee {
        let wish = dice.below(SKILLS.len());
        member.seeks = skills(dice, wish, 1, 4);
        member.soft_seeks = several(dice, 1, 2, SOFT_SKILLS.len());
        member.topics_sought = several(dice, 1, 3, TOPICS.len());
    }
    member
}

fn outline(dice: &mut Dice, index: u64) -> Outline {
    let (mentor, mentee) = match dice.below(100) {
        0..40 => (true, false),
        40..85 => (false, true),
        _ => (true, true),
    };
    Outline {
        index,
        joined: FIRST_JOINED + TimeDelta::milliseconds(index as i64 * EACH_MILLIS),
        mentor,
        mentee,
        rank: if mentor { dice.pick(&[2, 3, 3, 4, 4, 4]) } else { dice.pick(&[1, 1, 2, 2, 2, 3]) },
        field: dice.below(SKILLS.len()),
        home: dice.below(PLACES.len()),
    }
}

fn row(dice: &mut Dice, outline: &Outline) -> user::Model {
    let Outline { index, joined, mentor, mentee, rank, field, home } = *outline;
    let key = format!("member{index}");
    let email = format!("{key}@example.org");
    let (gender, first) = gender_and_name(dice);
    let (junior, senior) = TITLES[field];
    let (location, time_zone, _) = PLACES[home];
    let some = |text: &str| Some(text.to_owned());
    user::Model {
        id: ids::id("users", &key, joined),
        name: format!("{first} {}", dice.pick(&FAMILIES)),
        email_key: user::email_key(&email),
        email,
        email_verified_at: Some(joined + TimeDelta::minutes(3)),
        image: None,
        title: some(if rank >= 3 { senior } else { junior }),
        location: some(location),
        time_zone: time_zone.to_owned(),
        in_person: dice.percent(35),
        about: some(dice.pick(&ABOUTS)),
        motivation: mentee.then(|| dice.pick(&MOTIVATIONS).to_owned()),
        side_projects: None,
        linkedin_url: None,
        gender,
        preferred_mentor_gender: match dice.below(100) {
            0..8 if mentee => PreferredGender::Female,
            8..10 if mentee => PreferredGender::Male,
            _ => PreferredGender::Any,
        },
        seniority_level_id: Some(term_id("seniority_levels", SENIORITY_LEVELS[rank as usize - 1])),
        role: Role::Regular,
        status: Status::Active,
        suspension_note: None,
        active_mentor: mentor,
        active_mentee: mentee,
        mentor_capacity: if mentor { dice.between(1, 5) as i16 } else { 1 },
        paused_until: dice.percent(3).then_some(next_year(9, 1, 0, 0)),
        onboarding_completed_at: Some(joined + SURVEY),
        notification_preferences: preferences(dice),
        created_at: joined,
        updated_at: joined + SURVEY,
        erased_at: None,
    }
}

fn gender_and_name(dice: &mut Dice) -> (Option<Gender>, &'static str) {
    match dice.below(100) {
        0..45 => (Some(Gender::Female), dice.pick(&WOMEN)),
        45..90 => (Some(Gender::Male), dice.pick(&MEN)),
        90..93 => (Some(Gender::NonBinary), dice.pick(&ANYBODY)),
        _ => (None, dice.pick(&ANYBODY)),
    }
}

fn preferences(dice: &mut Dice) -> NotificationPreferences {
    let digest = dice.pick(&[Digest::Immediate, Digest::Immediate, Digest::Daily, Digest::Weekly]);
    NotificationPreferences { digest, news: dice.percent(20), ..NotificationPreferences::default() }
}

fn several(dice: &mut Dice, low: i64, high: i64, of: usize) -> Vec<usize> {
    let count = dice.between(low, high) as usize;
    dice.some(count, of)
}

/// Two to four, with the one they live by or dream of among them.
fn skills(dice: &mut Dice, first: usize, low: i64, high: i64) -> Vec<(usize, Option<i16>)> {
    let mut places = several(dice, 1, 3, SKILLS.len());
    if !places.contains(&first) {
        places.push(first);
    }
    places.into_iter().map(|place| (place, dice.percent(85).then(|| dice.between(low, high) as i16))).collect()
}

/// Two to four evenings or mornings, on different days.
fn windows(dice: &mut Dice) -> Vec<Window> {
    let days = several(dice, 2, 4, 7);
    let on = |day: usize| {
        let start = dice.between(8, 19) as i16;
        Window::on(day as i16 + 1, start, start + dice.between(2, 4) as i16)
    };
    days.into_iter().map(on).collect()
}

fn steps(mentor: bool, mentee: bool, joined: DateTime<Utc>) -> Vec<(Step, DateTime<Utc>)> {
    let taken = [(Step::General, true), (Step::Mentor, mentor), (Step::Mentee, mentee), (Step::Preferences, true)];
    let taken = taken.into_iter().filter_map(|(step, taken)| taken.then_some(step));
    taken.enumerate().map(|(index, step)| (step, joined + TimeDelta::minutes(6 + 4 * index as i64))).collect()
}
