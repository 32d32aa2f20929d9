use askama::Template;

use super::link::Scope;
use super::ops;
use crate::error::{Error, Result};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Page {
    words: &'static str,
    is_done: bool,
    /// Relative to the page's own address.
    all: Option<String>,
}

/// What a browser shows; it needs no script and no style.
pub(super) fn show(state: &AppState, token: &str, scope: Scope, is_done: bool) -> Result<String> {
    let page = Page { words: scope.words(), is_done, all: ops::token_for_all(state, token) };
    page.render().map_err(|error| Error::Internal(error.into()))
}
