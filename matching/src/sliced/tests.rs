use std::collections::BTreeMap;

use entity::side::Side;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::super::packed::Row;
use super::super::record::Cells;
use super::super::tests::index::{People, apply, edit, lists, rebuilt};
use super::super::tests::people::*;
use super::super::tests::retrieval::{index_of, people, side, sorted};
use super::super::*;
use super::*;

/// More people than a block has, out of a few kinds, so that many tie.
fn crowd() -> impl Strategy<Value = Vec<Profile>> {
    (vec(somebody(1), 1..40), 400..1200u128).prop_map(|(kinds, count)| {
        let seats = |number: u128, seats: Seats| Seats { price: (number % 7) as u16 * seats.price / 7, ..seats };
        let person = |number: u128| {
            let kind = &kinds[tie(id(number), id(0)) as usize % kinds.len()];
            Profile { user_id: id(number), seats: seats(number, kind.seats), ..kind.clone() }
        };
        (1..=count).map(person).collect()
    })
}

fn tie(one: Uuid, other: Uuid) -> u64 {
    retriever::tie(one, other)
}

/// Bound and key in points of every row that neither its flags nor sharing nothing forbid.
fn bounds(index: &Index, query: &Query<'_>) -> Vec<(u32, i32, Option<i32>)> {
    let prepared = index.prepare(query).unwrap();
    let rows = index.rows(query.side.other());
    let bounds: BTreeMap<_, _> =
        blocks(rows, &prepared, &[]).into_iter().map(|bounds| (bounds.block, bounds)).collect();
    let is_allowed = |row: &Row<'_>| prepared.allows(row.flags()) && prepared.shares(row);
    let everybody = (0..).zip(rows.records().rows()).filter(|(_, row)| is_allowed(row));
    let each = everybody.map(|(number, row)| {
        let key = prepared.key(&prepared.points(&row), &row);
        let lane = number as usize % BLOCK;
        let block = bounds.get(&(number as usize / BLOCK));
        let bound = block
            .filter(|block| block.allowed.rows().any(|allowed| allowed == lane))
            .map(|block| i32::from(block.numbers.of(lane)) * UNIT as i32 - prepared.deduction_of_all() as i32);
        (number, key, bound)
    });
    each.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn it_finds_what_sorting_everybody_finds(
        people in people(0..60), me in somebody(70), side in side(), k in 0..25usize, now in day(),
        excluded in btree_set((1..70u128).prop_map(id), 0..10),
    ) {
        let index = index_of(side.other(), &people, now);
        let query = Query { profile: &me, side };
        let found = Sliced(&index).top_k(&query, k, &excluded).unwrap();
        prop_assert_eq!(found, sorted(&index, &query, &people, k, &excluded));
    }

    #[test]
    fn a_bound_is_never_below_the_key(people in people(1..60), me in somebody(1), side in side(), now in day()) {
        let index = index_of(side.other(), &people, now);
        for (row, key, bound) in bounds(&index, &Query { profile: &me, side }) {
            prop_assert!(bound.is_some_and(|bound| bound >= key), "row {row}: {bound:?} bounds {key}");
        }
    }

    #[test]
    fn under_any_policy_its_bounds_hold_and_it_finds_what_a_scan_finds(
        people in people(1..60), me in somebody(1), side in side(), k in 1..25usize,
        policy in prop_oneof![any_policy(), one_component()],
    ) {
        let everybody = people.iter().map(|person| (side.other(), person));
        let index = Index::build(policy, at("2026-03-01T00:00:00Z"), everybody).unwrap();
        let query = Query { profile: &me, side };
        for (row, key, bound) in bounds(&index, &query) {
            prop_assert!(bound.is_some_and(|bound| bound >= key), "row {row}: {bound:?} bounds {key}");
        }
        let none = BTreeSet::new();
        prop_assert_eq!(Sliced(&index).top_k(&query, k, &none), Scan(&index).top_k(&query, k, &none));
    }

    #[test]
    fn after_any_edits_its_bounds_hold(edits in vec(edit(), 0..60), policy in one_component()) {
        let (mut index, mut people) = (Index::new(policy, at("2026-01-01T00:00:00Z")), People::new());
        apply(&mut index, &mut people, &edits);
        for ((side, _), profile) in &people {
            for (row, key, bound) in bounds(&index, &Query { profile, side: *side }) {
                prop_assert!(bound.is_some_and(|bound| bound >= key), "row {row}: {bound:?} bounds {key}");
            }
        }
    }

    #[test]
    fn after_any_edits_it_finds_what_a_scan_of_an_index_built_anew_finds(edits in vec(edit(), 0..60)) {
        let (mut index, mut people) = (Index::new(policy(), at("2026-01-01T00:00:00Z")), People::new());
        apply(&mut index, &mut people, &edits);
        let rebuilt = rebuilt(&index, &people);
        prop_assert_eq!(lists(&people, &Sliced(&index)), lists(&people, &Scan(&rebuilt)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn it_finds_what_a_scan_finds_among_many_who_tie(
        crowd in crowd(), me in vec(somebody(1), 5), side in side(), k in 1..60usize,
        moved in vec((0..400usize, somebody(1)), 0..20),
        excluded in btree_set((1..1200u128).prop_map(id), 0..50),
    ) {
        let mut index = index_of(side.other(), &crowd, at("2026-03-01T00:00:00Z"));
        for (place, other) in moved {
            index.upsert(side.other(), &Profile { user_id: crowd[place].user_id, ..other }).unwrap();
            index.remove(side.other(), crowd[399 - place].user_id);
        }
        for me in &me {
            let query = Query { profile: &available(me.clone()), side };
            let found = Sliced(&index).top_k(&query, k, &excluded).unwrap();
            prop_assert_eq!(found, Scan(&index).top_k(&query, k, &excluded).unwrap());
        }
    }

    #[test]
    fn the_bounds_hold_among_many(crowd in crowd(), me in somebody(1), side in side()) {
        let index = index_of(side.other(), &crowd, at("2026-03-01T00:00:00Z"));
        for (row, key, bound) in bounds(&index, &Query { profile: &me, side }) {
            prop_assert!(bound.is_some_and(|bound| bound >= key), "row {row}: {bound:?} bounds {key}");
        }
    }
}

#[test]
fn ten_thousand_who_tie_and_one_place_make_no_difference_to_a_scan() {
    let person = |number| Profile { user_id: id(number), topics: [id(1)].into(), ..Profile::default() };
    let people: Vec<_> = (1..=10_000).map(person).collect();
    let index = index_of(Side::Mentor, &people, at("2026-03-01T00:00:00Z"));
    let me = person(0);
    let query = Query { profile: &me, side: Side::Mentee };
    let none = BTreeSet::new();
    assert_eq!(Sliced(&index).top_k(&query, 1, &none), Scan(&index).top_k(&query, 1, &none));
}

fn with_hours(number: u128, zone: chrono_tz::Tz, windows: &[(i16, i16, i16)]) -> Profile {
    let windows = windows.iter().map(|(day, start, end)| window(*day, start * 60, end * 60));
    Profile { user_id: id(number), topics: [id(1)].into(), hours: Hours::new(zone, windows), ..Profile::default() }
}

/// In July the mentor's noon in New York ends at 18:00 UTC, in December at 19:00: in another stretch of six hours.
#[test]
fn bounds_follow_the_clocks_when_the_index_moves_on() {
    let mut index = Index::new(policy_of(Component::Hours), at("2026-07-01T00:00:00Z"));
    index.upsert(Side::Mentor, &with_hours(1, chrono_tz::Tz::America__New_York, &[(3, 12, 14)])).unwrap();
    let me = with_hours(2, chrono_tz::Tz::UTC, &[(3, 18, 19)]);
    let query = Query { profile: &me, side: Side::Mentee };
    assert_eq!(bounds(&index, &query), [(0, 0, Some(0))]);
    index.set_now(at("2026-12-01T00:00:00Z"));
    assert_eq!(bounds(&index, &query), [(0, 250, Some(252))]);
}

/// A thousand have a bound of 1000 and 500 points, and after them come some whose bound is just the 500 that they have.
#[test]
fn a_bound_that_only_ties_with_the_last_of_the_best_is_looked_into() {
    let loose = (1..=1024).map(|number| with_hours(number, chrono_tz::Tz::UTC, &[(1, 9, 10), (2, 9, 10)]));
    let tight = (1025..=1500).map(|number| with_hours(number, chrono_tz::Tz::UTC, &[(1, 9, 11)]));
    let people: Vec<_> = loose.chain(tight).collect();
    let everybody = people.iter().map(|person| (Side::Mentor, person));
    let index = Index::build(policy_of(Component::Hours), at("2026-07-01T00:00:00Z"), everybody).unwrap();
    let mut late = 0;
    for number in 2000..2020 {
        let me = with_hours(number, chrono_tz::Tz::UTC, &[(1, 9, 11), (2, 9, 11)]);
        let query = Query { profile: &me, side: Side::Mentee };
        let found = Sliced(&index).top_k(&query, 1, &BTreeSet::new()).unwrap();
        assert_eq!(found, Scan(&index).top_k(&query, 1, &BTreeSet::new()).unwrap());
        late += usize::from(found[0].id > id(1024));
    }
    assert!(late > 0, "no query has its best among those with the lower bound");
}
