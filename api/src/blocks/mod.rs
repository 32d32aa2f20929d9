//! Blocks: whom somebody wants no contact with. The other is never told.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_blocks)
        .service(handlers::add_block)
        .service(handlers::get_block)
        .service(handlers::lift_block);
}
