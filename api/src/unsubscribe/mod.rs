//! Stopping mail without signing in (RFC 8058): a signed link that is good for nothing else. GET shows a page, POST acts.

mod handlers;
mod link;
mod ops;
mod page;
mod wire;

pub use link::{Scope, link};

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::show_unsubscribe).service(handlers::unsubscribe);
}
