//! Pair bans: two whom the staff keep apart.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_pair_bans)
        .service(handlers::get_pair_ban)
        .service(handlers::ban_pair)
        .service(handlers::lift_pair_ban);
}
