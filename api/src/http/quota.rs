//! How many requests an account, or an address where nobody is signed in, has a minute; told with every answer
//! (draft-ietf-httpapi-ratelimit-headers).

use std::cell::Cell;
use std::rc::Rc;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use uuid::Uuid;

use crate::auth;
use crate::error::{Code, Error, Result, whole_seconds};
use crate::http::ClientAddress;
use crate::state::AppState;
use crate::throttle::{Decision, Limit};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// What `count` decided, for `announce`.
#[derive(Clone, Default)]
struct Counted(Rc<Cell<Option<Decision>>>);

/// Outside of all that can refuse: tells what is left. What was refused before it was known who asks counts for the address.
pub async fn announce<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let state = match request.app_data::<Data<AppState>>() {
        // The path as the router reads it: health checks and the documentation's page are not counted.
        Some(state) if request.match_info().as_str().starts_with("/api/") => state.clone(),
        _ => return next.call(request).await,
    };
    let address = ClientAddress::of(request.request());
    let counted = Counted::default();
    request.extensions_mut().insert(counted.clone());
    let mut response = next.call(request).await?;
    let decision = match counted.0.get() {
        Some(decision) => decision,
        None => take(&state, &of_address(address)).await,
    };
    tell(response.headers_mut(), &limit(&state), decision);
    Ok(response)
}

/// Where it is known who asks: counts, and refuses what is too much.
pub async fn count<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let counted = request.extensions().get::<Counted>().cloned();
    if let (Some(counted), Some(state)) = (counted, request.app_data::<Data<AppState>>().cloned()) {
        let caller = auth::recognised(request.request()).map(|known| of_account(known.user_id));
        let key = caller.unwrap_or_else(|| of_address(ClientAddress::of(request.request())));
        let decision = take(&state, &key).await;
        counted.0.set(Some(decision));
        if !decision.allowed {
            return Err(Error::later(Code::QuotaExceeded, decision.retry_after).into());
        }
    }
    next.call(request).await
}

/// Counts for an account what comes by another way than a request, and refuses what is too much.
pub async fn demand(state: &AppState, user: Uuid) -> Result<()> {
    let decision = take(state, &of_account(user)).await;
    if decision.allowed { Ok(()) } else { Err(Error::later(Code::QuotaExceeded, decision.retry_after)) }
}

fn of_account(user: Uuid) -> String {
    format!("account {user}")
}

fn of_address(address: ClientAddress) -> String {
    format!("address {}", address.throttle_key())
}

fn limit(state: &AppState) -> Limit {
    Limit::a_minute("default", state.config.requests_a_minute())
}

async fn take(state: &AppState, key: &str) -> Decision {
    state.throttle.take(&limit(state), key, state.clock.now()).await
}

fn tell(headers: &mut HeaderMap, limit: &Limit, decision: Decision) {
    let policy = format!("\"{}\";q={};w={}", limit.name, limit.quota, limit.window.num_seconds());
    let left = format!("\"{}\";r={};t={}", limit.name, decision.remaining, whole_seconds(decision.reset_after));
    for (name, text) in [(POLICY, policy), (LEFT, left)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}
