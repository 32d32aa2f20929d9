use actix_web::get;
use actix_web::web::Data;

use super::ops;
use super::wire::{DeliveryFilter, DeliveryOut, MyDeliveryFilter};
use crate::auth::{Admin, Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed};
use crate::http::{Json, Listing, PageParams, Paged};
use crate::state::AppState;

/// List how your notifications went out
///
/// By e-mail, SMS and push, newest first: sent, waiting, skipped and why, or given up. Kept for 90 days.
#[utoipa::path(tag = "notifications", security(("bearer" = [Member])), params(MyDeliveryFilter, PageParams),
    responses((status = 200, description = "A page of deliveries.", body = Listing<DeliveryOut>), Guarded, Listed))]
#[get("/me/deliveries")]
pub async fn list_my_deliveries(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<MyDeliveryFilter>,
) -> Result<Json<Listing<DeliveryOut>>> {
    Ok(Json(ops::mine(&state, &me, &filter, &page).await?.map(DeliveryOut::from)))
}

/// List deliveries of notifications
///
/// Of all members, newest first, without what they were about. `DEAD` ones were given up.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])), params(DeliveryFilter, PageParams),
    responses((status = 200, description = "A page of deliveries.", body = Listing<DeliveryOut>), Guarded, Listed))]
#[get("/admin/deliveries")]
pub async fn list_deliveries(
    _: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<DeliveryFilter>,
) -> Result<Json<Listing<DeliveryOut>>> {
    Ok(Json(ops::list(&state, &filter, &page).await?.map(DeliveryOut::from)))
}
