//! What a client says over its socket.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::audience::Shared;
use crate::error::{Code, Error, Result};
use crate::http::json;
use crate::messages::{SendMessage, Thread};

/// A frame of a client; unknown fields are faults as in a body.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Said {
    Auth { ticket: String, after: Option<String> },
    Resume { after: String },
    Send(Box<ToSend>),
    Typing { mentorship_id: Option<Uuid>, conversation_id: Option<Uuid> },
    Ping {},
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToSend {
    #[serde(rename = "ref")]
    pub reference: Option<Uuid>,
    mentorship_id: Option<Uuid>,
    conversation_id: Option<Uuid>,
    client_id: Value,
    content: Value,
}

impl ToSend {
    pub fn thread(&self) -> Result<Thread> {
        one_of(self.mentorship_id, self.conversation_id)
            .map(|(id, is_mentorship)| if is_mentorship { Thread::Mentorship(id) } else { Thread::Conversation(id) })
    }

    /// The same body that a request would have, held to the same rules.
    pub fn body(&self) -> Result<SendMessage> {
        let body = json!({ "clientId": self.client_id, "content": self.content });
        json::read(body.to_string().as_bytes())
    }
}

/// Where somebody types.
pub fn place(mentorship: Option<Uuid>, conversation: Option<Uuid>) -> Result<Shared> {
    one_of(mentorship, conversation)
        .map(|(id, is_mentorship)| if is_mentorship { Shared::Mentorship(id) } else { Shared::Conversation(id) })
}

fn one_of(mentorship: Option<Uuid>, conversation: Option<Uuid>) -> Result<(Uuid, bool)> {
    match (mentorship, conversation) {
        (Some(id), None) => Ok((id, true)),
        (None, Some(id)) => Ok((id, false)),
        _ => Err(Error::refused(Code::InvalidInput, "one of mentorshipId and conversationId")),
    }
}
