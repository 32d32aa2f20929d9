use entity::oauth_handover::{Entity, Model, with_code};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};

use super::{Proven, hash};
use crate::error::{Code, Result};
use crate::oauth::flow::same;
use crate::state::AppState;

/// Who signed in, by the code that the application was handed and the verifier that it kept. Once: the second finds nothing. What
/// `txn` does not commit is not taken.
pub async fn take(txn: &DatabaseTransaction, state: &AppState, code: &str, verifier: &str) -> Result<Proven> {
    let this = with_code(hash(code), state.clock.now());
    let row = Entity::find().filter(this).lock_exclusive().one(txn).await?;
    let row = row.ok_or(Code::InvalidOauthCode)?;
    let proven = read(state, &row, verifier)?;
    let mut taken = row.into_active_model();
    taken.code_hash = Set(None);
    taken.code_challenge = Set(None);
    taken.code_expires_at = Set(None);
    taken.identity = Set(None);
    taken.update(txn).await?;
    Ok(proven)
}

/// The same without taking it.
pub async fn look(db: &impl ConnectionTrait, state: &AppState, code: &str, verifier: &str) -> Result<Proven> {
    let this = with_code(hash(code), state.clock.now());
    let row = Entity::find().filter(this).one(db).await?.ok_or(Code::InvalidOauthCode)?;
    read(state, &row, verifier)
}

fn read(state: &AppState, row: &Model, verifier: &str) -> Result<Proven> {
    let proof = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.to_owned()));
    let is_theirs = same(proof.as_str(), row.code_challenge.as_deref().unwrap_or_default());
    let sealed = row.identity.as_deref().filter(|_| is_theirs);
    Ok(sealed.and_then(|sealed| Proven::open(&state.auth, sealed)).ok_or(Code::InvalidOauthCode)?)
}
