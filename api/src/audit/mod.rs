//! The audit log: the events that tell what staff did.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::list_audit_log);
}
