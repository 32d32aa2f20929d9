use proptest::collection::vec;
use proptest::prelude::*;

use super::super::cohort::{FORBIDDEN, Scores};
use super::super::*;
use super::people::*;

fn cohort() -> impl Strategy<Value = (Vec<Profile>, Vec<Profile>, PairBlocks)> {
    let blocks = vec((0..8u128, 0..8u128), 0..6);
    (vec(somebody(8), 0..8), vec(somebody(8), 0..8), blocks).prop_map(|(mentors, mentees, pairs)| {
        let mut blocks = PairBlocks::default();
        for (mentor, mentee) in pairs {
            blocks.forbid(id(mentor), id(mentee), Rule::CoolingOff);
        }
        (unique(mentors), unique(mentees), blocks)
    })
}

fn unique(mut people: Vec<Profile>) -> Vec<Profile> {
    people.sort_by_key(|person| person.user_id);
    people.dedup_by_key(|person| person.user_id);
    people
}

proptest! {
    /// One answer, whoever is asked: each pair by itself, a whole row, and the judge.
    #[test]
    fn a_roster_scores_as_the_judge_does((mentors, mentees, blocks) in cohort(), policy in any_policy(), now in day()) {
        let horizon = Horizon::new(now);
        let roster = Roster::new(policy.clone(), now, mentors.clone(), mentees.clone(), blocks.clone()).unwrap();
        for (place, mentee) in mentees.iter().enumerate() {
            let mut row = vec![7; mentors.len()];
            roster.row(place, &mut row);
            for (at, mentor) in mentors.iter().enumerate() {
                let judged = judge(&policy, mentor, mentee, &blocks, &horizon);
                let points = judged.as_ref().ok().map(Points::total);
                prop_assert_eq!(roster.score(place, at), points);
                prop_assert_eq!(row[at], points.unwrap_or(FORBIDDEN));
                prop_assert_eq!(roster.rule(place, at).map(Refused::Rule), judged.as_ref().err().copied());
                let fit = judged.ok().map(|points| Fit::new(&policy, mentor, mentee, points, &horizon));
                prop_assert_eq!(roster.fit(place, at), fit);
            }
        }
    }
}
