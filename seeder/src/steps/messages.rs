//! The messages of mentorships, and their whole story as events; messages of conversations are written the same way.

use anyhow::Result;
use entity::message;
use entity::notification::Kind;
use indicatif::ProgressBar;
use serde_json::json;
use uuid::Uuid;

use super::moves;
use crate::chronicle::{Chronicle, Happening};
use crate::ids;
use crate::load::Load;
use crate::plan::{Line, Thread};
use crate::world::World;

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let (mut rows, mut pairs, mut chronicle) = (Vec::new(), Vec::new(), Chronicle::default());
        for circle in circles {
            for mentorship in world.mentorships(circle, &world.members(circle)) {
                moves::record(&mut chronicle, &mentorship.row);
                record(&mut chronicle, &mentorship.thread);
                rows.extend(messages(&mentorship.thread));
                pairs.resize(rows.len(), mentorship.thread.pair);
            }
        }
        load.insert(&rows).await?;
        load.insert_words(&rows, &pairs).await?;
        chronicle.write_to(load).await?;
    }
    Ok(())
}

pub fn messages(thread: &Thread) -> impl Iterator<Item = message::Model> {
    thread.lines.iter().zip(1..).map(|(line, seq)| message::Model {
        id: message_id(thread, seq, line),
        mentorship_id: thread.of_mentorship.then_some(thread.id),
        conversation_id: (!thread.of_mentorship).then_some(thread.id),
        sender_id: thread.pair[line.by],
        seq,
        content: line.text.to_owned(),
        client_id: ids::id("clients", &format!("{}/{seq}", thread.id), line.at),
        sent_at: line.at,
        edited_at: None,
        deleted_at: None,
        is_searchable: true,
    })
}

fn message_id(thread: &Thread, seq: i64, line: &Line) -> Uuid {
    ids::id("messages", &format!("{}/{seq}", thread.id), line.at)
}

/// A reader has one unread notification for a thread; writing back reads what came before.
pub fn record(chronicle: &mut Chronicle, thread: &Thread) {
    let stream = if thread.of_mentorship { "mentorship" } else { "conversation" };
    let event = |word, at, by: usize, data| Happening {
        stream,
        word,
        subject: thread.id,
        at,
        actor: Some(thread.pair[by]),
        data,
    };
    let mut told = [false; 2];
    for (index, line) in thread.lines.iter().enumerate() {
        let (seq, reader) = (index as i64 + 1, 1 - line.by);
        let data = json!({ "messageId": message_id(thread, seq, line), "seq": seq });
        let sent = chronicle.record(event("message_sent", line.at, line.by, data));
        told[line.by] = false;
        if told[reader] {
            continue;
        }
        told[reader] = true;
        let answered = thread.lines[index..].iter().find(|later| later.by == reader).map(|later| later.at);
        let looked = (thread.read[reader] >= seq).then(|| thread.looked_at()).flatten();
        sent.tell(Kind::MessageNew, thread.pair[reader], answered.or(looked));
    }
    if let (Some(last), Some(at)) = (thread.lines.last(), thread.looked_at()) {
        let reader = 1 - last.by;
        if thread.read[reader] == thread.last_seq() {
            chronicle.record(event("read", at, reader, json!({ "seq": thread.last_seq() })));
        }
    }
}
