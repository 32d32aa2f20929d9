//! Mentorships: from the request or the match to the end.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_my_mentorships)
        .service(handlers::request_mentorship)
        .service(handlers::get_mentorship)
        .service(handlers::update_mentorship)
        .service(handlers::accept_mentorship)
        .service(handlers::decline_mentorship)
        .service(handlers::withdraw_mentorship)
        .service(handlers::complete_mentorship)
        .service(handlers::cancel_mentorship)
        .service(handlers::admin::list_mentorships)
        .service(handlers::admin::assign_mentorship)
        .service(handlers::admin::approve_mentorship)
        .service(handlers::admin::end_mentorship);
}
