use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpMessage, HttpRequest};
use url::form_urlencoded;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};
use crate::http::body::Buffered;

const NAME: &str = "List-Unsubscribe";
const VALUE: &str = "One-Click";

/// What mail programs send (RFC 8058, section 3.1).
#[derive(ToSchema)]
#[schema(example = json!({ "List-Unsubscribe": "One-Click" }))]
pub struct OneClick {
    #[schema(rename = "List-Unsubscribe", max_length = 9, pattern = "^One-Click$")]
    #[expect(dead_code, reason = "it stands for the form in the document")]
    list_unsubscribe: String,
}

impl OneClick {
    /// In either form that mail programs may send it in.
    pub fn demand(request: &HttpRequest) -> Result<()> {
        let body = request.extensions().get::<Buffered>().map(|body| body.0.clone()).unwrap_or_default();
        let says_so = match request.content_type().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => {
                form_urlencoded::parse(&body).any(|(name, value)| name == NAME && value == VALUE)
            }
            "multipart/form-data" => boundary(request).is_some_and(|boundary| has_part(&body, &boundary)),
            _ => return Err(Code::UnsupportedMediaType.into()),
        };
        if says_so { Ok(()) } else { Err(Error::invalid("/List-Unsubscribe", "not_allowed", "must be One-Click")) }
    }
}

fn boundary(request: &HttpRequest) -> Option<String> {
    let kind = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let parameters = kind.split(';').filter_map(|part| part.trim().split_once('='));
    let (_, boundary) = parameters.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    Some(boundary.trim_matches('"').to_owned()).filter(|boundary| !boundary.is_empty())
}

/// Whether a part of this name holds this value (RFC 7578, RFC 2046).
fn has_part(body: &[u8], boundary: &str) -> bool {
    let text = String::from_utf8_lossy(body);
    text.split(&format!("--{boundary}")).filter_map(|part| part.split_once("\r\n\r\n")).any(|(headers, value)| {
        let names = headers.split(['\r', '\n', ';']).filter_map(|part| part.trim().split_once('='));
        let is_named = names.into_iter().any(|(key, name)| key == "name" && name.trim_matches('"') == NAME);
        is_named && value.trim_end() == VALUE
    })
}

/// A page for a browser.
#[derive(ToSchema)]
#[schema(value_type = String, max_length = 10_000)]
pub struct Html(#[expect(dead_code, reason = "it stands for the text in the document")] String);
