//! Users: one's own profile, what others see of it, and what belongs to an account.

mod handlers;
pub mod ops;
pub mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_me)
        .service(handlers::update_me)
        .service(handlers::replace_mentor_skills)
        .service(handlers::replace_mentee_skills)
        .service(handlers::replace_mentor_soft_skills)
        .service(handlers::replace_mentee_soft_skills)
        .service(handlers::replace_mentor_topics)
        .service(handlers::replace_mentee_topics)
        .service(handlers::get_availability)
        .service(handlers::replace_availability)
        .service(handlers::get_notification_preferences)
        .service(handlers::replace_notification_preferences)
        .service(handlers::get_user);
}
