use proptest::prelude::*;

use super::super::*;
use super::people::*;

fn fit(mentor: &Profile, mentee: &Profile) -> Fit {
    let (policy, horizon) = (without_floors(), Horizon::new(at("2026-03-01T00:00:00Z")));
    let points = score(&policy, mentor, mentee, &horizon).unwrap();
    Fit::new(&policy, mentor, mentee, points, &horizon)
}

#[test]
fn they_say_what_two_share() {
    let skills =
        |level| [(id(7), Skill { level, priority: 2 }), (id(u128::from(level.unwrap_or_default())), Skill::default())];
    let mentor = Profile {
        user_id: id(1),
        skills: skills(Some(4)).into(),
        topics: [id(1), id(2)].into(),
        languages: ["de".to_owned(), "en".to_owned()].into(),
        seniority: Some(3),
        hours: Hours::new(chrono_tz::Tz::UTC, [window(1, 600, 720)]),
        in_person: true,
        ..Profile::default()
    };
    let mentee = Profile { user_id: id(2), skills: skills(Some(2)).into(), seniority: Some(1), ..mentor.clone() };
    let Fit { points, reasons, .. } = fit(&mentor, &mentee);
    assert_eq!(reasons.skills, [SharedSkill { skill: id(7), offered: Some(4), sought: Some(2) }]);
    assert_eq!((reasons.topics, reasons.languages), (vec![id(1), id(2)], vec!["de".to_owned(), "en".to_owned()]));
    assert_eq!((reasons.seniority_distance, reasons.shared_minutes, reasons.in_person), (Some(2), Some(120), true));
    assert_eq!(reasons.terms.iter().map(|term| term.points).sum::<u16>(), points.total());
    let open: Vec<_> = reasons.terms.iter().filter(|term| !term.answered).map(|term| term.component).collect();
    assert_eq!(open, [Component::Industries, Component::SoftSkills]);
}

#[test]
fn two_in_different_places_do_not_meet_in_person() {
    let living = |user, place: &str| Profile {
        user_id: id(user),
        in_person: true,
        place: Some(place.to_owned()),
        ..Profile::default()
    };
    assert!(fit(&living(1, "Berlin"), &living(2, "Berlin")).reasons.in_person);
    assert!(!fit(&living(1, "Berlin"), &living(2, "Paris")).reasons.in_person);
    assert!(fit(&living(1, "Berlin"), &Profile { place: None, ..living(2, "") }).reasons.in_person);
}

proptest! {
    #[test]
    fn what_is_not_answered_earns_half((mentor, mentee) in pair()) {
        for term in fit(&mentor, &mentee).reasons.terms {
            prop_assert!(term.answered || term.points == term.most / 2, "{term:?}");
        }
    }

    /// Private are genders, the wish for one, seats, prices, and what only one of the two says.
    #[test]
    fn what_is_private_changes_nothing_in_them((mentor, mentee) in pair(), gender in 1..=7u8, price in 0..=1000u16) {
        let gender = Gender::numbered(gender).unwrap();
        let seats = Seats { free: 3, open_suggestions: 2, price };
        let private = Profile { gender, preferred_gender: gender, seats, ..mentor.clone() };
        let wanting = Profile { preferred_gender: gender, ..mentee.clone() };
        prop_assert_eq!(fit(&private, &wanting), fit(&mentor, &mentee));
    }

    #[test]
    fn they_name_nothing_that_only_one_of_them_has((mentor, mentee) in pair()) {
        let reasons = fit(&mentor, &mentee).reasons;
        let shared = reasons.skills.iter().map(|shared| shared.skill);
        let sought: Vec<_> = mentee.skills.keys().filter(|skill| mentor.skills.contains_key(skill)).copied().collect();
        prop_assert_eq!(shared.collect::<Vec<_>>(), sought);
        let both = |id: &uuid::Uuid, list: fn(&Profile) -> &std::collections::BTreeSet<uuid::Uuid>| {
            list(&mentor).contains(id) && list(&mentee).contains(id)
        };
        prop_assert!(reasons.topics.iter().all(|id| both(id, |profile| &profile.topics)));
        prop_assert!(reasons.industries.iter().all(|id| both(id, |profile| &profile.industries)));
        prop_assert!(reasons.soft_skills.iter().all(|id| both(id, |profile| &profile.soft_skills)));
    }
}
