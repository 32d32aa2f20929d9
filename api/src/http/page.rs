//! Keyset pages: a cursor is the key of the last item, signed and bound to its list.

use std::sync::Arc;

use actix_web::{HttpRequest, web::Data};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::auth::Auth;
use crate::error::{Code, Error, Result};
use crate::state::AppState;

const DEFAULT_LIMIT: u64 = 20;
const MAC_BYTES: usize = 16;

#[derive(Debug, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Maximum number of items to return (default 20).
    #[param(minimum = 1, maximum = 100, example = 20)]
    limit: Option<u64>,
    /// The `nextCursor` of the previous page.
    #[param(min_length = 1, max_length = 500)]
    cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listing<T> {
    #[schema(max_items = 100)]
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last page.
    #[schema(max_length = 500, required)]
    pub next_cursor: Option<String>,
}

impl<T> Listing<T> {
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Listing<U> {
        Listing { items: self.items.into_iter().map(convert).collect(), next_cursor: self.next_cursor }
    }
}

/// What part of a list is asked for.
pub struct PageRequest {
    limit: u64,
    after: Option<Vec<u8>>,
    list: String,
    auth: Arc<Auth>,
}

impl PageRequest {
    pub(super) fn new(request: &HttpRequest, params: PageParams) -> Result<Self> {
        let state =
            request.app_data::<Data<AppState>>().ok_or_else(|| anyhow::anyhow!("no state in the application"))?;
        let mut page = Self {
            limit: params.limit.unwrap_or(DEFAULT_LIMIT),
            after: None,
            list: request.path().to_owned(),
            auth: Arc::clone(&state.auth),
        };
        page.after = params.cursor.map(|cursor| page.open(&cursor)).transpose()?;
        Ok(page)
    }

    /// The key after which the page begins.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        let read = |key: &Vec<u8>| serde_json::from_slice(key).map_err(|_| Error::from(Code::InvalidCursor));
        self.after.as_ref().map(read).transpose()
    }

    /// How many rows to fetch: one more than the page holds tells whether there is a next.
    pub fn fetch(&self) -> u64 {
        self.limit + 1
    }

    /// The page of `rows`, fetched with [`Self::fetch`]; `key` is what the list is ordered by.
    pub fn listing<T, K: Serialize>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Result<Listing<T>> {
        let more = rows.len() as u64 > self.limit;
        rows.truncate(self.limit as usize);
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|row| self.seal(&key(row))).transpose()?;
        Ok(Listing { items: rows, next_cursor })
    }

    fn seal<K: Serialize>(&self, key: &K) -> Result<String> {
        let key = serde_json::to_vec(key).map_err(anyhow::Error::from)?;
        let mac = self.mac(&key);
        Ok(BASE64_URL_SAFE_NO_PAD.encode([mac.as_slice(), &key].concat()))
    }

    fn open(&self, cursor: &str) -> Result<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Code::InvalidCursor)?;
        let (mac, key) = bytes.split_at_checked(MAC_BYTES).ok_or(Code::InvalidCursor)?;
        if mac == self.mac(key) { Ok(key.to_vec()) } else { Err(Code::InvalidCursor.into()) }
    }

    fn mac(&self, key: &[u8]) -> [u8; MAC_BYTES] {
        let message = [self.list.as_bytes(), b"\0", key].concat();
        let mut short = [0; MAC_BYTES];
        short.copy_from_slice(&self.auth.mac("cursor", &message)[..MAC_BYTES]);
        short
    }
}
