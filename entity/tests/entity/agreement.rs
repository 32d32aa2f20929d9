use std::collections::BTreeSet;

use entity::*;
use sea_orm::{
    ActiveEnum, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IdenStatic, Iterable, Statement,
};

use crate::database::each;

#[tokio::test]
async fn each_entity_has_the_columns_of_its_table_and_can_be_read() {
    macro_rules! check {
        ($db:expr, $($entity:ident),+) => {
            [$(check_columns::<$entity::Entity>($db).await),+].len()
        };
    }
    for db in each().await {
        let db = &db;
        let checked = check!(
            db,
            account,
            availability_window,
            block,
            conversation,
            delivery,
            event,
            event_receiver,
            event_stream,
            goal,
            idempotency_key,
            index_snapshot,
            industry,
            issue,
            issue_message,
            job_turn,
            mail,
            match_run,
            match_run_pair,
            match_run_result,
            match_run_snapshot,
            matching_policy,
            matching_report,
            meeting,
            mentee_skill,
            mentee_soft_skill,
            mentee_topic,
            mentor_skill,
            mentor_soft_skill,
            mentor_topic,
            mentorship,
            message,
            milestone,
            note,
            notification,
            oauth_handover,
            onboarding_step,
            pair_ban,
            phone_number,
            push_subscription,
            recovery_code,
            reminder,
            seat_price,
            second_factor,
            seniority_level,
            session,
            setting,
            skill,
            soft_skill,
            stream_ticket,
            suggestion,
            thread_access,
            topic,
            user,
            user_industry,
            user_language,
            verification_token
        );
        let tables = match db.get_database_backend() {
            DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
            _ => "SELECT name FROM sqlite_schema WHERE type = 'table'",
        };
        let tables = names(db, tables).await;
        // The index of messages has no rows of its own: only hand-written statements look into it.
        let others = |table: &&String| *table != "seaql_migrations" && !table.starts_with("message_words");
        assert_eq!(checked, tables.iter().filter(others).count());
    }
}

#[tokio::test]
async fn each_enumeration_has_the_words_of_its_check() {
    let db = each().await.remove(0);
    let checks: [(&str, &str, Vec<String>); 30] = [
        ("users", "gender", words::<user::Gender>()),
        ("users", "preferred_mentor_gender", words::<user::PreferredGender>()),
        ("users", "role", words::<user::Role>()),
        ("users", "status", words::<user::Status>()),
        ("onboarding_steps", "step", words::<onboarding_step::Step>()),
        ("mails", "status", words::<mail::Status>()),
        ("sessions", "mode", words::<session::Mode>()),
        ("sessions", "ended_reason", words::<session::EndedReason>()),
        ("verification_tokens", "purpose", words::<verification_token::Purpose>()),
        ("suggestions", "mentor_response", words::<suggestion::Response>()),
        ("suggestions", "mentee_response", words::<suggestion::Response>()),
        ("suggestions", "status", words::<suggestion::Status>()),
        ("mentorships", "origin", words::<mentorship::Origin>()),
        ("mentorships", "status", words::<mentorship::Status>()),
        ("mentorships", "end_reason", words::<mentorship::EndReason>()),
        ("goals", "kind", words::<goal::Kind>()),
        ("goals", "status", words::<goal::Status>()),
        ("notes", "visibility", words::<note::Visibility>()),
        ("meetings", "status", words::<meeting::Status>()),
        ("notifications", "kind", words::<notification::Kind>()),
        ("deliveries", "channel", words::<delivery::Channel>()),
        ("deliveries", "status", words::<delivery::Status>()),
        ("deliveries", "reason", words::<delivery::Reason>()),
        ("reminders", "stage", words::<reminder::Stage>()),
        ("match_runs", "state", words::<match_run::State>()),
        ("match_runs", "mode", words::<match_run::Mode>()),
        ("settings", "message_deletion", words::<setting::MessageDeletion>()),
        ("issues", "kind", words::<issue::Kind>()),
        ("issues", "category", words::<issue::Category>()),
        ("issues", "status", words::<issue::Status>()),
    ];
    for (table, column, words) in checks {
        let sql = names(&db, &format!("SELECT sql AS name FROM sqlite_schema WHERE name = '{table}'")).await.concat();
        let check = sql.split(&format!("({column} IN (")).nth(1).unwrap();
        let check: Vec<&str> =
            check.split(')').next().unwrap().split(',').map(|w| w.trim().trim_matches('\'')).collect();
        assert_eq!(check, words, "{table}.{column}");
    }
}

/// What only who reads on in the log asks for.
const ORDER_OF_LOG: [(&str, &str); 4] = [
    ("events", "transaction_id"),
    ("events", "place"),
    ("events", "receivers"),
    ("event_streams", "last_transaction_id"),
];

async fn check_columns<E: EntityTrait>(db: &DatabaseConnection) {
    let table = E::default().table_name().to_owned();
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            format!("SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}'")
        }
        _ => format!("SELECT name FROM pragma_table_xinfo('{table}')"),
    };
    let own: BTreeSet<String> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    let of_log = |name: &String| ORDER_OF_LOG.contains(&(table.as_str(), name.as_str()));
    let there: BTreeSet<String> = names(db, &sql).await.into_iter().filter(|name| !of_log(name)).collect();
    assert_eq!(own, there, "{table}");
    E::find().all(db).await.unwrap();
}

async fn names(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
}

fn words<E: ActiveEnum<Value = String>>() -> Vec<String> {
    E::iter().map(|word| word.to_value()).collect()
}
