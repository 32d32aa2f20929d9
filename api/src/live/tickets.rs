//! Tickets: a browser cannot send a header with a stream, and a token has no place in an address.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use entity::stream_ticket::{Column, Entity, LIFETIME, Model};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::auth::{self, Caller, Member, Standing};
use crate::error::{Code, Result};
use crate::sql::Sql;
use crate::state::AppState;

const PREFIX: &str = "mst_";

#[derive(FromQueryResult)]
struct Redeemed {
    session_id: Uuid,
}

/// A new ticket of the caller's session, with its text. Those that are over go with it.
pub async fn issue(state: &AppState, me: &Caller<Member>) -> Result<(String, Model)> {
    let random: [u8; 32] = rand::random();
    let text = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(random));
    let now = state.clock.now();
    let row = Model { token_hash: hash(&text), session_id: me.session_id(), expires_at: now + LIFETIME };
    let txn = state.begin_write().await?;
    let these = Entity::delete_many().filter(Column::SessionId.eq(me.session_id()));
    these.filter(Column::ExpiresAt.lte(now)).exec(&txn).await?;
    Entity::insert(row.clone().into_active_model()).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok((text, row))
}

/// Uses `ticket` up; 401 where it is not good any more.
pub async fn redeem(state: &AppState, ticket: &str, request_id: Option<Uuid>) -> Result<Standing> {
    let txn = state.begin_write().await?;
    let mut sql = Sql::default();
    let (hash, now) = (sql.bind(hash(ticket)), sql.bind(state.clock.now()));
    sql.text =
        format!("DELETE FROM stream_tickets WHERE token_hash = {hash} AND expires_at > {now} RETURNING session_id");
    let redeemed: Option<Redeemed> = sql.all(&txn).await?.pop();
    txn.commit().await?;
    let session = redeemed.ok_or(Code::Unauthenticated)?.session_id;
    auth::standing(state, session, request_id).await
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
