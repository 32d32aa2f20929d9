//! Turns what failed on the way, panics included, into an answer, so that all middleware outside of it sees answers only.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::ORIGIN;
use actix_web::middleware::Next;
use actix_web::test::TestRequest;
use futures_util::FutureExt;

use crate::error::Error;

pub async fn shield(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let method = request.method().clone();
    let uri = request.uri().clone();
    let origin = request.headers().get(ORIGIN).cloned();
    let error = match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => return Ok(response.map_into_boxed_body()),
        Ok(Err(error)) => error,
        Err(panic) => Error::Internal(cause_of(panic.as_ref())).into(),
    };
    // Routing needs the request to itself, so no copy could be kept: this one carries what outer middleware looks at.
    let mut stand_in = TestRequest::default().method(method).uri(&uri.to_string());
    if let Some(origin) = origin {
        stand_in = stand_in.insert_header((ORIGIN, origin));
    }
    Ok(ServiceResponse::new(stand_in.to_http_request(), HttpResponse::from_error(error)))
}

fn cause_of(panic: &(dyn Any + Send)) -> anyhow::Error {
    let text =
        panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
    anyhow::anyhow!("panic: {}", text.unwrap_or_default())
}
