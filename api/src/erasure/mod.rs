//! Erasure: somebody leaves, and what was theirs goes with them.

mod handlers;
mod ops;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::erase_me);
}
