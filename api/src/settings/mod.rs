//! Settings: the one row that owners configure the programme with.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::get_branding).service(handlers::get_settings).service(handlers::update_settings);
}
