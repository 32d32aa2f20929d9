//! Addresses that no route took: 405 with `Allow` where the document has the path, 204 to a bare `OPTIONS`, else 404.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::error::{Code, Error};
use crate::http::operations::Operations;

pub async fn answer(request: HttpRequest, operations: Data<Operations>) -> HttpResponse {
    let Some(address) = operations.at(request.match_info().as_str()) else {
        return HttpResponse::from_error(Error::from(Code::NotFound));
    };
    let mut response = if request.method() == Method::OPTIONS {
        HttpResponse::NoContent().finish()
    } else {
        HttpResponse::from_error(Error::from(Code::MethodNotAllowed))
    };
    if let Ok(methods) = HeaderValue::from_str(&address.methods) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}
