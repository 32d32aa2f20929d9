//! Onboarding: the survey that makes a member, saved step by step.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_onboarding)
        .service(handlers::save_general)
        .service(handlers::save_mentor)
        .service(handlers::save_mentee)
        .service(handlers::save_preferences)
        .service(handlers::complete_onboarding);
}
