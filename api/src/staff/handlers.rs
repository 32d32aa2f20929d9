use actix_web::web::Data;
use actix_web::{get, post, put};
use uuid::Uuid;

use super::ops;
use super::wire::{AccountDetailsOut, AccountFilter, AccountOut, RoleChange, Suspension, Viewer};
use crate::auth::{Admin, Caller, Owner};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne, RecentOwnerAct, StaffAct};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

/// List accounts
///
/// Newest first. Admins do not see the e-mail addresses of other staff.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])), params(AccountFilter, PageParams),
    responses((status = 200, description = "A page of accounts.", body = Listing<AccountOut>), Guarded, Listed))]
#[get("/admin/users")]
pub async fn list_accounts(
    me: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<AccountFilter>,
) -> Result<Json<Listing<AccountOut>>> {
    let viewer = Viewer::of(&me);
    let accounts = ops::list(&state, viewer, filter, page).await?;
    Ok(Json(accounts.map(|user| AccountOut::of(user, viewer))))
}

/// Get an account
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses((status = 200, description = "The account.", body = AccountDetailsOut), Guarded, OnOne))]
#[get("/admin/users/{id}")]
pub async fn get_account(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<AccountDetailsOut>> {
    Ok(Json(AccountDetailsOut::of(ops::get(&state, id).await?, Viewer::of(&me))))
}

/// Approve an account
///
/// An account awaiting approval becomes active. No effect if already active.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The updated account.", body = AccountDetailsOut),
        (status = 409, description = "`invalid_transition`: The account is suspended or erased."),
        StaffAct, OnOne))]
#[post("/admin/users/{id}/approve")]
pub async fn approve_account(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<AccountDetailsOut>> {
    Ok(Json(AccountDetailsOut::of(ops::approve(&state, &me, id).await?, Viewer::of(&me))))
}

/// Suspend an account
///
/// Ends all sessions of the account and takes effect on the next request. No effect if already suspended.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The updated account.", body = AccountDetailsOut),
        (status = 409, description = "`last_owner`: At least one active owner must remain. `invalid_transition`: The account is erased."),
        StaffAct, OnOne, Checked))]
#[post("/admin/users/{id}/suspend")]
pub async fn suspend_account(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<Suspension>,
) -> Result<Json<AccountDetailsOut>> {
    Ok(Json(AccountDetailsOut::of(ops::suspend(&state, &me, id, body.note).await?, Viewer::of(&me))))
}

/// Reactivate an account
///
/// A suspended account becomes active; its sessions stay ended. No effect if already active.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The updated account.", body = AccountDetailsOut),
        (status = 409, description = "`invalid_transition`: The account is awaiting approval, or erased."),
        StaffAct, OnOne))]
#[post("/admin/users/{id}/reactivate")]
pub async fn reactivate_account(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<AccountDetailsOut>> {
    Ok(Json(AccountDetailsOut::of(ops::reactivate(&state, &me, id).await?, Viewer::of(&me))))
}

/// Change the role of an account
///
/// You must have signed in within the last five minutes. You cannot change your own role.
#[utoipa::path(tag = "staff", security(("bearer" = [Owner])),
    responses(
        (status = 200, description = "The updated account.", body = AccountDetailsOut),
        (status = 409, description = "`last_owner`: At least one active owner must remain. `invalid_transition`: The account is erased."),
        RecentOwnerAct, OnOne, Checked))]
#[put("/owner/users/{id}/role")]
pub async fn change_role(
    me: Caller<Owner>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<RoleChange>,
) -> Result<Json<AccountDetailsOut>> {
    Ok(Json(AccountDetailsOut::of(ops::change_role(&state, &me, id, body.role).await?, Viewer::of(&me))))
}
