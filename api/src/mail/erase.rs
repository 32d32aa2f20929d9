use entity::mail::{ActiveModel, Column, Entity, Status};
use entity::verification_token;
use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::delivery::LONGEST_QUOTA;
use crate::error::Result;
use crate::state::AppState;

/// What begins a digest in the place of an address.
const ERASED: &str = "erased:";

/// Under which mails to an address count that was erased: nobody gets more mail by signing up and leaving again and again.
pub(super) fn erased_key(state: &AppState, email_key: &str) -> String {
    let digest = blake3::Hash::from_bytes(state.auth.mac("erased address", email_key.as_bytes()));
    format!("{ERASED}{}", digest.to_hex())
}

/// Deletes the mails to a user and to their addresses. Of those that count for a quota a line without text and address stays for
/// as long as it counts; the next who leaves takes it along.
pub async fn forget(txn: &DatabaseTransaction, state: &AppState, user: Uuid, addresses: &[String]) -> Result<()> {
    let counted_since = state.clock.now() - LONGEST_QUOTA;
    let theirs = of(user, addresses);
    let recent = Condition::all().add(Column::Status.eq(Status::Sent)).add(Column::SentAt.gt(counted_since));
    let recent = recent.add(theirs.clone());
    let sent_to = Entity::find().select_only().column(Column::EmailKey).distinct().filter(recent.clone());
    for key in sent_to.into_tuple::<String>().all(txn).await? {
        let anonymous = ActiveModel {
            user_id: Set(None),
            token_id: Set(None),
            email_key: Set(erased_key(state, &key)),
            content: Set(None),
            ..Default::default()
        };
        Entity::update_many().set(anonymous).filter(recent.clone()).filter(Column::EmailKey.eq(key)).exec(txn).await?;
    }
    let stale = Condition::all().add(Column::EmailKey.starts_with(ERASED)).add(Column::SentAt.lte(counted_since));
    Entity::delete_many().filter(theirs.add(stale)).exec(txn).await?;
    Ok(())
}

fn of(user: Uuid, addresses: &[String]) -> Condition {
    let mut tokens = Query::select();
    tokens.column(verification_token::Column::Id).from(verification_token::Entity);
    tokens.and_where(verification_token::Column::UserId.eq(user));
    Condition::any()
        .add(Column::UserId.eq(user))
        .add(Column::TokenId.in_subquery(tokens))
        .add(Column::EmailKey.is_in(addresses))
}
