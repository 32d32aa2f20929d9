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

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::middleware::from_fn;
    use actix_web::web::get;
    use actix_web::{App, test};
    use serde_json::Value;
    use tracing_actix_web::TracingLogger;

    use super::*;
    use crate::http::observe::RequestSpan;
    use crate::http::outermost;

    async fn fails() -> HttpResponse {
        panic!("the inner secret")
    }

    async fn works() -> HttpResponse {
        HttpResponse::NoContent().finish()
    }

    #[actix_web::test]
    async fn a_panic_is_a_500_that_tells_nothing_and_ends_nothing() {
        let app = App::new()
            .wrap(from_fn(shield))
            .wrap(from_fn(outermost::wrap))
            .wrap(TracingLogger::<RequestSpan>::new())
            .route("/fails", get().to(fails))
            .route("/works", get().to(works));
        let app = test::init_service(app).await;

        let answer = test::call_service(&app, TestRequest::get().uri("/fails").to_request()).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = answer.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
        let body = test::read_body(answer).await;
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((&problem["code"], &problem["instance"]), (&"internal".into(), &id.into()));

        let answer = test::call_service(&app, TestRequest::get().uri("/works").to_request()).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
}
