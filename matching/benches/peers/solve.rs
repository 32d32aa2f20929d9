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

/// Prints the medians of `repeat` solutions, and what simpler ways come to.
pub fn measure(folder: &Path, name: &str, repeat: usize) -> Result<()> {
    let instance = Instance::read(folder, name)?;
    tell("mentees", instance.mentees());
    tell("mentors", instance.seats().len());
    tell("seats", instance.seats().iter().sum::<u32>());
    tell("allowed", instance.allowed());
    let mut times = [(); 4].map(|()| Vec::new());
    let mut last = None;
    for _ in 0..repeat {
        let start = Instant::now();
        let (cohort, solve_ns) = timed(|| solve(&instance));
        let cohort = cohort?;
        let (proof, certificate_ns) = timed(|| cohort.certificate());
        ensure!(proof.is_some(), "no certificate");
        let (checked, check_ns) = timed(|| cohort.check());
        ensure!(checked.is_ok(), "the check found {checked:?}");
        let wall_ns = i64::try_from(start.elapsed().as_nanos())?;
        for (times, ns) in times.iter_mut().zip([solve_ns, certificate_ns, check_ns, wall_ns]) {
            times.push(ns);
        }
        last = Some(cohort);
    }
    let [solve, certificate, check, wall] = times.map(median);
    tell("solve_ns", solve);
    tell("proven_ns", solve + certificate + check);
    tell("check_ns", check);
    tell("wall_ns", wall);
    let mut cohort = last.ok_or_else(|| anyhow::anyhow!("nothing was repeated"))?;
    tell("points", cohort.totals().points);
    tell("pairs", cohort.totals().pairs);
    tell("greedy", simple::greedy(&instance));
    tell("first_come", simple::first_come(&instance));
    tell("decline_ns", median(declines(&mut cohort)?));
    ensure!(cohort.check().is_ok(), "the plan after declines is not best");
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
