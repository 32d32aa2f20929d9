//! Sessions: one signed-in device each, with its refresh token.

mod client;
mod cookie;
mod handlers;
pub mod ops;
mod tokens;
mod wire;

pub use client::Client;
pub use tokens::{Tokens, TokensOut};

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::refresh)
        .service(handlers::refresh_by_cookie)
        .service(handlers::sign_out)
        .service(handlers::sign_out_by_cookie)
        .service(handlers::list_sessions)
        .service(handlers::end_session)
        .service(handlers::end_all_sessions);
}
