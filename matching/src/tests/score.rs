use proptest::prelude::*;

use super::super::*;
use super::oracle;
use super::people::*;

fn points(policy: &Policy, mentor: &Profile, mentee: &Profile, horizon: &Horizon) -> Points {
    score(policy, mentor, mentee, horizon).unwrap()
}

proptest! {
    #[test]
    fn the_points_are_those_of_the_plain_formula((mentor, mentee) in pair(), now in day()) {
        let (policy, horizon) = (without_floors(), Horizon::new(now));
        prop_assert_eq!(points(&policy, &mentor, &mentee, &horizon), oracle::points(&policy, &mentor, &mentee, &horizon));
    }

    #[test]
    fn the_points_are_those_of_the_plain_formula_under_any_policy((mentor, mentee) in pair(), policy in any_policy()) {
        let (horizon, blocks) = (Horizon::new(at("2026-03-01T00:00:00Z")), PairBlocks::default());
        let expected = oracle::points(&policy, &mentor, &mentee, &horizon);
        match judge(&policy, &mentor, &mentee, &blocks, &horizon) {
            Ok(points) => prop_assert_eq!(points, expected),
            Err(_) => prop_assert!(oracle::is_forbidden(&policy, &mentor, &mentee, &blocks, &horizon)),
        }
    }

    #[test]
    fn each_part_keeps_its_bounds_and_they_sum_to_the_score((mentor, mentee) in pair(), now in day()) {
        let policy = without_floors();
        let points = points(&policy, &mentor, &mentee, &Horizon::new(now));
        for component in Component::ALL {
            prop_assert!(points.of(component) <= policy.most(component), "{:?} earned {}", component, points.of(component));
        }
        prop_assert_eq!(points.total(), points.0.iter().sum::<u16>());
        prop_assert!(points.total() <= 1000 && points.shown() <= 100);
    }

    #[test]
    fn a_hard_rule_is_broken_exactly_when_there_is_no_score(
        mentor in somebody(9), mentee in somebody(9), now in day(), blocked in prop::bool::weighted(0.1),
    ) {
        let (policy, horizon) = (policy(), Horizon::new(now));
        let mut blocks = PairBlocks::default();
        if blocked {
            blocks.forbid(mentor.user_id, mentee.user_id, Rule::Blocked);
        }
        let forbidden = oracle::is_forbidden(&policy, &mentor, &mentee, &blocks, &horizon);
        prop_assert_eq!(judge(&policy, &mentor, &mentee, &blocks, &horizon).is_err(), forbidden);
    }

    #[test]
    fn offering_one_more_skill_that_is_sought_never_lowers_the_score((mentor, mentee) in pair(), level in 0..=5u8) {
        let (policy, horizon) = (without_floors(), Horizon::new(at("2026-03-01T00:00:00Z")));
        let before = points(&policy, &mentor, &mentee, &horizon);
        for skill in mentee.skills.keys().filter(|skill| !mentor.skills.contains_key(skill)) {
            let mut more = mentor.clone();
            more.skills.insert(*skill, Skill { level: (level > 0).then_some(level), priority: 1 });
            prop_assert!(points(&policy, &more, &mentee, &horizon).total() >= before.total());
        }
    }

    #[test]
    fn knowing_more_than_is_sought_costs_a_mentor_nothing((mentor, mentee) in pair(), skill in 50..60u128) {
        let (policy, horizon) = (without_floors(), Horizon::new(at("2026-03-01T00:00:00Z")));
        let mut more = mentor.clone();
        more.skills.insert(id(skill), Skill::default());
        prop_assert_eq!(points(&policy, &more, &mentee, &horizon), points(&policy, &mentor, &mentee, &horizon));
    }

    #[test]
    fn seeking_one_more_that_is_offered_at_a_level_above_never_lowers_the_score((mentor, mentee) in pair(), skill in 50..60u128) {
        let (policy, horizon) = (without_floors(), Horizon::new(at("2026-03-01T00:00:00Z")));
        prop_assume!(!mentee.skills.is_empty() && mentor.skills.len() < 90);
        let (mut better, mut more) = (mentor.clone(), mentee.clone());
        better.skills.insert(id(skill), Skill { level: Some(4), priority: 1 });
        more.skills.insert(id(skill), Skill { level: Some(3), priority: 2 });
        let before = points(&policy, &mentor, &mentee, &horizon).total();
        prop_assert!(points(&policy, &better, &more, &horizon).total() >= before);
    }

    #[test]
    fn one_more_topic_in_common_never_lowers_the_score((mentor, mentee) in pair(), topic in 100..110u128) {
        let (policy, horizon) = (without_floors(), Horizon::new(at("2026-03-01T00:00:00Z")));
        prop_assume!(!mentor.topics.is_empty() && !mentee.topics.is_empty());
        let before = points(&policy, &mentor, &mentee, &horizon).total();
        let (mut one, mut other) = (mentor.clone(), mentee.clone());
        one.topics.insert(id(topic));
        other.topics.insert(id(topic));
        prop_assert!(points(&policy, &one, &other, &horizon).total() >= before);
        for topic in mentee.topics.difference(&mentor.topics) {
            let mut more = mentor.clone();
            more.topics.insert(*topic);
            prop_assert!(points(&policy, &more, &mentee, &horizon).total() >= before);
        }
    }

    #[test]
    fn one_more_hour_never_lowers_the_score((mentor, mentee) in pair(), now in day(), day in 1..=7i16, hour in 0..24i16) {
        let (policy, horizon) = (without_floors(), Horizon::new(now));
        prop_assume!(mentor.hours.is_told());
        let told = mentor.hours.stretches().iter().map(|(start, end)| (*start as i16, *end as i16));
        let windows = told.flat_map(|(start, end)| (1..=7).map(move |day| {
            let midnight = (day - 1) * 1440;
            window(day, (start - midnight).max(0), (end - midnight).min(1440))
        }));
        let windows: Vec<_> = windows.chain([window(day, hour * 60, hour * 60 + 60)]).collect();
        let more = Profile { hours: Hours::new(mentor.hours.zone(), windows), ..mentor.clone() };
        prop_assert!(points(&policy, &more, &mentee, &horizon).total() >= points(&policy, &mentor, &mentee, &horizon).total());
    }

    #[test]
    fn no_gender_earns_or_costs_a_point((mentor, mentee) in pair(), gender in 1..=7u8) {
        let (policy, horizon) = (without_floors(), Horizon::new(at("2026-03-01T00:00:00Z")));
        let gender = Gender::numbered(gender).unwrap();
        let told = Profile { gender, ..mentor.clone() };
        let wanting = Profile { preferred_gender: gender, ..mentee.clone() };
        prop_assert_eq!(points(&policy, &told, &wanting, &horizon), points(&policy, &mentor, &mentee, &horizon));
    }
}

fn seeking(skills: &[(u128, u8, u8)]) -> Profile {
    let skill =
        |(skill, level, priority): &(u128, u8, u8)| (id(*skill), Skill { level: Some(*level), priority: *priority });
    Profile { user_id: id(2), skills: skills.iter().map(skill).collect(), ..Profile::default() }
}

fn offering(skills: &[(u128, u8)]) -> Profile {
    let skill = |(skill, level): &(u128, u8)| (id(*skill), Skill { level: Some(*level), priority: 1 });
    Profile { user_id: id(1), skills: skills.iter().map(skill).collect(), ..Profile::default() }
}

fn skill_points(policy: &Policy, mentor: &Profile, mentee: &Profile) -> u16 {
    points(policy, mentor, mentee, &Horizon::new(at("2026-03-01T00:00:00Z"))).of(Component::Skills)
}

#[test]
fn what_a_skill_is_worth_depends_on_level_priority_and_rarity() {
    let flat = Policy::default();
    let mentee = seeking(&[(7, 3, 1), (8, 3, 1)]);
    assert_eq!(skill_points(&flat, &offering(&[(7, 4)]), &mentee), 175);
    assert_eq!(skill_points(&flat, &offering(&[(7, 3)]), &mentee), 105);
    assert_eq!(skill_points(&flat, &offering(&[(7, 2)]), &mentee), 52);
    assert_eq!(skill_points(&flat, &offering(&[(7, 4), (8, 5), (9, 1)]), &mentee), 350);
    assert_eq!(skill_points(&flat, &offering(&[(7, 4)]), &seeking(&[(7, 3, 3), (8, 3, 1)])), 262);
    let rarity = Rarity::stored([(id(8), 4 * RARITY_ONE)].into());
    let rare = Policy::new(Terms { rarity, ..Terms::default() }).unwrap();
    assert_eq!(skill_points(&rare, &offering(&[(8, 4)]), &mentee), 280);
}

#[test]
fn an_untold_level_does_as_one_that_is_equal_and_no_demand_is_met_by_all() {
    let flat = Policy::default();
    let silent = Profile { skills: [(id(7), Skill::default())].into(), ..offering(&[]) };
    let content = Profile { skills: [(id(7), Skill::default())].into(), ..seeking(&[]) };
    assert_eq!(skill_points(&flat, &silent, &seeking(&[(7, 1, 1)])), 210);
    assert_eq!(skill_points(&flat, &offering(&[(7, 1)]), &content), 350);
}

#[test]
fn open_questions_earn_half_and_a_first_answer_what_is_true() {
    let policy = without_floors();
    let horizon = Horizon::new(at("2026-03-01T00:00:00Z"));
    let (mentor, mentee) = (offering(&[]), seeking(&[]));
    assert_eq!(points(&policy, &mentor, &mentee, &horizon).0, [175, 50, 50, 25, 75, 50, 30, 25, 10, 10]);
    let told = |topic| Profile { topics: [id(topic)].into(), ..mentor.clone() };
    let wanting = Profile { topics: [id(1)].into(), ..mentee };
    assert_eq!(points(&policy, &told(1), &wanting, &horizon).of(Component::TopicsSought), 100);
    assert_eq!(points(&policy, &told(2), &wanting, &horizon).of(Component::TopicsSought), 0);
}

#[test]
fn seniority_peaks_at_one_rank_above() {
    let rank = |mentor, mentee| {
        let (mentor, mentee) =
            (Profile { seniority: Some(mentor), ..offering(&[]) }, Profile { seniority: Some(mentee), ..seeking(&[]) });
        points(&without_floors(), &mentor, &mentee, &Horizon::new(at("2026-03-01T00:00:00Z"))).of(Component::Seniority)
    };
    assert_eq!([rank(0, 4), rank(1, 2), rank(2, 2), rank(3, 2), rank(4, 2), rank(9, 2)], [10, 10, 40, 100, 90, 70]);
}

#[test]
fn a_profile_beyond_its_bounds_is_refused_and_never_cut_off() {
    let horizon = Horizon::new(at("2026-03-01T00:00:00Z"));
    let many = |count| Profile { topics: (0..count).map(id).collect(), ..offering(&[(7, 4)]) };
    let judged =
        |mentor: &Profile| judge(&without_floors(), mentor, &seeking(&[(7, 3, 1)]), &PairBlocks::default(), &horizon);
    assert!(judged(&many(MOST_TERMS as u128)).is_ok());
    assert_eq!(judged(&many(MOST_TERMS as u128 + 1)), Err(Refused::Faulty(Faulty::TooMany)));
    assert_eq!(judged(&offering(&[(7, 6)])), Err(Refused::Faulty(Faulty::Skill)));
    assert_eq!(judged(&Profile { seniority: Some(255), ..many(1) }), Err(Refused::Faulty(Faulty::Rank)));
    let dear = Seats { price: 1001, ..Seats::default() };
    assert_eq!(judged(&Profile { seats: dear, ..many(1) }), Err(Refused::Faulty(Faulty::Price)));
}

/// At the end of 1985 Nepal's clock went from 5:30 to 5:45 ahead of UTC.
#[test]
fn a_clock_that_changes_by_a_quarter_of_an_hour_is_counted_week_by_week() {
    let horizon = Horizon::new(at("1985-12-25T00:00:00Z"));
    let hours = |zone| Hours::new(zone, [window(3, 18 * 60, 21 * 60)]);
    let mentor = Profile { hours: hours(chrono_tz::Tz::Asia__Kathmandu), ..offering(&[(7, 4)]) };
    let mentee = Profile { hours: hours(chrono_tz::Tz::Asia__Kolkata), ..seeking(&[(7, 3, 1)]) };
    let expected = oracle::points(&without_floors(), &mentor, &mentee, &horizon);
    assert_eq!(points(&without_floors(), &mentor, &mentee, &horizon), expected);
    assert!((1..150).contains(&expected.of(Component::Hours)));
}
