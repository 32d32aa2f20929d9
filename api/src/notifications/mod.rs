//! Notifications: what a user is told in the app. They follow from events; here they are listed and read.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_notifications)
        .service(handlers::count_unread_notifications)
        .service(handlers::read_all_notifications)
        .service(handlers::read_notification);
}
