use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const KINDS: [&str; 2] = ["place", "seniority"];

/// So many people of a group of one kind, of whom the first are matched.
fn people(label: &str, count: usize, matched: usize) -> Vec<Person> {
    let groups: BTreeMap<_, _> = [("kind".to_owned(), label.to_owned())].into();
    let person = |place| Person {
        side: Side::Mentee,
        groups: groups.clone(),
        waiting_minutes: place as u64,
        matched: place < matched,
        score: (place < matched).then_some(600),
    };
    (0..count).map(person).collect()
}

fn labels(report: &Report) -> Vec<&str> {
    report.mentees.groups.iter().filter_map(|group| group.label.as_deref()).collect()
}

#[test]
fn groups_of_ten_are_told_and_the_only_small_one_takes_the_next_with_it() {
    let large = [people("a", 10, 4), people("b", 20, 10), people("c", 30, 30)].concat();
    assert_eq!(labels(&report(&large, &[])), ["a", "b", "c"]);
    let one_small = [large.clone(), people("d", 9, 2)].concat();
    assert_eq!(labels(&report(&one_small, &[])), ["b", "c"]);
    let two_small = [large, people("d", 9, 2), people("e", 1, 0)].concat();
    assert_eq!(labels(&report(&two_small, &[])), ["a", "b", "c"]);
}

#[test]
fn who_told_no_group_is_a_group_too() {
    let mut people = [people("a", 20, 4), people("b", 15, 3)].concat();
    people[34].groups.clear();
    assert_eq!(labels(&report(&people, &[])), ["a"]);
}

#[test]
fn small_groups_that_share_one_fate_are_not_told_by_their_rest() {
    let none_matched = [people("a", 30, 12), people("b", 12, 5), people("c", 6, 0), people("d", 6, 0)].concat();
    assert_eq!(labels(&report(&none_matched, &[])), ["a"]);
}

#[test]
fn where_all_are_matched_that_is_not_said_while_a_group_is_hidden() {
    let all = [people("a", 30, 30), people("b", 12, 12), people("c", 6, 6)].concat();
    let told = report(&all, &[]).mentees;
    assert_eq!(told.all, Some(Figures { people: 48, matched: None, mean_score: None }));
    assert_eq!(told.lowest_decile, None);
    let large = report(&people("a", 30, 30), &[]).mentees;
    assert_eq!(large.all, Some(Figures { people: 30, matched: Some(1000), mean_score: Some(600) }));
}

#[test]
fn the_only_mean_of_few_scores_takes_the_next_with_it() {
    let people = [people("a", 30, 20), people("b", 20, 3), people("c", 25, 15)].concat();
    let groups = report(&people, &[]).mentees.groups;
    let means: Vec<_> = groups.iter().map(|group| group.figures.mean_score).collect();
    assert_eq!(means, [Some(600), None, None]);
}

#[test]
fn of_nine_people_nothing_is_told_and_of_ten_something() {
    assert_eq!(report(&people("a", 9, 3), &[]), Report::default());
    let ten = report(&people("a", 10, 10), &[]).mentees;
    assert_eq!((ten.waiting, ten.lowest_decile), (Some(Spread { median: 4, ninetieth: 8 }), Some(600)));
}

fn any_person() -> impl Strategy<Value = Person> {
    let label = || {
        prop::sample::select(vec![Some("a"), Some("a"), Some("a"), Some("b"), Some("b"), Some("c"), Some("d"), None])
    };
    let side = prop::sample::select(vec![Side::Mentor, Side::Mentee, Side::Mentee]);
    (side, label(), label(), any::<u16>(), 1..1000u16, any::<bool>()).prop_map(
        |(side, one, other, waiting, score, matched)| {
            let labels = KINDS.into_iter().zip([one, other]);
            Person {
                side,
                groups: labels.filter_map(|(kind, label)| Some((kind.to_owned(), label?.to_owned()))).collect(),
                waiting_minutes: waiting.into(),
                matched,
                score: matched.then_some(score),
            }
        },
    )
}

/// Few matched, about half, or all alike in one group; in groups small and large, or in two large ones.
fn any_people() -> impl Strategy<Value = Vec<Person>> {
    (vec(any_person(), 0..70), 0..6u8, any::<u8>(), any::<bool>()).prop_map(|(mut people, fate, salt, large)| {
        for (place, person) in people.iter_mut().enumerate() {
            let group = person.groups.get(KINDS[0]).map_or(0, |label| label.as_bytes()[0]);
            if large {
                person.groups =
                    KINDS.map(|kind| (kind.to_owned(), if group % 2 == 0 { "b" } else { "a" }.to_owned())).into();
            }
            let matched = match fate {
                0 => false,
                1 => true,
                2 => group.wrapping_add(salt) % 2 == 0,
                3 => place % 9 == 0 || group == b'a',
                _ => person.matched,
            };
            person.matched = matched;
            person.score = matched.then(|| person.score.unwrap_or(1 + u16::from(salt)));
        }
        people
    })
}

/// Whoever knows exactly how many people the hidden groups are together, and how many of them are matched where that can be known,
/// and looks for what each may be: all shares that one of `groups` can have.
fn shares(groups: usize, people: usize, matched: Option<usize>) -> (BTreeSet<usize>, BTreeSet<(usize, usize)>) {
    let mut found = (BTreeSet::new(), BTreeSet::new());
    let others = groups - 1;
    for mine in 1..=people {
        for of_mine in 0..=mine {
            let rest = people - mine;
            let fits = |all: usize| all >= of_mine && all - of_mine <= rest;
            if rest >= others && (others > 0 || rest == 0) && matched.is_none_or(fits) {
                let divisor = (1..=mine).rev().find(|d| mine % d == 0 && of_mine % d == 0).unwrap();
                found.0.insert(mine);
                found.1.insert((of_mine / divisor, mine / divisor));
            }
        }
    }
    found
}

fn says_matches(of_side: &OfSide) -> bool {
    let mut figures = of_side.all.iter().chain(of_side.groups.iter().map(|group| &group.figures));
    of_side.lowest_decile.is_some() || figures.any(|told| told.matched.is_some() || told.mean_score.is_some())
}

fn label<'a>(person: &'a Person, kind: &str) -> Option<&'a str> {
    person.groups.get(kind).map(String::as_str)
}

fn scores(people: &[&Person]) -> usize {
    people.iter().filter(|person| person.score.is_some()).count()
}

type Shown<'a> = BTreeMap<Option<&'a str>, Figures>;

/// The groups of a kind that are told of, and the people in those that are not.
fn parted<'a>(mine: &[&'a Person], of_side: &'a OfSide, kind: &str) -> (Shown<'a>, Vec<&'a Person>) {
    let groups = of_side.groups.iter().filter(|group| group.kind == kind);
    let shown: Shown<'a> = groups.map(|group| (group.label.as_deref(), group.figures)).collect();
    let hidden = mine.iter().filter(|person| !shown.contains_key(&label(person, kind))).copied().collect();
    (shown, hidden)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn no_figure_of_a_hidden_group_can_be_worked_out(people in any_people()) {
        let report = report(&people, &[]);
        let told = [(Side::Mentor, &report.mentors), (Side::Mentee, &report.mentees)];
        let says_matches = told.iter().any(|(_, of_side)| says_matches(of_side));
        for (side, of_side) in told.into_iter().filter(|(_, of_side)| of_side.all.is_some()) {
            let mine: Vec<_> = people.iter().filter(|person| person.side == side).collect();
            for kind in KINDS.into_iter().filter(|kind| mine.iter().any(|person| label(person, kind).is_some())) {
                let (shown, hidden) = parted(&mine, of_side, kind);
                let labels: BTreeSet<_> = hidden.iter().map(|person| label(person, kind)).collect();
                for (label_of_shown, figures) in shown {
                    let members = mine.iter().filter(|person| label(person, kind) == label_of_shown);
                    prop_assert!(figures.people >= FEWEST && figures.people == members.count());
                }
                if !hidden.is_empty() {
                    let matched = hidden.iter().filter(|person| person.matched).count();
                    let (sizes, parts) = shares(labels.len(), hidden.len(), says_matches.then_some(matched));
                    prop_assert!(hidden.len() >= FEWEST);
                    prop_assert!(sizes.len() > 1 && parts.len() > 1, "known: {:?}, {:?}, {:?}", sizes, parts, of_side);
                }
            }
        }
    }

    #[test]
    fn no_mean_is_told_of_few_scores_nor_left_as_the_rest(people in any_people()) {
        let report = report(&people, &[]);
        for (side, of_side) in [(Side::Mentor, &report.mentors), (Side::Mentee, &report.mentees)] {
            let mine: Vec<_> = people.iter().filter(|person| person.side == side).collect();
            let tells_all = of_side.all.is_some_and(|all| all.mean_score.is_some());
            prop_assert!(!tells_all || scores(&mine) >= FEWEST);
            for kind in KINDS.into_iter().filter(|kind| tells_all && mine.iter().any(|person| label(person, kind).is_some())) {
                let (shown, mut left) = parted(&mine, of_side, kind);
                for (label_of_shown, figures) in shown {
                    let members: Vec<_> = mine.iter().filter(|person| label(person, kind) == label_of_shown).copied().collect();
                    prop_assert!(figures.mean_score.is_none() || scores(&members) >= FEWEST);
                    if figures.mean_score.is_none() && figures.matched != Some(0) {
                        left.extend(members);
                    }
                }
                let labels: BTreeSet<_> = left.iter().map(|person| label(person, kind)).collect();
                prop_assert!(labels.len() != 1 && !(1..FEWEST).contains(&scores(&left)), "{:?}", of_side);
            }
        }
    }

    /// Over seats, one by one: the mean difference of two over twice the mean.
    #[test]
    fn the_coefficient_is_that_of_the_seats(mentors in vec((1..4u32, 0..20u32), 10..30)) {
        let mentors: Vec<_> = (0..).zip(mentors).map(|(id, (seats, shown))| Mentor { id: Uuid::from_u128(id), seats, shown, declines: 0 }).collect();
        let seats: Vec<i64> = mentors.iter().flat_map(|m| (0..m.seats).map(|_| i64::from(6 * m.shown / m.seats))).collect();
        let differences: i64 = seats.iter().flat_map(|one| seats.iter().map(move |other| (one - other).abs())).sum();
        let whole = 2 * seats.len() as i64 * seats.iter().sum::<i64>();
        let expected = (1000 * differences).checked_div(whole).map(|gini| gini as u16);
        prop_assert_eq!(exposure::of(&mentors).gini, expected);
    }

    #[test]
    fn the_order_of_people_does_not_matter(people in any_people()) {
        let mut turned = people.clone();
        turned.reverse();
        prop_assert_eq!(report(&people, &[]), report(&turned, &[]));
    }
}

#[test]
fn exposure_names_who_was_never_shown_and_leaves_out_who_offers_nothing() {
    let mentor = |id, seats, shown| Mentor { id: Uuid::from_u128(id), seats, shown, declines: id as u32 };
    let mentors: Vec<_> = (1..=12).map(|id| mentor(id, u32::from(id != 3), if id < 5 { 0 } else { 7 })).collect();
    let exposure = exposure::of(&mentors);
    assert_eq!(exposure.never_shown, [1, 2, 4].map(Uuid::from_u128));
    assert_eq!(exposure.declines, Some(Spread { median: 6, ninetieth: 11 }));
    assert_eq!(exposure.gini, Some(272));
    assert_eq!(exposure::of(&mentors[..9]).gini, None);
    let alike: Vec<_> = (1..=10).map(|id| mentor(id, id as u32, 2 * id as u32)).collect();
    assert_eq!(exposure::of(&alike).gini, Some(0));
}
