use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use entity::session::Mode;
use uuid::Uuid;

use super::cookie;
use crate::error::Result;
use crate::http::ClientAddress;

const MAX_USER_AGENT: usize = 200;

/// The device that signs in: what its session remembers of it, and how it takes its refresh token.
pub struct Client {
    pub mode: Mode,
    pub user_agent: Option<String>,
    pub address: ClientAddress,
    /// The device, where it is one that the user has signed in on before.
    pub device_id: Option<Uuid>,
}

impl Client {
    /// Refuses a cookie to a page that is not one of ours.
    pub fn of(request: &HttpRequest, mode: Option<Mode>) -> Result<Self> {
        let mode = mode.unwrap_or(Mode::Bearer);
        if mode == Mode::Cookie {
            cookie::demand_own_page(request)?;
        }
        let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            mode,
            user_agent: agent.map(|agent| agent.chars().take(MAX_USER_AGENT).collect()),
            address: ClientAddress::of(request),
            device_id: None,
        })
    }
}
