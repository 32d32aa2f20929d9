//! Right rows, in SQL that both databases read: the starting point from which the wrong ones are made.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

pub const NOW: &str = "'2026-11-22T20:00:00.000+00:00'";
pub const LATER: &str = "'2026-11-23T20:00:00.000+00:00'";

/// One row at least in every table.
const ROWS: &[&str] = &[
    "INSERT INTO skills (id, name, slug, created_at, updated_at) VALUES ({10}, 'Security', 'security', {now}, {now})",
    "INSERT INTO skills (id, name, slug, merged_into_id, retired_at, created_at, updated_at)
        VALUES ({11}, 'Safety', 'safety', {10}, {now}, {now}, {now})",
    "INSERT INTO soft_skills (id, name, slug, created_at, updated_at) VALUES ({12}, 'Patience', 'patience', {now}, {now})",
    "INSERT INTO topics (id, name, slug, created_at, updated_at) VALUES ({13}, 'Find a job', 'find-a-job', {now}, {now})",
    "INSERT INTO industries (id, name, slug, created_at, updated_at) VALUES ({14}, 'Energy', 'energy', {now}, {now})",
    "INSERT INTO seniority_levels (id, name, slug, rank, created_at, updated_at)
        VALUES ({15}, 'Over 7 years', 'over-7-years', 4, {now}, {now})",
    "INSERT INTO users (id, name, email, role, status, notification_preferences, seniority_level_id, created_at, updated_at)
        VALUES ({1}, 'Ada', 'Ada@example.org', 'OWNER', 'ACTIVE', '{}', {15}, {now}, {now})",
    "INSERT INTO users (id, name, email, role, status, notification_preferences, created_at, updated_at)
        VALUES ({2}, 'Bo', 'bo@example.org', 'REGULAR', 'ACTIVE', '{}', {now}, {now})",
    "INSERT INTO users (id, name, email, role, status, notification_preferences, created_at, updated_at)
        VALUES ({3}, 'Cy', 'cy@example.org', 'REGULAR', 'ACTIVE', '{}', {now}, {now})",
    "INSERT INTO user_languages (user_id, language) VALUES ({1}, 'de')",
    "INSERT INTO user_industries (user_id, industry_id) VALUES ({1}, {14})",
    "INSERT INTO availability_windows (user_id, weekday, start_minute, end_minute) VALUES ({1}, 7, 1380, 1440)",
    "INSERT INTO onboarding_steps (user_id, step, saved_at) VALUES ({1}, 'GENERAL', {now})",
    "INSERT INTO mentor_skills (user_id, skill_id, level) VALUES ({1}, {10}, 5)",
    "INSERT INTO mentee_skills (user_id, skill_id) VALUES ({2}, {10})",
    "INSERT INTO mentor_soft_skills (user_id, soft_skill_id) VALUES ({1}, {12})",
    "INSERT INTO mentee_soft_skills (user_id, soft_skill_id) VALUES ({2}, {12})",
    "INSERT INTO mentor_topics (user_id, topic_id) VALUES ({1}, {13})",
    "INSERT INTO mentee_topics (user_id, topic_id) VALUES ({2}, {13})",
    "INSERT INTO accounts (id, user_id, provider, provider_account_id, password_hash, created_at, updated_at)
        VALUES ({20}, {1}, 'password', '1', 'hash', {now}, {now})",
    "INSERT INTO sessions (id, user_id, refresh_hash, created_at, last_seen_at, auth_time, idle_expires_at, expires_at)
        VALUES ({21}, {1}, 'hash', {now}, {now}, {now}, {later}, {later})",
    "INSERT INTO verification_tokens (id, user_id, purpose, email, token_hash, created_at, expires_at)
        VALUES ({22}, {1}, 'VERIFY_EMAIL', 'ada@example.org', 'hash', {now}, {later})",
    "INSERT INTO mails (id, kind, user_id, token_id, email_key, status, due_at, created_at)
        VALUES ({23}, 'VERIFY_EMAIL', {1}, {22}, 'ada@example.org', 'QUEUED', {now}, {now})",
    "INSERT INTO second_factors (user_id, secret, created_at) VALUES ({1}, 'sealed', {now})",
    "INSERT INTO recovery_codes (id, user_id, code_hash) VALUES ({24}, {1}, 'hash')",
    "INSERT INTO oauth_handovers (id, state_hash, code_hash, code_challenge, code_expires_at, identity, created_at, expires_at)
        VALUES ({29}, 'state', 'code', 'challenge', {later}, 'sealed', {now}, {later})",
    "INSERT INTO suggestions (id, mentor_id, mentee_id, score, reasons, expires_at, created_at, updated_at)
        VALUES ({30}, {1}, {2}, 80, '{}', {later}, {now}, {now})",
    "INSERT INTO seat_prices (mentor_id, price, round_id, computed_at) VALUES ({1}, 300, {32}, {now})",
    "INSERT INTO job_turns (name, due_at, holder, lease_until) VALUES ('seat_prices', {now}, {33}, {later})",
    "INSERT INTO index_snapshots (part, log_position, true_at, read_at, bytes) VALUES (0, '7', {now}, {now}, '')",
    "INSERT INTO pair_bans (id, one_id, other_id, note, created_by_id, created_at)
        VALUES ({31}, {2}, {3}, 'They are siblings', {1}, {now})",
    "INSERT INTO mentorships (id, mentor_id, mentee_id, origin, status, suggestion_id, accepted_at, start_date,
        last_message_seq, created_at, updated_at)
        VALUES ({40}, {1}, {2}, 'SUGGESTION', 'ACTIVE', {30}, {now}, {now}, 1, {now}, {now})",
    "INSERT INTO mentorships (id, mentor_id, mentee_id, origin, status, previous_id, expires_at, end_date, end_reason,
        created_at, updated_at)
        VALUES ({41}, {1}, {3}, 'REQUEST', 'CANCELED', {40}, {later}, {now}, 'DECLINED', {now}, {now})",
    "INSERT INTO goals (id, mentorship_id, created_by_id, kind, title, created_at, updated_at)
        VALUES ({50}, {40}, {2}, 'SHORT_TERM', 'Write a talk', {now}, {now})",
    "INSERT INTO milestones (id, goal_id, title, position, due_date, created_at, updated_at)
        VALUES ({51}, {50}, 'Outline', 1, '2026-12-01', {now}, {now})",
    "INSERT INTO notes (id, mentorship_id, author_id, visibility, text, created_at, updated_at)
        VALUES ({52}, {40}, {1}, 'PRIVATE', 'Shy', {now}, {now})",
    "INSERT INTO meetings (id, mentorship_id, proposed_by_id, scheduled_at, duration_minutes, ends_at, time_zone,
        created_at, updated_at)
        VALUES ({53}, {40}, {1}, {later}, 60, '2026-11-23T21:00:00.000+00:00', 'Europe/Berlin', {now}, {now})",
    "INSERT INTO conversations (id, user_a_id, user_b_id, last_message_seq, created_at, updated_at)
        VALUES ({60}, {1}, {2}, 1, {now}, {now})",
    "INSERT INTO messages (id, mentorship_id, sender_id, seq, content, client_id, sent_at)
        VALUES ({61}, {40}, {1}, 1, 'Hello', {900}, {now})",
    "INSERT INTO messages (id, conversation_id, sender_id, seq, content, client_id, sent_at)
        VALUES ({62}, {60}, {1}, 1, 'Hello', {900}, {now})",
    "INSERT INTO message_words (message_id, words) VALUES ({61}, 'hello')",
    "INSERT INTO blocks (id, blocker_id, blocked_id, created_at) VALUES ({63}, {2}, {1}, {now})",
    "INSERT INTO issues (id, kind, category, status, reporter_id, reported_id, message_id, mentorship_id, text, assignee_id, answer,
        answered_at, closed_at, created_at, updated_at)
        VALUES ({64}, 'MESSAGE', 'SPAM', 'CLOSED', {2}, {1}, {61}, {40}, 'Look', {1}, 'We did', {now}, {later}, {now}, {now})",
    "INSERT INTO issue_messages (issue_id, seq, message_id, sender_id, content, sent_at)
        VALUES ({64}, 1, {61}, {1}, 'Hello', {now})",
    "INSERT INTO thread_accesses (id, user_id, mentorship_id, first_seq, last_seq, accessed_at)
        VALUES ({65}, {2}, {40}, 1, 1, {now})",
    "INSERT INTO notifications (id, user_id, kind, subject_kind, subject_id, actor_id, created_at)
        VALUES ({70}, {2}, 'MESSAGE_NEW', 'MENTORSHIP', {40}, {1}, {now})",
    "INSERT INTO event_streams (kind, id, last_seq) VALUES ('MENTORSHIP', {40}, 1)",
    "INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, data, occurred_at)
        VALUES ({80}, 'MENTORSHIP', {40}, 1, 'MENTORSHIP_STARTED', {1}, '{}', {now})",
    "INSERT INTO event_receivers (user_id, at, place, occurred_at) VALUES ({1}, 1, 1, {now})",
    "INSERT INTO stream_tickets (token_hash, session_id, expires_at) VALUES ('hash', {21}, {later})",
    "INSERT INTO matching_policies (version, terms, rarity, note, created_by_id, created_at)
        VALUES (2, '{}', '{}', 'Hours weigh more', {1}, {now})",
    "INSERT INTO idempotency_keys (digest, user_id, holder, fingerprint, created_at, expires_at)
        VALUES ('d', {1}, {900}, 'f', {now}, {later})",
    "INSERT INTO match_runs (id, state, mode, floor, minimum_one, filters, edits, seed, requested_by_id, created_at, updated_at)
        VALUES ({90}, 'QUEUED', 'BEST_TOTAL', 0, FALSE, '{}', '{}', 0, {1}, {now}, {now})",
    "INSERT INTO match_run_snapshots (run_id, content) VALUES ({90}, 'x')",
    "INSERT INTO match_run_results (run_id, content) VALUES ({90}, 'x')",
    "INSERT INTO match_run_pairs (run_id, mentee_id, mentor_id, points, reasons) VALUES ({90}, {2}, {1}, 700, '{}')",
    "INSERT INTO deliveries (id, notification_id, user_id, kind, channel, in_digest, status, due_at, created_at)
        VALUES ({92}, {70}, {2}, 'MESSAGE_NEW', 'EMAIL', FALSE, 'PENDING', {later}, {now})",
    "INSERT INTO reminders (subject_id, stage, about_at, created_at) VALUES ({53}, 'MEETING_DAY', {later}, {now})",
    "INSERT INTO phone_numbers (id, user_id, number, number_key, expires_at, created_at)
        VALUES ({93}, {2}, '+491701234567', 'key', {later}, {now})",
    "INSERT INTO push_subscriptions (id, user_id, endpoint, p256dh, auth, created_at)
        VALUES ({94}, {2}, 'https://push.example.org/1', 'key', 'auth', {now})",
    "INSERT INTO matching_reports (id, from_at, to_at, report, created_at) VALUES ({91}, {now}, {later}, '{}', {later})",
];

pub async fn fill(db: &DatabaseConnection) {
    for row in ROWS {
        let sql = spell(row, db.get_database_backend());
        if let Err(error) = db.execute_unprepared(&sql).await {
            panic!("{sql}\n{error}");
        }
    }
}

/// Writes `{7}` as the id with that number, `{now}` and `{later}` as instants.
pub fn spell(text: &str, backend: DbBackend) -> String {
    let mut sql = text.replace("{now}", NOW).replace("{later}", LATER);
    for number in (1..100).chain([900, 901]) {
        let id = match backend {
            DbBackend::Postgres => format!("'{}'", uuid::Uuid::from_u128(number)),
            _ => format!("x'{number:032x}'"),
        };
        sql = sql.replace(&format!("{{{number}}}"), &id);
    }
    sql
}
