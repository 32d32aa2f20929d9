//! What no extractor looks at: a query or a body where the operation takes none is refused as any unknown field is.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use serde_json::Value;

use crate::auth;
use crate::error::{Error, Fault, Result};
use crate::http::body::Buffered;
use crate::http::{json, operations, query, strict_json};

pub async fn refuse<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    check(&request)?;
    next.call(request).await
}

fn check(request: &ServiceRequest) -> Result<()> {
    let body = request.extensions().get::<Buffered>().map(|body| body.0.clone()).unwrap_or_default();
    if request.query_string().is_empty() && body.is_empty() {
        return Ok(());
    }
    let found = operations::of_request(request, |one| (one.takes_query, one.takes_body, admits(request, one)));
    // Whom the guard refuses is not told what else is wrong.
    let Some((takes_query, takes_body, true)) = found else { return Ok(()) };
    if !takes_query {
        query::demand_none(request.query_string())?;
    }
    if !takes_body && !body.is_empty() {
        json::demand_json(request.request())?;
        demand_no_field(&body)?;
    }
    Ok(())
}

/// An object without fields is as good as no body.
fn demand_no_field(body: &[u8]) -> Result<()> {
    let Value::Object(fields) = strict_json::parse(body, &[])? else {
        return Err(Error::invalid("", "wrong_type", "must be object"));
    };
    let unknown =
        |name: &String| Fault::new(format!("/{}", strict_json::token(name)), "unknown_field", "unknown field");
    let faults: Vec<_> = fields.keys().map(unknown).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn admits(request: &ServiceRequest, operation: &operations::Operation) -> bool {
    operation.role.as_ref().is_none_or(|role| auth::admitted(request.request(), role).is_some())
}
