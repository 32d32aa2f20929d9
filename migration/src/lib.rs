//! The schema, step by step. Nothing here knows today's entities: yesterday's step must not change with them.

mod m20261122_000001_create_settings;
mod m20261122_000002_create_taxonomy;
mod m20261122_000003_create_users;
mod m20261122_000004_create_user_sets;
mod m20261122_000005_create_identity;
mod m20261122_000006_create_suggestions;
mod m20261122_000007_create_mentorships;
mod m20261122_000008_create_goals;
mod m20261122_000009_create_notes;
mod m20261122_000010_create_meetings;
mod m20261122_000011_create_conversations;
mod m20261122_000012_create_messages;
mod m20261122_000013_create_notifications;
mod m20261122_000014_create_events;
mod m20261122_000015_create_idempotency_keys;
mod m20261126_000016_create_mails;
mod m20261126_000021_create_oauth_handovers;
mod m20261126_000031_create_second_factors;
mod m20261126_000041_add_users_erased_at;
mod m20261126_000051_add_suggestion_versions;
mod m20261127_000052_order_events_by_commit;
mod m20261127_000053_add_suggestion_pauses;
mod m20261127_000054_create_seat_prices;
mod m20261127_000061_create_matching_policies;
mod m20261127_000062_add_mentee_skill_priority;
mod m20261127_000071_create_match_runs;
mod m20261127_000081_create_matching_reports;
mod m20261127_000082_create_index_snapshots;
mod m20261128_000083_add_match_run_publications;
mod m20261128_000091_add_event_receivers;
mod m20261128_000092_create_stream_tickets;
mod m20261128_000101_create_deliveries;
mod m20261128_000102_create_phone_numbers;
mod m20261128_000103_create_push_subscriptions;
mod m20261128_000111_add_message_policy;
mod m20261128_000112_create_message_words;
mod m20261128_000113_create_blocks;
mod m20261128_000114_create_issues;
mod m20261128_000121_add_issue_notifications;
mod run;
mod sql;

use sea_orm_migration::prelude::*;

pub use run::{migrate_down, migrate_up, pending};
pub use sea_orm_migration::MigratorTrait;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_settings::Migration),
            Box::new(m20261122_000002_create_taxonomy::Migration),
            Box::new(m20261122_000003_create_users::Migration),
            Box::new(m20261122_000004_create_user_sets::Migration),
            Box::new(m20261122_000005_create_identity::Migration),
            Box::new(m20261122_000006_create_suggestions::Migration),
            Box::new(m20261122_000007_create_mentorships::Migration),
            Box::new(m20261122_000008_create_goals::Migration),
            Box::new(m20261122_000009_create_notes::Migration),
            Box::new(m20261122_000010_create_meetings::Migration),
            Box::new(m20261122_000011_create_conversations::Migration),
            Box::new(m20261122_000012_create_messages::Migration),
            Box::new(m20261122_000013_create_notifications::Migration),
            Box::new(m20261122_000014_create_events::Migration),
            Box::new(m20261122_000015_create_idempotency_keys::Migration),
            Box::new(m20261126_000016_create_mails::Migration),
            Box::new(m20261126_000021_create_oauth_handovers::Migration),
            Box::new(m20261126_000031_create_second_factors::Migration),
            Box::new(m20261126_000041_add_users_erased_at::Migration),
            Box::new(m20261126_000051_add_suggestion_versions::Migration),
            Box::new(m20261127_000052_order_events_by_commit::Migration),
            Box::new(m20261127_000053_add_suggestion_pauses::Migration),
            Box::new(m20261127_000054_create_seat_prices::Migration),
            Box::new(m20261127_000061_create_matching_policies::Migration),
            Box::new(m20261127_000062_add_mentee_skill_priority::Migration),
            Box::new(m20261127_000071_create_match_runs::Migration),
            Box::new(m20261127_000081_create_matching_reports::Migration),
            Box::new(m20261127_000082_create_index_snapshots::Migration),
            Box::new(m20261128_000083_add_match_run_publications::Migration),
            Box::new(m20261128_000091_add_event_receivers::Migration),
            Box::new(m20261128_000092_create_stream_tickets::Migration),
            Box::new(m20261128_000101_create_deliveries::Migration),
            Box::new(m20261128_000102_create_phone_numbers::Migration),
            Box::new(m20261128_000103_create_push_subscriptions::Migration),
            Box::new(m20261128_000111_add_message_policy::Migration),
            Box::new(m20261128_000112_create_message_words::Migration),
            Box::new(m20261128_000113_create_blocks::Migration),
            Box::new(m20261128_000114_create_issues::Migration),
            Box::new(m20261128_000121_add_issue_notifications::Migration),
        ]
    }
}
