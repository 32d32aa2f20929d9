use std::io::ErrorKind;

use actix_ws::{CloseCode, CloseReason, ProtocolError};

use super::connection::Ending;

/// Why a socket is closed, with its code; none where its client gave none.
pub struct Close(pub Option<CloseReason>);

impl From<Ending> for Close {
    fn from(ending: Ending) -> Self {
        Self::because(CloseCode::from(ending.code()), ending.word())
    }
}

impl From<ProtocolError> for Close {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::Io(error) if error.kind() == ErrorKind::InvalidData => {
                Self::because(CloseCode::Invalid, "not_utf8")
            }
            // So the continuation of a frame says that it is too large.
            ProtocolError::Overflow | ProtocolError::Io(_) => Self::because(CloseCode::Size, "frame_too_large"),
            _ => Self::because(CloseCode::Protocol, "protocol_error"),
        }
    }
}

impl Close {
    pub fn because(code: CloseCode, why: impl Into<String>) -> Self {
        Self(Some(CloseReason { code, description: Some(why.into()) }))
    }

    /// A close is answered with its own code (RFC 6455, section 5.5.1).
    pub fn answer(asked: Option<CloseReason>) -> Self {
        Self(asked.map(|asked| CloseReason { code: asked.code, description: None }))
    }
}
