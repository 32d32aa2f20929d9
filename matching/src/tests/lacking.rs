use uuid::Uuid;

use super::super::cohort::{Cohort, Effort, Mentee, Mentor, Problem, Scores, Unwatched, solve};
use super::super::*;
use super::people::{at, id, without_floors};

struct Judged {
    mentors: Vec<Profile>,
    mentees: Vec<Profile>,
}

impl Scores for Judged {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        let (mentor, mentee) = (&self.mentors[mentor], &self.mentees[mentee]);
        let points = judge(&without_floors(), mentor, mentee, &PairBlocks::default(), &horizon());
        points.ok().map(|points| points.total())
    }
}

fn horizon() -> Horizon {
    Horizon::new(at("2026-03-04T12:00:00Z"))
}

fn person(number: u128, skills: &[u128]) -> Profile {
    let skills = skills.iter().map(|skill| (id(*skill), Skill::default())).collect();
    Profile { user_id: id(number), skills, ..Profile::default() }
}

/// Two mentors of skill 1; of five mentees, four seek it, one of these skill 2 besides, and the last skill 3 alone.
fn cohort() -> Cohort<Judged> {
    cohort_of(|mentees| mentees)
}

fn cohort_of(change: impl FnOnce(Vec<Profile>) -> Vec<Profile>) -> Cohort<Judged> {
    let mentors = vec![person(100, &[1]), person(101, &[1])];
    let mentees = [&[1][..], &[1], &[1], &[1, 2], &[3]];
    let mentees = change((200..).zip(mentees).map(|(number, skills)| person(number, skills)).collect());
    let problem = Problem {
        mentees: mentees.iter().map(|mentee| Mentee { key: mentee.user_id.as_u128(), wishes: 1 }).collect(),
        mentors: mentors.iter().map(|mentor| Mentor { key: mentor.user_id.as_u128(), seats: 1 }).collect(),
        ..Problem::default()
    };
    solve(problem, Judged { mentors, mentees }, &Effort { threads: 1, ..Effort::default() }, &Unwatched).unwrap()
}

fn lacking(cohort: &Cohort<Judged>) -> Vec<LackingSkill> {
    let Judged { mentors, mentees } = cohort.scores();
    lacking_skills(cohort, &without_floors(), mentors, mentees, &horizon())
}

#[test]
fn skills_that_the_unmatched_seek_are_told_with_who_offers_them() {
    let cohort = cohort();
    let found = lacking(&cohort);
    let mut facts: Vec<_> = found.iter().map(|skill| (skill.skill, skill.unmatched, skill.mentors)).collect();
    facts.sort_unstable();
    assert_eq!(facts, [(id(1), 2, 2), (id(2), 1, 0), (id(3), 1, 0)]);
    let prices: i64 = cohort.seat_prices().iter().map(|seats| seats.price.points).sum();
    let worth = |skill: Uuid| found.iter().find(|found| found.skill == skill).unwrap();
    assert_eq!(worth(id(1)).seats_worth.points, prices);
    assert_eq!(worth(id(2)).seats_worth.points, 0);
    assert!(found.is_sorted_by(|one, next| one.gain >= next.gain));
}

#[test]
fn a_recruit_brings_what_was_said_where_nobody_must_move() {
    for skill in [1, 3] {
        let mut cohort = cohort();
        let said = lacking(&cohort).into_iter().find(|lacking| lacking.skill == id(skill)).unwrap();
        cohort.scores_mut().mentors.push(person(102, &[skill]));
        let difference = cohort.add_mentor(Mentor { key: 102, seats: 1 }).unwrap();
        assert_eq!(-difference.cost(), said.gain.points, "skill {skill}");
        assert!(said.gain.points > 0);
    }
}

/// Of the last, who alone seeks skill 3, the gain would tell that they want somebody of a gender.
#[test]
fn a_private_wish_shows_in_no_gain() {
    let gain = |wish: u8| {
        let wishing = cohort_of(|mut mentees| {
            mentees[4].preferred_gender = Gender::numbered(wish).unwrap_or_default();
            mentees
        });
        lacking(&wishing).into_iter().find(|lacking| lacking.skill == id(3)).unwrap().gain
    };
    assert!(gain(0).points > 0);
    assert_eq!(gain(1), gain(0));
}
