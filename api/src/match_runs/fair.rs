//! How a plan treats people, by group.

use entity::matching_report::Fairness;
use entity::side::Side;
use matching::Profile;
use matching::fairness::{self, Mentor};
use uuid::Uuid;

use super::plan::Solved;
use crate::fairness::{Crowd, Facts, kept};

/// Of a solved run, as it stands. Whoever has several pairs has their mean score.
pub fn of(solved: &Solved, ladder: &[Uuid]) -> Fairness {
    let roster = solved.scores();
    let mut mentees = vec![Fared::default(); roster.mentees().len()];
    let mut mentors = vec![Fared::default(); roster.mentors().len()];
    for pair in solved.pairs() {
        let score = matching::cohort::Scores::score(roster, pair.mentee, pair.mentor).unwrap_or_default();
        for fared in [mentees.get_mut(pair.mentee), mentors.get_mut(pair.mentor)].into_iter().flatten() {
            fared.pairs += 1;
            fared.points += u32::from(score);
        }
    }
    let seats = solved.problem().mentors.iter().map(|mentor| mentor.seats);
    let shown = roster.mentors().iter().zip(seats.zip(&mentors));
    let shown =
        shown.map(|(mentor, (seats, fared))| Mentor { id: mentor.user_id, seats, shown: fared.pairs, declines: 0 });
    let people = [
        crowd(Side::Mentor, ladder, roster.mentors(), &mentors).people(),
        crowd(Side::Mentee, ladder, roster.mentees(), &mentees).people(),
    ];
    kept(&fairness::report(&people.concat(), &shown.collect::<Vec<_>>()))
}

/// What somebody has in a plan.
#[derive(Clone, Copy, Default)]
struct Fared {
    pairs: u32,
    points: u32,
}

fn crowd<'a>(side: Side, ladder: &'a [Uuid], people: &[Profile], fared: &[Fared]) -> Crowd<'a> {
    let mut crowd = Crowd::new(side, ladder);
    for (profile, fared) in people.iter().zip(fared) {
        let mean = fared.points.checked_div(fared.pairs);
        let score = mean.and_then(|mean| u16::try_from(mean).ok());
        crowd.add(profile, Facts { waiting_minutes: 0, matched: fared.pairs > 0, score });
    }
    crowd
}
