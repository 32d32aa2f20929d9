//! Taxonomy: what members choose from – skills, soft skills, topics, industries and seniority levels.

mod handlers;
pub mod ops;
pub mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_skills)
        .service(handlers::get_skill)
        .service(handlers::list_soft_skills)
        .service(handlers::list_topics)
        .service(handlers::list_industries)
        .service(handlers::list_seniority_levels)
        .service(handlers::add_term)
        .service(handlers::update_term)
        .service(handlers::merge_term);
}
