//! Verification tokens: single-use proofs, sent by mail, that somebody reads an address.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::request_verification)
        .service(handlers::verify_email)
        .service(handlers::request_sign_in_link)
        .service(handlers::sign_in_by_link)
        .service(handlers::request_password_reset)
        .service(handlers::reset_password)
        .service(handlers::start_password_reset)
        .service(handlers::change_email)
        .service(handlers::confirm_email)
        .service(handlers::undo_email_change)
        .service(handlers::invite)
        .service(handlers::list_invitations)
        .service(handlers::get_invitation)
        .service(handlers::revoke_invitation)
        .service(handlers::accept_invitation);
}
