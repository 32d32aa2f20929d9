//! Staff: the accounts of everybody, as admins and owners see and change them.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_accounts)
        .service(handlers::get_account)
        .service(handlers::approve_account)
        .service(handlers::suspend_account)
        .service(handlers::reactivate_account)
        .service(handlers::change_role);
}
