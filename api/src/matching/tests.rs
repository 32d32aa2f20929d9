use proptest::prelude::*;

use super::score::Component;
use super::*;

fn profile(id: u128, skills: &[u128]) -> Profile {
    let skills = skills.iter().map(|skill| (Uuid::from_u128(*skill), None)).collect();
    Profile { user_id: Uuid::from_u128(id), skills, ..Profile::default() }
}

fn window(weekday: i16, start_minute: i16, end_minute: i16) -> Window {
    Window { weekday, start_minute, end_minute }
}

#[test]
fn the_components_make_a_thousand() {
    assert_eq!(Component::ALL.map(Component::most).iter().sum::<i32>(), 1000);
}

#[test]
fn who_offers_more_of_what_is_sought_comes_first() {
    let me = profile(1, &[7, 8]);
    let candidates = [profile(2, &[7]), profile(3, &[7, 8]), profile(4, &[9])];
    let found = best(&Query { profile: &me, side: Side::Mentee, count: 10 }, &candidates);
    let mentors: Vec<_> = found.iter().map(|fit| fit.mentor_id.as_u128()).collect();
    assert_eq!(mentors, [3, 2]);
    assert!(found.iter().all(|fit| fit.mentee_id == me.user_id));
}

#[test]
fn the_newest_have_places_although_others_fit_better() {
    let me = profile(1, &[7, 8]);
    let better = (100..120).map(|id| profile(id, &[7, 8]));
    let candidates: Vec<_> = better.chain([profile(200, &[7])]).collect();
    let found = best(&Query { profile: &me, side: Side::Mentee, count: 9 }, &candidates);
    let mentors: Vec<_> = found.iter().map(|fit| fit.mentor_id.as_u128()).collect();
    assert_eq!(mentors, [119, 118, 117, 116, 115, 114, 113, 112, 200]);
}

#[test]
fn time_is_shared_across_zones_and_the_end_of_the_week() {
    let berlin = Hours::new([window(1, 0, 120)], 60);
    let utc = Hours::new([window(7, 1380, 1440), window(1, 0, 30)], 0);
    assert_eq!(berlin.shared(&utc), 90);
    assert_eq!(Hours::default().shared(&utc), 0);
    let twice = Hours::new([window(2, 600, 720), window(2, 660, 780)], 0);
    assert_eq!(twice.shared(&twice), 180);
}

#[test]
fn a_level_above_counts_more_than_one_below() {
    let with_level = |id, level| Profile { skills: [(Uuid::from_u128(7), Some(level))].into(), ..profile(id, &[]) };
    let score = |mentor, mentee| Fit::of(&with_level(1, mentor), &with_level(2, mentee)).score();
    assert!(score(4, 3) > score(3, 3));
    assert!(score(3, 3) > score(2, 3));
}

fn some_profile() -> impl Strategy<Value = Profile> {
    let terms = || proptest::collection::btree_set((0..6u128).prop_map(Uuid::from_u128), 0..6);
    let skills =
        proptest::collection::btree_map((0..6u128).prop_map(Uuid::from_u128), proptest::option::of(1..=5i16), 0..6);
    let windows = proptest::collection::vec((1..=7i16, 0..1000i16, 1..=440i16), 0..4);
    let rest = (proptest::option::of(1..=4i16), any::<bool>(), -720..=840i32);
    (skills, terms(), terms(), terms(), windows, rest).prop_map(
        |(skills, topics, soft_skills, industries, windows, (seniority, in_person, offset))| Profile {
            skills,
            topics,
            soft_skills,
            industries,
            seniority,
            in_person,
            hours: Hours::new(
                windows.into_iter().map(|(day, start, length)| window(day, start, start + length)),
                offset,
            ),
            ..Profile::default()
        },
    )
}

proptest! {
    #[test]
    fn every_component_keeps_its_bounds(mentor in some_profile(), mentee in some_profile()) {
        let fit = Fit::of(&mentor, &mentee);
        for (component, points) in Component::ALL.into_iter().zip(fit.points) {
            prop_assert!((0..=component.most()).contains(&points), "{component:?} earned {points}");
        }
        prop_assert!((0..=100).contains(&fit.score()));
        prop_assert!((0..=7 * 24 * 60).contains(&fit.shared_minutes));
        prop_assert_eq!(mentor.hours.shared(&mentee.hours), mentee.hours.shared(&mentor.hours));
    }

    #[test]
    fn offering_one_more_of_what_is_sought_never_lowers_the_score(mentor in some_profile(), mentee in some_profile()) {
        let before = Fit::of(&mentor, &mentee).points[0];
        for (skill, _) in mentee.skills.iter().filter(|(id, _)| !mentor.skills.contains_key(id)) {
            let mut more = mentor.clone();
            more.skills.insert(*skill, None);
            prop_assert!(Fit::of(&more, &mentee).points[0] >= before);
        }
    }
}
