//! Mentorships with their goals, milestones, notes and meetings. What happened to a mentorship itself is told with its messages.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::goal::Status as GoalStatus;
use entity::meeting::{self, Status};
use entity::note::{self, Visibility};
use entity::notification::Kind;
use entity::{mentorship, milestone};
use indicatif::ProgressBar;
use sea_orm::JsonValue;
use serde_json::json;
use uuid::Uuid;

use crate::chronicle::{Chronicle, Happening};
use crate::load::Load;
use crate::plan::{Details, Goal};
use crate::world::World;

/// How long the other side took to confirm a meeting that is over.
const CONFIRMED_WITHIN: TimeDelta = TimeDelta::hours(1);

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let (mut rows, mut chronicle, mut goals) = (Vec::new(), Chronicle::default(), Vec::new());
        let (mut milestones, mut notes, mut meetings) = (Vec::new(), Vec::new(), Vec::new());
        for circle in circles {
            let mentorships = world.mentorships(circle, &world.members(circle));
            let details = world.details(circle, &mentorships);
            // What others refer to comes first.
            for (mentorship, details) in mentorships.into_iter().zip(details).rev() {
                record(&mut chronicle, &mentorship.row, &details);
                rows.push(mentorship.row);
                for goal in details.goals {
                    goals.push(goal.row);
                    milestones.extend(goal.milestones);
                }
                notes.extend(details.notes);
                meetings.extend(details.meetings);
            }
        }
        load.insert(&rows).await?;
        load.insert(&goals).await?;
        load.insert(&milestones).await?;
        load.insert(&notes).await?;
        load.insert(&meetings).await?;
        chronicle.write_to(load).await?;
    }
    Ok(())
}

fn record(chronicle: &mut Chronicle, row: &mentorship::Model, details: &Details) {
    for goal in &details.goals {
        record_goal(chronicle, row, goal);
    }
    for note in &details.notes {
        record_note(chronicle, row, note);
    }
    for meeting in &details.meetings {
        record_meeting(chronicle, row, meeting);
    }
}

fn record_goal(chronicle: &mut Chronicle, pair: &mentorship::Model, goal: &Goal) {
    let row = &goal.row;
    let by = row.created_by_id;
    let other = pair.other_of(by);
    let event = |word, at, data| happening("goal", word, row.id, at, Some(by), data);
    let state = |progress, status| json!({ "mentorshipId": pair.id, "status": status, "progress": progress });
    let added = event("added", row.created_at, state(0, GoalStatus::Open));
    chronicle.record(added).inform(Kind::GoalAdded, other);
    let step = |one: &milestone::Model, done: usize| {
        let progress = done * 100 / goal.milestones.len();
        json!({ "mentorshipId": pair.id, "milestoneId": one.id, "progress": progress })
    };
    for one in &goal.milestones {
        chronicle.record(event("milestone_added", one.created_at, step(one, 0)));
    }
    for (place, one) in goal.milestones.iter().enumerate() {
        if let Some(at) = one.done_at {
            chronicle.record(event("milestone_changed", at, step(one, place + 1)));
        }
    }
    let said = row.updated_at > row.created_at && (goal.milestones.is_empty() || row.status != GoalStatus::Open);
    match row.status {
        GoalStatus::Achieved => {
            let achieved = event("achieved", row.updated_at, state(row.progress, row.status));
            chronicle.record(achieved).inform(Kind::GoalAchieved, other);
        }
        _ if said => {
            chronicle.record(event("changed", row.updated_at, state(row.progress, row.status)));
        }
        _ => {}
    }
}

fn record_note(chronicle: &mut Chronicle, pair: &mentorship::Model, note: &note::Model) {
    let event = |word, data| happening("note", word, note.id, note.created_at, Some(note.author_id), data);
    if note.visibility == Visibility::Private {
        chronicle.record(event("added", JsonValue::Null));
        return;
    }
    let data = json!({ "mentorshipId": pair.id, "visibility": note.visibility });
    chronicle.record(event("added", data.clone()));
    chronicle.record(event("shared", data)).inform(Kind::NoteShared, pair.other_of(note.author_id));
}

fn record_meeting(chronicle: &mut Chronicle, pair: &mentorship::Model, meeting: &meeting::Model) {
    let (by, asked) = (Some(meeting.proposed_by_id), pair.other_of(meeting.proposed_by_id));
    let event = |word, at, actor, status, sequence: i32| {
        let data = json!({ "mentorshipId": pair.id, "status": status, "sequence": sequence });
        happening("meeting", word, meeting.id, at, actor, data)
    };
    let proposed = event("proposed", meeting.created_at, by, Status::Proposed, 0);
    chronicle.record(proposed).inform(Kind::MeetingProposed, asked);
    let ended = match meeting.status {
        Status::Proposed | Status::Confirmed => None,
        Status::Canceled => Some("canceled"),
        Status::Held => Some("held"),
        Status::NoShow => Some("missed"),
    };
    if matches!(meeting.status, Status::Confirmed | Status::Held | Status::NoShow) {
        let soon = meeting.created_at + CONFIRMED_WITHIN;
        let at = if ended.is_none() { meeting.updated_at } else { soon };
        let confirmed = event("confirmed", at, asked, Status::Confirmed, 0);
        chronicle.record(confirmed).inform(Kind::MeetingConfirmed, by);
    }
    if let Some(word) = ended {
        let end = chronicle.record(event(word, meeting.updated_at, asked, meeting.status, meeting.sequence));
        if meeting.status == Status::Canceled {
            end.inform(Kind::MeetingCanceled, by);
        }
    }
}

fn happening(
    stream: &'static str,
    word: &'static str,
    subject: Uuid,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    data: JsonValue,
) -> Happening {
    Happening { stream, word, subject, at, actor, data }
}
