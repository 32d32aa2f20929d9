//! `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): the same key and body replay the first answer, and what
//! was done is never done again.
//!
//! A request first claims its key. The transaction that does the work begins with marking the claim as done, so the two stand or
//! fall together, whenever the process dies.

use std::panic::resume_unwind;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage, rt};
use entity::idempotency_key::{ActiveModel, Column, Entity, LIFETIME, Model, Standing, lapsed};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect, TryInsert,
};
use serde_json::{Value as Json, json};
use tracing::Instrument;
use uuid::Uuid;

use crate::auth;
use crate::error::{Code, Error, Result};
use crate::http::body::Buffered;
use crate::http::operations;
use crate::state::AppState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const MAX_KEY: usize = 255;

/// The one request that may do what its key stands for.
#[derive(Clone)]
struct Claim {
    digest: String,
    user_id: Uuid,
    holder: Uuid,
    fingerprint: String,
}

tokio::task_local! {
    static CLAIM: Claim;
}

/// Marks the claim of the present request, if it has one, as done by `txn`. Refuses when another request took the claim over.
pub async fn mark_done(txn: &DatabaseTransaction) -> Result<()> {
    let Ok(claim) = CLAIM.try_with(Claim::clone) else { return Ok(()) };
    let done = ActiveModel { done: Set(true), ..Default::default() };
    let marked = Entity::update_many().set(done).filter(claim.held()).exec(txn).await?;
    if marked.rows_affected == 1 { Ok(()) } else { Err(Code::IdempotencyInFlight.into()) }
}

/// Forgets the answers that a user was given.
pub async fn forget(txn: &DatabaseTransaction, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(txn).await?;
    Ok(())
}

/// Forgets the answer in which a user was told that something is now at `location`.
pub async fn forget_at(txn: &DatabaseTransaction, user_id: Uuid, location: &str) -> Result<()> {
    let kept = Entity::find().filter(Column::UserId.eq(user_id)).filter(Column::Headers.is_not_null());
    let kept = kept.select_only().columns([Column::Digest, Column::Headers]).into_tuple::<(String, Json)>();
    let of_it = kept.all(txn).await?.into_iter().filter(|(_, headers)| headers["location"] == location);
    for (digest, _) in of_it {
        Entity::delete_many().filter(Column::Digest.eq(digest)).exec(txn).await?;
    }
    Ok(())
}

pub async fn replay(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some((state, claim)) = claim_of(&request)? else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    if let Some(first) = claim.take(&state).await? {
        return Ok(request.into_response(answer_again(first)?).map_into_boxed_body());
    }
    let work = async move {
        match CLAIM.scope(claim.clone(), next.call(request)).await {
            Ok(response) if response.status().is_success() => claim.keep(&state, response.map_into_boxed_body()).await,
            refused => {
                let status =
                    refused.as_ref().map_or_else(|error| error.as_response_error().status_code(), |one| one.status());
                claim.release(&state, status).await;
                refused.map(ServiceResponse::map_into_boxed_body)
            }
        }
    };
    // A task of its own: neither a client that leaves nor the time limit comes between the work and the keeping of its answer.
    match rt::spawn(work.in_current_span()).await {
        Ok(answer) => answer,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Err(Error::from(Code::Unavailable).into()),
        },
    }
}

/// The claim of a request whose operation takes a key, once the operation's guard is sure to admit the caller.
fn claim_of(request: &ServiceRequest) -> Result<Option<(Data<AppState>, Claim)>> {
    let Some(key) = request.headers().get(KEY) else { return Ok(None) };
    let role = operations::of_request(request, |one| one.role.clone().filter(|_| one.takes_key)).flatten();
    let caller = role.and_then(|role| auth::admitted(request.request(), &role));
    let Some(caller) = caller else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= MAX_KEY);
    let key = key.ok_or_else(|| Error::invalid("/Idempotency-Key", "wrong_form", "1 to 255 visible characters"))?;
    let state = request.app_data::<Data<AppState>>().cloned().ok_or(Code::Internal)?;
    let body = request.extensions().get::<Buffered>().map(|body| body.0.clone()).unwrap_or_default();
    let path = request.match_info().as_str();
    let place = [caller.user_id.as_bytes(), key.as_bytes(), b"\0", path.as_bytes()].concat();
    let digest =
        |purpose: &str, message: &[u8]| blake3::Hash::from_bytes(state.auth.mac(purpose, message)).to_hex().to_string();
    let claim = Claim {
        digest: digest("idempotency key", &place),
        user_id: caller.user_id,
        holder: state.new_id(),
        // Keyed: a body may hold what must not be guessed from its digest.
        fingerprint: digest("idempotency fingerprint", &body),
    };
    Ok(Some((state, claim)))
}

impl Claim {
    /// Takes the key, or finds the first answer; refuses while there is none, and when the body is another.
    async fn take(&self, state: &AppState) -> Result<Option<Model>> {
        let now = state.clock.now();
        if let Some(first) = self.find(state.read()).await?
            && first.standing(now) != Standing::Lapsed
        {
            return self.answer_of(first, state).map(Some);
        }
        let txn = state.begin_write().await?;
        Entity::delete_many().filter(self.here()).filter(lapsed(now)).exec(&txn).await?;
        let row = ActiveModel {
            digest: Set(self.digest.clone()),
            user_id: Set(self.user_id),
            holder: Set(self.holder),
            fingerprint: Set(self.fingerprint.clone()),
            done: Set(false),
            created_at: Set(now),
            expires_at: Set(now + LIFETIME),
            ..Default::default()
        };
        let once = OnConflict::column(Column::Digest).do_nothing().to_owned();
        let taken = TryInsert::one(row).on_conflict(once).exec_without_returning(&txn).await?;
        let first = match taken {
            1.. => None,
            0 => self.find(&txn).await?,
        };
        txn.commit().await?;
        first.map(|first| self.answer_of(first, state)).transpose()
    }

    fn answer_of(&self, first: Model, state: &AppState) -> Result<Model> {
        if first.fingerprint != self.fingerprint {
            return Err(Code::IdempotencyKeyReused.into());
        }
        match first.standing(state.clock.now()) {
            Standing::Answered => Ok(first),
            Standing::AnswerLost => Err(Code::IdempotencyAnswerLost.into()),
            Standing::InFlight | Standing::Lapsed => Err(Code::IdempotencyInFlight.into()),
        }
    }

    /// Stores the answer. Where that fails the answer is given all the same, since what it tells was done.
    async fn keep(
        &self,
        state: &AppState,
        response: ServiceResponse<BoxBody>,
    ) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
        let (request, response) = response.into_parts();
        let (response, body) = response.into_parts();
        let body = to_bytes(body).await.map_err(|_| Error::from(Code::Internal))?;
        if let Err(error) = self.store(state, response.status(), response.headers(), &body).await {
            tracing::error!(cause = ?error, "the answer is not kept for a retry");
        }
        Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(body))))
    }

    async fn store(&self, state: &AppState, status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Result<()> {
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let row = ActiveModel {
            status: Set(Some(status.as_u16() as i16)),
            headers: Set(Some(json!({
                "etag": header(ETAG), "location": header(LOCATION), "content-type": header(CONTENT_TYPE)
            }))),
            body: Set(Some(body.to_vec())),
            ..Default::default()
        };
        let txn = state.begin_write().await?;
        Entity::update_many().set(row).filter(self.held()).exec(&txn).await?;
        Ok(txn.commit().await?)
    }

    /// Gives the key free after a refusal. After a failure it is free only where nothing was done: a commit may have succeeded
    /// although its confirmation was lost.
    async fn release(&self, state: &AppState, status: StatusCode) {
        let mut mine = self.held();
        if status.is_server_error() {
            mine = mine.add(Column::Done.eq(false));
        }
        let freed = async {
            let txn = state.begin_write().await?;
            Entity::delete_many().filter(mine).exec(&txn).await?;
            Ok::<_, Error>(txn.commit().await?)
        };
        if let Err(error) = freed.await {
            tracing::error!(cause = ?error, "the key of a refused request stays taken for a while");
        }
    }

    async fn find(&self, db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(self.here()).one(db).await
    }

    fn here(&self) -> Condition {
        Condition::all().add(Column::Digest.eq(self.digest.as_str()))
    }

    /// This claim and no later one of the same key.
    fn held(&self) -> Condition {
        self.here().add(Column::Holder.eq(self.holder))
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
