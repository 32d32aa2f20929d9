//! Deliveries: how notifications go out by mail, SMS and push as preferences say, and the record of it. In the app they are always.

mod address;
mod channels;
mod claim;
mod handlers;
mod ops;
mod plan;
mod quota;
mod replan;
mod schedule;
mod send;
mod standing;
mod texts;
mod wire;

pub use channels::Channels;
pub use ops::prune;
pub use plan::plan_new;
pub use replan::replan;
pub use send::{Outcome, deliver_due};

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes.service(handlers::list_my_deliveries).service(handlers::list_deliveries);
}
