//! A database that was restored into another PostgreSQL cluster, which counts transactions anew (promise I4).

use api::events::told;
use sea_orm::{ConnectionTrait, Statement};
use support::{App, Pair, is_postgres};

use crate::live::send;

/// As a dump of a cluster that has counted far further leaves it.
const FROM_AN_OLDER_CLUSTER: &str = "
    ALTER TABLE events DISABLE TRIGGER USER;
    UPDATE events SET transaction_id = '999999999';
    ALTER TABLE events ENABLE TRIGGER USER;
    UPDATE event_streams SET last_transaction_id = '999999999';
    UPDATE event_receivers SET at = 999999999;
";

#[tokio::test]
async fn after_a_restore_into_a_younger_cluster_events_are_told() {
    if !is_postgres() {
        return; // Its rows are numbered by the file itself.
    }
    let app = App::start().await;
    let pair = app.pair().await;
    let path = format!("/mentorships/{}", pair.id);
    let mut before = pair.mentee.stream(None).await;
    before.expect("ready").await;
    for content in ["one", "two"] {
        send(&app, &pair.mentor, &path, content).await;
        before.expect("mentorship.message_sent").await;
    }
    drop(before);
    app.db().execute_unprepared(FROM_AN_OLDER_CLUSTER).await.unwrap();
    let node = app.another_node().await;
    let there = pair.mentee.at(node.base().to_owned());
    let mut stream = there.stream(None).await;
    let cursor = stream.expect("ready").await.id;
    let sent = send(&app, &pair.mentor, &path, "three").await;
    assert_eq!(stream.expect("mentorship.message_sent").await.data["message"], sent);
    assert_eq!(there.stream(Some(&cursor)).await.heard().await.data["message"], sent);
    assert_eq!(seqs(&app, &pair).await, [1, 2, 3]);
    // Once only: what is of this cluster stays as it is.
    let keys = keys(&app).await;
    let third = app.another_node().await;
    pair.mentee.at(third.base().to_owned()).stream(None).await.expect("ready").await;
    assert_eq!(self::keys(&app).await, keys);
}

async fn seqs(app: &App, pair: &Pair) -> Vec<i64> {
    let part = told::after(app.db(), Default::default(), 100).await.unwrap();
    part.events.iter().filter(|told| told.subject == pair.id).map(|told| told.seq).collect()
}

async fn keys(app: &App) -> Vec<String> {
    let sql = "SELECT transaction_id::text AS key FROM events ORDER BY id";
    let rows = app.db().query_all_raw(Statement::from_string(app.db().get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "key").unwrap()).collect()
}
