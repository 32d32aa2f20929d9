//! Wrong rows, each of which the database itself refuses, whatever the code above it forgets.

mod contact;

use migration::migrate_up;
use sea_orm_migration::sea_orm::ConnectionTrait;

use crate::database::each;
use crate::rows::{fill, spell};
use contact::CONTACT;

/// The constraint as PostgreSQL names it; what SQLite says of it; the statement.
type Wrong = (&'static str, &'static str, &'static str);

const TAXONOMY_AND_USERS: &[Wrong] = &[
    ("ck_settings_id", "ck_settings_id", "INSERT INTO settings (id, name, updated_at) VALUES (2, 'x', {now})"),
    ("uq_skills_slug", "skills.slug", "UPDATE skills SET slug = 'security' WHERE id = {11}"),
    ("uq_skills_name", "uq_skills_name", "UPDATE skills SET name = 'SECURITY', retired_at = NULL WHERE id = {11}"),
    ("ck_skills_not_merged", "ck_skills_not_merged", "UPDATE skills SET merged_into_id = id WHERE id = {11}"),
    ("ck_seniority_levels_rank", "ck_seniority_levels_rank", "UPDATE seniority_levels SET rank = 0"),
    ("uq_users_email_key", "users.email_key", "UPDATE users SET email = 'aDA@EXAMPLE.ORG' WHERE id = {2}"),
    ("ck_users_name", "ck_users_name", "UPDATE users SET name = '' WHERE id = {2}"),
    ("ck_users_role", "ck_users_role", "UPDATE users SET role = 'owner' WHERE id = {2}"),
    ("ck_users_status", "ck_users_status", "UPDATE users SET status = 'DELETED' WHERE id = {2}"),
    ("ck_users_gender", "ck_users_gender", "UPDATE users SET gender = 'ANY' WHERE id = {2}"),
    ("ck_users_mentor_capacity", "ck_users_mentor_capacity", "UPDATE users SET mentor_capacity = 51 WHERE id = {2}"),
    ("email_key", "email_key", "UPDATE users SET email_key = 'x' WHERE id = {2}"),
    ("ck_mentor_skills_level", "ck_mentor_skills_level", "UPDATE mentor_skills SET level = 6"),
    ("ck_mentee_skills_priority", "ck_mentee_skills_priority", "UPDATE mentee_skills SET priority = 4"),
    ("ck_mentee_skills_priority", "ck_mentee_skills_priority", "UPDATE mentee_skills SET priority = 0"),
    (
        "mentor_skills_pkey",
        "mentor_skills.skill_id",
        "INSERT INTO mentor_skills (user_id, skill_id) VALUES ({1}, {10})",
    ),
    ("fk_mentee_skills_skill_id", "FOREIGN KEY", "INSERT INTO mentee_skills (user_id, skill_id) VALUES ({1}, {99})"),
    ("fk_mentor_topics_topic_id", "FOREIGN KEY", "DELETE FROM topics WHERE id = {13}"),
    (
        "ck_availability_windows_weekday",
        "ck_availability_windows_weekday",
        "UPDATE availability_windows SET weekday = 0",
    ),
    ("ck_availability_windows_end", "ck_availability_windows_end", "UPDATE availability_windows SET end_minute = 1441"),
    ("ck_availability_windows_end", "ck_availability_windows_end", "UPDATE availability_windows SET end_minute = 1380"),
    ("ck_onboarding_steps_step", "ck_onboarding_steps_step", "UPDATE onboarding_steps SET step = 'DONE'"),
];

const IDENTITY: &[Wrong] = &[
    ("ck_accounts_password_hash", "ck_accounts_password_hash", "UPDATE accounts SET password_hash = NULL"),
    ("ck_accounts_password_hash", "ck_accounts_password_hash", "UPDATE accounts SET provider = 'google'"),
    (
        "uq_accounts_provider_account",
        "accounts.provider_account_id",
        "INSERT INTO accounts (id, user_id, provider, provider_account_id, password_hash, created_at, updated_at)
            VALUES ({23}, {2}, 'password', '1', 'hash', {now}, {now})",
    ),
    ("ck_oauth_handovers_code", "ck_oauth_handovers_code", "UPDATE oauth_handovers SET identity = NULL"),
    ("ck_sessions_ended", "ck_sessions_ended", "UPDATE sessions SET ended_at = {now}"),
    (
        "ck_sessions_ended_reason",
        "ck_sessions_ended_reason",
        "UPDATE sessions SET ended_at = {now}, ended_reason = 'BORED'",
    ),
    ("ck_sessions_refresh_counter", "ck_sessions_refresh_counter", "UPDATE sessions SET refresh_counter = -1"),
    (
        "ck_second_factors_last_used_step",
        "ck_second_factors_last_used_step",
        "UPDATE second_factors SET last_used_step = -1",
    ),
    ("fk_recovery_codes_user_id", "FOREIGN KEY", "UPDATE recovery_codes SET user_id = {2}"),
    (
        "uq_recovery_codes_code_hash",
        "recovery_codes.code_hash",
        "INSERT INTO recovery_codes (id, user_id, code_hash) VALUES ({25}, {1}, 'hash')",
    ),
    (
        "ck_verification_tokens_purpose",
        "ck_verification_tokens_purpose",
        "UPDATE verification_tokens SET purpose = 'X'",
    ),
];

const PAIRS: &[Wrong] = &[
    ("ck_suggestions_not_self", "ck_suggestions_not_self", "UPDATE suggestions SET mentee_id = mentor_id"),
    ("ck_suggestions_replaced", "ck_suggestions_replaced", "UPDATE suggestions SET replaced_at = {now}"),
    ("ck_suggestions_score", "ck_suggestions_score", "UPDATE suggestions SET score = 101"),
    ("ck_suggestions_declined", "ck_suggestions_declined", "UPDATE suggestions SET status = 'DECLINED'"),
    ("ck_suggestions_accepted", "ck_suggestions_accepted", "UPDATE suggestions SET status = 'ACCEPTED'"),
    (
        "ck_suggestions_declined",
        "ck_suggestions_declined",
        "UPDATE suggestions SET mentor_response = 'DECLINED', mentor_responded_at = {now}",
    ),
    (
        "ck_suggestions_mentee_responded_at",
        "ck_suggestions_mentee_responded_at",
        "UPDATE suggestions SET mentee_response = 'ACCEPTED'",
    ),
    (
        "uq_suggestions_pending_pair",
        "suggestions.mentor_id, suggestions.mentee_id",
        "INSERT INTO suggestions (id, mentor_id, mentee_id, score, reasons, expires_at, created_at, updated_at)
            VALUES ({31}, {1}, {2}, 70, '{}', {later}, {now}, {now})",
    ),
    (
        "ck_mentorships_not_self",
        "ck_mentorships_not_self",
        "UPDATE mentorships SET mentee_id = mentor_id WHERE id = {41}",
    ),
    (
        "uq_mentorships_open_pair",
        "index 'uq_mentorships_open_pair'",
        "INSERT INTO mentorships (id, mentor_id, mentee_id, origin, status, expires_at, created_at, updated_at)
            VALUES ({42}, {1}, {2}, 'REQUEST', 'PENDING', {later}, {now}, {now})",
    ),
    (
        "uq_mentorships_open_pair",
        "index 'uq_mentorships_open_pair'",
        "INSERT INTO mentorships (id, mentor_id, mentee_id, origin, status, expires_at, created_at, updated_at)
            VALUES ({42}, {2}, {1}, 'REQUEST', 'PENDING', {later}, {now}, {now})",
    ),
    (
        "ck_mentorships_expires_at",
        "ck_mentorships_expires_at",
        "UPDATE mentorships SET expires_at = {later} WHERE id = {40}",
    ),
    (
        "ck_mentorships_expires_at",
        "ck_mentorships_expires_at",
        "UPDATE mentorships SET expires_at = NULL WHERE id = {41}",
    ),
    (
        "ck_mentorships_canceled",
        "ck_mentorships_canceled",
        "UPDATE mentorships SET status = 'CANCELED', end_date = {later} WHERE id = {40}",
    ),
    (
        "ck_mentorships_not_ended",
        "ck_mentorships_not_ended",
        "UPDATE mentorships SET end_reason = 'OTHER' WHERE id = {40}",
    ),
    (
        "ck_mentorships_not_ended",
        "ck_mentorships_not_ended",
        "UPDATE mentorships SET ended_by_id = {1} WHERE id = {40}",
    ),
    ("ck_mentorships_not_ended", "ck_mentorships_not_ended", "UPDATE mentorships SET end_note = 'x' WHERE id = {40}"),
    ("ck_mentorships_ended", "ck_mentorships_ended", "UPDATE mentorships SET status = 'COMPLETED' WHERE id = {40}"),
    ("ck_mentorships_ended", "ck_mentorships_ended", "UPDATE mentorships SET end_date = {later} WHERE id = {40}"),
    ("ck_mentorships_started", "ck_mentorships_started", "UPDATE mentorships SET accepted_at = NULL WHERE id = {40}"),
    ("ck_mentorships_started", "ck_mentorships_started", "UPDATE mentorships SET status = 'COMPLETED' WHERE id = {41}"),
    (
        "ck_mentorships_dates",
        "ck_mentorships_dates",
        "UPDATE mentorships SET status = 'CANCELED', end_reason = 'OTHER', start_date = {later}, end_date = {now}
            WHERE id = {40}",
    ),
    (
        "ck_mentorships_end_reason",
        "ck_mentorships_end_reason",
        "UPDATE mentorships SET end_reason = 'X' WHERE id = {41}",
    ),
    ("ck_mentorships_mentor_read_seq", "ck_mentorships_mentor_read_seq", "UPDATE mentorships SET mentor_read_seq = 2"),
    ("ck_mentorships_mentee_read_seq", "ck_mentorships_mentee_read_seq", "UPDATE mentorships SET mentee_read_seq = -1"),
    ("fk_mentorships_mentor_id", "FOREIGN KEY", "DELETE FROM users WHERE id = {1}"),
    ("ck_goals_progress", "ck_goals_progress", "UPDATE goals SET progress = 101"),
    ("ck_goals_achieved", "ck_goals_achieved", "UPDATE goals SET status = 'ACHIEVED', progress = 99"),
    ("ck_notes_visibility", "ck_notes_visibility", "UPDATE notes SET visibility = 'PUBLIC'"),
    ("ck_meetings_duration_minutes", "ck_meetings_duration_minutes", "UPDATE meetings SET duration_minutes = 4"),
    ("ck_meetings_ends_at", "ck_meetings_ends_at", "UPDATE meetings SET ends_at = scheduled_at"),
    ("ck_meetings_status", "ck_meetings_status", "UPDATE meetings SET status = 'MOVED'"),
];

const THREADS_AND_LOGS: &[Wrong] = &[
    ("ck_conversations_ordered", "ck_conversations_ordered", "UPDATE conversations SET user_a_id = {3}"),
    ("ck_conversations_ordered", "ck_conversations_ordered", "UPDATE conversations SET user_b_id = user_a_id"),
    ("ck_conversations_user_b_read", "ck_conversations_user_b_read", "UPDATE conversations SET user_b_read_seq = 2"),
    (
        "uq_conversations_pair",
        "conversations.user_a_id, conversations.user_b_id",
        "INSERT INTO conversations (id, user_a_id, user_b_id, created_at, updated_at) VALUES ({63}, {1}, {2}, {now}, {now})",
    ),
    ("ck_messages_one_thread", "ck_messages_one_thread", "UPDATE messages SET conversation_id = {60} WHERE id = {61}"),
    ("ck_messages_one_thread", "ck_messages_one_thread", "UPDATE messages SET conversation_id = NULL WHERE id = {62}"),
    ("ck_messages_seq", "ck_messages_seq", "UPDATE messages SET seq = 0 WHERE id = {61}"),
    (
        "uq_messages_mentorship_seq",
        "messages.mentorship_id, messages.seq",
        "INSERT INTO messages (id, mentorship_id, sender_id, seq, content, client_id, sent_at)
            VALUES ({64}, {40}, {1}, 1, 'Hi', {901}, {now})",
    ),
    (
        "uq_messages_mentorship_client",
        "messages.mentorship_id, messages.sender_id, messages.client_id",
        "INSERT INTO messages (id, mentorship_id, sender_id, seq, content, client_id, sent_at)
            VALUES ({64}, {40}, {1}, 2, 'Hi', {900}, {now})",
    ),
    (
        "uq_messages_conversation_client",
        "messages.conversation_id, messages.sender_id, messages.client_id",
        "INSERT INTO messages (id, conversation_id, sender_id, seq, content, client_id, sent_at)
            VALUES ({64}, {60}, {1}, 2, 'Hi', {900}, {now})",
    ),
    ("ck_notifications_kind", "ck_notifications_kind", "UPDATE notifications SET kind = 'SPAM'"),
    (
        "uq_notifications_unread_thread",
        "notifications.user_id, notifications.subject_id",
        "INSERT INTO notifications (id, user_id, kind, subject_kind, subject_id, created_at)
            VALUES ({71}, {2}, 'MESSAGE_NEW', 'MENTORSHIP', {40}, {now})",
    ),
    (
        "uq_events_stream_seq",
        "events.stream_kind, events.stream_id, events.seq",
        "INSERT INTO events (id, stream_kind, stream_id, seq, kind, data, occurred_at)
            VALUES ({81}, 'MENTORSHIP', {40}, 1, 'MENTORSHIP_ENDED', '{}', {now})",
    ),
    ("events are append-only", "events are append-only", "UPDATE events SET kind = 'X'"),
    ("events are append-only", "events are append-only", "DELETE FROM events"),
    (
        "matching policies are append-only",
        "matching policies are append-only",
        "UPDATE matching_policies SET note = NULL WHERE version = 2",
    ),
    ("matching policies are append-only", "matching policies are append-only", "DELETE FROM matching_policies"),
    (
        "ck_matching_policies_version",
        "ck_matching_policies_version",
        "INSERT INTO matching_policies (version, terms, rarity, created_at) VALUES (0, '{}', '{}', {now})",
    ),
    (
        "matching_policies_pkey",
        "matching_policies.version",
        "INSERT INTO matching_policies (version, terms, rarity, created_at) VALUES (1, '{}', '{}', {now})",
    ),
    (
        "idempotency_keys_pkey",
        "idempotency_keys.digest",
        "INSERT INTO idempotency_keys (digest, user_id, holder, fingerprint, created_at, expires_at)
            VALUES ('d', {1}, {901}, 'g', {now}, {later})",
    ),
    (
        "uq_match_runs_under_way",
        "uq_match_runs_under_way",
        "INSERT INTO match_runs (id, state, mode, floor, minimum_one, filters, edits, seed, created_at, updated_at)
            VALUES ({91}, 'PROVING', 'STABLE', 0, FALSE, '{}', '{}', 0, {now}, {now})",
    ),
    ("ck_match_runs_state", "ck_match_runs_state", "UPDATE match_runs SET state = 'DONE'"),
    ("ck_match_runs_floor", "ck_match_runs_floor", "UPDATE match_runs SET floor = 101"),
    ("ck_match_runs_published", "ck_match_runs_published", "UPDATE match_runs SET state = 'PUBLISHED'"),
    ("ck_match_runs_failure", "ck_match_runs_failure", "UPDATE match_runs SET failure = 'INTERNAL'"),
    ("ck_match_runs_lease", "ck_match_runs_lease", "UPDATE match_runs SET lease_holder = {1}"),
    ("ck_match_run_pairs_points", "ck_match_run_pairs_points", "UPDATE match_run_pairs SET points = 1001"),
    ("ck_matching_reports_period", "ck_matching_reports_period", "UPDATE matching_reports SET to_at = from_at"),
    (
        "uq_matching_reports_from_at",
        "matching_reports.from_at",
        "INSERT INTO matching_reports (id, from_at, to_at, report, created_at)
            VALUES ({92}, {now}, {later}, '{}', {later})",
    ),
];

const RIGHT: &[&str] = &[
    // One is under way; others are ready or ended.
    "INSERT INTO match_runs (id, state, mode, floor, minimum_one, filters, edits, seed, created_at, updated_at)
        VALUES ({92}, 'READY', 'STABLE', 0, FALSE, '{}', '{}', 0, {now}, {now})",
    // The name of a retired term is free again.
    "UPDATE skills SET name = 'SECURITY' WHERE id = {11}",
    "UPDATE mentorships SET status = 'CANCELED', end_date = start_date, end_reason = 'NO_TIME' WHERE id = {40}",
    // A rematch is a new row, once the other is closed.
    "INSERT INTO mentorships (id, mentor_id, mentee_id, origin, status, previous_id, expires_at, created_at, updated_at)
        VALUES ({42}, {1}, {2}, 'REQUEST', 'PENDING', {40}, {later}, {now}, {now})",
    "UPDATE suggestions SET mentor_response = 'DECLINED', mentor_responded_at = {now}, status = 'DECLINED'",
    "UPDATE notifications SET read_at = {now}",
    "INSERT INTO notifications (id, user_id, kind, subject_kind, subject_id, created_at)
        VALUES ({71}, {2}, 'MESSAGE_NEW', 'MENTORSHIP', {40}, {now})",
    "DELETE FROM suggestions WHERE id = {30}",
];

#[tokio::test]
async fn wrong_rows_are_refused_by_the_constraint_that_says_so() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        fill(&db).await;
        let backend = db.get_database_backend();
        for (on_postgres, on_sqlite, wrong) in [TAXONOMY_AND_USERS, IDENTITY, PAIRS, THREADS_AND_LOGS, CONTACT].concat()
        {
            let expected = if fresh.is_sqlite() { on_sqlite } else { on_postgres };
            let error = db.execute_unprepared(&spell(wrong, backend)).await.expect_err(wrong).to_string();
            assert!(error.contains(expected), "{wrong}\n{error}");
        }
    }
}

#[tokio::test]
async fn right_changes_are_not() {
    for fresh in each().await {
        let db = fresh.connect().await;
        migrate_up(&db).await.unwrap();
        fill(&db).await;
        for right in RIGHT {
            let outcome = db.execute_unprepared(&spell(right, db.get_database_backend())).await;
            assert!(outcome.is_ok(), "{right}\n{outcome:?}");
        }
    }
}
