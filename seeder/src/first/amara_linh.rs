//! Goals, notes and meetings of the mentorship that the sign-ins of the README share.

use entity::goal::{Kind, Status};
use entity::meeting::Status as Meeting;
use entity::note;
use entity::note::Visibility::{Private, Shared};
use uuid::Uuid;

use super::details::{aim, appointment};
use crate::calendar::{at, next_year};
use crate::plan::{self, Aim, Appointment, Details, Mentorship};

const ROOM: &str = "https://meet.example.org/amara-linh";

pub fn amara_linh(mentorship: &Mentorship) -> Details {
    let sides = (mentorship.row.mentor_id, mentorship.row.mentee_id);
    Details {
        goals: amara_linh_goals(sides).into_iter().map(|goal| goal.of(mentorship)).collect(),
        notes: amara_linh_notes(mentorship, sides),
        meetings: amara_linh_meetings(sides).into_iter().map(|meeting| meeting.of(mentorship)).collect(),
    }
}

fn amara_linh_goals((amara, linh): (Uuid, Uuid)) -> Vec<Aim> {
    vec![
        Aim {
            description: Some("From the ticket to the night after the release, with one review at the end only."),
            due: Some(next_year(6, 30, 0, 0).date_naive()),
            updated_at: at(10, 27, 13, 40),
            milestones: vec![
                ("Write down what could go wrong", Some(at(9, 29, 13, 0))),
                ("Build it behind a switch", Some(at(10, 27, 13, 40))),
                ("Release it and watch it for a week", None),
            ],
            ..aim("own-a-feature", linh, "Own a feature from sketch to release", at(9, 15, 13, 35))
        },
        Aim {
            kind: Kind::LongTerm,
            description: Some("The next level asks for somebody others come to with questions about the front end."),
            due: Some(next_year(12, 15, 0, 0).date_naive()),
            updated_at: at(10, 13, 14, 0),
            milestones: vec![
                ("Collect what changed because of me, with dates", Some(at(10, 13, 14, 0))),
                ("Talk to my lead about what is missing", None),
            ],
            ..aim("next-level", amara, "Be ready for the next level", at(9, 22, 12, 30))
        },
        Aim {
            due: Some(at(10, 16, 0, 0).date_naive()),
            progress: 100,
            status: Status::Achieved,
            updated_at: at(10, 16, 12, 50),
            milestones: vec![
                ("Five slides", Some(at(10, 8, 13, 15))),
                ("A rehearsal with questions", Some(at(10, 13, 13, 55))),
            ],
            ..aim("present", linh, "Present the list of form fields to my team", at(9, 29, 13, 10))
        },
    ]
}

fn amara_linh_notes(mentorship: &Mentorship, (amara, linh): (Uuid, Uuid)) -> Vec<note::Model> {
    vec![
        plan::note(
            mentorship,
            "first-meeting",
            amara,
            Shared,
            at(9, 15, 14, 5),
            "Decided: one feature, slowly. Linh writes a page on what could go wrong before any code. Next time: logs.",
        ),
        plan::note(
            mentorship,
            "questions",
            linh,
            Shared,
            at(9, 28, 14, 30),
            "Questions for Tuesday:\n1. Which fields may we keep, and for how long?\n2. Who reads our logs?\n3. How do I say that an estimate is a guess?",
        ),
        plan::note(
            mentorship,
            "watch",
            amara,
            Private,
            at(9, 15, 14, 12),
            "Very careful, apologises for good questions. Give her a stage early.",
        ),
        plan::note(
            mentorship,
            "feelings",
            linh,
            Private,
            at(10, 16, 13, 0),
            "I was less afraid in front of everybody than in front of two. Remember this.",
        ),
    ]
}

fn amara_linh_meetings((amara, linh): (Uuid, Uuid)) -> Vec<Appointment> {
    let meet = |key, by, created_at, start| Appointment {
        link: Some(ROOM),
        time_zone: "Africa/Lagos".to_owned(),
        ..appointment(key, by, created_at, start)
    };
    vec![
        Appointment {
            agenda: Some("Getting to know each other; what would make the next months a success"),
            notes: Some("One feature, slowly."),
            status: Meeting::Held,
            updated_at: at(9, 15, 14, 2),
            ..meet("first", amara, at(9, 7, 13, 40), at(9, 15, 13, 0))
        },
        Appointment {
            agenda: Some("Rehearsal of Friday's presentation"),
            status: Meeting::Held,
            updated_at: at(10, 13, 14, 0),
            ..meet("rehearsal", linh, at(10, 8, 13, 20), at(10, 13, 13, 0))
        },
        Appointment {
            status: Meeting::NoShow,
            updated_at: at(9, 22, 13, 30),
            ..meet("missed", amara, at(9, 17, 13, 0), at(9, 22, 13, 0))
        },
        Appointment {
            status: Meeting::Canceled,
            updated_at: at(10, 5, 7, 30),
            ..meet("canceled", linh, at(9, 30, 12, 0), at(10, 6, 13, 0))
        },
        Appointment {
            agenda: Some("The two calls that nobody can explain"),
            ..meet("logs", amara, at(10, 24, 9, 0), at(10, 29, 13, 0))
        },
        Appointment {
            agenda: Some("One year on: what did we want, what did we get?"),
            ..meet("a-year-on", linh, at(10, 27, 13, 50), next_year(9, 14, 13, 0))
        },
        Appointment {
            agenda: Some("Preparing the appraisal talk"),
            status: Meeting::Proposed,
            updated_at: at(10, 31, 9, 30),
            ..meet("appraisal", amara, at(10, 31, 9, 30), next_year(9, 7, 13, 0))
        },
    ]
}
