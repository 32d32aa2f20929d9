//! Reads the body before the handler runs: bounded in size and slowness, decompressed; then bounds the handler's own time.

use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{Decompress, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{HttpMessage, error::PayloadError};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::error::{Code, Error, Result};
use crate::state::AppState;

/// The whole body of the request.
pub struct Buffered(pub Bytes);

pub async fn buffer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let state = request.app_data::<Data<AppState>>().cloned().ok_or_else(|| Error::from(Code::Internal))?;
    let limit = state.config.body_limit;
    if declared_length(&request).is_some_and(|length| length > limit) {
        return Err(Error::from(Code::PayloadTooLarge).into());
    }
    let bytes = read(&mut request, limit, Duration::from_secs(state.config.body_timeout)).await?;
    request.extensions_mut().insert(Buffered(bytes));
    let answer = timeout(Duration::from_secs(state.config.request_timeout), next.call(request));
    answer.await.map_err(|_| Error::refused(Code::Unavailable, "it took too long"))?
}

fn declared_length(request: &ServiceRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(request: &mut ServiceRequest, limit: usize, patience: Duration) -> Result<Bytes> {
    let payload = request.take_payload();
    let encoding =
        request.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or_default().to_lowercase());
    if !matches!(encoding.as_deref(), None | Some("" | "identity" | "gzip" | "deflate" | "br")) {
        return Err(Error::refused(Code::UnsupportedMediaType, "a content encoding that is not offered"));
    }
    let mut stream = Decompress::from_headers(payload, request.headers());
    let mut body = BytesMut::new();
    let started = Instant::now();
    loop {
        let earned = Duration::from_secs((body.len() / 1024) as u64);
        let left = (patience + earned).saturating_sub(started.elapsed());
        match timeout(left, stream.next()).await {
            Err(_) => return Err(Code::RequestTimeout.into()),
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(Err(error))) => return Err(refusal(&error)),
            Ok(Some(Ok(chunk))) if body.len() + chunk.len() > limit => return Err(Code::PayloadTooLarge.into()),
            Ok(Some(Ok(chunk))) => body.extend_from_slice(&chunk),
        }
    }
}

fn refusal(error: &PayloadError) -> Error {
    match error {
        PayloadError::Overflow => Code::PayloadTooLarge.into(),
        _ => Error::refused(Code::MalformedRequest, "the body could not be read"),
    }
}
