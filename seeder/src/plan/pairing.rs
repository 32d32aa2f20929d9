//! How two fit and why, as the API would say it of the same profiles.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::side::Side;
use entity::suggestion::Shared;
use matching::{Fit, Horizon, Hours, Policy, Profile, Skill};
use uuid::Uuid;

use super::{Member, Window};
use crate::taxonomy::{INDUSTRIES, SKILLS, SOFT_SKILLS, TOPICS, Term, term_id};

/// The names of all terms by their ids.
static TERMS: LazyLock<BTreeMap<Uuid, Shared>> = LazyLock::new(|| {
    let tables: [(&str, &[Term]); 4] =
        [("skills", &SKILLS), ("topics", &TOPICS), ("industries", &INDUSTRIES), ("soft_skills", &SOFT_SKILLS)];
    let each = tables.iter().flat_map(|(table, terms)| terms.iter().map(|term| (term_id(table, *term), *term)));
    each.map(|(id, (name, slug))| (id, Shared { slug: slug.to_owned(), name: name.to_owned() })).collect()
});

/// What the pair earned on that day, and why.
///
/// # Errors
/// Where a profile does not keep the bounds of matching.
pub fn fit(mentor: &Member, mentee: &Member, at: DateTime<Utc>) -> Result<Fit> {
    let (policy, horizon) = (Policy::default(), Horizon::new(at));
    let (mentor, mentee) = (profile(mentor, Side::Mentor), profile(mentee, Side::Mentee));
    let points = matching::score(&policy, &mentor, &mentee, &horizon).context("the seeded profiles keep no bounds")?;
    Ok(Fit::new(&policy, &mentor, &mentee, points, &horizon))
}

pub fn name(term: Uuid) -> Option<Shared> {
    TERMS.get(&term).cloned()
}

fn profile(member: &Member, side: Side) -> Profile {
    let ids =
        |table, terms: &[Term], places: &[usize]| places.iter().map(|place| term_id(table, terms[*place])).collect();
    let skills = side.pick(&member.offers, &member.seeks).iter();
    let skill =
        |level: &Option<i16>| Skill { level: level.and_then(|level| u8::try_from(level).ok()), ..Skill::default() };
    Profile {
        user_id: member.row.id,
        skills: skills.map(|(place, level)| (term_id("skills", SKILLS[*place]), skill(level))).collect(),
        topics: ids("topics", &TOPICS, side.pick(&member.topics_offered, &member.topics_sought)),
        soft_skills: ids("soft_skills", &SOFT_SKILLS, side.pick(&member.soft_offers, &member.soft_seeks)),
        industries: ids("industries", &INDUSTRIES, &member.industries),
        languages: member.languages.iter().map(|language| (*language).to_owned()).collect(),
        place: member.row.location.as_deref().and_then(matching::place),
        in_person: member.row.in_person,
        seniority: member.rank.and_then(|rank| u8::try_from(rank).ok()),
        hours: hours(member),
        ..Profile::default()
    }
}

fn hours(member: &Member) -> Hours {
    let zone: Tz = member.row.time_zone.parse().unwrap_or(Tz::UTC);
    let windows = member.windows.iter();
    let window = |window: &Window| matching::Window {
        weekday: window.weekday,
        start_minute: window.start,
        end_minute: window.end,
    };
    Hours::new(zone, windows.map(window))
}
