use entity::verification_token::{Column, Entity, Model, Purpose, live};
use entity::{mail, user};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::token::{redeem, reserve_invitation, void};
use crate::accounts::ops::{demand_uncommon, store_password};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::http::{ClientAddress, Listing, PageRequest};
use crate::mail::{To, queue};
use crate::state::AppState;
use crate::throttle::count_attempt;
use crate::users;
use crate::verification::wire::AcceptInvitation;

/// An address that is a member's already gets a mail that says so, and the admin does not learn it here.
pub async fn invite(state: &AppState, me: &Caller<Admin>, email: String) -> Result<Model> {
    let txn = state.begin_write().await?;
    let id = reserve_invitation(&txn, state, me, email.clone()).await?;
    let invitation = Entity::find().filter(Column::Id.eq(id)).one(&txn).await?.ok_or(Code::NotFound)?;
    let sent = json!({ "after": { "expiresAt": invitation.expires_at } });
    if is_member(&txn, &email).await? {
        queue(&txn, state, mail::Kind::AlreadyMember, To::WhoeverHas(email)).await?;
    } else {
        queue(&txn, state, mail::Kind::Invitation, To::HolderOf(id)).await?;
    }
    events::record(&txn, state, Event::new(Kind::InvitationSent, id).by_staff(me).with(sent)).await?;
    txn.commit().await?;
    Ok(invitation)
}

async fn is_member(txn: &DatabaseTransaction, email: &str) -> Result<bool> {
    let same = user::Column::EmailKey.eq(user::email_key(email));
    Ok(user::Entity::find().filter(same).count(txn).await? > 0)
}

fn open(state: &AppState) -> Condition {
    live(state.clock.now()).add(Column::Purpose.eq(Purpose::Invitation))
}

/// The open ones, newest first.
pub async fn list_invitations(state: &AppState, page: PageRequest) -> Result<Listing<Model>> {
    let after = page.after::<Uuid>()?;
    let open = open(state).add_option(after.map(|id| Column::Id.lt(id)));
    let newest = Entity::find().filter(open).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |invitation| invitation.id)
}

pub async fn get_invitation(state: &AppState, id: Uuid) -> Result<Model> {
    let this = open(state).add(Column::Id.eq(id));
    Ok(Entity::find().filter(this).one(state.read()).await?.ok_or(Code::NotFound)?)
}

pub async fn revoke_invitation(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let this = open(state).add(Column::Id.eq(id));
    let found = Entity::find().filter(this.clone()).lock_exclusive().one(&txn).await?;
    found.ok_or(Code::NotFound)?;
    void(&txn, state, this).await?;
    let revoked = json!({ "before": { "revokedAt": null }, "after": { "revokedAt": state.clock.now() } });
    events::record(&txn, state, Event::new(Kind::InvitationRevoked, id).by_staff(me).with(revoked)).await?;
    Ok(txn.commit().await?)
}

/// A verified member with a password; whom an admin invites, nobody has to approve.
pub async fn accept_invitation(state: &AppState, address: ClientAddress, body: AcceptInvitation) -> Result<()> {
    count_attempt(state, address).await?;
    let hash = state.auth.passwords.hash(body.password.clone()).await?;
    let txn = state.begin_write().await?;
    let invitation = redeem(&txn, state, Purpose::Invitation, &body.token).await?;
    demand_uncommon(&txn, &body.password, &[&body.name, &invitation.email]).await?;
    let user = users::ops::create(&txn, state, body.name, invitation.email).await?.ok_or(Code::AlreadyExists)?;
    store_password(&txn, state, user.id, hash).await?;
    users::ops::welcome_invited(&txn, state, user).await?;
    let accepted =
        Event::new(Kind::InvitationAccepted, invitation.id).with(json!({ "invitedBy": invitation.created_by }));
    events::record(&txn, state, accepted).await?;
    Ok(txn.commit().await?)
}
