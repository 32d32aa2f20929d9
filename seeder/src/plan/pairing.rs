//! Why two fit: the reasons, from both profiles, and the score they make.

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use entity::suggestion::{Reasons, Shared};

use super::{Member, Window};
use crate::taxonomy::{INDUSTRIES, SKILLS, TOPICS, Term, term_id};

const DAY: i32 = 1440;
const WEEK: i32 = 7 * DAY;
/// Shared time beyond this earns no more.
const ENOUGH_MINUTES: i32 = 240;

pub fn reasons(mentor: &Member, mentee: &Member, at: DateTime<Utc>) -> Reasons {
    let offered: Vec<usize> = mentor.offers.iter().map(|(skill, _)| *skill).collect();
    let sought: Vec<usize> = mentee.seeks.iter().map(|(skill, _)| *skill).collect();
    Reasons {
        skills: shared("skills", &SKILLS, &offered, &sought),
        topics: shared("topics", &TOPICS, &mentor.topics_offered, &mentee.topics_sought),
        industries: shared("industries", &INDUSTRIES, &mentor.industries, &mentee.industries),
        languages: common_languages(mentor, mentee),
        seniority_distance: mentor.rank.zip(mentee.rank).map(|(mentor, mentee)| mentor - mentee),
        shared_minutes: shared_minutes(mentor, mentee, at),
        in_person: mentor.row.in_person && mentee.row.in_person,
    }
}

/// In the order of their ids.
fn shared(table: &str, terms: &[Term], one: &[usize], other: &[usize]) -> Vec<Shared> {
    let mut both: Vec<Term> = one.iter().filter(|place| other.contains(place)).map(|place| terms[*place]).collect();
    both.sort_by_cached_key(|term| term_id(table, *term));
    both.into_iter().map(|(name, slug)| Shared { slug: slug.to_owned(), name: name.to_owned() }).collect()
}

fn common_languages(one: &Member, other: &Member) -> Vec<String> {
    let mut both: Vec<_> = one.languages.iter().filter(|language| other.languages.contains(language)).collect();
    both.sort_unstable();
    both.into_iter().map(|language| (*language).to_owned()).collect()
}

/// Minutes of a week in which both have time, by the clocks of that day.
fn shared_minutes(one: &Member, other: &Member, at: DateTime<Utc>) -> i32 {
    let others = in_utc(other, at);
    let overlaps = in_utc(one, at)
        .into_iter()
        .flat_map(|(start, end)| others.iter().map(move |(from, to)| (end.min(*to) - start.max(*from)).max(0)));
    overlaps.sum()
}

/// The windows as minutes of the week in UTC; one that passes the week's edge is cut in two.
fn in_utc(member: &Member, at: DateTime<Utc>) -> Vec<(i32, i32)> {
    let offset = offset_minutes(&member.row.time_zone, at);
    let mut spans = Vec::with_capacity(member.windows.len() + 1);
    for Window { weekday, start, end } in &member.windows {
        let day = (i32::from(*weekday) - 1) * DAY;
        let begin = (day + i32::from(*start) - offset).rem_euclid(WEEK);
        let end = begin + i32::from(end - start);
        spans.push((begin, end.min(WEEK)));
        if end > WEEK {
            spans.push((0, end - WEEK));
        }
    }
    spans
}

fn offset_minutes(zone: &str, at: DateTime<Utc>) -> i32 {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc() / 60
}

/// What of 1000 each part may earn; what somebody did not tell earns half.
pub fn score(mentor: &Member, mentee: &Member, reasons: &Reasons) -> i16 {
    let (skills, topics) = (reasons.skills.len(), reasons.topics.len());
    let hours = !mentor.windows.is_empty() && !mentee.windows.is_empty();
    let languages = !mentor.languages.is_empty() && !mentee.languages.is_empty();
    let soft = mentor.soft_offers.iter().filter(|place| mentee.soft_seeks.contains(place)).count();
    let told = |known: &[usize], earned: Option<i32>| if known.is_empty() { None } else { earned };
    let parts = [
        (350, coverage(mentor, mentee)),
        (100, share(skills, mentor.offers.len().min(3), 100)),
        (
            150,
            share(topics, mentee.topics_sought.len(), 100)
                .zip(share(topics, mentor.topics_offered.len(), 50))
                .map(|(theirs, ours)| theirs + ours),
        ),
        (150, hours.then(|| 150 * reasons.shared_minutes.min(ENOUGH_MINUTES) / ENOUGH_MINUTES)),
        (100, reasons.seniority_distance.map(closeness)),
        (60, told(&mentor.industries, share(reasons.industries.len(), mentee.industries.len(), 60))),
        (50, told(&mentor.soft_offers, share(soft, mentee.soft_seeks.len(), 50))),
        (20, languages.then(|| 10 * reasons.languages.len().min(2) as i32)),
        (20, reasons.in_person.then_some(20)),
    ];
    let total: i32 = parts.into_iter().map(|(most, earned)| earned.unwrap_or(most / 2)).sum();
    ((total + 5) / 10) as i16
}

/// An offer below the level sought is worth less.
fn coverage(mentor: &Member, mentee: &Member) -> Option<i32> {
    let met = mentee.seeks.iter().filter_map(|(skill, sought)| {
        let (_, offered) = mentor.offers.iter().find(|(offered, _)| offered == skill)?;
        Some(match offered.zip(*sought) {
            Some((offered, sought)) if offered < sought => 3,
            Some((offered, sought)) if offered == sought => 6,
            _ => 10,
        })
    });
    let total = 10 * mentee.seeks.len() as i32;
    (total > 0).then(|| 350 * met.sum::<i32>() / total)
}

fn share(part: usize, whole: usize, most: i32) -> Option<i32> {
    (whole > 0).then(|| most * part.min(whole) as i32 / whole as i32)
}

fn closeness(distance: i16) -> i32 {
    match distance {
        1 => 100,
        2 => 90,
        3.. => 70,
        0 => 40,
        _ => 10,
    }
}
