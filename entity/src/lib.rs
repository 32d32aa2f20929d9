//! The tables: columns, relations, who may see a row, and the rules about one row.

#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests of tables run without an AppState"))]

pub mod account;
pub mod availability_window;
pub mod component;
pub mod conversation;
pub mod event;
pub mod event_receiver;
pub mod event_stream;
pub mod goal;
pub mod idempotency_key;
pub mod index_snapshot;
pub mod industry;
pub mod job_turn;
pub mod mail;
pub mod match_run;
pub mod match_run_pair;
pub mod match_run_result;
pub mod match_run_snapshot;
pub mod matching_policy;
pub mod matching_report;
pub mod meeting;
pub mod mentee_skill;
pub mod mentee_soft_skill;
pub mod mentee_topic;
pub mod mentor_skill;
pub mod mentor_soft_skill;
pub mod mentor_topic;
pub mod mentorship;
pub mod message;
pub mod milestone;
pub mod note;
pub mod notification;
pub mod notification_preferences;
pub mod oauth_handover;
pub mod onboarding_step;
pub mod pair_ban;
pub mod recovery_code;
pub mod seat_price;
pub mod second_factor;
pub mod seniority_level;
pub mod session;
pub mod setting;
pub mod side;
pub mod skill;
pub mod soft_skill;
pub mod stream_ticket;
pub mod suggestion;
mod text_enum;
pub mod topic;
pub mod user;
pub mod user_industry;
pub mod user_language;
pub mod verification_token;
mod version;

pub use version::Version;
