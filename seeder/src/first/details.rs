//! Goals, notes and meetings of the ten.

use chrono::{DateTime, TimeDelta, Utc};
use entity::goal::{Kind, Status};
use entity::meeting::Status as Meeting;
use entity::note::Visibility::{Private, Shared};
use uuid::Uuid;

use super::amara_linh::amara_linh;
use super::mentorships::{AMARA_LINH, AMARA_SOFIA, INGRID_PRIYA, LUCAS_PRIYA, PRIYA_SOFIA};
use crate::calendar::{at, next_year};
use crate::plan::{Aim, Appointment, Details, Mentorship, note};

/// What the mentorship at this place of the list holds.
pub fn details(place: usize, mentorship: &Mentorship) -> Details {
    match place {
        AMARA_LINH => amara_linh(mentorship),
        LUCAS_PRIYA => lucas_priya(mentorship),
        AMARA_SOFIA => amara_sofia(mentorship),
        PRIYA_SOFIA => priya_sofia(mentorship),
        INGRID_PRIYA => ingrid_priya(mentorship),
        _ => Details::default(),
    }
}

pub fn aim(key: &'static str, by: Uuid, title: &'static str, created_at: DateTime<Utc>) -> Aim {
    Aim {
        key,
        by,
        kind: Kind::ShortTerm,
        title,
        description: None,
        due: None,
        progress: 0,
        status: Status::Open,
        created_at,
        updated_at: created_at,
        milestones: Vec::new(),
    }
}

/// Confirmed a day after it was proposed, and what followed where that is said.
pub fn appointment(key: &'static str, by: Uuid, created_at: DateTime<Utc>, at: DateTime<Utc>) -> Appointment {
    Appointment {
        key,
        by,
        created_at,
        at,
        minutes: 60,
        time_zone: "UTC".to_owned(),
        link: None,
        location: None,
        agenda: None,
        notes: None,
        status: Meeting::Confirmed,
        updated_at: created_at + TimeDelta::hours(20),
    }
}

fn lucas_priya(mentorship: &Mentorship) -> Details {
    let (lucas, priya) = (mentorship.row.mentor_id, mentorship.row.mentee_id);
    let goal = Aim {
        due: Some(next_year(3, 31, 0, 0).date_naive()),
        updated_at: at(10, 20, 13, 0),
        milestones: vec![
            ("It builds as an image", Some(at(9, 8, 14, 0))),
            ("It runs every night by itself", Some(at(10, 20, 13, 0))),
            ("Somebody is told when it does not", None),
        ],
        ..aim("run-it", priya, "Run the forecast without my laptop", at(8, 18, 13, 30))
    };
    let idea = aim("certificate", priya, "Pass the cloud practitioner exam", at(8, 18, 13, 34));
    let dropped = Aim { status: Status::Dropped, progress: 20, updated_at: at(9, 22, 13, 10), ..idea };
    let meetings = [
        Appointment {
            status: Meeting::Held,
            updated_at: at(8, 18, 14, 30),
            ..appointment("first", lucas, at(8, 12, 12, 20), at(8, 18, 13, 30))
        },
        appointment("spring", priya, at(10, 27, 14, 0), next_year(9, 21, 13, 30)),
    ];
    Details {
        goals: vec![goal.of(mentorship), dropped.of(mentorship)],
        notes: vec![note(
            mentorship,
            "images",
            lucas,
            Shared,
            at(9, 8, 14, 20),
            "Small base image, no compilers in it, one process. Measure before and after.",
        )],
        meetings: meetings.map(|meeting| meeting.of(mentorship)).into(),
    }
}

fn amara_sofia(mentorship: &Mentorship) -> Details {
    let (amara, sofia) = (mentorship.row.mentor_id, mentorship.row.mentee_id);
    let goal = Aim {
        progress: 100,
        status: Status::Achieved,
        updated_at: at(7, 14, 16, 0),
        milestones: vec![
            ("It makes sense when read aloud", Some(at(4, 14, 16, 0))),
            ("It works with the keyboard", Some(at(5, 19, 16, 0))),
            ("Visitors use it", Some(at(7, 14, 16, 0))),
        ],
        ..aim("calendar", sofia, "Build the museum's calendar", at(3, 17, 15, 30))
    };
    let meeting = Appointment {
        status: Meeting::Held,
        notes: Some("Keyboard first; the arrows are not obvious to anybody."),
        updated_at: at(5, 19, 16, 5),
        ..appointment("keyboard", amara, at(5, 12, 15, 0), at(5, 19, 15, 0))
    };
    Details {
        goals: vec![goal.of(mentorship)],
        notes: vec![note(
            mentorship,
            "aloud",
            sofia,
            Shared,
            at(4, 14, 16, 10),
            "Days before months confused the screen reader. Order in the document is the order that counts.",
        )],
        meetings: vec![meeting.of(mentorship)],
    }
}

fn priya_sofia(mentorship: &Mentorship) -> Details {
    let (priya, sofia) = (mentorship.row.mentor_id, mentorship.row.mentee_id);
    let goal = Aim {
        kind: Kind::LongTerm,
        progress: 25,
        updated_at: at(10, 22, 15, 0),
        ..aim("rooms", sofia, "Know which room people love", at(9, 10, 15, 0))
    };
    let meeting = Appointment {
        status: Meeting::Held,
        updated_at: at(10, 22, 15, 30),
        ..appointment("doors", priya, at(10, 15, 14, 0), at(10, 22, 15, 0))
    };
    Details {
        goals: vec![goal.of(mentorship)],
        notes: vec![note(
            mentorship,
            "doors",
            priya,
            Private,
            at(10, 22, 15, 40),
            "The 2019 files have two clocks. Let her find it.",
        )],
        meetings: vec![meeting.of(mentorship)],
    }
}

fn ingrid_priya(mentorship: &Mentorship) -> Details {
    let (ingrid, priya) = (mentorship.row.mentor_id, mentorship.row.mentee_id);
    let goal = Aim {
        progress: 10,
        updated_at: at(10, 20, 13, 30),
        ..aim("give-away", priya, "Give away one thing I do best", at(10, 8, 13, 0))
    };
    let meeting = Appointment {
        location: Some("Video, no slides"),
        status: Meeting::Held,
        updated_at: at(10, 20, 13, 45),
        ..appointment("one-thing", ingrid, at(10, 8, 13, 10), at(10, 20, 13, 0))
    };
    Details { goals: vec![goal.of(mentorship)], notes: Vec::new(), meetings: vec![meeting.of(mentorship)] }
}
