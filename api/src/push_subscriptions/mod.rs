//! The browsers that a member takes push messages in, and the key that they subscribe with.

mod handlers;
pub mod ops;
mod send;
mod wire;

pub use send::push_to_all;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::get_push_key)
        .service(handlers::list_push_subscriptions)
        .service(handlers::subscribe_push)
        .service(handlers::get_push_subscription)
        .service(handlers::unsubscribe_push);
}
