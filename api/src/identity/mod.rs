//! Identity: signing up, signing in, and proving again who one is.

mod handlers;
pub mod ops;
mod wire;

pub use ops::create_owner;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::sign_up).service(handlers::sign_in).service(handlers::reauthenticate);
}
