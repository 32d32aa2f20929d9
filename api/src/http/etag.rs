//! Versions of what two people may edit: `ETag` out, `If-Match` and `If-None-Match` in (RFC 9110, section 13).
//!
//! A tag is `"VERSION.DIGEST"`. The version is the row's and decides whether a change is meant for it. The digest is of the body,
//! which also shows what other rows say and what only this reader may see: it decides whether a copy is still good.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ContentType, ETAG, EntityTag, Header, HeaderValue, IF_MATCH, IfMatch as IfMatchHeader,
    IfNoneMatch, LOCATION,
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, Responder, dev::Payload};
use entity::Version;
use serde::Serialize;

use crate::error::{Code, Error, Result};

/// A body with the version of its row.
pub struct Versioned<T>(pub T, pub i32);

impl<T> Versioned<T> {
    pub fn of<R: Version>(row: R) -> Self
    where
        T: From<R>,
    {
        let version = row.version();
        Self(row.into(), version)
    }
}

impl<T: Serialize> Versioned<T> {
    /// 200 with the row, where another status is possible too.
    pub fn ok(self) -> HttpResponse {
        self.with(&mut HttpResponse::Ok())
    }

    /// 201 for a row that now exists at `location`.
    pub fn created(self, location: String) -> HttpResponse {
        self.with(HttpResponse::Created().insert_header((LOCATION, location)))
    }

    /// 202 for the row that was asked about, on which there is work under way.
    pub fn accepted(self) -> HttpResponse {
        self.with(&mut HttpResponse::Accepted())
    }

    /// 202 for a row that now exists at `location` and on which there is work under way.
    pub fn begun(self, location: String) -> HttpResponse {
        self.with(HttpResponse::Accepted().insert_header((LOCATION, location)))
    }

    fn with(self, response: &mut HttpResponseBuilder) -> HttpResponse {
        match self.tagged() {
            Ok((tag, body)) => answer(response, tag, body),
            Err(error) => HttpResponse::from_error(error),
        }
    }

    fn tagged(&self) -> Result<(EntityTag, Vec<u8>)> {
        let body = serde_json::to_vec(&self.0).map_err(anyhow::Error::from)?;
        Ok((EntityTag::new_strong(format!("{}.{}", self.1, digest(&body))), body))
    }
}

fn digest(body: &[u8]) -> String {
    blake3::hash(body).to_hex()[..16].to_owned()
}

/// A body that is the same for everybody and may be kept for five minutes; its tag is the digest alone.
pub struct Public<T>(pub T);

impl<T: Serialize> Responder for Public<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let body = match serde_json::to_vec(&self.0) {
            Ok(body) => body,
            Err(error) => return HttpResponse::from_error(Error::from(anyhow::Error::from(error))),
        };
        let tag = EntityTag::new_strong(digest(&body));
        let mut response = if_unknown(request, tag, body);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        response
    }
}

/// The body, or 304 where a reader has it.
fn if_unknown(request: &HttpRequest, tag: EntityTag, body: Vec<u8>) -> HttpResponse {
    if request.method().is_safe() && is_known(request, &tag) {
        return HttpResponse::build(StatusCode::NOT_MODIFIED).insert_header((ETAG, tag)).finish();
    }
    answer(&mut HttpResponse::Ok(), tag, body)
}

fn answer(response: &mut HttpResponseBuilder, tag: EntityTag, body: Vec<u8>) -> HttpResponse {
    response.insert_header((ETAG, tag)).insert_header((CONTENT_TYPE, ContentType::json())).body(body)
}

impl<T: Serialize> Responder for Versioned<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        match self.tagged() {
            Ok((tag, body)) => if_unknown(request, tag, body),
            Err(error) => HttpResponse::from_error(error),
        }
    }
}

fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key("if-none-match"),
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|one| one.weak_eq(tag)),
        Err(_) => false,
    }
}

/// The versions that the caller is ready to change.
pub struct IfMatch(Option<IfMatchHeader>);

impl IfMatch {
    /// 428 without the header, 412 when `version` is not among those named.
    pub fn demand(&self, version: i32) -> Result<()> {
        if self.0.is_none() {
            return Err(Code::PreconditionRequired.into());
        }
        self.check(version)
    }

    /// 412 when the header is there and `version` is not among those named.
    pub fn check(&self, version: i32) -> Result<()> {
        match &self.0 {
            Some(IfMatchHeader::Items(known)) if !known.iter().any(|one| is_of(one, version)) => {
                Err(Code::PreconditionFailed.into())
            }
            _ => Ok(()),
        }
    }
}

/// Whether a tag is of `version`, whoever read it. A weak one never is.
fn is_of(tag: &EntityTag, version: i32) -> bool {
    let named = tag.tag().split('.').next().unwrap_or_default();
    !tag.weak && named == version.to_string()
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if !request.headers().contains_key(IF_MATCH) {
            return ready(Ok(Self(None)));
        }
        let header = IfMatchHeader::parse(request);
        ready(
            header
                .map(|header| Self(Some(header)))
                .map_err(|_| Error::refused(Code::MalformedRequest, "If-Match cannot be read")),
        )
    }
}
