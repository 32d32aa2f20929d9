//! What the index costs: bytes by part, and how long a list, a changed profile and a whole build take.
//!
//!     cargo bench -p matching --bench index -- --members 1000000 --prices

mod population;

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::side::Side;
use matching::{Horizon, Index, Policy, Profile, Query, Rarity, Retriever, Scan, Sliced, Standing, Terms};
use population::{Dice, member};

const LIST: usize = 20;
const EXCLUDED: usize = 40;
const CHANGES: u64 = 20_000;

struct Options {
    members: u64,
    queries: usize,
    /// Whether mentors' seats have prices
    prices: bool,
    now: DateTime<Utc>,
}

impl Options {
    fn read() -> Self {
        let words: Vec<String> = std::env::args().collect();
        let number = |name: &str, default: u64| {
            let place = words.iter().position(|word| word == name);
            place.and_then(|place| words.get(place + 1)?.parse().ok()).unwrap_or(default)
        };
        Self {
            members: number("--members", 100_000),
            queries: number("--queries", 60) as usize,
            prices: words.iter().any(|word| word == "--prices"),
            now: DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default(),
        }
    }

    /// The sides of a member, `change` times changed.
    fn sides(&self, number: u64, change: u64) -> impl Iterator<Item = (Side, Profile)> {
        let member = member(number, change);
        let mentor = member.mentor.map(|mut mentor| {
            let mut dice = Dice(number ^ 7 << 50);
            mentor.seats.price = if self.prices && dice.below(4) == 0 { dice.below(300) as u16 } else { 0 };
            (Side::Mentor, mentor)
        });
        mentor.into_iter().chain(member.mentee.map(|mentee| (Side::Mentee, mentee)))
    }
}

fn main() {
    let options = Options::read();
    let mut index = build(&options);
    sizes(&index);
    for side in [Side::Mentee, Side::Mentor] {
        lists(&options, &index, side);
    }
    changes(&options, &mut index);
    clocks(&options, &mut index);
}

fn policy(members: u64) -> Policy {
    let offering = population::skill_ids().map(|skill| (skill, (members * 55 / 100 * 28 / 100) as u32));
    let rarity = Rarity::freeze((members * 55 / 100) as u32, offering);
    Policy::new(Terms { rarity, ..Terms::default() }).unwrap_or_default()
}

fn build(options: &Options) -> Index {
    let before = resident();
    let mut index = Index::new(policy(options.members), options.now);
    let mut took = Duration::ZERO;
    for number in 0..options.members {
        for (side, profile) in options.sides(number, 0) {
            let (known, time) = timed(|| index.upsert(side, &profile));
            assert_eq!(known, Ok(()));
            took += time;
        }
    }
    println!("members {}", options.members);
    println!("build {:.2} s", took.as_secs_f64());
    println!("resident memory of the process grew by {:.2} MB", (resident() - before) as f64 / 1e6);
    index
}

fn sizes(index: &Index) {
    for (part, bytes) in index.memory_by_part() {
        println!("  {part:<12} {:>8.2} MB", bytes as f64 / 1e6);
    }
    println!("  {:<12} {:>8.2} MB", "in all", index.memory_bytes() as f64 / 1e6);
}

/// Lists of members spread over the whole population, by both engines in turn.
fn lists(options: &Options, index: &Index, side: Side) {
    let step = (options.members / options.queries as u64).max(1);
    let everybody = (0..options.members).step_by(step as usize).flat_map(|number| options.sides(number, 0));
    let mut dice = Dice(11);
    let [mut scan, mut sliced] = [Vec::new(), Vec::new()];
    for (_, profile) in everybody.filter(|(theirs, _)| *theirs == side) {
        let profile = Profile { standing: Standing::default(), ..profile };
        let excluded: BTreeSet<_> =
            (0..EXCLUDED).map(|_| population::id(dice.below(options.members as usize) as u64)).collect();
        let query = Query { profile: &profile, side };
        let (one, took) = timed(|| Scan(index).top_k(&query, LIST, &excluded));
        scan.push(took);
        let (other, took) = timed(|| Sliced(index).top_k(&query, LIST, &excluded));
        sliced.push(took);
        assert_eq!(one, other, "the engines disagree");
    }
    let rows = index.len(side.other());
    let (scan, sliced) = (Times::new(scan), Times::new(sliced));
    println!("lists of a {side:?} among {rows}: {} queries", scan.0.len());
    let a_row = |percent| 1000.0 * scan.share(percent) / rows as f64;
    let [least, half, most] = [0, 50, 99].map(|percent| scan.share(percent));
    println!(
        "  scan   {least:.1} to {most:.1} µs, median {half:.1}: {:.2} ns a row, at least {:.2}",
        a_row(50),
        a_row(0)
    );
    let [least, half, most] = [0, 50, 99].map(|percent| sliced.share(percent));
    println!("  sliced {least:.1} to {most:.1} µs, median {half:.1}");
    println!(
        "  sliced / scan {:.3} of medians, {:.3} of sums",
        sliced.share(50) / scan.share(50),
        sliced.sum() / scan.sum()
    );
}

fn changes(options: &Options, index: &mut Index) {
    let mut took = Vec::new();
    let mut dice = Dice(5);
    for change in 0..CHANGES.min(options.members) {
        for (side, profile) in options.sides(dice.below(options.members as usize) as u64, change + 1) {
            let (known, time) = timed(|| index.upsert(side, &profile));
            assert_eq!(known, Ok(()));
            took.push(time);
        }
    }
    let took = Times::new(took);
    println!("a changed profile: median {:.2} µs, p99 {:.2} µs", took.share(50), took.share(99));
    println!("  after {} of them {:.2} MB", took.0.len(), index.memory_bytes() as f64 / 1e6);
}

fn clocks(options: &Options, index: &mut Index) {
    let autumn = Horizon::new(options.now).start() + chrono::TimeDelta::weeks(20);
    let ((), took) = timed(|| index.set_now(autumn));
    println!("moving on to other clocks: {:.1} ms", took.as_secs_f64() * 1e3);
}

/// With the processor time that it took: the machine may have other work.
fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
    };
    let start = now();
    let result = what();
    (result, now() - start)
}

/// Rising.
struct Times(Vec<Duration>);

impl Times {
    fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// Microseconds that `percent` of them stay below.
    fn share(&self, percent: usize) -> f64 {
        self.0.get(self.0.len() * percent / 100).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }

    fn sum(&self) -> f64 {
        self.0.iter().sum::<Duration>().as_secs_f64()
    }
}

/// Bytes of memory that the process has, where the system tells.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|pages| pages.split_whitespace().nth(1)?.parse::<u64>().ok());
    pages.unwrap_or_default() * 4096
}
