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
use entity::{second_factor, session, setting, user};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef, RelationTrait,
};
use tracing_actix_web::RequestId;
use uuid::Uuid;

use super::access_token::Claims;
use super::roles::{self, Role};
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
    session_ended: bool,
    claims: Claims,
}

/// Proof that somebody with the role `R` is calling; only the extractor makes one.
pub struct Caller<R> {
    known: Arc<Known>,
    request_id: Option<Uuid>,
    role: PhantomData<R>,
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

/// A session with what of its user and of the settings decides what it may do.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    session: session::Model,
    user_role: user::Role,
    user_status: user::Status,
    user_email_verified_at: Option<DateTime<Utc>>,
    second_factor_confirmed_at: Option<DateTime<Utc>>,
    staff_second_factor: bool,
}

impl Row {
    fn lacks_second_factor(&self) -> bool {
        let is_staff = self.user_role != user::Role::Regular;
        is_staff && self.staff_second_factor && self.second_factor_confirmed_at.is_none()
    }
}

fn second_factor_of_user() -> RelationDef {
    let second_factor = session::Entity::belongs_to(second_factor::Entity);
    second_factor.from(session::Column::UserId).to(second_factor::Column::UserId).into()
}

fn asked_of_staff() -> SelectStatement {
    Query::select().column(setting::Column::StaffSecondFactor).from(setting::Entity).take()
}

async fn remember(state: &AppState, token: &str, now: DateTime<Utc>) -> Result<Arc<Known>> {
    let claims = state.auth.access_tokens.verify(token, now).ok_or(Code::Unauthenticated)?;
    let row = session::Entity::find()
        .column_as(user::Column::Role, "user_role")
        .column_as(user::Column::Status, "user_status")
        .column_as(user::Column::EmailVerifiedAt, "user_email_verified_at")
        .column_as(second_factor::Column::ConfirmedAt, "second_factor_confirmed_at")
        .expr_as(Expr::SubQuery(None, Box::new(asked_of_staff().into())), "staff_second_factor")
        .join(JoinType::InnerJoin, session::Relation::User.def())
        .join(JoinType::LeftJoin, second_factor_of_user())
        .filter(session::Column::Id.eq(claims.sid))
        .filter(session::Column::UserId.eq(claims.sub))
        .into_model::<Row>()
        .one(state.read())
        .await?
        .filter(|row| claims.is_plausible(&row.session, now))
        .ok_or(Code::Unauthenticated)?;
    let known = Arc::new(Known {
        user_id: row.session.user_id,
        session_id: row.session.id,
        role: row.user_role,
        status: row.user_status,
        lacks_second_factor: row.lacks_second_factor(),
        email_verified: row.user_email_verified_at.is_some(),
        session_ended: !row.session.is_live(now),
        claims,
    });
    state.auth.known.insert(token.to_owned(), Arc::clone(&known));
    Ok(known)
}
