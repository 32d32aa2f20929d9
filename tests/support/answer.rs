use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// What the server answered.
pub struct Answer {
    pub status: u16,
    pub(crate) asked: String,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All values of a header that may stand more than once.
    pub fn all(&self, name: &str) -> String {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(", ")
    }

    /// The names of the headers, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.headers.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// The version to send as `If-Match`.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag\n{self}")).to_owned()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body, whatever the status.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("no JSON: {error}\n{self}"))
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(&self) -> Value {
        self.demand(200);
        self.json()
    }

    /// The body of a 201, which names the address of what was made.
    #[track_caller]
    pub fn created(&self) -> Value {
        self.demand(201);
        assert!(self.header("location").is_some(), "no Location\n{self}");
        self.json()
    }

    /// The body of a 202.
    #[track_caller]
    pub fn accepted(&self) -> Value {
        self.demand(202);
        self.json()
    }

    /// A 202 that says nothing more.
    #[track_caller]
    pub fn queued(&self) {
        self.demand(202);
    }

    #[track_caller]
    pub fn no_content(&self) {
        self.demand(204);
    }

    /// The problem document of a refusal.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let known = if self.status >= 400 { self.json() } else { Value::Null };
        assert!(self.status == status && known["code"] == code, "expected {status} {code}\n{self}");
        known
    }

    /// The problem document of input that has exactly one fault, at `pointer`.
    #[track_caller]
    pub fn invalid(&self, pointer: &str) -> Value {
        let problem = self.refused(422, "invalid_input");
        let pointers: Vec<_> =
            problem["errors"].as_array().into_iter().flatten().map(|fault| &fault["pointer"]).collect();
        assert!(
            pointers.iter().all(|at| *at == pointer) && !pointers.is_empty(),
            "expected a fault at {pointer}\n{self}"
        );
        problem
    }

    #[track_caller]
    fn demand(&self, status: u16) {
        assert!(self.status == status, "expected {status}\n{self}");
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.bytes);
        let shown: String = text.chars().take(4000).collect();
        write!(f, "{}\n→ {} {shown}", self.asked, self.status)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
