//! The ten as members.

use chrono::{DateTime, TimeDelta, Utc};
use entity::notification_preferences::{Channels, Digest, Group, NotificationPreferences, QuietHours};
use entity::onboarding_step::Step;
use entity::user::{self, Role, Status};
use uuid::Uuid;

use super::people::{ADMIN, KENJI, LUCAS, MENTEE, MENTOR, OMAR, PEOPLE, SOFIA};
use super::person::Person;
use crate::calendar::{at, next_year};
use crate::ids;
use crate::plan::{Act, Member};
use crate::taxonomy::{INDUSTRIES, SENIORITY_LEVELS, SKILLS, SOFT_SKILLS, TOPICS, places, term_id};

pub const OMAR_SUSPENDED: DateTime<Utc> = at(6, 24, 10, 30);
const KENJI_PAUSED: DateTime<Utc> = at(9, 14, 1, 30);
const KENJI_BACK: DateTime<Utc> = next_year(9, 30, 15, 0);

pub fn id_of(place: usize) -> Uuid {
    ids::id("users", PEOPLE[place].key, PEOPLE[place].joined)
}

pub fn email(place: usize) -> String {
    format!("{}@example.org", PEOPLE[place].key)
}

pub fn members() -> Vec<Member> {
    PEOPLE.iter().enumerate().map(|(place, person)| member(place, person)).collect()
}

fn member(place: usize, person: &Person) -> Member {
    let levelled = |skills: &[(&str, i16)]| {
        let of = |(slug, level): &(&str, i16)| Some((*places(&SKILLS, &[slug]).first()?, Some(*level)));
        skills.iter().filter_map(of).collect()
    };
    let admin = id_of(ADMIN);
    let waiting = person.status == Status::PendingApproval;
    let approved = (person.role == Role::Regular && !waiting)
        .then_some(Act { by: admin, at: person.joined + TimeDelta::minutes(95) });
    let suspended = (place == OMAR).then_some(Act { by: admin, at: OMAR_SUSPENDED });
    Member {
        key: person.key.to_owned(),
        row: row(place, person),
        rank: Some(person.seniority as i16),
        languages: person.languages.to_vec(),
        industries: places(&INDUSTRIES, person.industries),
        offers: levelled(person.offers),
        seeks: levelled(person.seeks),
        soft_offers: places(&SOFT_SKILLS, person.soft_offers),
        soft_seeks: places(&SOFT_SKILLS, person.soft_seeks),
        topics_offered: places(&TOPICS, person.topics_offered),
        topics_sought: places(&TOPICS, person.topics_sought),
        windows: person.windows.to_vec(),
        steps: steps(person),
        approved,
        suspended,
    }
}

/// Who waits for approval has not come to the end of the survey.
fn steps(person: &Person) -> Vec<(Step, DateTime<Utc>)> {
    let taken = [
        (Step::General, true),
        (Step::Mentor, person.capacity.is_some()),
        (Step::Mentee, person.seeking),
        (Step::Preferences, person.status != Status::PendingApproval),
    ];
    let taken = taken.into_iter().filter_map(|(step, taken)| taken.then_some(step));
    taken.enumerate().map(|(index, step)| (step, person.joined + TimeDelta::minutes(6 + 4 * index as i64))).collect()
}

fn row(place: usize, person: &Person) -> user::Model {
    let onboarded = (person.status != Status::PendingApproval).then_some(person.joined + TimeDelta::minutes(24));
    let approved = person.joined + TimeDelta::minutes(95);
    let (paused_until, updated_at) = match place {
        KENJI => (Some(KENJI_BACK), KENJI_PAUSED),
        OMAR => (None, OMAR_SUSPENDED),
        _ if onboarded.is_some() => (None, approved),
        _ => (None, person.joined + TimeDelta::minutes(10)),
    };
    let text = |text: &str| Some(text.to_owned());
    let email = email(place);
    user::Model {
        id: id_of(place),
        name: person.name.to_owned(),
        email_key: user::email_key(&email),
        email,
        email_verified_at: Some(person.joined + TimeDelta::minutes(3)),
        image: None,
        title: text(person.title),
        location: text(person.location),
        time_zone: person.time_zone.to_owned(),
        in_person: person.in_person,
        about: text(person.about),
        motivation: person.motivation.map(str::to_owned),
        side_projects: person.side_projects.map(str::to_owned),
        linkedin_url: person.linkedin.map(str::to_owned),
        gender: person.gender,
        preferred_mentor_gender: person.prefers,
        seniority_level_id: Some(term_id("seniority_levels", SENIORITY_LEVELS[person.seniority - 1])),
        role: person.role,
        status: person.status,
        suspension_note: (place == OMAR).then(|| "Asked a mentee for money; warned once before.".to_owned()),
        active_mentor: person.capacity.is_some(),
        active_mentee: person.seeking,
        mentor_capacity: person.capacity.unwrap_or(1),
        paused_until,
        onboarding_completed_at: onboarded,
        notification_preferences: preferences(place),
        created_at: person.joined,
        updated_at,
        erased_at: None,
    }
}

fn preferences(place: usize) -> NotificationPreferences {
    let mut chosen = NotificationPreferences::default();
    let everything = Channels { email: true, push: true, sms: false };
    match place {
        MENTOR => {
            chosen.kinds.insert(Group::Messages, Channels { email: false, push: true, sms: false });
            chosen.digest = Digest::Daily;
            chosen.quiet_hours = Some(QuietHours { start_minute: 22 * 60, end_minute: 7 * 60 });
        }
        MENTEE => {
            chosen.kinds.insert(Group::Messages, everything);
            chosen.kinds.insert(Group::Meetings, Channels { email: true, push: true, sms: true });
            chosen.quiet_hours = Some(QuietHours { start_minute: 23 * 60, end_minute: 6 * 60 + 30 });
            chosen.news = true;
        }
        LUCAS => chosen.digest = Digest::Weekly,
        SOFIA => {
            chosen.kinds = Group::ALL.map(|group| (group, everything)).into();
        }
        KENJI => {
            chosen.kinds = Group::ALL.map(|group| (group, Channels { email: false, push: false, sms: false })).into();
            chosen.digest = Digest::Off;
        }
        _ => {}
    }
    chosen
}
