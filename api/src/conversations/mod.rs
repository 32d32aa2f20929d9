//! Conversations: threads of two users outside a mentorship, one for each pair.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_conversations)
        .service(handlers::open_conversation)
        .service(handlers::get_conversation);
}
