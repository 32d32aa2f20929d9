use std::collections::HashMap;

use entity::match_run::Totals;
use matching::fairness::FEWEST;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::run::SummaryOut;
use crate::match_runs::findings::{Findings, Lacking, Seat};
use crate::match_runs::ops::Insights;
use crate::people::PersonOut;
use crate::small_groups::hide_overlapping;
use crate::taxonomy::wire::TermOut;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchRunInsights)]
pub struct InsightsOut {
    summary: SummaryOut,
    /// The mean score of the pairs, from 0 to 100; null if there are none.
    #[schema(required, minimum = 0, maximum = 100)]
    mean_score: Option<i64>,
    /// Mentees without a mentor.
    #[schema(minimum = 0, maximum = 50_000)]
    unmatched: usize,
    /// The dearest seats, at most 100; empty for a stable plan.
    #[schema(max_items = 100)]
    seats: Vec<SeatOut>,
    /// What unmatched mentees seek, at most 100 skills, those first for which one more mentor would bring most, and then those of
    /// which that is not told; empty for a stable plan.
    #[schema(max_items = 100)]
    lacking_skills: Vec<LackingSkillOut>,
}

/// A skill that lacks mentors.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LackingSkill)]
pub struct LackingSkillOut {
    skill: TermOut,
    /// Unmatched mentees who seek it; null where they or the others are fewer than ten, or it would tell of such.
    #[schema(required, minimum = 10, maximum = 50_000)]
    unmatched: Option<i64>,
    /// Mentors with seats who offer it; null likewise.
    #[schema(required, minimum = 10, maximum = 50_000)]
    mentors: Option<i64>,
    /// Null where the number of mentees is.
    #[schema(required)]
    gain: Option<GainOut>,
}

/// What one more mentor for a skill would bring at most: one with the usual seats who offers nothing else.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MentorGain)]
pub struct GainOut {
    /// More points for the plan, beside the mentees and mentors below.
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    points: i64,
    /// More mentees with a mentor, where that comes before points.
    #[schema(minimum = -50_000, maximum = 50_000)]
    mentees: i64,
    /// More mentors with a mentee, where that comes before points.
    #[schema(minimum = -50_000, maximum = 50_000)]
    mentors: i64,
}

/// What one more seat of a mentor would be worth at most.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SeatPrice)]
pub struct SeatOut {
    mentor: PersonOut,
    #[schema(minimum = 0, maximum = 65_535)]
    seats: u32,
    #[schema(minimum = 0, maximum = 65_535)]
    taken: u32,
    /// More points for the plan, beside the mentees and mentors below.
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    points: i64,
    /// More mentees with a mentor, where that comes before points.
    #[schema(minimum = -50_000, maximum = 50_000)]
    mentees: i64,
    /// More mentors with a mentee, where that comes before points.
    #[schema(minimum = -50_000, maximum = 50_000)]
    mentors: i64,
}

impl InsightsOut {
    /// Seats that are listed.
    pub const MOST: usize = 100;
}

impl From<Insights> for InsightsOut {
    fn from(Insights { summary, findings, cards, terms }: Insights) -> Self {
        let Totals { points, pairs, .. } = summary.totals;
        let mean = (points + 5 * i64::from(pairs)).checked_div(10 * i64::from(pairs));
        let seat = |seat: &Seat| Some(SeatOut::new(cards.get(&seat.id)?.clone(), seat));
        Self {
            summary: summary.into(),
            mean_score: mean,
            unmatched: findings.left.len(),
            seats: findings.seats.iter().filter_map(seat).collect(),
            lacking_skills: lacking_skills(&findings, summary.mentors, &terms),
        }
    }
}

fn lacking_skills(findings: &Findings, mentors: u32, terms: &HashMap<Uuid, TermOut>) -> Vec<LackingSkillOut> {
    let told = |count: fn(&Lacking) -> usize, whole: usize| {
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        let counts: Vec<_> = findings.lacking.iter().map(|skill| number(count(skill))).collect();
        hide_overlapping(&counts, number(FEWEST), number(whole))
    };
    let unmatched = told(|skill| skill.unmatched, findings.left.len());
    let mentors = told(|skill| skill.mentors, mentors as usize);
    let counts = unmatched.into_iter().zip(mentors);
    let skill = |(skill, (unmatched, mentors)): (&Lacking, (Option<i64>, _))| {
        let (points, more_mentees, more_mentors) = skill.gain;
        let gain = unmatched.map(|_| GainOut { points, mentees: more_mentees, mentors: more_mentors });
        Some(LackingSkillOut { skill: terms.get(&skill.id)?.clone(), unmatched, mentors, gain })
    };
    let mut skills: Vec<_> = findings.lacking.iter().zip(counts).filter_map(skill).collect();
    // Their place must not tell the gain either.
    skills.sort_by_key(|skill| skill.gain.is_none().then_some(skill.skill.id));
    skills
}

impl SeatOut {
    fn new(mentor: PersonOut, seat: &Seat) -> Self {
        let Seat { seats, taken, points, mentees, mentors, .. } = *seat;
        Self { mentor, seats, taken, points, mentees, mentors }
    }
}
