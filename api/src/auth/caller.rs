use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, TimeDelta, Utc};
use entity::user;
use tracing_actix_web::RequestId;
use uuid::Uuid;

use super::access_token::Claims;
use super::roles::{self, Role};
use super::session_row;
use crate::error::{Code, Error, Result};
use crate::state::AppState;

/// How long ago a sign-in may be for what [`Caller::demand_recent`] guards.
const RECENT: TimeDelta = TimeDelta::minutes(5);

/// What the database said of a caller, at most a few seconds ago.
#[derive(Debug)]
pub struct Known {
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub role: user::Role,
    pub status: user::Status,
    pub email_verified: bool,
    /// Of the staff, without the second factor that settings ask of them.
    pub lacks_second_factor: bool,
    pub(super) session_ended: bool,
    pub(super) claims: Claims,
}

/// Proof that somebody with the role `R` is calling; only the extractor makes one, and [`super::standing`] of a live session.
pub struct Caller<R> {
    pub(super) known: Arc<Known>,
    pub(super) request_id: Option<Uuid>,
    pub(super) role: PhantomData<R>,
}

impl<R> Caller<R> {
    pub fn id(&self) -> Uuid {
        self.known.user_id
    }

    pub fn session_id(&self) -> Uuid {
        self.known.session_id
    }

    /// When the caller last proved who they are.
    pub fn authenticated_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.known.claims.auth_time, 0)
    }

    /// 401 unless the caller proved who they are a short while ago.
    pub fn demand_recent(&self, now: DateTime<Utc>) -> Result<()> {
        let is_recent = self.authenticated_at().is_some_and(|at| now - at <= RECENT);
        if is_recent { Ok(()) } else { Err(Code::ReauthenticationRequired.into()) }
    }

    /// What they may act as now: staff that lacks a second factor is as any member.
    pub fn role(&self) -> user::Role {
        if self.known.lacks_second_factor { user::Role::Regular } else { self.known.role }
    }

    pub fn is_staff(&self) -> bool {
        self.role() != user::Role::Regular
    }

    pub fn request_id(&self) -> Option<Uuid> {
        self.request_id
    }
}

/// What the token of a request turned out to be.
struct Recognised(Result<Arc<Known>>);

/// Finds out who is calling before the handler's extractors run. They are polled together, so a guard that had to wait for the
/// database would be overtaken by a fault of the body.
pub async fn recognise(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if let Some(token) = bearer_token(request.request()).map(str::to_owned) {
        let state = request.app_data::<Data<AppState>>().cloned().ok_or_else(|| Error::from(Code::Internal))?;
        let recognised = Recognised(identify(&state, &token).await);
        request.extensions_mut().insert(recognised);
    }
    next.call(request).await
}

impl<R: Role> FromRequest for Caller<R> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit(request))
    }
}

fn admit<R: Role>(request: &HttpRequest) -> Result<Caller<R>> {
    let state = request.app_data::<Data<AppState>>().ok_or(Code::Internal)?;
    let recognised = request.extensions_mut().remove::<Recognised>();
    let known = recognised.map_or(Err(Code::Unauthenticated.into()), |Recognised(outcome)| outcome)?;
    R::admit(&known, state.config.verified_email_required())?;
    let request_id = RequestId::extract(request).into_inner().ok().map(Uuid::from);
    Ok(Caller { known, request_id, role: PhantomData })
}

/// The caller, whatever they may do.
pub fn recognised(request: &HttpRequest) -> Option<Arc<Known>> {
    request.extensions().get::<Recognised>()?.0.as_ref().ok().map(Arc::clone)
}

/// The caller, where the guard of `role`, in the document's word, is going to admit them.
pub fn admitted(request: &HttpRequest, role: &str) -> Option<Arc<Known>> {
    let state = request.app_data::<Data<AppState>>()?;
    let known = recognised(request)?;
    roles::admits(role, &known, state.config.verified_email_required()).then_some(known)
}

fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who `token` speaks for: 401 unless token and session are alive.
async fn identify(state: &AppState, token: &str) -> Result<Arc<Known>> {
    let now = state.clock.now();
    let known = match state.auth.known.get(token) {
        Some(known) => known,
        None => remember(state, token, now).await?,
    };
    let alive = known.claims.is_current(now) && (!known.session_ended || known.status == user::Status::Suspended);
    if alive { Ok(known) } else { Err(Code::Unauthenticated.into()) }
}

async fn remember(state: &AppState, token: &str, now: DateTime<Utc>) -> Result<Arc<Known>> {
    let claims = state.auth.access_tokens.verify(token, now).ok_or(Code::Unauthenticated)?;
    let row = session_row::read(state.read(), claims.sid)
        .await?
        .filter(|row| row.session.user_id == claims.sub && claims.is_plausible(&row.session, now))
        .ok_or(Code::Unauthenticated)?;
    let known = Arc::new(row.into_known(claims, now));
    state.auth.known.insert(token.to_owned(), Arc::clone(&known));
    Ok(known)
}
