use entity::setting;
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::error::{Error, Result};

/// The settings in force.
pub async fn current(db: &impl ConnectionTrait) -> Result<setting::Model> {
    let row = setting::Entity::find().one(db).await?;
    row.ok_or_else(|| Error::from(anyhow::anyhow!("the settings row is missing")))
}
