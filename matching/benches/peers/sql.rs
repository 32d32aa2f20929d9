//! Lists by one question that SQL answers well: the skills alone, by rarity and priority, among mentors who have a place.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, anyhow};
use entity::side::Side;
use matching::{Component, Floors, Hit, LevelFactors, Policy, Profile, Ratio, Sliced, Terms};

use crate::clock::median;
use crate::people::People;
use crate::retrieval::{ask, available, index_of};
use crate::tell;

/// Writes so many mentors as `COPY` reads them, and what some mentees seek with the points of those whom [`Sliced`] finds; prints
/// the time that it takes.
pub fn measure(people: &People, folder: &Path, rows: u64, queries: u64) -> Result<()> {
    write_mentors(people, folder, rows)?;
    let policy = skills_alone(&people.policy()?)?;
    let index = index_of(people, &policy, Side::Mentor, rows)?;
    let (mut wishes, mut times) = (String::new(), Vec::new());
    for mentee in (0..queries).map(|number| asking(people, number)) {
        let (hits, ns) = ask(&Sliced(&index), &mentee, Side::Mentee, &BTreeSet::new())?;
        times.push(ns);
        let _ = writeln!(wishes, "{}\t{}", sought(&mentee, &policy), points(&hits));
    }
    tell("sliced_ns", median(times));
    Ok(std::fs::write(folder.join("sql-wishes.tsv"), wishes)?)
}

/// The policy without what SQL is not asked for: other components, floors, levels and prices.
fn skills_alone(policy: &Policy) -> Result<Policy> {
    let mut most = [0; Component::COUNT];
    most[Component::Skills as usize] = 1000;
    let terms = Terms {
        most,
        floors: Floors { mentee: 0, mentor: 0 },
        levels: LevelFactors { above: 10, equal: 10, below: 10 },
        lambda: Ratio { upper: 0, lower: 1 },
        ..Terms::clone(policy)
    };
    Policy::new(terms).map_err(|faults| anyhow!("{faults:?}"))
}

/// A mentee who shares skills or nothing, and takes a mentor of any gender.
fn asking(people: &People, number: u64) -> Profile {
    let mentee = available(people, Side::Mentee, number);
    Profile { topics: BTreeSet::new(), preferred_gender: Default::default(), ..mentee }
}

fn sought(mentee: &Profile, policy: &Policy) -> String {
    let weight = |(id, skill): (&uuid::Uuid, &matching::Skill)| {
        let weight = u32::from(skill.priority) * u32::from(policy.rarity.of(*id));
        format!("{}:{weight}", id.as_u128() as u64)
    };
    mentee.skills.iter().map(weight).collect::<Vec<_>>().join(",")
}

fn points(hits: &[Hit]) -> String {
    hits.iter().map(|hit| hit.key.to_string()).collect::<Vec<_>>().join(",")
}

fn write_mentors(people: &People, folder: &Path, rows: u64) -> Result<()> {
    let [mut mentors, mut skills] = [(); 2].map(|()| String::new());
    for number in 0..rows {
        let mentor = people.somebody(Side::Mentor, number);
        let _ = writeln!(mentors, "{}", mentor_row(number, &mentor));
        for id in mentor.skills.keys() {
            let _ = writeln!(skills, "{number}\t{}", id.as_u128() as u64);
        }
    }
    std::fs::write(folder.join("sql-mentors.tsv"), mentors)?;
    Ok(std::fs::write(folder.join("sql-skills.tsv"), skills)?)
}

fn mentor_row(number: u64, mentor: &Profile) -> String {
    let skills: Vec<_> = mentor.skills.keys().map(|id| (id.as_u128() as u64).to_string()).collect();
    let (standing, seats) = (mentor.standing, mentor.seats);
    format!(
        "{number}\t{}\t{}\t{}\t{}\t{{{}}}",
        standing.active,
        standing.paused,
        seats.free,
        seats.open_suggestions,
        skills.join(","),
    )
}
