//! Reads the body before the handler runs: bounded in size and slowness, decompressed; then bounds the handler's own time.

use std::cell::Cell;
use std::pin::pin;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{Decompress, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, ContentEncoding};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{HttpMessage, error::PayloadError};
use futures_util::stream::iter;
use futures_util::{Stream, StreamExt};
use tokio::time::timeout;

use crate::error::{Code, Error, Result};
use crate::state::AppState;

/// How much compressed text is fed to the decoder at once.
const PIECE: usize = 1024;

/// The whole body of the request.
pub struct Buffered(pub Bytes);

pub async fn buffer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let state = request.app_data::<Data<AppState>>().cloned().ok_or_else(|| Error::from(Code::Internal))?;
    // The body of a GET means nothing (RFC 9110, section 9.3.1).
    if request.method() != Method::GET {
        let limit = state.config.body_limit;
        if declared_length(&request).is_some_and(|length| length > limit) {
            return Err(Error::from(Code::PayloadTooLarge).into());
        }
        let bytes = read(&mut request, limit, Duration::from_secs(state.config.body_timeout)).await?;
        request.extensions_mut().insert(Buffered(bytes));
    }
    let answer = timeout(Duration::from_secs(state.config.request_timeout), next.call(request));
    answer.await.map_err(|_| Error::refused(Code::Unavailable, "it took too long"))?
}

fn declared_length(request: &ServiceRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(request: &mut ServiceRequest, limit: usize, patience: Duration) -> Result<Bytes> {
    // What came over the wire counts as progress, not what it unpacks to.
    let received = Cell::new(0);
    let payload = request.take_payload().inspect(|chunk| {
        received.set(received.get() + chunk.as_ref().map_or(0, Bytes::len));
    });
    match encoding_of(request)? {
        ContentEncoding::Identity => collect(payload, limit, patience, &received).await,
        encoding => collect(Decompress::new(in_pieces(payload), encoding), limit, patience, &received).await,
    }
}

fn encoding_of(request: &ServiceRequest) -> Result<ContentEncoding> {
    let Some(name) = request.headers().get(CONTENT_ENCODING) else { return Ok(ContentEncoding::Identity) };
    match name.to_str().unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(ContentEncoding::Identity),
        "gzip" => Ok(ContentEncoding::Gzip),
        "deflate" => Ok(ContentEncoding::Deflate),
        _ => Err(Error::refused(Code::UnsupportedMediaType, "a content encoding that is not offered")),
    }
}

/// What is compressed grows a thousandfold at most, and at once as much as is fed at once: little pieces stay bounded.
fn in_pieces(
    payload: impl Stream<Item = Result<Bytes, PayloadError>>,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    payload.flat_map(|chunk| match chunk {
        Ok(chunk) => iter(pieces(&chunk)),
        Err(error) => iter(vec![Err(error)]),
    })
}

fn pieces(chunk: &Bytes) -> Vec<Result<Bytes, PayloadError>> {
    let starts = (0..chunk.len()).step_by(PIECE);
    starts.map(|start| Ok(chunk.slice(start..chunk.len().min(start + PIECE)))).collect()
}

async fn collect(
    stream: impl Stream<Item = Result<Bytes, PayloadError>>,
    limit: usize,
    patience: Duration,
    received: &Cell<usize>,
) -> Result<Bytes> {
    let mut stream = pin!(stream);
    let mut body = BytesMut::new();
    let started = Instant::now();
    loop {
        let earned = Duration::from_secs((received.get() / 1024) as u64);
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
