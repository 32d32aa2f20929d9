//! The moves of a mentorship as events.

use chrono::SecondsFormat;
use entity::mentorship::{self, EndReason, Origin, Status};
use entity::notification::Kind;
use serde_json::{Value, json};

use crate::chronicle::{Chronicle, Happening};
use crate::first::{self, ADMIN};

pub fn record(chronicle: &mut Chronicle, row: &mentorship::Model) {
    let both = [row.mentor_id, row.mentee_id];
    let event = |word, at, actor, data| Happening { stream: "mentorship", word, subject: row.id, at, actor, data };
    let created = |to: Status| json!({ "mentorId": row.mentor_id, "menteeId": row.mentee_id, "origin": row.origin, "from": null, "to": to });
    let moved = |from: Status, to: Status| json!({ "mentorId": row.mentor_id, "menteeId": row.mentee_id, "from": from, "to": to });
    // As the audit log shows them.
    let act = |before: Value, after: Value| json!({ "mentorId": row.mentor_id, "menteeId": row.mentee_id, "before": before, "after": after });
    if row.origin == Origin::Request {
        let requested = event("requested", row.created_at, Some(row.mentee_id), created(Status::Pending));
        chronicle.record(requested).inform(Kind::MentorshipRequested, both);
    }
    if let Some(at) = row.start_date {
        let entry = match row.origin {
            Origin::Admin => {
                let after = json!({ "status": Status::Active, "origin": row.origin });
                chronicle.record_by_staff(event("started", at, Some(first::id_of(ADMIN)), act(json!({}), after)))
            }
            Origin::Request => {
                chronicle.record(event("started", at, Some(row.mentor_id), moved(Status::Pending, Status::Active)))
            }
            _ => chronicle.record(event("started", at, Some(row.mentor_id), created(Status::Active))),
        };
        entry.inform(Kind::MentorshipStarted, both);
    }
    if let Some(at) = row.end_date {
        let (word, kind) = match row.end_reason {
            _ if row.status == Status::Completed => ("completed", Kind::MentorshipCompleted),
            Some(EndReason::Declined) => ("declined", Kind::MentorshipDeclined),
            _ => ("canceled", Kind::MentorshipCanceled),
        };
        let from = if row.start_date.is_some() { Status::Active } else { Status::Pending };
        let ended = |data| event(word, at, row.ended_by_id, data);
        let by_staff = row.ended_by_id.is_some_and(|by| row.side_of(by).is_none());
        let entry = if by_staff {
            let end = at.to_rfc3339_opts(SecondsFormat::Millis, true);
            let before = json!({ "status": from, "endDate": null });
            chronicle.record_by_staff(ended(act(before, json!({ "status": row.status, "endDate": end }))))
        } else {
            chronicle.record(ended(moved(from, row.status)))
        };
        entry.inform(kind, both);
    }
}
