//! The matching index of the node that answers: how it stands, and a check of it against the database.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_matching_index).service(handlers::check_matching_index);
}
