//! Suggestions: pairs that the platform proposes; a mentorship starts once both said yes.

mod handlers;
pub mod ops;
pub mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_suggestions)
        .service(handlers::get_suggestion)
        .service(handlers::explain_suggestion)
        .service(handlers::accept_suggestion)
        .service(handlers::decline_suggestion)
        .service(handlers::put_off_suggestion);
}
