//! What a failed statement means to a client.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

use super::{Code, Error};

/// What a broken constraint means: PostgreSQL names it; SQLite names its columns, or an index of expressions.
const CONSTRAINTS: &[(&str, &str, Code)] = &[
    ("uq_mentorships_open_pair", "index 'uq_mentorships_open_pair'", Code::MentorshipExists),
    ("uq_users_email_key", "users.email_key", Code::AlreadyExists),
    ("uq_blocks_pair", "blocks.blocker_id, blocks.blocked_id", Code::AlreadyExists),
    ("uq_issues_open_message", "issues.reporter_id, issues.message_id", Code::AlreadyExists),
    ("uq_issues_open_user", "issues.reporter_id, issues.reported_id", Code::AlreadyExists),
    ("uq_pair_bans_pair", "pair_bans.one_id, pair_bans.other_id", Code::AlreadyExists),
    ("uq_match_runs_under_way", "index 'uq_match_runs_under_way'", Code::MatchRunUnderWay),
    ("uq_suggestions_pending_pair", "suggestions.mentor_id, suggestions.mentee_id", Code::AlreadyExists),
];

impl From<DbErr> for Error {
    fn from(cause: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = cause.sql_err()
            && let Some((_, _, code)) =
                CONSTRAINTS.iter().find(|(name, columns, _)| text.contains(name) || text.ends_with(columns))
        {
            return Self::from(*code);
        }
        if is_outage(&cause) {
            tracing::error!(cause = %cause, "the database cannot answer");
            return Self::from(Code::Unavailable);
        }
        Self::Internal(cause.into())
    }
}

fn is_outage(cause: &DbErr) -> bool {
    let runtime = match cause {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return true,
        DbErr::Exec(runtime) | DbErr::Query(runtime) => runtime,
        _ => return false,
    };
    let RuntimeErr::SqlxError(error) = runtime else { return false };
    match error.as_ref() {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_outage_code(&code)),
        _ => false,
    }
}

/// SQLSTATE classes 08 (connection), 25006 (read-only after a failover), 53 (resources), 55P03 (lock timeout), 57 (operator intervention, statement timeout), 58 (system),
/// 40 (serialisation, deadlock); SQLite BUSY 5, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14 in the low byte.
fn is_outage_code(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "25006", "40", "53", "55P03", "57", "58"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 8 | 10 | 13 | 14))
}
