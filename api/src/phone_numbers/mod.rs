//! The number that a member is sent text messages at, proved by a code that is sent to it.

mod codes;
mod handlers;
pub mod ops;
mod wire;

pub use codes::send_due;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_phone_number)
        .service(handlers::replace_phone_number)
        .service(handlers::verify_phone_number)
        .service(handlers::remove_phone_number);
}
