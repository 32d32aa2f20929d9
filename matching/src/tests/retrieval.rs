use std::collections::BTreeSet;

use entity::side::Side;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use uuid::Uuid;

use super::super::retriever::tie;
use super::super::*;
use super::people::*;

/// Everybody who is no broken rule, sorted, and the first `k` of them.
pub fn sorted(index: &Index, query: &Query<'_>, people: &[Profile], k: usize, excluded: &BTreeSet<Uuid>) -> Vec<Hit> {
    let me = query.profile;
    let hit = |other: &Profile| {
        let (mentor, mentee) = query.side.pick((me, other), (other, me));
        let points = judge(index.policy(), mentor, mentee, &PairBlocks::default(), &index.horizon()).ok()?;
        let key = i32::from(points.total()) - index.policy().deduction(mentor.seats.price) as i32;
        Some(Hit { id: other.user_id, points, key })
    };
    let mut hits: Vec<_> = people.iter().filter(|other| !excluded.contains(&other.user_id)).filter_map(hit).collect();
    hits.sort_by_key(|hit| (-hit.key, tie(me.user_id, hit.id), hit.id));
    hits.truncate(k);
    hits
}

/// People with different ids.
pub fn people(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Profile>> {
    vec(somebody(1), count).prop_map(|people| {
        people.into_iter().zip(1..).map(|(profile, number)| Profile { user_id: id(number), ..profile }).collect()
    })
}

pub fn side() -> impl Strategy<Value = Side> {
    prop::sample::select(vec![Side::Mentor, Side::Mentee])
}

pub fn index_of(side: Side, people: &[Profile], now: chrono::DateTime<chrono::Utc>) -> Index {
    Index::build(policy(), now, people.iter().map(|person| (side, person))).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_scan_finds_what_sorting_everybody_finds(
        people in people(0..60), me in somebody(70), side in side(), k in 0..25usize, now in day(),
        excluded in btree_set((1..70u128).prop_map(id), 0..10),
    ) {
        let index = index_of(side.other(), &people, now);
        let query = Query { profile: &me, side };
        let found = Scan(&index).top_k(&query, k, &excluded).unwrap();
        prop_assert_eq!(found, sorted(&index, &query, &people, k, &excluded));
    }
}

#[test]
fn among_equals_everybody_has_another_first() {
    let skills = || [(id(7), Skill::default())].into();
    let person = |number| Profile { user_id: id(number), skills: skills(), ..Profile::default() };
    let people: Vec<_> = (1..=30).map(person).collect();
    let index = index_of(Side::Mentor, &people, at("2026-03-01T00:00:00Z"));
    let first = |me: u128| {
        let me = person(me);
        Scan(&index).top_k(&Query { profile: &me, side: Side::Mentee }, 1, &BTreeSet::new()).unwrap()[0].id
    };
    let firsts: BTreeSet<_> = (100..130).map(first).collect();
    assert!(firsts.len() > 10, "only {firsts:?} come first");
}

#[test]
fn a_dear_seat_comes_after_one_that_fits_a_little_less() {
    let skills = || [(id(7), Skill::default())].into();
    let dear = Seats { price: 200, ..Seats::default() };
    let loved = Profile { user_id: id(1), skills: skills(), seniority: Some(3), seats: dear, ..Profile::default() };
    let other = Profile { user_id: id(2), skills: skills(), seniority: Some(2), ..Profile::default() };
    let me = Profile { user_id: id(3), skills: skills(), seniority: Some(2), ..Profile::default() };
    let index = index_of(Side::Mentor, &[loved, other], at("2026-03-01T00:00:00Z"));
    let hits = Scan(&index).top_k(&Query { profile: &me, side: Side::Mentee }, 2, &BTreeSet::new()).unwrap();
    let order: Vec<_> = hits.iter().map(|hit| (hit.id, hit.key - i32::from(hit.points.total()))).collect();
    assert_eq!(order, [(id(2), 0), (id(1), -200)]);
    assert!(hits[0].points.total() < hits[1].points.total());
}
