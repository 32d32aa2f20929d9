use std::collections::BTreeSet;

use entity::user;
use entity::verification_token::{Column, Entity, Purpose};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use crate::error::Result;

/// The addresses that were proved to be the user's, as addresses are compared: the present one, and those that can still be had
/// back. Whatever belongs to somebody else by now is not among them.
pub async fn addresses_of(txn: &DatabaseTransaction, user: &user::Model) -> Result<Vec<String>> {
    let former: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Email)
        .filter(Column::UserId.eq(user.id))
        .filter(Column::Purpose.eq(Purpose::UndoEmailChange))
        .into_tuple()
        .all(txn)
        .await?;
    let mut addresses: BTreeSet<_> = former.iter().map(|email| user::email_key(email)).collect();
    let others: Vec<String> = user::Entity::find()
        .select_only()
        .column(user::Column::EmailKey)
        .filter(user::Column::EmailKey.is_in(&addresses))
        .into_tuple()
        .all(txn)
        .await?;
    addresses.retain(|address| !others.contains(address));
    addresses.insert(user.email_key.clone());
    Ok(addresses.into_iter().collect())
}

/// Deletes whatever was made for the user, invitations to their address included.
pub async fn delete_all(txn: &DatabaseTransaction, user: &user::Model) -> Result<()> {
    let same_address = Expr::expr(Func::lower(Expr::col(Column::Email))).eq(user.email_key.as_str());
    let invited = Condition::all()
        .add(Column::UserId.is_null())
        .add(Condition::any().add(same_address).add(Column::Email.eq(user.email.as_str())));
    let theirs = Condition::any().add(Column::UserId.eq(user.id)).add(invited);
    Entity::delete_many().filter(theirs).exec(txn).await?;
    Ok(())
}
