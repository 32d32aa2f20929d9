//! What a plan says besides who has whom: who is left out and why, what seats are worth, and the proof.

use std::collections::BTreeMap;

use entity::match_run::{Couple, Edits};
use entity::matching_report::Fairness;
use matching::cohort::{Certificate, Reason, Worth};
use matching::{Explanation, Hindrance, LackingSkill, Profile, Roster, explain, lacking_skills};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::fair;
use super::plan::{Solved, excluded};

/// Skills that are kept, those first by which most would be gained.
const MOST_LACKING: usize = 100;

#[derive(Default, Serialize, Deserialize)]
pub struct Findings {
    /// Mentees without a mentor, by id
    pub left: Vec<Left>,
    /// By id; none for a stable plan, which has no prices
    pub seats: Vec<Seat>,
    /// None for a stable plan, which is its own proof
    pub proof: Option<Proof>,
    /// Pairs that no plan had, since the two are to mentor each other only one way
    #[serde(default)]
    pub excluded: Vec<Couple>,
    /// Those first by which most would be gained; none for a stable plan
    #[serde(default)]
    pub lacking: Vec<Lacking>,
    #[serde(default)]
    pub fairness: Fairness,
}

/// A mentee without a mentor.
#[derive(Clone, Serialize, Deserialize)]
pub struct Left {
    pub id: Uuid,
    pub why: Why,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub enum Why {
    /// Nobody could be given to them, most for this cause
    NobodyAllowed(Cause),
    /// The pair that came nearest would have earned so many points, and its seat is worth so many to others
    Outbid { points: i64, price: i64 },
}

/// What ruled out most mentors. `NO_FIT` stands for all that may be private, and for scores that are too low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = UnmatchedCause)]
pub enum Cause {
    /// There is no mentor in the run
    NoMentors,
    Unavailable,
    /// Their seats are limited, or filled by pins
    NoSeat,
    OpenMentorship,
    Banned,
    NoFit,
}

impl From<Hindrance> for Cause {
    fn from(hindrance: Hindrance) -> Self {
        match hindrance {
            Hindrance::Unavailable => Self::Unavailable,
            Hindrance::NoSeat => Self::NoSeat,
            Hindrance::OpenMentorship => Self::OpenMentorship,
            Hindrance::Banned => Self::Banned,
            Hindrance::NoFit => Self::NoFit,
        }
    }
}

/// What one more seat of a mentor would be worth.
#[derive(Clone, Serialize, Deserialize)]
pub struct Seat {
    pub id: Uuid,
    pub seats: u32,
    pub taken: u32,
    pub points: i64,
    /// Mentees, then mentors, more in the plan: where these come before points
    pub mentees: i64,
    pub mentors: i64,
}

/// A skill that mentees without a mentor seek. See [`matching::lacking_skills`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Lacking {
    pub id: Uuid,
    pub unmatched: usize,
    pub mentors: usize,
    /// Points, mentees and mentors more in the plan by one more mentor, at most
    pub gain: (i64, i64, i64),
}

/// That no plan is better. See [`matching::cohort::check`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Proof {
    /// What a first pair of a mentee, and of a mentor, counts besides its points
    pub participation: i64,
    pub coverage: i64,
    pub mentees: Vec<(Uuid, i64)>,
    /// With their seats
    pub mentors: Vec<(Uuid, u32, i64)>,
}

impl Findings {
    /// Of a solved run, as it stands; `ladder` are the levels of seniority.
    pub fn of(solved: &Solved, edits: &Edits, ladder: &[Uuid]) -> Self {
        let (roster, insights) = (solved.scores(), solved.insights());
        let id = |people: &[Profile], place: usize| people.get(place).map(|one| one.user_id).unwrap_or_default();
        let left = insights.unmatched.into_iter().filter_map(|left| {
            Some(Left { id: id(roster.mentees(), left.mentee), why: why(roster, left.mentee, &left.reason)? })
        });
        let seats = insights.seats.into_iter().map(|seat| Seat {
            id: id(roster.mentors(), seat.mentor),
            seats: seat.seats,
            taken: seat.taken,
            points: seat.price.points,
            mentees: seat.price.mentees,
            mentors: seat.price.mentors,
        });
        Self {
            left: left.collect(),
            seats: seats.collect(),
            proof: solved.certificate().map(|proof| of(solved, proof)),
            excluded: excluded(solved, edits),
            lacking: lacking(solved),
            fairness: fair::of(solved, ladder),
        }
    }
}

fn lacking(solved: &Solved) -> Vec<Lacking> {
    let roster = solved.scores();
    let skills = lacking_skills(solved, roster.policy(), roster.mentors(), roster.mentees(), &roster.horizon());
    let kept = |LackingSkill { skill, unmatched, mentors, gain, .. }: LackingSkill| {
        let Worth { mentees: more_mentees, mentors: more_mentors, points } = gain;
        Lacking { id: skill, unmatched, mentors, gain: (points, more_mentees, more_mentors) }
    };
    skills.into_iter().take(MOST_LACKING).map(kept).collect()
}

fn of(solved: &Solved, proof: Certificate) -> Proof {
    let (roster, problem) = (solved.scores(), solved.problem());
    let mentees = roster.mentees().iter().zip(proof.mentees).map(|(mentee, price)| (mentee.user_id, price));
    let seats = problem.mentors.iter().map(|mentor| mentor.seats);
    let mentors = roster.mentors().iter().zip(seats.zip(proof.mentors));
    Proof {
        participation: proof.participation,
        coverage: proof.coverage,
        mentees: mentees.collect(),
        mentors: mentors.map(|(mentor, (seats, price))| (mentor.user_id, seats, price)).collect(),
    }
}

fn why(roster: &Roster, mentee: usize, reason: &Reason) -> Option<Why> {
    match explain(reason, hindrances(roster, mentee, reason)) {
        Explanation::NoWish => None,
        Explanation::Outbid { points, price, .. } => Some(Why::Outbid { points, price }),
        Explanation::NoAllowedMentor { most, .. } => {
            Some(Why::NobodyAllowed(most.map_or(Cause::NoMentors, Cause::from)))
        }
    }
}

/// How many mentors each hindrance keeps from a mentee to whom nobody could be given.
fn hindrances(roster: &Roster, mentee: usize, reason: &Reason) -> BTreeMap<Hindrance, usize> {
    let mut counts = BTreeMap::new();
    if matches!(reason, Reason::NoAllowedMentor { .. }) {
        let rules = (0..roster.mentors().len()).filter_map(|mentor| roster.rule(mentee, mentor));
        for hindrance in rules.filter_map(Hindrance::of) {
            *counts.entry(hindrance).or_default() += 1;
        }
    }
    counts
}
