//! Addresses that no route took: 405 with `Allow` where the document has the path, 204 to a bare `OPTIONS`, else 404.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;

use crate::error::{Code, Error};

/// The paths of the document with the methods that each offers.
pub struct Routes(Vec<(Vec<String>, String)>);

impl Routes {
    pub fn of(document: &OpenApi) -> Self {
        let segments = |path: &str| path.split('/').map(str::to_owned).collect();
        Self(document.paths.paths.iter().map(|(path, item)| (segments(path), methods(item))).collect())
    }

    fn allowed(&self, path: &str) -> Option<&str> {
        let segments: Vec<_> = path.split('/').collect();
        let fits = |pattern: &[String]| {
            pattern.len() == segments.len()
                && pattern
                    .iter()
                    .zip(&segments)
                    .all(|(want, have)| want == have || (want.starts_with('{') && !have.is_empty()))
        };
        let literal = |pattern: &[String]| pattern.iter().filter(|part| !part.starts_with('{')).count();
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern));
        fitting.max_by_key(|(pattern, _)| literal(pattern)).map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &PathItem) -> String {
    let offered = [
        ("GET, HEAD", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
        ("OPTIONS", true),
    ];
    offered.iter().filter(|(_, there)| *there).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

pub async fn answer(request: HttpRequest, routes: Data<Routes>) -> HttpResponse {
    let Some(methods) = routes.allowed(request.path()) else {
        return HttpResponse::from_error(Error::from(Code::NotFound));
    };
    let mut response = if request.method() == Method::OPTIONS {
        HttpResponse::NoContent().finish()
    } else {
        HttpResponse::from_error(Error::from(Code::MethodNotAllowed))
    };
    if let Ok(methods) = HeaderValue::from_str(methods) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}
