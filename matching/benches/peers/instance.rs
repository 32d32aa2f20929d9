//! A cohort to solve: the product's own scores of all pairs, written down so that everybody gets the same.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use entity::side::Side;
use matching::cohort::{FORBIDDEN, Mentee, Mentor, Problem, Scores};
use matching::{PairBlocks, Roster};

use crate::generator::Random;
use crate::people::{People, now};

/// Scores by mentee, then mentor, and the seats of each mentor.
pub struct Instance {
    scores: Vec<u16>,
    seats: Vec<u32>,
}

impl Instance {
    /// With `scarce`, mentors have one to three seats, 1.65 on average; else one each.
    pub fn make(people: &People, mentees: u64, mentors: u64, scarce: bool) -> Result<Self> {
        let mut random = Random::of(mentees, mentors);
        let mut seats =
            || if scarce { random.pick(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3]) } else { 1 };
        let seats = (0..mentors).map(|_| seats()).collect();
        let profiles: Vec<_> = (0..mentors).map(|number| people.participant(Side::Mentor, number)).collect();
        let seekers = (0..mentees).map(|number| people.participant(Side::Mentee, number)).collect();
        let roster = Roster::new(people.policy()?, now(), profiles, seekers, PairBlocks::default())?;
        let numbers: Vec<_> = (0..mentees as usize).collect();
        let share = numbers.len().div_ceil(std::thread::available_parallelism().map_or(1, usize::from)).max(1);
        let parts = std::thread::scope(|scope| {
            let roster = &roster;
            let workers: Vec<_> = numbers.chunks(share).map(|share| scope.spawn(move || rows(roster, share))).collect();
            let join = |worker: std::thread::ScopedJoinHandle<'_, Vec<u16>>| match worker.join() {
                Ok(part) => part,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            workers.into_iter().map(join).collect::<Vec<_>>()
        });
        Ok(Self { scores: parts.concat(), seats })
    }

    pub fn write(&self, folder: &Path, name: &str) -> Result<()> {
        let [scores, seats] = files(folder, name);
        let mut file = BufWriter::new(File::create(scores)?);
        for score in &self.scores {
            file.write_all(&score.to_le_bytes())?;
        }
        file.flush()?;
        let seats_bytes: Vec<_> = self.seats.iter().flat_map(|seats| seats.to_le_bytes()).collect();
        Ok(std::fs::write(seats, seats_bytes)?)
    }

    pub fn read(folder: &Path, name: &str) -> Result<Self> {
        let [scores, seats] = files(folder, name);
        Ok(Self { scores: numbers(&scores, u16::from_le_bytes)?, seats: numbers(&seats, u32::from_le_bytes)? })
    }

    pub fn mentees(&self) -> usize {
        self.scores.len() / self.seats.len()
    }

    pub fn seats(&self) -> &[u32] {
        &self.seats
    }

    /// How many pairs no rule forbids.
    pub fn allowed(&self) -> usize {
        self.scores.iter().filter(|score| **score != FORBIDDEN).count()
    }

    pub fn problem(&self) -> Problem {
        let mentees = (0..self.mentees()).map(|place| Mentee { key: place as u128, wishes: 1 });
        let mentors = self.seats.iter().zip(0..).map(|(seats, key)| Mentor { key, seats: *seats });
        Problem { mentees: mentees.collect(), mentors: mentors.collect(), seed: 1, ..Problem::default() }
    }
}

impl Scores for Instance {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        Some(self.scores[mentee * self.seats.len() + mentor]).filter(|score| *score != FORBIDDEN)
    }

    fn row(&self, mentee: usize, row: &mut [u16]) {
        let mentors = self.seats.len();
        row.copy_from_slice(&self.scores[mentee * mentors..(mentee + 1) * mentors]);
    }
}

fn rows(roster: &Roster, mentees: &[usize]) -> Vec<u16> {
    let mentors = roster.mentors().len();
    let mut scores = vec![FORBIDDEN; mentees.len() * mentors];
    for (mentee, row) in mentees.iter().zip(scores.chunks_exact_mut(mentors)) {
        roster.row(*mentee, row);
    }
    scores
}

fn files(folder: &Path, name: &str) -> [PathBuf; 2] {
    ["scores", "seats"].map(|kind| folder.join(format!("{name}.{kind}")))
}

fn numbers<T, const BYTES: usize>(file: &Path, decode: fn([u8; BYTES]) -> T) -> Result<Vec<T>> {
    let open = File::open(file).with_context(|| format!("opening {}", file.display()))?;
    let count = open.metadata()?.len() as usize / BYTES;
    let mut reader = BufReader::with_capacity(1 << 20, open);
    let mut numbers = Vec::with_capacity(count);
    let mut bytes = [0; BYTES];
    for _ in 0..count {
        reader.read_exact(&mut bytes)?;
        numbers.push(decode(bytes));
    }
    Ok(numbers)
}
