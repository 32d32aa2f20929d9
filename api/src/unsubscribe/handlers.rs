use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::wire::{Html, OneClick};
use super::{ops, page};
use crate::error::Result;
use crate::http::Path;
use crate::http::answers::{Checked, OnOne};
use crate::state::AppState;

const HTML: &str = "text/html; charset=utf-8";

/// Show what an unsubscribe link does
///
/// A page with a button; it changes nothing by itself.
#[utoipa::path(tag = "notifications", security(()),
    params(("token" = String, Path, max_length = 200)),
    responses((status = 200, description = "The page.", body = Html, content_type = "text/html; charset=utf-8"), OnOne))]
#[get("/unsubscribe/{token}")]
pub async fn show_unsubscribe(state: Data<AppState>, Path(token): Path<String>) -> Result<HttpResponse> {
    let scope = ops::scope_of(&state, &token)?;
    Ok(html(page::show(&state, &token, scope, false)?))
}

/// Unsubscribe with one click
///
/// The `List-Unsubscribe` header of each notification mail leads here (RFC 8058). Repeating it has no effect.
#[utoipa::path(tag = "notifications", security(()),
    params(("token" = String, Path, max_length = 200)),
    request_body(content = OneClick, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A page that says so.", body = Html, content_type = "text/html; charset=utf-8"),
        OnOne, Checked))]
#[post("/unsubscribe/{token}")]
pub async fn unsubscribe(
    request: HttpRequest,
    state: Data<AppState>,
    Path(token): Path<String>,
) -> Result<HttpResponse> {
    OneClick::demand(&request)?;
    let scope = ops::stop(&state, &token).await?;
    Ok(html(page::show(&state, &token, scope, true)?))
}

fn html(text: String) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, HTML)).body(text)
}
