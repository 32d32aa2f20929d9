//! The whole cohort: cold, with its proof, and after a decline.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use matching::cohort::{self, Cohort, Effort, Unwatched};

use crate::clock::{median, memory_kib, timed};
use crate::generator::Random;
use crate::instance::Instance;
use crate::{simple, tell};

const DECLINES: u64 = 200;

/// Prints what a solution, its proof and a decline take, in nanoseconds.
pub fn measure(folder: &Path, name: &str) -> Result<()> {
    let instance = Instance::read(folder, name)?;
    let start = Instant::now();
    let (cohort, solve_ns) = timed(|| solve(&instance));
    let mut cohort = cohort?;
    let (proof, certificate_ns) = timed(|| cohort.certificate());
    ensure!(proof.is_some(), "no certificate");
    let (checked, check_ns) = timed(|| cohort.check());
    ensure!(checked.is_ok(), "the check found {checked:?}");
    tell("wall_ns", start.elapsed().as_nanos());
    tell("solve_ns", solve_ns);
    tell("proven_ns", solve_ns + certificate_ns + check_ns);
    tell("points", cohort.totals().points);
    tell("pairs", cohort.totals().pairs);
    tell("decline_ns", median(declines(&mut cohort)?));
    ensure!(cohort.check().is_ok(), "the plan after declines is not best");
    Ok(())
}

/// Prints how large an instance is, and what simpler ways than a solver come to.
pub fn describe(folder: &Path, name: &str) -> Result<()> {
    let instance = Instance::read(folder, name)?;
    tell("seats", instance.seats().iter().sum::<u32>());
    tell("allowed", instance.allowed());
    tell("greedy", simple::greedy(&instance));
    tell("first_come", simple::first_come(&instance));
    Ok(())
}

/// Prints the most memory that a solution takes beside the scores themselves, in KiB.
pub fn memory(folder: &Path, name: &str) -> Result<()> {
    let instance = Instance::read(folder, name)?;
    let before = memory_kib("VmRSS")?;
    let cohort = solve(&instance)?;
    ensure!(cohort.check().is_ok(), "the plan is not best");
    let most = memory_kib("VmHWM")?;
    tell("memory_kib", most);
    tell("memory_beside_scores_kib", most.saturating_sub(before));
    Ok(())
}

fn solve(instance: &Instance) -> Result<Cohort<&Instance>> {
    cohort::solve(instance.problem(), instance, &Effort::default(), &Unwatched)
        .map_err(|error| anyhow::anyhow!("{error}"))
}

/// Nanoseconds of each decline, one after the other: a pair of the plan that must not be.
fn declines(cohort: &mut Cohort<&Instance>) -> Result<Vec<i64>> {
    let mut random = Random::of(3, DECLINES);
    let mut times = Vec::new();
    for _ in 0..DECLINES {
        let pair = random.pick(&cohort.pairs());
        let (difference, ns) = timed(|| cohort.ban(pair));
        let difference = difference.map_err(|error| anyhow::anyhow!("{error}"))?;
        ensure!(difference.removed.contains(&pair), "the declined pair stayed");
        times.push(ns);
    }
    Ok(times)
}
