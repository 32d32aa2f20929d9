//! Lists of one member: both engines on the same index, the same queries in turn.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use entity::side::Side;
use matching::{Hit, Index, Policy, Profile, Query, Retriever, Scan, Sliced};
use uuid::Uuid;

use crate::clock::{median, p99, timed};
use crate::generator::Random;
use crate::people::{People, now};
use crate::tell;

/// How long a list is.
const LIST: usize = 10;
/// How many partners of a member are out of the question already.
const EXCLUDED: u64 = 20;
/// Each is asked so often, and the middle time counts.
const TURNS: usize = 3;

/// Prints the times of lists for members on `side` among `rows` of the other side.
pub fn measure(people: &People, rows: u64, side: Side, queries: u64) -> Result<()> {
    let index = index_of(people, &people.policy()?, side.other(), rows)?;
    tell("bytes_a_row", index.memory_bytes() as u64 / rows);
    let (mut scanned, mut sliced) = (Vec::new(), Vec::new());
    for number in 0..queries {
        let me = available(people, side, number);
        let excluded = excluded(people, side.other(), number, rows);
        let (slow, slow_ns) = ask(&Scan(&index), &me, side, &excluded)?;
        let (fast, fast_ns) = ask(&Sliced(&index), &me, side, &excluded)?;
        ensure!(slow == fast, "the engines differ for query {number}");
        scanned.push(slow_ns);
        sliced.push(fast_ns);
    }
    tell("scan_p99_ns", p99(scanned.clone()));
    tell("sliced_p99_ns", p99(sliced.clone()));
    tell("scan_ns", median(scanned));
    tell("sliced_ns", median(sliced));
    Ok(())
}

/// `rows` people of one side, made and taken in one by one.
pub fn index_of(people: &People, policy: &Policy, side: Side, rows: u64) -> Result<Index> {
    let mut index = Index::new(policy.clone(), now());
    for number in 0..rows {
        index.upsert(side, &people.somebody(side, number))?;
    }
    Ok(index)
}

/// One who can be matched: the others get no list, which costs nothing.
pub fn available(people: &People, side: Side, number: u64) -> Profile {
    people.participant(side, (1 << 31) + number)
}

fn excluded(people: &People, side: Side, number: u64, rows: u64) -> BTreeSet<Uuid> {
    let mut random = Random::of(4, number);
    (0..EXCLUDED).map(|_| people.somebody(side, random.below(rows)).user_id).collect()
}

/// What an engine answers, and the middle time of some turns in nanoseconds.
pub fn ask(engine: &dyn Retriever, me: &Profile, side: Side, excluded: &BTreeSet<Uuid>) -> Result<(Vec<Hit>, i64)> {
    let query = Query { profile: me, side };
    let (mut hits, mut times) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (found, ns) = timed(|| engine.top_k(&query, LIST, excluded));
        hits = found?;
        times.push(ns);
    }
    Ok((hits, median(times)))
}
