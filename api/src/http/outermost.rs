//! What wraps everything: the count of what is under way, the request id, `HEAD`, and problem documents for all that went wrong.

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use tracing_actix_web::RequestId;

use super::hand_over::hand_over;
use crate::error::{Code, Error};
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

pub async fn wrap(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let _under_way = request.app_data::<Data<AppState>>().map(|state| state.lifecycle.begin_request());
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let is_head = request.method() == Method::HEAD;
    if is_head {
        // The connection remembers the method and leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if response.headers().get(CONTENT_TYPE) == Some(&EVENT_STREAM) {
        response = match is_head {
            // It would be written for ever.
            true => response.map_body(|_, _| BoxBody::new(())),
            false => hand_over(response),
        };
    }
    if response.status().is_client_error() || response.status().is_server_error() {
        response = as_problem(response, &id);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    Ok(response)
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
