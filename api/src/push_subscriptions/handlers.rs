use actix_web::http::header::{LOCATION, USER_AGENT};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use uuid::Uuid;

use super::ops;
use super::wire::{NewPushSubscription, PushKeyOut, PushSubscriptionOut};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

const MAX_USER_AGENT: usize = 200;

/// Get the key to subscribe to push messages with
#[utoipa::path(tag = "notifications", security(()),
    responses((status = 200, description = "The public key of this server (VAPID).", body = PushKeyOut)))]
#[get("/push-key")]
pub async fn get_push_key(state: Data<AppState>) -> Json<PushKeyOut> {
    Json(PushKeyOut { public_key: state.channels.push.as_ref().map(|push| push.vapid.public_key()) })
}

/// List your browsers with push messages
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])), params(PageParams),
    responses((status = 200, description = "A page of browsers, newest first.", body = Listing<PushSubscriptionOut>), Guarded, Listed))]
#[get("/me/push-subscriptions")]
pub async fn list_push_subscriptions(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<PushSubscriptionOut>>> {
    Ok(Json(ops::list(&state, &me, &page).await?.map(PushSubscriptionOut::from)))
}

/// Take push messages in this browser
///
/// Ten at most: the oldest makes room. A browser that is subscribed already stays so once, and is yours from then on.
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The browser.", body = PushSubscriptionOut),
        (status = 409, description = "`channel_not_offered`: This server sends no push messages."),
        Guarded, Checked))]
#[post("/me/push-subscriptions")]
pub async fn subscribe_push(
    me: Caller<Member>,
    request: HttpRequest,
    state: Data<AppState>,
    Json(body): Json<NewPushSubscription>,
) -> Result<HttpResponse> {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.map(|agent| agent.chars().take(MAX_USER_AGENT).collect());
    let row = ops::subscribe(&state, &me, body, agent).await?;
    let location = format!("/api/v1/me/push-subscriptions/{}", row.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(PushSubscriptionOut::from(row)))
}

/// Get one of your browsers with push messages
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 200, description = "The browser.", body = PushSubscriptionOut), Guarded, OnOne))]
#[get("/me/push-subscriptions/{id}")]
pub async fn get_push_subscription(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<PushSubscriptionOut>> {
    Ok(Json(ops::get(&state, &me, id).await?.into()))
}

/// Take no more push messages in a browser
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 204, description = "Nothing is sent there any more."), Guarded, OnOne))]
#[delete("/me/push-subscriptions/{id}")]
pub async fn unsubscribe_push(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<HttpResponse> {
    ops::unsubscribe(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
