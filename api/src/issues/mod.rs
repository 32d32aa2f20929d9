//! Issues: what members bring before the admins, with the messages that it is about as they were then.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::report_message)
        .service(handlers::report_user)
        .service(handlers::open_issue)
        .service(handlers::list_my_issues)
        .service(handlers::get_my_issue)
        .service(handlers::list_accesses)
        .service(handlers::list_issues)
        .service(handlers::get_issue)
        .service(handlers::get_issue_messages)
        .service(handlers::assign_issue)
        .service(handlers::answer_issue)
        .service(handlers::close_issue);
}
