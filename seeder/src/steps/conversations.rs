//! Conversations with their messages.

use anyhow::Result;
use indicatif::ProgressBar;
use serde_json::json;

use super::messages;
use crate::chronicle::{Chronicle, Happening};
use crate::load::Load;
use crate::world::World;

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let (mut rows, mut texts, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        let mut chronicle = Chronicle::default();
        for circle in circles {
            for conversation in world.conversations(circle, &world.members(circle)) {
                let row = conversation.row;
                chronicle.record(Happening {
                    stream: "conversation",
                    word: "opened",
                    subject: row.id,
                    at: row.created_at,
                    actor: Some(conversation.thread.pair[0]),
                    data: json!({ "userIds": [row.user_a_id, row.user_b_id] }),
                });
                messages::record(&mut chronicle, &conversation.thread);
                texts.extend(messages::messages(&conversation.thread));
                pairs.resize(texts.len(), conversation.thread.pair);
                rows.push(row);
            }
        }
        load.insert(&rows).await?;
        load.insert(&texts).await?;
        load.insert_words(&texts, &pairs).await?;
        chronicle.write_to(load).await?;
    }
    Ok(())
}
