//! Versions of what two people may edit: `ETag` out, `If-Match` and `If-None-Match` in (RFC 9110, section 13).

use std::future::{Ready, ready};

use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, EntityTag, Header, IfMatch as IfMatchHeader, IfNoneMatch, LOCATION};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, dev::Payload};
use serde::Serialize;

use crate::error::{Code, Error, Result};

/// A body with the version of its row.
pub struct Versioned<T>(pub T, pub i32);

fn tag(version: i32) -> EntityTag {
    EntityTag::new_strong(version.to_string())
}

impl<T: Serialize> Versioned<T> {
    /// 201 for a row that now exists at `location`.
    pub fn created(self, location: String) -> HttpResponse {
        HttpResponse::Created().insert_header((LOCATION, location)).insert_header((ETAG, tag(self.1))).json(self.0)
    }
}

impl<T: Serialize> Responder for Versioned<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = tag(self.1);
        let unchanged = request.method().is_safe()
            && match IfNoneMatch::parse(request) {
                Ok(IfNoneMatch::Any) => request.headers().contains_key("if-none-match"),
                Ok(IfNoneMatch::Items(known)) => known.iter().any(|one| one.weak_eq(&tag)),
                Err(_) => false,
            };
        if unchanged {
            return HttpResponse::build(StatusCode::NOT_MODIFIED).insert_header((ETAG, tag)).finish();
        }
        HttpResponse::Ok().insert_header((ETAG, tag)).json(self.0)
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
            Some(IfMatchHeader::Items(known)) if !known.iter().any(|one| one.strong_eq(&tag(version))) => {
                Err(Code::PreconditionFailed.into())
            }
            _ => Ok(()),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if !request.headers().contains_key("if-match") {
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
