//! What the mentee of the first circle reported, and whom she blocks since.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::issue::{Category, Kind, Status};
use entity::{block, issue, issue_message, message};
use serde_json::json;
use uuid::Uuid;

use super::messages::messages;
use crate::chronicle::{Chronicle, Happening};
use crate::first::{ADMIN, MENTEE, OMAR, id_of};
use crate::ids;
use crate::load::Load;
use crate::world::World;

/// How long after the last message.
const LATER: TimeDelta = TimeDelta::minutes(25);

pub async fn load(world: &World, load: &mut Load) -> Result<()> {
    let (reporter, reported) = (id_of(MENTEE), id_of(OMAR));
    let mentorships = world.mentorships(World::FIRST, &world.members(World::FIRST));
    let between = mentorships.iter().find(|one| one.row.mentor_id == reported && one.row.mentee_id == reporter);
    let sent: Vec<_> = between.iter().flat_map(|one| messages(&one.thread)).collect();
    let (Some(first), Some(last)) = (sent.first(), sent.last()) else { return Ok(()) };
    let (issue, block) = (report(first, last.sent_at + LATER), blocked(reporter, reported, last.sent_at + LATER * 2));
    let mut chronicle = Chronicle::default();
    let happening = |stream, word, subject, at, actor, data| Happening { stream, word, subject, at, actor, data };
    let opened =
        happening("issue", "opened", issue.id, issue.created_at, Some(reporter), json!({ "kind": issue.kind }));
    chronicle.record(opened);
    let assigned = json!({ "before": { "assigneeId": null }, "after": { "assigneeId": issue.assignee_id } });
    chronicle.record_by_staff(happening("issue", "assigned", issue.id, issue.updated_at, issue.assignee_id, assigned));
    let added = json!({ "userId": reported });
    chronicle.record(happening("block", "added", block.id, block.created_at, Some(reporter), added));
    load.insert(std::slice::from_ref(&issue)).await?;
    load.insert(&sent.iter().map(|message| kept(issue.id, message)).collect::<Vec<_>>()).await?;
    load.insert(&[block]).await?;
    chronicle.write_to(load).await
}

fn report(message: &message::Model, at: DateTime<Utc>) -> issue::Model {
    issue::Model {
        id: ids::id("issues", "omar-linh", at),
        kind: Kind::Message,
        category: Category::Inappropriate,
        status: Status::Open,
        reporter_id: id_of(MENTEE),
        reported_id: Some(message.sender_id),
        message_id: Some(message.id),
        mentorship_id: message.mentorship_id,
        conversation_id: message.conversation_id,
        text: Some("He asks for money before he goes on. I thought that nobody pays here?".to_owned()),
        assignee_id: Some(id_of(ADMIN)),
        answer: None,
        answered_at: None,
        closed_at: None,
        created_at: at,
        updated_at: at + LATER,
    }
}

fn kept(issue_id: Uuid, message: &message::Model) -> issue_message::Model {
    issue_message::Model {
        issue_id,
        seq: message.seq,
        message_id: message.id,
        sender_id: message.sender_id,
        content: Some(message.content.clone()),
        sent_at: message.sent_at,
    }
}

fn blocked(blocker_id: Uuid, blocked_id: Uuid, at: DateTime<Utc>) -> block::Model {
    block::Model { id: ids::id("blocks", "linh-omar", at), blocker_id, blocked_id, created_at: at }
}
