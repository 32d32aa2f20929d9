//! The second factor: codes of an authenticator app (RFC 6238), and recovery codes for whoever lost it.

mod handlers;
pub mod ops;
mod totp;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_second_factor)
        .service(handlers::start_second_factor)
        .service(handlers::confirm_second_factor)
        .service(handlers::renew_recovery_codes)
        .service(handlers::disable_second_factor);
}
