//! How matching treats people over time, for owners: a report of each week, and what is sought and offered at present.

mod handlers;
mod ops;
mod wire;

pub use ops::work;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_matching_reports)
        .service(handlers::get_matching_report)
        .service(handlers::get_matching_insights);
}
