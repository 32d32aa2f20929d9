//! What sending a message costs where many are stored: as much as where few are.

use std::sync::Arc;

use anyhow::{Result, ensure};

use crate::cases::{self, Member, render};
use crate::cluster::Cluster;
use crate::load::{self, Measured};
use crate::server::Server;

/// Those who send, one after the other, each in a thread of their own.
const SENDERS: i64 = 256;
/// Messages that are added in one statement at most.
const AT_ONCE: i64 = 500_000;

const STORED: &str = "SELECT count(*) FROM messages";
const THREADS: &str = "SELECT count(*) FROM mentorships WHERE start_date IS NOT NULL";

/// Fifteen words of a vocabulary of five thousand for each, found by both of the thread, as the API stores them.
const FILL: &str = "
    WITH added AS (
        INSERT INTO messages (id, mentorship_id, sender_id, seq, content, client_id, sent_at, is_searchable)
        SELECT (lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
                || substr(md5(random()::text), 1, 20))::uuid,
            m.id, m.mentor_id, m.last_message_seq + n, repeat('word ', 15), gen_random_uuid(), now(), TRUE
        FROM mentorships m CROSS JOIN generate_series(1, $1::bigint) n WHERE m.start_date IS NOT NULL
        RETURNING id, mentorship_id
    )
    INSERT INTO message_words
    SELECT a.id, (SELECT string_agg(right(replace(side::text, '-', ''), 16) || word, ' ')::tsvector
        FROM unnest(ARRAY[m.mentor_id, m.mentee_id]) side,
            (SELECT 'w' || floor(random() * 5000) AS word FROM generate_series(1, 15) WHERE a.id IS NOT NULL) words)
    FROM added a JOIN mentorships m ON m.id = a.mentorship_id";
const COUNT: &str =
    "UPDATE mentorships SET last_message_seq = last_message_seq + $1::bigint WHERE start_date IS NOT NULL";

pub async fn measure(cluster: &Cluster, most: i64, seconds: u64) -> Result<()> {
    let api = Server::api(cluster)?;
    let senders = Arc::new(cases::senders(cluster, SENDERS).await?);
    println!("\n{:>12} {:>9} {:>9} {:>9} {:>9}", "stored", "mean ms", "p50 ms", "p99 ms", "ratio");
    let mut first = None;
    loop {
        let stored: i64 = cluster.connect().await?.query_one(STORED, &[]).await?.get(0);
        let sent = send(&api, &senders, seconds).await?;
        let (mean, ms) = (sent.latency.mean() / 1e3, |part| sent.latency.value_at_quantile(part) as f64 / 1e3);
        let ratio = mean / *first.get_or_insert(mean);
        println!("{stored:>12} {mean:>9.2} {:>9.2} {:>9.2} {ratio:>9.2}", ms(0.5), ms(0.99));
        if stored >= most {
            return Ok(());
        }
        fill(cluster, (stored * 10).min(most) - stored).await?;
    }
}

async fn send(api: &Server, senders: &Arc<Vec<Member>>, seconds: u64) -> Result<Measured> {
    let senders = Arc::clone(senders);
    let requests: load::Requests = Arc::new(move |number| {
        let sender = &senders[number as usize % senders.len()];
        let line = format!("POST /api/v1/mentorships/{}/messages", sender.thread.unwrap_or_default());
        Ok(render(&line, &cases::letter(), &sender.token))
    });
    load::run(api.address(), &requests, 1, 1).await?;
    load::run(api.address(), &requests, 1, seconds).await
}

async fn fill(cluster: &Cluster, count: i64) -> Result<()> {
    let client = cluster.connect().await?;
    let threads: i64 = client.query_one(THREADS, &[]).await?.get(0);
    ensure!(threads > 0, "the seeded database has no thread");
    let mut each = (count + threads - 1) / threads;
    while each > 0 {
        let part = each.min((AT_ONCE / threads).max(1));
        client.execute(FILL, &[&part]).await?;
        client.execute(COUNT, &[&part]).await?;
        each -= part;
    }
    client
        .batch_execute("VACUUM ANALYZE messages; VACUUM ANALYZE message_words; VACUUM mentorships; CHECKPOINT")
        .await?;
    Ok(())
}
