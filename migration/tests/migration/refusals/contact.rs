//! Wrong rows of blocks, of issues and of what may become of messages.

use super::Wrong;

pub const CONTACT: &[Wrong] = &[
    (
        "ck_settings_message_edit_minutes",
        "ck_settings_message_edit_minutes",
        "UPDATE settings SET message_edit_minutes = -1",
    ),
    (
        "ck_settings_message_deletion",
        "ck_settings_message_deletion",
        "UPDATE settings SET message_deletion = 'BY_ADMINS'",
    ),
    (
        "ck_settings_first_messages_per_day",
        "ck_settings_first_messages_per_day",
        "UPDATE settings SET first_messages_per_day = 0",
    ),
    ("ck_blocks_not_self", "ck_blocks_not_self", "UPDATE blocks SET blocked_id = blocker_id"),
    (
        "uq_blocks_pair",
        "blocks.blocker_id, blocks.blocked_id",
        "INSERT INTO blocks (id, blocker_id, blocked_id, created_at) VALUES ({66}, {2}, {1}, {later})",
    ),
    ("ck_issues_closed", "ck_issues_closed", "UPDATE issues SET closed_at = NULL"),
    (
        "ck_issues_answered",
        "ck_issues_answered",
        "UPDATE issues SET status = 'ANSWERED', closed_at = NULL, answered_at = NULL",
    ),
    ("ck_issues_text", "ck_issues_text", "UPDATE issues SET text = ''"),
    ("ck_issue_messages_seq", "ck_issue_messages_seq", "UPDATE issue_messages SET seq = 0"),
    (
        "ck_thread_accesses_one_thread",
        "ck_thread_accesses_one_thread",
        "UPDATE thread_accesses SET mentorship_id = NULL",
    ),
    ("ck_thread_accesses_last_seq", "ck_thread_accesses_last_seq", "UPDATE thread_accesses SET last_seq = 0"),
];
