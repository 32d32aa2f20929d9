//! Sign-in with providers: OAuth 2 and OpenID Connect, from the button to the code that the application exchanges.

mod flow;
mod handlers;
mod member;
pub mod ops;
mod outcome;
mod provider;
mod wire;

pub use provider::Providers;

use crate::http::Routes;

pub fn routes(routes: &mut Routes) {
    routes
        .service(handlers::list_providers)
        .service(handlers::start_oauth)
        .service(handlers::finish_oauth)
        .service(handlers::exchange_oauth_code);
}
