//! Identity: accounts (ways of signing in) and sessions (signed-in devices).

mod handlers;
pub mod ops;
mod wire;

pub use ops::create_owner;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::sign_up).service(handlers::sign_in).service(handlers::refresh).service(handlers::sign_out);
}
