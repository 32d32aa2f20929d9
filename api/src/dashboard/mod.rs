//! The dashboard: what waits for a member and what comes next, in one answer.

mod handlers;
mod ops;
mod sql;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_dashboard);
}
