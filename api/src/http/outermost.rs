//! What wraps everything: the request id, bounds on address and headers, `HEAD`, and problem documents for all that went wrong.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse};
use tracing_actix_web::RequestId;

use crate::error::{Code, Error};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
const MAX_URI: usize = 8 * 1024;
const MAX_HEADERS: usize = 16 * 1024;

pub async fn wrap(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    if request.method() == Method::HEAD {
        // The connection remembers the method and leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let mut response = match refuse_oversize(&request) {
        Some(code) => request.into_response(HttpResponse::from_error(Error::from(code))),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_problem(response, &id);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    Ok(response)
}

fn refuse_oversize(request: &ServiceRequest) -> Option<Code> {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > MAX_URI {
        return Some(Code::UriTooLong);
    }
    let size: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    (size > MAX_HEADERS).then_some(Code::HeadersTooLarge)
}

fn as_problem(response: ServiceResponse<BoxBody>, id: &str) -> ServiceResponse<BoxBody> {
    if response.headers().get(CONTENT_TYPE) == Some(&PROBLEM) {
        return response;
    }
    let status = response.status();
    let from_framework;
    let error = match response.response().error().and_then(|error| error.as_error::<Error>()) {
        Some(error) => error,
        None => {
            from_framework = Error::from(Code::of_status(status));
            &from_framework
        }
    };
    if let Error::Internal(cause) = error {
        tracing::error!(cause = %format!("{cause:#}"), "internal error");
    }
    let problem = serde_json::to_vec(&error.problem(id.to_owned())).unwrap_or_default();
    let mut response = response.map_body(|_, _| BoxBody::new(problem));
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM);
    response
}
