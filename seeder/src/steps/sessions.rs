//! Sessions of devices whose refresh tokens nobody has.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::session::{self, EndedReason};
use indicatif::ProgressBar;
use serde_json::json;

use crate::calendar::NOW;
use crate::chronicle::{Chronicle, Happening};
use crate::dice::Dice;
use crate::ids;
use crate::load::Load;
use crate::plan::Member;
use crate::world::World;

const IDLE: TimeDelta = TimeDelta::days(14);
const ABSOLUTE: TimeDelta = TimeDelta::days(30);
const AGENTS: [(&str, &str); 5] = [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "192.0.2.0/24"),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
        "198.51.100.0/24",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "203.0.113.0/24",
    ),
    (
        "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        "2001:db8:1::/64",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
        "2001:db8:2::/64",
    ),
];

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let (mut rows, mut chronicle) = (Vec::new(), Chronicle::default());
        for circle in circles {
            let dice = &mut world.dice("sessions", circle);
            for member in world.members(circle) {
                for row in sessions(dice, &member, circle == World::FIRST) {
                    record(&mut chronicle, &row);
                    rows.push(row);
                }
            }
        }
        load.insert(&rows).await?;
        chronicle.write_to(load).await?;
    }
    Ok(())
}

fn sessions(dice: &mut Dice, member: &Member, known: bool) -> Vec<session::Model> {
    if let Some(act) = member.suspended {
        let start = dice.instant(act.at - TimeDelta::days(6), act.at - TimeDelta::days(1));
        return vec![session(dice, member, "suspended", start, Some((act.at, EndedReason::Suspended)))];
    }
    let mut rows = Vec::new();
    if known || dice.percent(15) {
        let start = dice.instant(NOW - TimeDelta::days(60), NOW - TimeDelta::days(45)).max(member.row.created_at);
        let end = start + TimeDelta::minutes(dice.between(20, 2000));
        let reason = if dice.percent(80) { EndedReason::SignedOut } else { EndedReason::Revoked };
        if end < NOW {
            rows.push(session(dice, member, "ended", start, Some((end, reason))));
        }
    }
    if known || dice.percent(30) {
        let start = dice.instant(NOW - TimeDelta::days(9), NOW - TimeDelta::hours(3)).max(member.row.created_at);
        rows.push(session(dice, member, "live", start, None));
    }
    rows
}

fn session(
    dice: &mut Dice,
    member: &Member,
    name: &str,
    start: DateTime<Utc>,
    end: Option<(DateTime<Utc>, EndedReason)>,
) -> session::Model {
    let key = format!("{}/{name}", member.key);
    let last = end.map_or(NOW, |(at, _)| at);
    let refreshes = dice.between(0, 2).min((last - start).num_minutes() / 30);
    let seen = if refreshes > 0 { dice.instant(start + TimeDelta::minutes(refreshes * 15), last) } else { start };
    let (agent, address) = dice.pick(&AGENTS);
    let secret = ids::hash(&["nobody's token", &key, &dice.below(usize::MAX).to_string()]);
    session::Model {
        id: ids::id("sessions", &key, start),
        user_id: member.row.id,
        refresh_hash: secret.iter().map(|byte| format!("{byte:02x}")).collect(),
        refresh_counter: refreshes,
        refresh_rotated_at: (refreshes > 0).then_some(seen),
        created_at: start,
        last_seen_at: seen,
        auth_time: start,
        idle_expires_at: (seen + IDLE).min(start + ABSOLUTE),
        expires_at: start + ABSOLUTE,
        ended_at: end.map(|(at, _)| at),
        ended_reason: end.map(|(_, reason)| reason),
        user_agent: Some(agent.to_owned()),
        mode: session::Mode::Bearer,
        address_hint: Some(address.to_owned()),
    }
}

fn record(chronicle: &mut Chronicle, row: &session::Model) {
    let event = |word, at, data| Happening { stream: "session", word, subject: row.id, at, actor: None, data };
    chronicle.record(event("started", row.created_at, json!({ "userId": row.user_id })));
    let (steps, lived) = (row.refresh_counter, (row.last_seen_at - row.created_at).num_milliseconds());
    for step in 1..=steps {
        let at = row.created_at + TimeDelta::milliseconds(lived * step / steps);
        chronicle.record(event("refreshed", at, json!(null)));
    }
    if let (Some(at), Some(reason)) = (row.ended_at, row.ended_reason) {
        chronicle.record(event("ended", at, json!({ "reason": reason })));
    }
}
