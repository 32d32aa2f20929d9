//! Match runs: the best plan for a whole cohort at once, proven, edited and published by admins. Nothing is changed before that.

mod fair;
mod findings;
mod frozen;
mod handlers;
mod mutual;
mod ops;
mod person;
mod plan;
mod publication;
mod solver;
mod wire;
mod work;

pub use ops::{forget, lock_telling};
pub use publication::publish_asked;
pub use solver::Solver;
pub use work::work;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::create_match_run)
        .service(handlers::list_match_runs)
        .service(handlers::get_match_run)
        .service(handlers::edit_match_run)
        .service(handlers::publish_match_run)
        .service(handlers::cancel_match_run)
        .service(handlers::plan::list_match_run_pairs)
        .service(handlers::plan::export_match_run_pairs)
        .service(handlers::plan::list_unmatched)
        .service(handlers::plan::get_match_run_insights)
        .service(handlers::plan::get_match_run_fairness)
        .service(handlers::plan::get_match_run_certificate)
        .service(handlers::plan::compare_match_runs);
}
