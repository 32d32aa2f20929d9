//! A password for everybody.

use anyhow::Result;
use entity::account;
use indicatif::ProgressBar;

use crate::ids;
use crate::load::Load;
use crate::world::World;

/// Of [`crate::PASSWORD`], by argon2id with the parameters of the API. One salt for all: these are no secrets.
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$b25lLXNhbHQtZm9yLWFsbA$wjdtdxYOAYqZLwDSHFam4onpIKnfgfz4XuGRVXAt3dg";

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let members = circles.flat_map(|circle| world.members(circle));
        let rows = members.map(|member| account::Model {
            id: ids::id("accounts", &member.key, member.row.created_at),
            user_id: member.row.id,
            provider: account::PASSWORD.to_owned(),
            provider_account_id: member.row.id.to_string(),
            password_hash: Some(HASH.to_owned()),
            created_at: member.row.created_at,
            updated_at: member.row.created_at,
        });
        load.insert(&rows.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;
    use argon2::{Argon2, PasswordVerifier};

    use super::*;

    #[test]
    fn the_hash_is_of_the_password() {
        assert!(HASH.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let hash = PasswordHash::new(HASH).unwrap();
        Argon2::default().verify_password(crate::PASSWORD.as_bytes(), &hash).unwrap();
    }
}
