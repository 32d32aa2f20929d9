//! Matching beside its peers: makes the instances and measures our side. `scripts/benchmark-matching.sh` runs it and the peers.

mod clock;
mod generator;
mod instance;
mod people;
mod retrieval;
mod scoring;
mod simple;
mod solve;
mod sql;

use std::fmt::Display;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use entity::side::Side;

use crate::instance::Instance;
use crate::people::People;

#[derive(Parser)]
struct Arguments {
    /// Of the generator of people, which is SplitMix64
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// A file of sets of skills to take people's skills from
    #[arg(long)]
    sets: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
    /// Given by cargo
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Write a cohort's scores and seats
    Make {
        folder: PathBuf,
        name: String,
        mentees: u64,
        mentors: u64,
        /// Fewer seats than mentees, one to three a mentor; else one each
        #[arg(long)]
        scarce: bool,
    },
    /// Solve and prove a cohort that was made
    Solve { folder: PathBuf, name: String },
    /// Say how large it is and what greedy ways come to
    Describe { folder: PathBuf, name: String },
    /// Solve it once and say how much memory that takes
    Memory { folder: PathBuf, name: String },
    /// Lists among so many rows, for members on one side
    Retrieve {
        rows: u64,
        side: Whose,
        #[arg(long, default_value_t = 200)]
        queries: u64,
    },
    /// A million pairs, and their skills for others
    Score {
        folder: PathBuf,
        #[arg(long, default_value_t = 5)]
        repeat: usize,
    },
    /// Lists by skills alone, and the same mentors as rows of a database
    Rows {
        folder: PathBuf,
        rows: u64,
        #[arg(long, default_value_t = 30)]
        queries: u64,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Whose {
    Mentee,
    Mentor,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let people = match &arguments.sets {
        Some(file) => People::with_sets(arguments.seed, file)?,
        None => People::new(arguments.seed),
    };
    match arguments.command {
        Command::Make { folder, name, mentees, mentors, scarce } => {
            Instance::make(&people, mentees, mentors, scarce)?.write(&folder, &name)
        }
        Command::Solve { folder, name } => solve::measure(&folder, &name),
        Command::Describe { folder, name } => solve::describe(&folder, &name),
        Command::Memory { folder, name } => solve::memory(&folder, &name),
        Command::Retrieve { rows, side, queries } => {
            let side = if matches!(side, Whose::Mentee) { Side::Mentee } else { Side::Mentor };
            retrieval::measure(&people, rows, side, queries)
        }
        Command::Score { folder, repeat } => scoring::measure(&people, &folder, repeat),
        Command::Rows { folder, rows, queries } => sql::measure(&people, &folder, rows, queries),
    }
}

/// A measured value on a line of its own, for the report.
fn tell(name: &str, value: impl Display) {
    println!("{name}\t{value}");
}
