use std::fmt::Write;

use serde_json::json;
use uuid::Uuid;

use super::cursor::Cursor;
use super::wire::StreamEvent;
use crate::auth::Auth;
use crate::error::Result;
use crate::events::log::Position;
use crate::events::told::Told;
use crate::messages::MessageOut;

/// What streams carry, written once for all who are told.
pub struct Frame {
    pub position: Position,
    id: String,
    kind: &'static str,
    json: String,
}

impl Frame {
    pub fn event(auth: &Auth, told: &Told, message: Option<MessageOut>) -> Result<Self> {
        let event = StreamEvent::new(auth, told, message);
        let json = serde_json::to_string(&event).map_err(anyhow::Error::from)?;
        Ok(Self { position: told.position, id: event.id().to_owned(), kind: told.kind.word(), json })
    }

    /// `ready`: from here on nothing is missed. `resync`: what was before cannot be told any more.
    pub fn start(auth: &Auth, kind: &'static str, cursor: Cursor) -> Self {
        let id = cursor.seal(auth);
        let json = json!({ "cursor": id }).to_string();
        Self { position: cursor.position, id, kind, json }
    }

    /// Somebody types; it has no id since nobody resumes after it.
    pub fn typing(place: &'static str, thread: Uuid, from: Uuid) -> Self {
        let json = json!({ place: thread, "userId": from }).to_string();
        Self { position: Position::default(), id: String::new(), kind: "typing", json }
    }

    /// Nothing happened: it only shows that the stream lives, or that its client is gone.
    pub fn sign_of_life() -> Self {
        Self { position: Position::default(), id: String::new(), kind: "", json: String::new() }
    }

    pub fn is_sign_of_life(&self) -> bool {
        self.kind.is_empty()
    }

    pub fn is_passing(&self) -> bool {
        self.id.is_empty()
    }

    pub fn size(&self) -> usize {
        self.json.len() + self.id.len() + size_of::<Self>()
    }

    /// As a server-sent event.
    pub fn write_sse(&self, text: &mut String) {
        if self.is_sign_of_life() {
            return text.push_str(":\n\n");
        }
        if !self.is_passing() {
            let _ = writeln!(text, "id: {}", self.id);
        }
        let _ = write!(text, "event: {}\ndata: {}\n\n", self.kind, self.json);
    }

    /// As a message of a socket.
    pub fn socket_text(&self) -> String {
        let kind = if self.kind.contains('.') { "event" } else { self.kind };
        format!("{{\"type\":\"{kind}\",\"data\":{}}}", self.json)
    }
}
