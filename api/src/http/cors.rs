//! Which browser applications may call, and what they may send and see.

use actix_cors::Cors;

use crate::config::Config;

pub fn cors(config: &Config) -> Cors {
    let exposed = ["etag", "idempotency-replayed", "location", "retry-after", "x-request-id"];
    let mut cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers(["authorization", "content-type", "idempotency-key", "if-match", "if-none-match"])
        .expose_headers(exposed)
        .max_age(600);
    for origin in &config.cors_origins {
        cors = cors.allowed_origin(origin);
    }
    cors
}
