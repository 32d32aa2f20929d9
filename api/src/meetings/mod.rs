//! Meetings of a mentorship: proposed by one side, confirmed by the other, then held or missed.

mod handlers;
pub mod ops;
pub mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_my_meetings)
        .service(handlers::list_meetings)
        .service(handlers::propose_meeting)
        .service(handlers::get_meeting)
        .service(handlers::update_meeting)
        .service(handlers::moves::confirm_meeting)
        .service(handlers::moves::cancel_meeting)
        .service(handlers::moves::hold_meeting)
        .service(handlers::moves::miss_meeting);
}
