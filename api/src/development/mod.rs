//! What testers need and production does not have: there all of this is 404.

mod handlers;
mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::list_mails);
}
