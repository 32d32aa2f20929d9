//! Accounts: the ways of signing in that a user has.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::set_password)
        .service(handlers::list_my_accounts)
        .service(handlers::get_my_account)
        .service(handlers::link_account)
        .service(handlers::unlink_account);
}
