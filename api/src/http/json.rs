use std::future::{Ready, ready};

use actix_web::http::Method;
use actix_web::http::header::{self, ContentType};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, Responder, dev::Payload};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use validator::Validate;

use crate::error::{Code, Error, Result};
use crate::http::body::Buffered;
use crate::http::{schema, strict_json};

/// A JSON body. Coming in it is checked against its schema and rules; going out it is answered with 200.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + ToSchema + Validate + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let bytes = request.extensions().get::<Buffered>().map(|body| body.0.clone()).unwrap_or_default();
        ready(demand_json(request).and_then(|()| read(&bytes)).map(Self))
    }
}

/// 415 where the body says of itself that it is something else.
pub fn demand_json(request: &HttpRequest) -> Result<()> {
    let kind = request.content_type().trim();
    let is_json = kind.eq_ignore_ascii_case("application/json");
    let is_patch = request.method() == Method::PATCH && kind.eq_ignore_ascii_case("application/merge-patch+json");
    if is_json || is_patch { Ok(()) } else { Err(Code::UnsupportedMediaType.into()) }
}

/// Reads a body as every JSON body is read.
pub fn read<T: DeserializeOwned + ToSchema + Validate + 'static>(bytes: &[u8]) -> Result<T> {
    let value = strict_json::parse(bytes, &schema::passwords_of::<T>()?)?;
    let body: T = schema::read(&*schema::of_body::<T>()?, value)?;
    body.validate()?;
    Ok(body)
}

impl<T: Serialize> Responder for Json<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::CONTENT_TYPE, ContentType::json())).json(self.0)
    }
}
