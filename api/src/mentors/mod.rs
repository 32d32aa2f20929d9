//! Mentors: the directory of members who offer to be one.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::list_mentors);
}
