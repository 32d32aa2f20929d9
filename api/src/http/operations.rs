//! The operations as the document tells them, found by the address of a request: for the rules that hold for all of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::Data;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What an operation takes.
pub struct Operation {
    pub id: String,
    /// Whether it changes who somebody is, what they may do, or how they sign in.
    pub is_sensitive: bool,
    /// The least role, in the document's word; `None` where anybody is admitted.
    pub role: Option<String>,
    pub takes_query: bool,
    pub takes_body: bool,
    /// Whether a retry may name the first request by its `Idempotency-Key`.
    pub takes_key: bool,
}

/// A path of the document.
pub struct Address {
    segments: Vec<String>,
    /// Its methods, as the header `Allow` lists them.
    pub methods: String,
    operations: Vec<(Method, Operation)>,
}

/// Every path of the document, those with the fewest parameters first.
pub struct Operations(Vec<Address>);

impl Operations {
    /// Reads the few parts of the document that a request is held against.
    pub fn read(document: &[u8]) -> serde_json::Result<Self> {
        let Document { paths } = serde_json::from_slice(document)?;
        let mut addresses: Vec<_> = paths.iter().map(|(path, item)| Address::new(path, item)).collect();
        addresses.sort_by_key(|address| Reverse(address.segments.iter().filter(|part| !is_parameter(part)).count()));
        Ok(Self(addresses))
    }

    pub fn at(&self, path: &str) -> Option<&Address> {
        self.0.iter().find(|address| address.fits(path))
    }

    fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        self.at(path)?.operations.iter().find(|(offered, _)| offered == method).map(|(_, operation)| operation)
    }
}

/// What `find` tells of the operation that is going to answer `request`.
pub fn of_request<T>(request: &ServiceRequest, find: impl FnOnce(&Operation) -> T) -> Option<T> {
    let operations = request.app_data::<Data<Operations>>()?;
    // The path as the router reads it: with what need not be percent-encoded decoded.
    operations.operation(request.method(), request.match_info().as_str()).map(find)
}

impl Address {
    fn new(path: &str, item: &PathItem) -> Self {
        let offered = [
            (Method::GET, "GET, HEAD", &item.get),
            (Method::POST, "POST", &item.post),
            (Method::PUT, "PUT", &item.put),
            (Method::PATCH, "PATCH", &item.patch),
            (Method::DELETE, "DELETE", &item.delete),
        ];
        let there = || offered.iter().filter_map(|(method, name, one)| Some((method, *name, one.as_ref()?)));
        Self {
            segments: path.split('/').map(str::to_owned).collect(),
            methods: there().map(|(_, name, _)| name).chain(["OPTIONS"]).collect::<Vec<_>>().join(", "),
            operations: there().map(|(method, _, one)| (method.clone(), Operation::new(method, one))).collect(),
        }
    }

    fn fits(&self, path: &str) -> bool {
        let mut parts = path.split('/');
        let fit = |want: &String, have: &str| want == have || (is_parameter(want) && !have.is_empty());
        self.segments.iter().all(|want| parts.next().is_some_and(|have| fit(want, have))) && parts.next().is_none()
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

#[derive(Deserialize)]
struct Document {
    paths: BTreeMap<String, PathItem>,
}

#[derive(Deserialize)]
struct PathItem {
    get: Option<Documented>,
    post: Option<Documented>,
    put: Option<Documented>,
    patch: Option<Documented>,
    delete: Option<Documented>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Documented {
    operation_id: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    security: Vec<BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    parameters: Vec<Parameter>,
    request_body: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    #[serde(rename = "in")]
    place: String,
}

impl Operation {
    fn new(method: &Method, documented: &Documented) -> Self {
        let takes = |fits: fn(&Parameter) -> bool| documented.parameters.iter().any(fits);
        let of_identity = documented.tags.iter().any(|tag| ["identity", "staff", "settings"].contains(&tag.as_str()));
        Self {
            id: documented.operation_id.clone(),
            is_sensitive: of_identity && method != Method::GET,
            role: documented.security.first().and_then(|one| one.get("bearer")?.first().cloned()),
            takes_query: takes(|one| one.place == "query"),
            takes_body: documented.request_body.is_some(),
            takes_key: takes(|one| one.name == "Idempotency-Key"),
        }
    }
}
