//! Matching policies: what the score of a pair weighs, in versions that owners write and that stay.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_matching_policy)
        .service(handlers::replace_matching_policy)
        .service(handlers::list_matching_policies)
        .service(handlers::preview_matching_policy)
        .service(handlers::get_matching_policy_version);
}
