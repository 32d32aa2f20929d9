//! `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): the same key and body replay the first answer.

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use entity::user;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, TryInsert};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{bearer_token, identify};
use crate::error::{Code, Error, Result};
use crate::http::body::Buffered;
use crate::state::AppState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// After this long an unfinished first request is taken for dead.
const LEASE: TimeDelta = TimeDelta::seconds(60);
const MAX_KEY: usize = 255;

/// What one key of one caller on one address stands for.
struct Claim {
    user_id: Uuid,
    route: String,
    key: String,
    fingerprint: String,
}

pub async fn replay(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some((state, claim)) = claim_of(&request).await? else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    if let Some(first) = claim.take(&state).await? {
        return Ok(request.into_response(answer_again(first)?).map_into_boxed_body());
    }
    let outcome = next.call(request).await;
    match outcome {
        Ok(response) if may_be_kept(&response) => claim.keep(&state, response.map_into_boxed_body()).await,
        other => {
            claim.release(&state).await?;
            other.map(ServiceResponse::map_into_boxed_body)
        }
    }
}

/// What succeeded, but never tokens: they say `no-store` of themselves.
fn may_be_kept<B>(response: &ServiceResponse<B>) -> bool {
    let secret = response.headers().get(CACHE_CONTROL).is_some_and(|value| value == "no-store");
    response.status().is_success() && !secret
}

async fn claim_of(request: &ServiceRequest) -> Result<Option<(Data<AppState>, Claim)>> {
    if request.method() != Method::POST {
        return Ok(None);
    }
    let Some(key) = request.headers().get(KEY) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= MAX_KEY);
    let key = key.ok_or_else(|| Error::invalid("/Idempotency-Key", "wrong_form", "1 to 255 visible characters"))?;
    let state = request.app_data::<Data<AppState>>().cloned().ok_or(Code::Internal)?;
    let Some(user_id) = caller_of(request.request(), &state).await? else { return Ok(None) };
    let body = request.extensions().get::<Buffered>().map(|body| body.0.clone()).unwrap_or_default();
    let fingerprint = blake3::hash(&body).to_hex().to_string();
    Ok(Some((state, Claim { user_id, route: request.path().to_owned(), key: key.to_owned(), fingerprint })))
}

/// Nobody in particular (the nil id) where no token is sent. A bad token, and somebody suspended, is refused by the handler itself.
async fn caller_of(request: &HttpRequest, state: &AppState) -> Result<Option<Uuid>> {
    let Some(token) = bearer_token(request) else { return Ok(Some(Uuid::nil())) };
    match identify(state, token).await {
        Ok(known) => Ok((known.status != user::Status::Suspended).then_some(known.user_id)),
        Err(Error::Refused(..)) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Claim {
    /// Takes the key, or finds the first answer; 409 while that is under way, 422 when the body is another.
    async fn take(&self, state: &AppState) -> Result<Option<Model>> {
        let now = state.clock.now();
        let txn = state.begin_write().await?;
        let lapsed = Condition::any()
            .add(Column::ExpiresAt.lte(now))
            .add(Condition::all().add(Column::Status.is_null()).add(Column::CreatedAt.lte(now - LEASE)));
        Entity::delete_many().filter(self.here()).filter(lapsed).exec(&txn).await?;
        let row = ActiveModel {
            user_id: Set(self.user_id),
            route: Set(self.route.clone()),
            key: Set(self.key.clone()),
            fingerprint: Set(self.fingerprint.clone()),
            created_at: Set(now),
            expires_at: Set(now + LIFETIME),
            ..Default::default()
        };
        let once = OnConflict::columns([Column::UserId, Column::Route, Column::Key]).do_nothing().to_owned();
        let taken = TryInsert::one(row).on_conflict(once).exec_without_returning(&txn).await?;
        let first = match taken {
            1.. => None,
            0 => Entity::find().filter(self.here()).one(&txn).await?,
        };
        txn.commit().await?;
        match first {
            Some(first) if first.fingerprint != self.fingerprint => Err(Code::IdempotencyKeyReused.into()),
            Some(first) if first.status.is_none() => Err(Code::IdempotencyInFlight.into()),
            first => Ok(first),
        }
    }

    async fn keep(
        &self,
        state: &AppState,
        response: ServiceResponse<BoxBody>,
    ) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
        let (request, response) = response.into_parts();
        let (response, body) = response.into_parts();
        let body = to_bytes(body).await.map_err(|_| Error::from(Code::Internal))?;
        let header = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
        let headers =
            json!({ "etag": header(ETAG), "location": header(LOCATION), "content-type": header(CONTENT_TYPE) });
        let row = ActiveModel {
            status: Set(Some(response.status().as_u16() as i16)),
            headers: Set(Some(headers)),
            body: Set(Some(body.to_vec())),
            ..Default::default()
        };
        let txn = state.begin_write().await?;
        Entity::update_many().set(row).filter(self.here()).exec(&txn).await.map_err(Error::from)?;
        txn.commit().await.map_err(Error::from)?;
        Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(body))))
    }

    async fn release(&self, state: &AppState) -> Result<()> {
        let txn = state.begin_write().await?;
        Entity::delete_many().filter(self.here()).exec(&txn).await?;
        Ok(txn.commit().await?)
    }

    fn here(&self) -> Condition {
        Condition::all()
            .add(Column::UserId.eq(self.user_id))
            .add(Column::Route.eq(self.route.as_str()))
            .add(Column::Key.eq(self.key.as_str()))
    }
}

fn answer_again(first: Model) -> Result<HttpResponse> {
    let status = first.status.and_then(|status| StatusCode::from_u16(status as u16).ok()).ok_or(Code::Internal)?;
    let mut response = HttpResponse::build(status);
    response.insert_header((REPLAYED, HeaderValue::from_static("true")));
    for name in ["etag", "location", "content-type"] {
        if let Some(value) = first.headers.as_ref().and_then(|headers| headers[name].as_str()) {
            response.insert_header((name, value));
        }
    }
    Ok(response.body(first.body.unwrap_or_default()))
}
