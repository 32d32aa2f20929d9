//! Notes of a mentorship: shared by the two, or their author's alone.

mod handlers;
pub mod ops;
mod wire;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_notes)
        .service(handlers::create_note)
        .service(handlers::get_note)
        .service(handlers::update_note)
        .service(handlers::delete_note);
}
