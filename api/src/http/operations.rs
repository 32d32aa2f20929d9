//! The operations as the document tells them, found by the address of a request: for the rules that hold for all of them.

use std::cmp::Reverse;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::web::Data;
use utoipa::openapi::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation as Documented, ParameterIn, PathItem};

/// What an operation takes.
pub struct Operation {
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
    pub fn of(document: &OpenApi) -> Self {
        let mut addresses: Vec<_> = document.paths.paths.iter().map(|(path, item)| Address::new(path, item)).collect();
        addresses.sort_by_key(|address| Reverse(address.segments.iter().filter(|part| !is_parameter(part)).count()));
        Self(addresses)
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
            operations: there().map(|(method, _, one)| (method.clone(), Operation::of(one))).collect(),
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

impl Operation {
    fn of(documented: &Documented) -> Self {
        let parameters = documented.parameters.iter().flatten();
        let parameters: Vec<_> =
            parameters.filter_map(|one| if let RefOr::T(one) = one { Some(one) } else { None }).collect();
        Self {
            role: role_of(documented),
            takes_query: parameters.iter().any(|one| one.parameter_in == ParameterIn::Query),
            takes_body: documented.request_body.is_some(),
            takes_key: parameters.iter().any(|one| one.name == "Idempotency-Key"),
        }
    }
}

/// The least role of an operation, in the document's word; `None` where it is public.
pub fn role_of(documented: &Documented) -> Option<String> {
    let security = serde_json::to_value(documented.security.as_ref()?).ok()?;
    security[0]["bearer"][0].as_str().map(str::to_owned)
}
