use actix_web::web::Data;
use actix_web::{get, post};
use uuid::Uuid;

use super::ops;
use super::wire::{NotificationFilter, NotificationOut, UnreadOut};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

/// List your notifications
///
/// Newest first. A thread has at most one unread notification, and reading the thread marks it as read.
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])), params(NotificationFilter, PageParams),
    responses((status = 200, description = "A page of notifications.", body = Listing<NotificationOut>), Guarded, Listed))]
#[get("/notifications")]
pub async fn list_notifications(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<NotificationFilter>,
) -> Result<Json<Listing<NotificationOut>>> {
    Ok(Json(ops::list(&state, &me, &filter, &page).await?.map(NotificationOut::from)))
}

/// Count your unread notifications
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 200, description = "The number of unread notifications.", body = UnreadOut), Guarded))]
#[get("/notifications/unread-count")]
pub async fn count_unread_notifications(me: Caller<Member>, state: Data<AppState>) -> Result<Json<UnreadOut>> {
    Ok(Json(UnreadOut { unread_count: ops::count_unread(state.read(), &me).await? }))
}

/// Mark all your notifications as read
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 200, description = "The number of notifications still unread.", body = UnreadOut), Guarded))]
#[post("/notifications/read-all")]
pub async fn read_all_notifications(me: Caller<Member>, state: Data<AppState>) -> Result<Json<UnreadOut>> {
    Ok(Json(UnreadOut { unread_count: ops::read_all(&state, &me).await? }))
}

/// Mark a notification as read
///
/// Repeating it has no effect.
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])),
    responses((status = 200, description = "The notification.", body = NotificationOut), Guarded, OnOne))]
#[post("/notifications/{id}/read")]
pub async fn read_notification(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<NotificationOut>> {
    Ok(Json(ops::read(&state, &me, id).await?.into()))
}
