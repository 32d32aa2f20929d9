//! Usage: how much the programme is used, in numbers that single nobody out.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_usage);
}
