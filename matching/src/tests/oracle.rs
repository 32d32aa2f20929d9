use std::collections::BTreeSet;

use uuid::Uuid;

use super::super::*;

/// The points of a pair by the plain formula: fractions over sets, no records, no numbers of a vocabulary, no tables.
pub fn points(policy: &Policy, mentor: &Profile, mentee: &Profile, horizon: &Horizon) -> Points {
    Points(Component::ALL.map(|component| {
        let most = u64::from(policy.most(component));
        earned(policy, component, mentor, mentee, horizon).map_or(most / 2, |(part, whole)| most * part / whole) as u16
    }))
}

fn earned(
    policy: &Policy,
    component: Component,
    mentor: &Profile,
    mentee: &Profile,
    horizon: &Horizon,
) -> Option<(u64, u64)> {
    let percent = |percent: u8| Some((u64::from(percent), 100));
    match component {
        Component::Skills => coverage(policy, mentor, mentee),
        Component::Focus => {
            let shared = mentee.skills.keys().filter(|skill| mentor.skills.contains_key(skill)).count();
            let sought = mentee.skills.len().min(3);
            (sought > 0).then_some((shared.min(sought) as u64, sought as u64))
        }
        Component::TopicsSought => part(&mentee.topics, &mentor.topics),
        Component::TopicsOffered => part(&mentor.topics, &mentee.topics),
        Component::Industries => part(&mentee.industries, &mentor.industries),
        Component::SoftSkills => part(&mentee.soft_skills, &mentor.soft_skills),
        Component::Hours => minutes(mentor, mentee, horizon)
            .map(|minutes| (u64::from(minutes.min(policy.enough_minutes.into())), policy.enough_minutes.into())),
        Component::Seniority => {
            percent(policy.seniority.percent(i16::from(mentor.seniority?) - i16::from(mentee.seniority?)))
        }
        Component::Languages if mentor.languages.is_empty() || mentee.languages.is_empty() => None,
        Component::Languages => {
            percent(policy.languages[mentor.languages.intersection(&mentee.languages).count().min(2)])
        }
        Component::Place => percent(match (mentor.in_person, mentee.in_person) {
            (false, false) => policy.place.remote,
            (true, true) if mentor.place == mentee.place || mentor.place.is_none() || mentee.place.is_none() => {
                policy.place.together
            }
            _ => policy.place.apart,
        }),
    }
}

fn coverage(policy: &Policy, mentor: &Profile, mentee: &Profile) -> Option<(u64, u64)> {
    let weight = |skill: &Uuid, sought: &Skill| u64::from(sought.priority) * u64::from(policy.rarity.of(*skill));
    let covered = mentee.skills.iter().filter_map(|(skill, sought)| {
        let factor = match (mentor.skills.get(skill)?.level, sought.level) {
            (_, None) => policy.levels.above,
            (None, _) => policy.levels.equal,
            (offered, sought) if offered > sought => policy.levels.above,
            (offered, sought) if offered == sought => policy.levels.equal,
            _ => policy.levels.below,
        };
        Some(weight(skill, sought) * u64::from(factor))
    });
    let all: u64 = mentee.skills.iter().map(|(skill, sought)| weight(skill, sought)).sum();
    (all > 0).then_some((covered.sum(), 10 * all))
}

fn part(whole: &BTreeSet<Uuid>, other: &BTreeSet<Uuid>) -> Option<(u64, u64)> {
    let told = !whole.is_empty() && !other.is_empty();
    told.then_some((whole.intersection(other).count() as u64, whole.len() as u64))
}

fn minutes(mentor: &Profile, mentee: &Profile, horizon: &Horizon) -> Option<u32> {
    let told = mentor.hours.is_told() && mentee.hours.is_told();
    told.then(|| horizon.weeks(&mentor.hours).shared_minutes(&horizon.weeks(&mentee.hours)))
}

/// The skills and topics that both have.
fn shared<'a>(mentor: &'a Profile, mentee: &'a Profile) -> Vec<&'a Uuid> {
    let of = |profile: &'a Profile| -> [BTreeSet<&Uuid>; 2] {
        [profile.skills.keys().collect(), profile.topics.iter().collect()]
    };
    let each = of(mentor).into_iter().zip(of(mentee));
    each.flat_map(|(offered, sought)| offered.intersection(&sought).copied().collect::<Vec<_>>()).collect()
}

/// Whether any hard rule is broken, floors included.
pub fn is_forbidden(
    policy: &Policy,
    mentor: &Profile,
    mentee: &Profile,
    blocks: &PairBlocks,
    horizon: &Horizon,
) -> bool {
    use entity::side::Side;

    let cannot = |profile: &Profile| !profile.standing.active || !profile.standing.onboarded || profile.standing.paused;
    let seats = mentor.seats;
    let points = points(policy, mentor, mentee, horizon);
    let below = |side: Side| {
        let seen = || Component::ALL.into_iter().filter(|component| component.is_seen_by(side));
        let (earned, most): (u32, u32) = seen().fold((0, 0), |(earned, most), component| {
            (earned + u32::from(points.of(component)), most + u32::from(policy.most(component)))
        });
        earned * 100 < most * u32::from(side.pick(policy.floors.mentor, policy.floors.mentee))
    };
    mentor.user_id == mentee.user_id
        || blocks.of(mentor.user_id, mentee.user_id).is_some()
        || cannot(mentor)
        || cannot(mentee)
        || seats.free == 0
        || seats.open_suggestions >= u32::from(seats.free) * 15
        || (mentee.preferred_gender != Gender::NONE && mentee.preferred_gender != mentor.gender)
        || shared(mentor, mentee).is_empty()
        || below(Side::Mentee)
        || below(Side::Mentor)
}
