//! Recovery codes: 80 random bits each, of which the database has a keyed digest.

use entity::recovery_code::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use uuid::Uuid;

use crate::error::Result;
use crate::state::AppState;

const COUNT: usize = 10;

/// Thirty-two that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Sixteen letters, in fours.
fn random() -> String {
    let random: [u8; 16] = rand::random();
    let letters: Vec<char> = random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

fn hash(state: &AppState, user_id: Uuid, code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    let digest = state.auth.mac("recovery code", &[user_id.as_bytes(), plain.as_bytes()].concat());
    blake3::Hash::from_bytes(digest).to_hex().to_string()
}

/// New ones in the place of those there were; nobody can read them again.
pub async fn renew(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid) -> Result<Vec<String>> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(txn).await?;
    let codes: Vec<String> = (0..COUNT).map(|_| random()).collect();
    let row = |code: &String| ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(user_id),
        code_hash: Set(hash(state, user_id, code)),
        used_at: Set(None),
    };
    Entity::insert_many(codes.iter().map(row)).exec_without_returning(txn).await?;
    Ok(codes)
}

fn unused(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id)).add(Column::UsedAt.is_null())
}

pub async fn count_unused(db: &impl ConnectionTrait, user_id: Uuid) -> Result<u64> {
    Ok(Entity::find().filter(unused(user_id)).count(db).await?)
}

/// Uses `code` up; whether it was good.
pub async fn take(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid, code: &str) -> Result<bool> {
    let used = ActiveModel { used_at: Set(Some(state.clock.now())), ..Default::default() };
    let this = unused(user_id).add(Column::CodeHash.eq(hash(state, user_id, code)));
    Ok(Entity::update_many().set(used).filter(this).exec(txn).await?.rows_affected == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_sixteen_letters_in_fours() {
        let code = random();
        let parts: Vec<_> = code.split('-').collect();
        assert!(parts.len() == 4 && parts.iter().all(|part| part.len() == 4), "{code}");
        assert!(code.bytes().all(|letter| letter == b'-' || LETTERS.contains(&letter)), "{code}");
        assert_ne!(code, random());
    }
}
