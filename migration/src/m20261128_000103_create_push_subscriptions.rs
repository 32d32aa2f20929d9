//! Browsers that take push messages (W3C Push API).

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE push_subscriptions (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_push_subscriptions_user_id REFERENCES users (id) ON DELETE CASCADE,
    endpoint text NOT NULL CONSTRAINT uq_push_subscriptions_endpoint UNIQUE,
    p256dh text NOT NULL,
    auth text NOT NULL,
    user_agent text,
    created_at {instant} NOT NULL
);
CREATE INDEX ix_push_subscriptions_user_id_id ON push_subscriptions (user_id, id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["push_subscriptions"]).await
    }
}
