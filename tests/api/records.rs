//! The checker of live records: what a client heard beside what the log says that it was to hear.

use sea_orm::{ConnectionTrait, Statement};
use support::{App, Client, EventKey, is_postgres};
use uuid::Uuid;

/// What a record has that the log has not, or the other way round.
#[derive(Debug, PartialEq)]
enum Fault {
    Missing(EventKey),
    Doubled(EventKey),
    Unknown(EventKey),
    OutOfOrder(EventKey),
}

/// Whether `record` is `log`: nothing missing, nothing twice, in order.
fn check(record: &[EventKey], log: &[EventKey]) -> Result<(), Fault> {
    let count = |all: &[EventKey], key: &EventKey| all.iter().filter(|one| *one == key).count();
    for key in record {
        match (count(record, key), count(log, key)) {
            (_, 0) => return Err(Fault::Unknown(key.clone())),
            (1, 1) => {}
            _ => return Err(Fault::Doubled(key.clone())),
        }
    }
    if let Some(missing) = log.iter().find(|key| !record.contains(key)) {
        return Err(Fault::Missing(missing.clone()));
    }
    match record.iter().zip(log).find(|(heard, written)| heard != written) {
        Some((heard, _)) => Err(Fault::OutOfOrder(heard.clone())),
        None => Ok(()),
    }
}

#[test]
fn the_checker_catches_planted_faults() {
    let log: Vec<EventKey> = (1..=9).map(|seq| ("mentorship".to_owned(), "id".to_owned(), seq)).collect();
    assert_eq!(check(&log, &log), Ok(()));
    let mut dropped = log.clone();
    dropped.remove(4);
    assert_eq!(check(&dropped, &log), Err(Fault::Missing(log[4].clone())));
    let mut doubled = log.clone();
    doubled.insert(7, log[4].clone());
    assert_eq!(check(&doubled, &log), Err(Fault::Doubled(log[4].clone())));
    let mut swapped = log.clone();
    swapped.swap(3, 4);
    assert_eq!(check(&swapped, &log), Err(Fault::OutOfOrder(log[4].clone())));
    let mut cut = log.clone();
    cut.pop();
    assert_eq!(check(&cut, &log), Err(Fault::Missing(log[8].clone())));
}

/// What `who` was to hear, in the order of the log.
pub async fn log_of(app: &App, who: &Client) -> Vec<EventKey> {
    let (same, order) = match is_postgres() {
        true => ("e.transaction_id = r.at::text::xid8 AND e.place = r.place", "r.at, r.place"),
        false => ("e.rowid = r.at", "r.at"),
    };
    let sql = format!(
        "SELECT e.stream_kind, e.stream_id, e.seq FROM event_receivers r JOIN events e ON {same}
        WHERE r.user_id = $1 ORDER BY {order}"
    );
    let statement = Statement::from_sql_and_values(app.db().get_database_backend(), sql, [who.id.into()]);
    let rows = app.db().query_all_raw(statement).await.unwrap();
    let key = |row: &sea_orm::QueryResult| -> EventKey {
        let id: Uuid = row.try_get("", "stream_id").unwrap();
        (row.try_get("", "stream_kind").unwrap(), id.to_string(), row.try_get("", "seq").unwrap())
    };
    rows.iter().map(key).collect()
}

/// Each client heard what it was to hear, once and in order.
pub async fn assert_records(app: &App, people: &[Client], records: Vec<Vec<EventKey>>) {
    let mut heard = 0;
    for (who, record) in people.iter().zip(&records) {
        let log = log_of(app, who).await;
        assert_eq!(check(record, &log), Ok(()), "{}: {} of {}", who.name, record.len(), log.len());
        heard += record.len();
    }
    println!("{} clients heard {heard} events, each once and in order", people.len());
}
