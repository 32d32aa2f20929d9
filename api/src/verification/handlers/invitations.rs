use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use uuid::Uuid;

use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, MailedProof, OnOne, TakenAddress};
use crate::http::{ClientAddress, Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;
use crate::verification::ops;
use crate::verification::wire::{AcceptInvitation, InvitationOut, NewAddress};

/// Invite somebody
///
/// They get a link that is good for seven days; a newer invitation voids the one before. The response is the same whether or not
/// somebody has the address: a member is told so by e-mail.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses((status = 201, description = "The invitation.", body = InvitationOut), Guarded, Checked))]
#[post("/admin/invitations")]
pub async fn invite(me: Caller<Admin>, state: Data<AppState>, Json(body): Json<NewAddress>) -> Result<HttpResponse> {
    let invitation = ops::invite(&state, &me, body.email).await?;
    let location = format!("/api/v1/admin/invitations/{}", invitation.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(InvitationOut::from(invitation)))
}

/// List open invitations
///
/// Newest first.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])), params(PageParams),
    responses((status = 200, description = "A page of invitations.", body = Listing<InvitationOut>), Guarded, Listed))]
#[get("/admin/invitations")]
pub async fn list_invitations(
    _: Caller<Admin>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<InvitationOut>>> {
    Ok(Json(ops::list_invitations(&state, page).await?.map(InvitationOut::from)))
}

/// Get an open invitation
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses((status = 200, description = "The invitation.", body = InvitationOut), Guarded, OnOne))]
#[get("/admin/invitations/{id}")]
pub async fn get_invitation(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<InvitationOut>> {
    Ok(Json(ops::get_invitation(&state, id).await?.into()))
}

/// Revoke an invitation
///
/// Its link is good for nothing any more.
#[utoipa::path(tag = "staff", security(("bearer" = [Admin])),
    responses((status = 204, description = "The invitation is revoked."), Guarded, OnOne))]
#[delete("/admin/invitations/{id}")]
pub async fn revoke_invitation(me: Caller<Admin>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<HttpResponse> {
    ops::revoke_invitation(&state, &me, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accept an invitation
///
/// Makes you a member with a verified address whom nobody has to approve. Sign in next.
#[utoipa::path(tag = "identity", security(()),
    responses((status = 204, description = "You are a member."), MailedProof, TakenAddress, Checked))]
#[post("/auth/invitations/accept")]
pub async fn accept_invitation(
    state: Data<AppState>,
    address: ClientAddress,
    Json(body): Json<AcceptInvitation>,
) -> Result<HttpResponse> {
    ops::accept_invitation(&state, address, body).await?;
    Ok(HttpResponse::NoContent().finish())
}
