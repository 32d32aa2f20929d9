//! Conversations: threads of two users outside a mentorship, one for each pair.

mod handlers;
mod ops;
mod wire;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(handlers::list_conversations)
        .service(handlers::open_conversation)
        .service(handlers::get_conversation);
}
