//! Goals of a mentorship, the milestones on the way, and how far they have come.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_goals)
        .service(handlers::create_goal)
        .service(handlers::get_goal)
        .service(handlers::update_goal)
        .service(handlers::delete_goal)
        .service(handlers::milestones::list_milestones)
        .service(handlers::milestones::create_milestone)
        .service(handlers::milestones::get_milestone)
        .service(handlers::milestones::update_milestone)
        .service(handlers::milestones::delete_milestone);
}
