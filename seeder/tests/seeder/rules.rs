//! Every row obeys every rule of the product: each rule is a query for the rows that break it.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::database::{each, number, seed};

const NOW: &str = "'2026-11-02T09:00:00+00:00'";

/// What must not be there.
const BROKEN: &[(&str, &str)] = &[
    ("a mentor over capacity", "SELECT u.id FROM users u WHERE u.mentor_capacity < (SELECT count(*) FROM mentorships m
        WHERE m.mentor_id = u.id AND (m.status = 'ACTIVE' OR (m.status = 'PENDING' AND m.accepted_at IS NOT NULL)))"),
    ("over five open requests", "SELECT mentee_id FROM mentorships WHERE status = 'PENDING' GROUP BY mentee_id HAVING count(*) > 5"),
    ("a mentor who is none", "SELECT m.id FROM mentorships m JOIN users u ON u.id = m.mentor_id WHERE NOT u.active_mentor"),
    ("a mentee who is none", "SELECT m.id FROM mentorships m JOIN users u ON u.id = m.mentee_id WHERE NOT u.active_mentee"),
    ("a mentor whom the mentee's preference rules out", "SELECT m.id FROM mentorships m JOIN users r ON r.id = m.mentor_id
        JOIN users e ON e.id = m.mentee_id WHERE e.preferred_mentor_gender <> 'ANY'
        AND (r.gender IS NULL OR r.gender <> e.preferred_mentor_gender)"),
    ("the same in a suggestion", "SELECT s.id FROM suggestions s JOIN users r ON r.id = s.mentor_id
        JOIN users e ON e.id = s.mentee_id WHERE e.preferred_mentor_gender <> 'ANY'
        AND (r.gender IS NULL OR r.gender <> e.preferred_mentor_gender)"),
    ("a mentorship with itself the other way round", "SELECT a.id FROM mentorships a JOIN mentorships b
        ON a.mentor_id = b.mentee_id AND a.mentee_id = b.mentor_id WHERE a.status IN ('PENDING', 'ACTIVE') AND b.status IN ('PENDING', 'ACTIVE')"),
    ("dates of a mentorship out of order", "SELECT id FROM mentorships WHERE accepted_at < created_at OR start_date < accepted_at
        OR end_date < created_at OR updated_at < created_at OR updated_at > {now}"),
    ("an ended mentorship without a reason", "SELECT id FROM mentorships WHERE status = 'CANCELED' AND end_reason IS NULL"),
    ("a mentorship before its people", "SELECT m.id FROM mentorships m JOIN users u ON u.id IN (m.mentor_id, m.mentee_id)
        WHERE m.created_at < u.onboarding_completed_at OR u.onboarding_completed_at IS NULL"),
    ("an open mentorship of somebody suspended", "SELECT m.id FROM mentorships m JOIN users u ON u.id IN (m.mentor_id, m.mentee_id)
        WHERE m.status IN ('PENDING', 'ACTIVE') AND u.status <> 'ACTIVE'"),
    ("a suggested mentorship without its suggestion", "SELECT id FROM mentorships WHERE (origin = 'SUGGESTION') <> (suggestion_id IS NOT NULL)"),
    ("a mentorship of another pair's suggestion", "SELECT m.id FROM mentorships m JOIN suggestions s ON s.id = m.suggestion_id
        WHERE s.mentor_id <> m.mentor_id OR s.mentee_id <> m.mentee_id OR s.status <> 'ACCEPTED' OR s.updated_at <> m.created_at"),
    ("an accepted suggestion without its mentorship", "SELECT id FROM suggestions s WHERE status = 'ACCEPTED'
        AND NOT EXISTS (SELECT 1 FROM mentorships m WHERE m.suggestion_id = s.id)"),
    ("a rematch of another pair, or of what never ran", "SELECT m.id FROM mentorships m JOIN mentorships p ON p.id = m.previous_id
        WHERE p.mentor_id <> m.mentor_id OR p.mentee_id <> m.mentee_id OR p.start_date IS NULL OR p.end_date > m.created_at"),
    ("an open suggestion of an open mentorship", "SELECT s.id FROM suggestions s JOIN mentorships m
        ON m.mentor_id = s.mentor_id AND m.mentee_id = s.mentee_id WHERE s.status = 'PENDING' AND s.expires_at > {now} AND m.status IN ('PENDING', 'ACTIVE')"),
    ("an open suggestion of a mentor without a place", "SELECT s.id FROM suggestions s JOIN users u ON u.id = s.mentor_id
        WHERE s.status = 'PENDING' AND s.expires_at > {now} AND u.mentor_capacity <= (SELECT count(*) FROM mentorships m
        WHERE m.mentor_id = u.id AND (m.status = 'ACTIVE' OR (m.status = 'PENDING' AND m.accepted_at IS NOT NULL)))"),
    ("an open suggestion of somebody unavailable", "SELECT s.id FROM suggestions s JOIN users u ON u.id IN (s.mentor_id, s.mentee_id)
        WHERE s.status = 'PENDING' AND s.expires_at > {now} AND (u.status <> 'ACTIVE' OR u.onboarding_completed_at IS NULL
        OR u.paused_until > {now} OR (u.id = s.mentor_id AND NOT u.active_mentor) OR (u.id = s.mentee_id AND NOT u.active_mentee))"),
    ("an open suggestion within the cooling-off", "SELECT s.id FROM suggestions s JOIN suggestions d
        ON d.mentor_id = s.mentor_id AND d.mentee_id = s.mentee_id AND d.status = 'DECLINED' AND d.created_at < s.created_at
        WHERE s.status = 'PENDING'"),
    ("a suggestion that nothing speaks for", "SELECT s.id FROM suggestions s WHERE NOT EXISTS (SELECT 1 FROM mentor_skills r JOIN mentee_skills e
            ON e.skill_id = r.skill_id WHERE r.user_id = s.mentor_id AND e.user_id = s.mentee_id)
        AND NOT EXISTS (SELECT 1 FROM mentor_topics r JOIN mentee_topics e
            ON e.topic_id = r.topic_id WHERE r.user_id = s.mentor_id AND e.user_id = s.mentee_id)"),
    ("dates of a suggestion out of order", "SELECT id FROM suggestions WHERE created_at > {now} OR expires_at <= created_at
        OR mentor_responded_at < created_at OR mentee_responded_at < created_at
        OR mentor_responded_at > expires_at OR mentee_responded_at > expires_at OR updated_at > {now}"),
    ("an issue that was not frozen", "SELECT i.id FROM issues i WHERE i.kind = 'MESSAGE' AND NOT EXISTS (SELECT 1 FROM issue_messages k
        JOIN messages m ON m.id = k.message_id AND m.seq = k.seq AND m.content = k.content WHERE k.issue_id = i.id AND m.id = i.message_id)"),
    ("contact after a block", "SELECT m.id FROM messages m JOIN mentorships p ON p.id = m.mentorship_id JOIN blocks b
        ON b.blocker_id IN (p.mentor_id, p.mentee_id) AND b.blocked_id IN (p.mentor_id, p.mentee_id) WHERE m.sent_at > b.created_at"),
    ("a message that cannot be found", "SELECT m.id FROM messages m WHERE NOT m.is_searchable
        OR m.id NOT IN (SELECT message_id FROM message_words)"),
    ("messages miscounted in a mentorship", "SELECT m.id FROM mentorships m WHERE m.last_message_seq <>
        (SELECT count(*) FROM messages x WHERE x.mentorship_id = m.id) OR m.last_message_seq <>
        (SELECT coalesce(max(x.seq), 0) FROM messages x WHERE x.mentorship_id = m.id)"),
    ("messages miscounted in a conversation", "SELECT c.id FROM conversations c WHERE c.last_message_seq = 0 OR c.last_message_seq <>
        (SELECT count(*) FROM messages x WHERE x.conversation_id = c.id) OR c.last_message_seq <>
        (SELECT coalesce(max(x.seq), 0) FROM messages x WHERE x.conversation_id = c.id)"),
    ("a conversation that its opener could not open", "SELECT c.id FROM conversations c
        JOIN messages x ON x.conversation_id = c.id AND x.seq = 1 JOIN users u ON u.id = x.sender_id WHERE u.role = 'REGULAR'
        AND NOT EXISTS (SELECT 1 FROM mentorships m WHERE m.created_at <= c.created_at
            AND m.mentor_id IN (c.user_a_id, c.user_b_id) AND m.mentee_id IN (c.user_a_id, c.user_b_id))
        AND NOT EXISTS (SELECT 1 FROM suggestions s WHERE s.created_at <= c.created_at AND s.expires_at > c.created_at
            AND s.mentor_id IN (c.user_a_id, c.user_b_id) AND s.mentee_id IN (c.user_a_id, c.user_b_id)
            AND (s.status <> 'DECLINED' OR s.updated_at > c.created_at))"),
    ("a conversation before its people", "SELECT c.id FROM conversations c JOIN users u ON u.id IN (c.user_a_id, c.user_b_id)
        WHERE c.created_at < u.onboarding_completed_at OR u.onboarding_completed_at IS NULL"),
    ("a last message at another time", "SELECT m.id FROM mentorships m WHERE m.last_message_seq > 0 AND m.last_message_at <>
        (SELECT x.sent_at FROM messages x WHERE x.mentorship_id = m.id AND x.seq = m.last_message_seq)"),
    ("the same in a conversation", "SELECT c.id FROM conversations c WHERE c.last_message_at <>
        (SELECT x.sent_at FROM messages x WHERE x.conversation_id = c.id AND x.seq = c.last_message_seq) OR c.updated_at <> c.last_message_at"),
    ("messages not in the order of time", "SELECT a.id FROM messages a JOIN messages b ON b.seq = a.seq + 1
        AND (b.mentorship_id = a.mentorship_id OR b.conversation_id = a.conversation_id) WHERE b.sent_at <= a.sent_at OR b.id <= a.id"),
    ("a message out of the time of its mentorship", "SELECT x.id FROM messages x JOIN mentorships m ON m.id = x.mentorship_id
        WHERE m.start_date IS NULL OR x.sent_at < m.start_date OR x.sent_at > m.end_date"),
    ("a message of the future", "SELECT id FROM messages WHERE sent_at > {now}"),
    ("a message of a stranger", "SELECT x.id FROM messages x JOIN mentorships m ON m.id = x.mentorship_id
        WHERE x.sender_id NOT IN (m.mentor_id, m.mentee_id)
        UNION ALL SELECT x.id FROM messages x JOIN conversations c ON c.id = x.conversation_id
        WHERE x.sender_id NOT IN (c.user_a_id, c.user_b_id)"),
    ("one's own message unread", "SELECT x.id FROM messages x JOIN mentorships m ON m.id = x.mentorship_id
        WHERE (x.sender_id = m.mentor_id AND x.seq > m.mentor_read_seq) OR (x.sender_id = m.mentee_id AND x.seq > m.mentee_read_seq)
        UNION ALL SELECT x.id FROM messages x JOIN conversations c ON c.id = x.conversation_id
        WHERE (x.sender_id = c.user_a_id AND x.seq > c.user_a_read_seq) OR (x.sender_id = c.user_b_id AND x.seq > c.user_b_read_seq)"),
    ("an empty message", "SELECT id FROM messages WHERE length(content) = 0"),
    ("a goal of a stranger", "SELECT g.id FROM goals g JOIN mentorships m ON m.id = g.mentorship_id
        WHERE g.created_by_id NOT IN (m.mentor_id, m.mentee_id)"),
    ("a goal or note or meeting out of the time of its mentorship", "SELECT g.id FROM goals g JOIN mentorships m ON m.id = g.mentorship_id
        WHERE m.start_date IS NULL OR g.created_at < m.start_date OR g.updated_at > coalesce(m.end_date, {now}) OR g.updated_at < g.created_at
        UNION ALL SELECT n.id FROM notes n JOIN mentorships m ON m.id = n.mentorship_id
        WHERE m.start_date IS NULL OR n.created_at < m.start_date OR n.updated_at > coalesce(m.end_date, {now})
        UNION ALL SELECT t.id FROM meetings t JOIN mentorships m ON m.id = t.mentorship_id
        WHERE m.start_date IS NULL OR t.created_at < m.start_date OR t.updated_at > coalesce(m.end_date, {now}) OR t.scheduled_at < t.created_at"),
    ("an open goal that is not as far as its milestones", "SELECT g.id FROM goals g JOIN milestones s ON s.goal_id = g.id
        WHERE g.status = 'OPEN' GROUP BY g.id, g.progress HAVING g.progress <> 100 * count(s.done_at) / count(*)"),
    ("milestones with gaps", "SELECT goal_id FROM milestones GROUP BY goal_id HAVING count(*) <> max(position) + 1"),
    ("a meeting held before it began", "SELECT id FROM meetings WHERE status IN ('HELD', 'NO_SHOW') AND (scheduled_at > {now} OR updated_at < scheduled_at)"),
    ("a meeting in an hour that has passed and nobody confirmed", "SELECT id FROM meetings WHERE status = 'PROPOSED' AND scheduled_at < {now}"),
    ("events with gaps", "SELECT stream_id FROM events GROUP BY stream_kind, stream_id HAVING count(*) <> max(seq)"),
    ("a stream that does not count its events", "SELECT s.id FROM event_streams s WHERE s.last_seq <>
        (SELECT count(*) FROM events e WHERE e.stream_kind = s.kind AND e.stream_id = s.id)"),
    ("events without a stream", "SELECT e.id FROM events e LEFT JOIN event_streams s ON s.kind = e.stream_kind AND s.id = e.stream_id WHERE s.id IS NULL"),
    ("events not in the order of time", "SELECT a.id FROM events a JOIN events b ON b.stream_kind = a.stream_kind
        AND b.stream_id = a.stream_id AND b.seq = a.seq + 1 WHERE b.occurred_at < a.occurred_at"),
    ("an event of the future", "SELECT id FROM events WHERE occurred_at > {now}"),
    ("a mentorship without its event", "SELECT m.id FROM mentorships m WHERE NOT EXISTS (SELECT 1 FROM events e
        WHERE e.stream_kind = 'mentorship' AND e.stream_id = m.id AND e.seq = 1 AND e.occurred_at = m.created_at)"),
    ("a user without an event", "SELECT u.id FROM users u WHERE NOT EXISTS (SELECT 1 FROM events e
        WHERE e.stream_kind = 'user' AND e.stream_id = u.id AND e.kind = 'user.signed_up')"),
    ("an act of staff by nobody of the staff", "SELECT e.id FROM events e LEFT JOIN users u ON u.id = e.actor_id
        WHERE e.staff AND (u.id IS NULL OR u.role = 'REGULAR')"),
    ("a notification read before it came", "SELECT id FROM notifications WHERE read_at < created_at OR read_at > {now} OR created_at > {now}"),
    ("a notification of one's own act", "SELECT id FROM notifications WHERE user_id = actor_id"),
    ("an unread thread without its notification", "SELECT m.id FROM mentorships m WHERE m.mentee_read_seq < m.last_message_seq AND NOT EXISTS
        (SELECT 1 FROM notifications n WHERE n.user_id = m.mentee_id AND n.subject_id = m.id AND n.kind = 'MESSAGE_NEW' AND n.read_at IS NULL)"),
    ("an unread notification of a thread that was read", "SELECT n.id FROM notifications n JOIN mentorships m ON m.id = n.subject_id
        WHERE n.kind = 'MESSAGE_NEW' AND n.read_at IS NULL AND CASE WHEN n.user_id = m.mentor_id THEN m.mentor_read_seq ELSE m.mentee_read_seq END = m.last_message_seq
        UNION ALL SELECT n.id FROM notifications n JOIN conversations c ON c.id = n.subject_id
        WHERE n.kind = 'MESSAGE_NEW' AND n.read_at IS NULL AND CASE WHEN n.user_id = c.user_a_id THEN c.user_a_read_seq ELSE c.user_b_read_seq END = c.last_message_seq"),
    ("a user without a password", "SELECT u.id FROM users u WHERE NOT EXISTS (SELECT 1 FROM accounts a
        WHERE a.user_id = u.id AND a.provider = 'password')"),
    ("a live session of somebody suspended", "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE u.status = 'SUSPENDED' AND s.ended_at IS NULL"),
    ("dates of a session out of order", "SELECT id FROM sessions WHERE last_seen_at < created_at OR last_seen_at > {now}
        OR idle_expires_at > expires_at OR ended_at < last_seen_at OR ended_at > {now}"),
    ("a session older than its user", "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.created_at < u.created_at"),
    ("an e-mail that was not verified", "SELECT id FROM users WHERE email_verified_at IS NULL"),
    ("an onboarded user who skipped a step", "SELECT u.id FROM users u WHERE u.onboarding_completed_at IS NOT NULL AND
        (SELECT count(*) FROM onboarding_steps s WHERE s.user_id = u.id AND s.saved_at <= u.onboarding_completed_at) <>
        2 + CASE WHEN u.active_mentor THEN 1 ELSE 0 END + CASE WHEN u.active_mentee THEN 1 ELSE 0 END"),
    ("a mentor who offers no skill", "SELECT u.id FROM users u WHERE u.active_mentor AND NOT EXISTS (SELECT 1 FROM mentor_skills s WHERE s.user_id = u.id)"),
    ("a mentee who seeks no skill", "SELECT u.id FROM users u WHERE u.active_mentee AND NOT EXISTS (SELECT 1 FROM mentee_skills s WHERE s.user_id = u.id)"),
    ("an onboarded user without an hour or a language", "SELECT u.id FROM users u WHERE u.onboarding_completed_at IS NOT NULL AND
        (NOT EXISTS (SELECT 1 FROM availability_windows w WHERE w.user_id = u.id) OR NOT EXISTS (SELECT 1 FROM user_languages l WHERE l.user_id = u.id))"),
    ("windows that overlap", "SELECT a.user_id FROM availability_windows a JOIN availability_windows b ON a.user_id = b.user_id
        AND a.weekday = b.weekday AND a.start_minute < b.start_minute WHERE b.start_minute < a.end_minute"),
    ("a user of the future", "SELECT id FROM users WHERE created_at > {now} OR updated_at > {now}"),
];

async fn broken(db: &DatabaseConnection) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (rule, sql) in BROKEN {
        let sql = sql.replace(
            "{now}",
            match db.get_database_backend() {
                DbBackend::Postgres => "TIMESTAMPTZ '2026-11-02T09:00:00+00:00'",
                _ => NOW,
            },
        );
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
        if !rows.unwrap_or_else(|error| panic!("{rule}: {error}")).is_empty() {
            found.push(*rule);
        }
    }
    found
}

#[tokio::test]
async fn no_row_breaks_a_rule() {
    for scale in [None, Some(1500)] {
        for db in each().await {
            seed(&db, 1, scale).await.unwrap();
            assert_eq!(broken(&db).await, Vec::<&str>::new(), "{scale:?}");
        }
    }
}

#[tokio::test]
async fn the_ten_have_what_the_product_promises() {
    for db in each().await {
        let report = seed(&db, 1, None).await.unwrap();
        for (table, count) in [
            ("skills", 10),
            ("topics", 9),
            ("seniority_levels", 4),
            ("soft_skills", 15),
            ("industries", 30),
            ("users", 10),
            ("accounts", 10),
            ("conversations", 20),
        ] {
            assert_eq!(report.rows[table], count, "{table}");
            assert_eq!(number(&db, &format!("SELECT count(*) AS n FROM {table}")).await, count as i64, "{table}");
        }
        for (all, sql) in [
            (4, "SELECT count(DISTINCT status) AS n FROM mentorships"),
            (3, "SELECT count(DISTINCT origin) AS n FROM mentorships"),
            (3, "SELECT count(DISTINCT status) AS n FROM suggestions"),
            (5, "SELECT count(DISTINCT status) AS n FROM meetings"),
            (3, "SELECT count(DISTINCT status) AS n FROM goals"),
            (2, "SELECT count(DISTINCT visibility) AS n FROM notes"),
            (3, "SELECT count(DISTINCT status) AS n FROM users"),
            (3, "SELECT count(DISTINCT role) AS n FROM users"),
            (10, "SELECT count(DISTINCT time_zone) AS n FROM users"),
            (1, "SELECT count(*) AS n FROM settings WHERE suggestion_days = 365"),
        ] {
            assert_eq!(number(&db, sql).await, all, "{sql}");
        }
        for key in ["owner", "admin", "mentor", "mentee"] {
            let told = format!(
                "SELECT count(*) AS n FROM notifications n JOIN users u ON u.id = n.user_id WHERE u.email = '{key}@example.org'"
            );
            assert!(number(&db, &told).await > 0, "{key}");
        }
        for side in ["mentor", "mentee"] {
            let open = format!("SELECT count(*) AS n FROM suggestions s JOIN users u ON u.id = s.{side}_id
                WHERE u.email = '{side}@example.org' AND s.{side}_response = 'PENDING' AND s.status = 'PENDING' AND s.expires_at > '2027-09-01T00:00:00+00:00'");
            assert!(number(&db, &open).await >= 2, "{side}");
        }
        let shortest = number(&db, "SELECT min(last_message_seq) AS n FROM conversations").await;
        assert!(shortest >= 4, "{shortest}");
    }
}
