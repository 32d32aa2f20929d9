//! The same members as rows of a database.

use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use entity::side::Side;
use matching::Profile;

use crate::people::People;
use crate::retrieval::available;

/// Writes so many mentors as `COPY` reads them, and what some mentees seek.
pub fn write(people: &People, folder: &Path, rows: u64, queries: u64) -> Result<()> {
    let [mut mentors, mut skills, mut wishes] = [(); 3].map(|()| String::new());
    for number in 0..rows {
        let mentor = people.somebody(Side::Mentor, number);
        let _ = writeln!(mentors, "{}", mentor_row(number, &mentor));
        for (id, skill) in &mentor.skills {
            let _ = writeln!(skills, "{number}\t{}\t{}", id.as_u128() as u64, skill.level.unwrap_or_default());
        }
    }
    let policy = people.policy()?;
    for number in 0..queries {
        let mentee = available(people, Side::Mentee, number);
        let languages: Vec<_> = mentee.languages.iter().map(String::as_str).collect();
        let sought = mentee.skills.iter().map(|(id, skill)| {
            let weight = u32::from(skill.priority) * u32::from(policy.rarity.of(*id));
            format!("{}:{weight}", id.as_u128() as u64)
        });
        let sought: Vec<_> = sought.collect();
        let _ = writeln!(wishes, "{}\t{}", languages.join(","), sought.join(","));
    }
    std::fs::write(folder.join("sql-mentors.tsv"), mentors)?;
    std::fs::write(folder.join("sql-skills.tsv"), skills)?;
    Ok(std::fs::write(folder.join("sql-wishes.tsv"), wishes)?)
}

fn mentor_row(number: u64, mentor: &Profile) -> String {
    let skills: Vec<_> = mentor.skills.keys().map(|id| (id.as_u128() as u64).to_string()).collect();
    let languages: Vec<_> = mentor.languages.iter().map(String::as_str).collect();
    format!(
        "{number}\t{}\t{}\t{}\t{}\t{{{}}}\t{{{}}}",
        mentor.standing.active,
        mentor.standing.paused,
        mentor.seats.free,
        mentor.seats.open_suggestions,
        languages.join(","),
        skills.join(","),
    )
}
