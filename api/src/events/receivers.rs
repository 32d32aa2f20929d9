//! Who may see an event live: the rules in one place.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Event, Kind};

/// Stands for whoever is of the staff when they read: a nil id is nobody's.
pub const STAFF: Uuid = Uuid::nil();

/// Whether it is shown live: what concerns sessions, settings and terms is not.
pub fn is_live(kind: Kind) -> bool {
    match kind.stream() {
        "user" => !matches!(kind, Kind::UserErased | Kind::UserSignedUp),
        stream => LIVE.contains(&stream),
    }
}

const LIVE: [&str; 9] =
    ["mentorship", "conversation", "goal", "note", "meeting", "suggestion", "inbox", "match_run", "issue"];

/// The receivers of `event`: who is informed, who is told, and whoever did it, on their other devices.
pub fn of(event: &Event) -> BTreeSet<Uuid> {
    if !is_live(event.kind) {
        return BTreeSet::new();
    }
    let staff = matches!(event.kind.stream(), "match_run" | "issue").then_some(STAFF);
    event.inform.iter().chain(&event.tell).copied().chain(event.actor).chain(staff).collect()
}

/// As the trigger reads them; none where nobody sees it.
pub fn written(event: &Event) -> Option<Value> {
    let receivers = of(event);
    (!receivers.is_empty()).then(|| json!(receivers.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>()))
}
