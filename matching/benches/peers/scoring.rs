//! A million pairs scored, and the skills of the same people for others to do it with.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use entity::side::Side;
use matching::cohort::Scores;
use matching::{Component, Horizon, LevelFactors, PairBlocks, Policy, Profile, Roster, score};

use crate::clock::{median, timed};
use crate::people::{People, now};
use crate::tell;

const PEOPLE: u64 = 1_000;
const SKILLS: u64 = 600;
/// What a level may be, none among them.
const LEVELS: [Option<u8>; 6] = [None, Some(1), Some(2), Some(3), Some(4), Some(5)];

/// Prints what it costs to make a roster of a thousand mentors and a thousand mentees and to score each with each. Writes the skills
/// of both sides as columns of matrices, whose product is what the skills earn, and some of what they must earn.
pub fn measure(people: &People, folder: &Path, repeat: usize) -> Result<()> {
    let policy = people.policy()?;
    let [mentors, mentees] = [Side::Mentor, Side::Mentee]
        .map(|side| (0..PEOPLE).map(|number| people.participant(side, number)).collect::<Vec<_>>());
    let times = (0..repeat).map(|_| {
        let (mentors, mentees) = (mentors.clone(), mentees.clone());
        let (scored, ns) = timed(|| all_scores(&policy, mentors, mentees));
        scored.map(|()| ns)
    });
    tell("million_ns", median(times.collect::<Result<_>>()?));
    tell("skills", SKILLS);
    std::fs::write(folder.join("mentors.csv"), offers(&mentors))?;
    std::fs::write(folder.join("mentees.csv"), wishes(&policy, &mentees))?;
    std::fs::write(folder.join("skills.csv"), earned(&policy, &mentors, &mentees)?)?;
    Ok(())
}

fn all_scores(policy: &Policy, mentors: Vec<Profile>, mentees: Vec<Profile>) -> Result<()> {
    let mut row = vec![0; mentors.len()];
    let roster = Roster::new(policy.clone(), now(), mentors, mentees, PairBlocks::default())?;
    for mentee in 0..roster.mentees().len() {
        roster.row(mentee, &mut row);
        std::hint::black_box(&row);
    }
    Ok(())
}

/// Mentor, skill and level: where a matrix has a one.
fn offers(mentors: &[Profile]) -> String {
    let mut text = String::new();
    for (row, mentor) in mentors.iter().enumerate() {
        for (id, skill) in &mentor.skills {
            let _ = writeln!(text, "{row},{},{}", id.as_u128() as u64, skill.level.unwrap_or_default());
        }
    }
    text
}

/// Mentee, skill, the mentor's level, and what that earns in ten times weights; then the mentee's sum of weights.
fn wishes(policy: &Policy, mentees: &[Profile]) -> String {
    let mut text = String::new();
    let factors: LevelFactors = policy.levels;
    for (row, mentee) in mentees.iter().enumerate() {
        let weight = |id, skill: &matching::Skill| u32::from(skill.priority) * u32::from(policy.rarity.of(id));
        let all: u32 = mentee.skills.iter().map(|(id, skill)| weight(*id, skill)).sum();
        for (id, skill) in &mentee.skills {
            for level in LEVELS {
                let worth = weight(*id, skill) * u32::from(factors.tenths(level, skill.level));
                let _ = writeln!(text, "{row},{},{},{worth},{all}", id.as_u128() as u64, level.unwrap_or_default());
            }
        }
    }
    text
}

/// Mentee, mentor and the points of their skills, for every mentee with some mentors.
fn earned(policy: &Policy, mentors: &[Profile], mentees: &[Profile]) -> Result<String> {
    let mut text = String::new();
    for (row, mentee) in mentees.iter().enumerate() {
        for (column, mentor) in mentors.iter().enumerate().skip(row % 50).step_by(50) {
            let points = score(policy, mentor, mentee, &Horizon::new(now()))?;
            let _ = writeln!(text, "{row},{column},{}", points.of(Component::Skills));
        }
    }
    Ok(text)
}
