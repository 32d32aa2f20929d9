use std::collections::BTreeSet;

use entity::side::Side;
use entity::suggestion::Term;
use uuid::Uuid;

use super::component::{Component, Points};
use super::hours::Horizon;
use super::policy::Policy;
use super::profile::Profile;

/// A mentor and a mentee with what they earn and why: what a suggestion is stored from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub mentor_id: Uuid,
    pub mentee_id: Uuid,
    pub points: Points,
    pub reasons: Reasons,
}

/// Why two fit, as data for both of them to see.
///
/// It says what they share, so it tells neither what only one of them answered, nor who left a question open. Gender, the
/// preference for one, prices, and what anybody answered to a suggestion are no part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// By id
    pub skills: Vec<SharedSkill>,
    pub topics: Vec<Uuid>,
    pub soft_skills: Vec<Uuid>,
    pub industries: Vec<Uuid>,
    pub languages: Vec<String>,
    /// Ranks the mentor is above the mentee
    pub seniority_distance: Option<i16>,
    /// Minutes in the worst of the coming four weeks; none where one of them told no time
    pub shared_minutes: Option<u32>,
    /// Both would meet in person, and no two different places are told
    pub in_person: bool,
    /// In the order of [`Component::ALL`]
    pub terms: Vec<Term>,
}

/// A skill that is sought and offered, with the levels as far as told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedSkill {
    pub skill: Uuid,
    pub offered: Option<u8>,
    pub sought: Option<u8>,
}

impl Fit {
    /// The reasons of points that [`judge`](super::judge) or a retriever gave for these two, under the same policy and horizon.
    pub fn new(policy: &Policy, mentor: &Profile, mentee: &Profile, points: Points, horizon: &Horizon) -> Self {
        let told = mentor.hours.is_told() && mentee.hours.is_told();
        let minutes = || horizon.weeks(&mentor.hours).shared_minutes(&horizon.weeks(&mentee.hours));
        let reasons = Reasons {
            skills: shared_skills(mentor, mentee),
            topics: shared(&mentor.topics, &mentee.topics),
            soft_skills: shared(&mentor.soft_skills, &mentee.soft_skills),
            industries: shared(&mentor.industries, &mentee.industries),
            languages: shared(&mentor.languages, &mentee.languages),
            seniority_distance: distance(mentor, mentee),
            shared_minutes: told.then(minutes),
            in_person: meet_in_person(mentor, mentee),
            terms: Component::ALL.map(|component| term(policy, component, &points, mentor, mentee)).into(),
        };
        Self { mentor_id: mentor.user_id, mentee_id: mentee.user_id, points, reasons }
    }

    /// The score as members see it, 0 to 100.
    pub fn score(&self) -> u8 {
        self.points.shown()
    }

    /// Who of the two is not on `side`.
    pub fn partner_of(&self, side: Side) -> Uuid {
        side.pick(self.mentee_id, self.mentor_id)
    }
}

fn shared_skills(mentor: &Profile, mentee: &Profile) -> Vec<SharedSkill> {
    let sought = mentee.skills.iter();
    let shared = sought.filter_map(|(skill, sought)| Some((*skill, mentor.skills.get(skill)?, sought)));
    shared.map(|(skill, offered, sought)| SharedSkill { skill, offered: offered.level, sought: sought.level }).collect()
}

fn shared<T: Ord + Clone>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> Vec<T> {
    one.intersection(other).cloned().collect()
}

fn distance(mentor: &Profile, mentee: &Profile) -> Option<i16> {
    Some(i16::from(mentor.seniority?) - i16::from(mentee.seniority?))
}

fn meet_in_person(mentor: &Profile, mentee: &Profile) -> bool {
    let elsewhere = mentor.place.as_ref().zip(mentee.place.as_ref()).is_some_and(|(mine, theirs)| mine != theirs);
    mentor.in_person && mentee.in_person && !elsewhere
}

fn term(policy: &Policy, component: Component, points: &Points, mentor: &Profile, mentee: &Profile) -> Term {
    let most = policy.most(component);
    Term { component, points: points.of(component), most, answered: is_answered(component, mentor, mentee) }
}

fn is_answered(component: Component, mentor: &Profile, mentee: &Profile) -> bool {
    let both = |told: fn(&Profile) -> bool| told(mentor) && told(mentee);
    match component {
        Component::Skills | Component::Focus => !mentee.skills.is_empty(),
        Component::TopicsSought | Component::TopicsOffered => both(|person| !person.topics.is_empty()),
        Component::Hours => both(|person| person.hours.is_told()),
        Component::Seniority => both(|person| person.seniority.is_some()),
        Component::Industries => both(|person| !person.industries.is_empty()),
        Component::SoftSkills => both(|person| !person.soft_skills.is_empty()),
        Component::Languages => both(|person| !person.languages.is_empty()),
        Component::Place => true,
    }
}
