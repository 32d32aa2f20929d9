//! Bounds on what comes before the body: the address and the headers.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use crate::error::{Code, Error, Result};

const MAX_URI: usize = 8 * 1024;
const MAX_HEADERS: usize = 16 * 1024;

pub async fn refuse_oversize<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > MAX_URI {
        return Err(Error::from(Code::UriTooLong).into());
    }
    let size: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > MAX_HEADERS {
        return Err(Error::from(Code::HeadersTooLarge).into());
    }
    next.call(request).await
}
