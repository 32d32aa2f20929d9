//! Messages: the thread of a mentorship or of a conversation, numbered without holes, and how far each side has read it.
//!
//! What a mentorship and a conversation keep of their thread (`last_message_*`, `*_read_seq`) is written here and nowhere else.

mod excerpt;
mod handlers;
pub mod ops;
mod wire;

pub use ops::{Sent, Thread, by_ids, send};
pub use wire::{MessageOut, SendMessage};

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_mentorship_messages)
        .service(handlers::send_mentorship_message)
        .service(handlers::mark_mentorship_read)
        .service(handlers::list_conversation_messages)
        .service(handlers::send_conversation_message)
        .service(handlers::mark_conversation_read)
        .service(handlers::edit_message)
        .service(handlers::delete_message)
        .service(handlers::list_threads)
        .service(handlers::search_messages);
}
