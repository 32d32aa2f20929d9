//! The document of the API, and the page that shows it: Swagger UI, embedded, loading nothing from outside.

use crate::http::Routes;
use actix_web::http::header::{CONTENT_TYPE, ContentType};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};
use utoipa_swagger_ui::{Config, SwaggerUi};

pub const DOCUMENT_PATH: &str = "/api/v1/openapi.json";

/// The document as it is served.
pub struct Document(pub Bytes);

impl Document {
    #[cfg(debug_assertions)]
    pub fn published() -> serde_json::Result<Self> {
        crate::openapi().to_pretty_json().map(|document| Self(document.into()))
    }

    /// The committed one, which the tests hold to be that of the code: making it anew would cost every start ten megabytes that
    /// the allocator keeps.
    #[cfg(not(debug_assertions))]
    pub fn published() -> serde_json::Result<Self> {
        Ok(Self(Bytes::from_static(include_bytes!("../../openapi/openapi.json"))))
    }
}

pub fn routes(routes: &mut Routes) {
    routes.service(openapi_document);
}

/// Get the OpenAPI document
#[utoipa::path(tag = "operations", security(()),
    responses((status = 200, description = "The OpenAPI 3.1 document of this API.", body = Object)))]
#[get("/openapi.json")]
pub async fn openapi_document(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, ContentType::json())).body(document.0.clone())
}

pub fn page() -> SwaggerUi {
    let config = Config::from(DOCUMENT_PATH).try_it_out_enabled(true).persist_authorization(false);
    SwaggerUi::new("/docs/{_:.*}").config(config)
}
