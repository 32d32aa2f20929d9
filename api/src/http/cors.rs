//! Which browser applications may call, and what they may send and see.

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue, VARY,
};
use actix_web::middleware::Next;

use crate::config::Config;

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const REQUEST_HEADERS: [&str; 7] = [
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "x-mentorship-client",
];
const ANSWER_HEADERS: [&str; 8] = [
    "etag",
    "idempotency-replayed",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
    "x-request-id",
];

pub fn cors(config: &Config) -> Cors {
    let cors = Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(REQUEST_HEADERS)
        .expose_headers(ANSWER_HEADERS)
        .supports_credentials()
        .max_age(600);
    config.cors_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Around [`cors`], which tells every origin what only a listed one may know, and forgets `Vary` where it refuses.
pub async fn tell_the_listed_only<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.remove(ACCESS_CONTROL_ALLOW_CREDENTIALS);
        headers.remove(ACCESS_CONTROL_EXPOSE_HEADERS);
    }
    let varies = headers.get_all(VARY).any(|value| value.as_bytes().starts_with(b"Origin"));
    if !varies {
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }
    Ok(response)
}
