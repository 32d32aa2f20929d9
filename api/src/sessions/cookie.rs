//! The refresh token of a browser on the same site, in a cookie. SameSite does not keep out a page on a sibling domain, so each
//! request that takes the cookie must name an origin of ours and carry a header that needs a preflight.

use actix_web::HttpRequest;
use actix_web::cookie::time::{Duration, OffsetDateTime};
use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use actix_web::http::header::{HeaderName, ORIGIN};
use actix_web::web::Data;
use chrono::{DateTime, Utc};

use crate::error::{Code, Result};
use crate::state::AppState;

/// The prefix makes browsers refuse it unless it is secure, of this host alone and for all paths (RFC 6265bis, section 4.1.3).
const NAME: &str = "__Host-mentorship-refresh";
const CLIENT: HeaderName = HeaderName::from_static("x-mentorship-client");

/// 403 unless the request comes from a page of an origin that may call, and says so by a header of its own.
pub fn demand_own_page(request: &HttpRequest) -> Result<()> {
    let state = request.app_data::<Data<AppState>>().ok_or(Code::Internal)?;
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_own = header(ORIGIN).is_some_and(|origin| state.config.cors_origins.iter().any(|own| own == origin));
    let is_marked = header(CLIENT).is_some_and(|client| (1..=64).contains(&client.len()));
    if is_own && is_marked { Ok(()) } else { Err(Code::CrossSite.into()) }
}

/// The refresh token that an own page sends, if it has one.
pub fn token_of(request: &HttpRequest) -> Result<Option<String>> {
    demand_own_page(request)?;
    Ok(request.cookie(NAME).map(|cookie| cookie.value().to_owned()))
}

pub fn of_token(token: String, expires_at: DateTime<Utc>) -> Cookie<'static> {
    let expires = OffsetDateTime::from_unix_timestamp(expires_at.timestamp()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    blank(token).expires(expires).finish()
}

/// Takes the cookie back.
pub fn removal() -> Cookie<'static> {
    blank(String::new()).max_age(Duration::ZERO).finish()
}

fn blank(value: String) -> CookieBuilder<'static> {
    Cookie::build(NAME, value).path("/").secure(true).http_only(true).same_site(SameSite::Strict)
}
