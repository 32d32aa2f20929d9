use std::collections::BTreeSet;

use uuid::Uuid;

use super::Profile;

/// A term of the score and the most it can earn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Component {
    /// How much of what the mentee seeks the mentor offers
    Skills,
    /// How much of what the mentor offers this mentee seeks
    Focus,
    Topics,
    Hours,
    Seniority,
    Industries,
    SoftSkills,
    Languages,
    Place,
}

impl Component {
    pub const ALL: [Self; 9] = [
        Self::Skills,
        Self::Focus,
        Self::Topics,
        Self::Hours,
        Self::Seniority,
        Self::Industries,
        Self::SoftSkills,
        Self::Languages,
        Self::Place,
    ];

    /// All of them together make 1000.
    pub fn most(self) -> i32 {
        match self {
            Self::Skills => 350,
            Self::Topics | Self::Hours => 150,
            Self::Focus | Self::Seniority => 100,
            Self::Industries => 60,
            Self::SoftSkills => 50,
            Self::Languages | Self::Place => 20,
        }
    }
}

/// How a mentor and a mentee fit, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
    /// What each component earned, in the order of [`Component::ALL`]
    pub points: [i32; 9],
    pub skills: Vec<Uuid>,
    pub topics: Vec<Uuid>,
    pub industries: Vec<Uuid>,
    pub languages: Vec<String>,
    /// Ranks the mentor is above the mentee
    pub seniority_distance: Option<i16>,
    pub shared_minutes: i32,
    pub in_person: bool,
}

/// Shared time beyond this earns no more.
const ENOUGH_MINUTES: i32 = 240;

impl Fit {
    pub fn of(mentor: &Profile, mentee: &Profile) -> Self {
        let distance = mentor.seniority.zip(mentee.seniority).map(|(mentor, mentee)| mentor - mentee);
        let mut fit = Self {
            mentor_id: mentor.user_id,
            mentee_id: mentee.user_id,
            points: [0; 9],
            skills: mentee.skills.keys().filter(|id| mentor.skills.contains_key(id)).copied().collect(),
            topics: mentor.topics.intersection(&mentee.topics).copied().collect(),
            industries: mentor.industries.intersection(&mentee.industries).copied().collect(),
            languages: mentor.languages.intersection(&mentee.languages).cloned().collect(),
            seniority_distance: distance,
            shared_minutes: mentor.hours.shared(&mentee.hours),
            in_person: mentor.in_person && mentee.in_person,
        };
        fit.points = Component::ALL.map(|component| fit.points_of(component, mentor, mentee));
        fit
    }

    /// From 0 to 100.
    pub fn score(&self) -> i16 {
        let total: i32 = self.points.iter().sum();
        i16::try_from((total + 5) / 10).unwrap_or(100)
    }

    /// An answer that is missing earns half.
    fn points_of(&self, component: Component, mentor: &Profile, mentee: &Profile) -> i32 {
        let most = component.most();
        let earned = match component {
            Component::Skills => coverage(mentor, mentee, most),
            Component::Focus => share(self.skills.len(), mentor.skills.len().min(3), most),
            Component::Topics => {
                let shared = self.topics.len();
                let (theirs, ours) = (mentee.topics.len(), mentor.topics.len());
                share(shared, theirs, most * 2 / 3).zip(share(shared, ours, most / 3)).map(|(a, b)| a + b)
            }
            Component::Hours => {
                let told = !mentor.hours.is_empty() && !mentee.hours.is_empty();
                told.then(|| most * self.shared_minutes.min(ENOUGH_MINUTES) / ENOUGH_MINUTES)
            }
            Component::Seniority => self.seniority_distance.map(|distance| most * closeness(distance) / 100),
            Component::Industries => overlap(&self.industries, &mentor.industries, &mentee.industries, most),
            Component::SoftSkills => {
                let shared: Vec<_> = mentor.soft_skills.intersection(&mentee.soft_skills).collect();
                overlap(&shared, &mentor.soft_skills, &mentee.soft_skills, most)
            }
            Component::Languages => {
                let told = !mentor.languages.is_empty() && !mentee.languages.is_empty();
                told.then(|| most * i32::try_from(self.languages.len().min(2)).unwrap_or(2) / 2)
            }
            Component::Place => self.in_person.then_some(most),
        };
        earned.unwrap_or(most / 2)
    }
}

/// The share of what is sought that is offered; an offer below the own level is worth less.
fn coverage(mentor: &Profile, mentee: &Profile, most: i32) -> Option<i32> {
    let worth = |offered: Option<i16>, sought: Option<i16>| match offered.zip(sought) {
        Some((offered, sought)) if offered < sought => 3,
        Some((offered, sought)) if offered == sought => 6,
        _ => 10,
    };
    let met = mentee.skills.iter().filter_map(|(id, sought)| Some(worth(*mentor.skills.get(id)?, *sought)));
    let total = 10 * i32::try_from(mentee.skills.len()).ok()?;
    (total > 0).then(|| most * met.sum::<i32>() / total)
}

fn overlap<T, U>(shared: &[T], mentors: &BTreeSet<U>, mentees: &BTreeSet<U>, most: i32) -> Option<i32> {
    if mentors.is_empty() { None } else { share(shared.len(), mentees.len(), most) }
}

fn share(part: usize, whole: usize, most: i32) -> Option<i32> {
    let (part, whole) = (i32::try_from(part.min(whole)).ok()?, i32::try_from(whole).ok()?);
    (whole > 0).then(|| most * part / whole)
}

/// One level above is closest; two is still good.
fn closeness(distance: i16) -> i32 {
    match distance {
        1 => 100,
        2 => 90,
        3.. => 70,
        0 => 40,
        _ => 10,
    }
}
