use std::collections::{BTreeMap, BTreeSet};

use entity::side::Side;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::*;
use super::people::*;
use super::retrieval::side;

#[derive(Clone, Debug)]
pub enum Edit {
    Upsert(Side, Box<Profile>),
    Remove(Side, Uuid),
    Standing(Side, Uuid, Standing, Seats),
    Now(i64),
}

pub fn edit() -> impl Strategy<Value = Edit> {
    let somebody_else = (side(), somebody(20), any::<bool>());
    prop_oneof![
        6 => (side(), somebody(20)).prop_map(|(side, profile)| Edit::Upsert(side, Box::new(profile))),
        3 => (side(), (0..20u128).prop_map(id)).prop_map(|(side, id)| Edit::Remove(side, id)),
        3 => somebody_else.prop_map(|(side, other, _)| Edit::Standing(side, other.user_id, other.standing, other.seats)),
        1 => (0..300i64).prop_map(Edit::Now),
    ]
}

/// Who the index should have after the edits.
pub type People = BTreeMap<(Side, Uuid), Profile>;

pub fn apply(index: &mut Index, people: &mut People, edits: &[Edit]) {
    for edit in edits {
        match edit {
            Edit::Upsert(side, profile) => {
                index.upsert(*side, profile).unwrap();
                people.insert((*side, profile.user_id), Profile::clone(profile));
            }
            Edit::Remove(side, id) => assert_eq!(index.remove(*side, *id), people.remove(&(*side, *id)).is_some()),
            Edit::Standing(side, id, standing, seats) => {
                let known = index.set_standing(*side, *id, *standing, *seats).unwrap();
                let person = people.get_mut(&(*side, *id));
                assert_eq!(known, person.is_some());
                if let Some(person) = person {
                    (person.standing, person.seats) = (*standing, *seats);
                }
            }
            Edit::Now(days) => index.set_now(at("2026-01-01T00:00:00Z") + chrono::TimeDelta::days(*days)),
        }
    }
}

/// What everybody finds on the other side.
pub fn lists(people: &People, retriever: &impl Retriever) -> Vec<Vec<Hit>> {
    let queries = people.iter().map(|((side, _), profile)| Query { profile, side: *side });
    queries.map(|query| retriever.top_k(&query, 5, &BTreeSet::new()).unwrap()).collect()
}

pub fn rebuilt(index: &Index, people: &People) -> Index {
    let everybody = people.iter().map(|((side, _), profile)| (*side, profile));
    Index::build(index.policy().clone(), index.horizon().start(), everybody).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn after_any_edits_it_is_as_one_built_anew(edits in vec(edit(), 0..60)) {
        let (mut index, mut people) = (Index::new(policy(), at("2026-01-01T00:00:00Z")), People::new());
        apply(&mut index, &mut people, &edits);
        let rebuilt = rebuilt(&index, &people);
        prop_assert_eq!(lists(&people, &Scan(&index)), lists(&people, &Scan(&rebuilt)));
        for side in [Side::Mentor, Side::Mentee] {
            prop_assert_eq!(index.rows(side).records().len(), rebuilt.rows(side).records().len());
        }
        for ((side, id), profile) in &people {
            let hash = Some(hash_of_profile(profile, *side, index.policy()));
            prop_assert_eq!(index.hash_of(*side, *id), hash);
            prop_assert_eq!(index.is_open(*side, *id), Rule::broken_by(profile, *side, index.policy()).is_none());
            prop_assert_eq!(rebuilt.hash_of(*side, *id), hash);
        }
    }

    /// Edits go on as if nothing had been: what nobody uses any more is free, what is in use is found.
    #[test]
    fn one_of_its_bytes_is_the_same_and_stays_so(
        edits in vec(edit(), 0..60), later in vec(edit(), 0..30), damaged in any::<prop::sample::Index>(), days in 0..300i64,
    ) {
        let (mut index, mut people) = (Index::new(policy(), at("2026-01-01T00:00:00Z")), People::new());
        apply(&mut index, &mut people, &edits);
        let mut bytes = index.to_bytes();
        let now = at("2026-01-01T00:00:00Z") + chrono::TimeDelta::days(days);
        let mut read = Index::from_bytes(&bytes, policy(), now).unwrap();
        index.set_now(now);
        apply(&mut index, &mut people.clone(), &later);
        apply(&mut read, &mut people, &later);
        prop_assert_eq!(lists(&people, &Scan(&read)), lists(&people, &Scan(&index)));
        prop_assert_eq!(lists(&people, &Sliced(&read)), lists(&people, &Scan(&index)));
        for ((side, id), profile) in &people {
            prop_assert_eq!(read.hash_of(*side, *id), Some(hash_of_profile(profile, *side, index.policy())));
        }
        prop_assert!(Index::from_bytes(&bytes, Policy::default(), now).is_none(), "another policy");
        let damaged = damaged.index(bytes.len());
        bytes[damaged] ^= 1;
        prop_assert!(Index::from_bytes(&bytes, policy(), now).is_none());
    }

    #[test]
    fn moved_on_to_other_weeks_it_is_as_one_built_in_those(edits in vec(edit(), 0..60), now in day()) {
        let (mut index, mut people) = (Index::new(policy(), at("2026-01-01T00:00:00Z")), People::new());
        apply(&mut index, &mut people, &edits);
        let everybody = people.iter().map(|((side, _), profile)| (*side, profile));
        let rebuilt = Index::build(policy(), now, everybody).unwrap();
        index.set_now(now);
        prop_assert_eq!(index.horizon(), rebuilt.horizon());
        let expected = lists(&people, &Scan(&rebuilt));
        prop_assert_eq!(&lists(&people, &Scan(&index)), &expected);
        prop_assert_eq!(&lists(&people, &Sliced(&index)), &expected);
        for ((side, id), profile) in &people {
            prop_assert_eq!(index.hash_of(*side, *id), Some(hash_of_profile(profile, *side, index.policy())));
        }
    }

    #[test]
    fn a_hash_tells_two_profiles_apart(one in somebody(3), other in somebody(3), side in side()) {
        let seen = |profile: &Profile| {
            let skills = profile.skills.iter().map(|(id, skill)| (*id, skill.level, side.pick(1, skill.priority)));
            let sets = (profile.user_id, profile.topics.clone(), profile.soft_skills.clone(), profile.industries.clone());
            let rest = (profile.languages.clone(), profile.place.clone(), profile.in_person, profile.seniority);
            let gender = side.pick(profile.gender, profile.preferred_gender);
            let open = Rule::broken_by(profile, side, &policy()).is_none();
            let zone = profile.hours.is_told().then(|| profile.hours.zone());
            let hours = (zone, profile.hours.stretches().to_vec(), side.pick(profile.seats.price, 0));
            (skills.collect::<Vec<_>>(), sets, rest, gender, open, hours)
        };
        let same = hash_of_profile(&one, side, &policy()) == hash_of_profile(&other, side, &policy());
        prop_assert_eq!(same, seen(&one) == seen(&other));
    }
}

#[test]
fn a_price_out_of_bounds_changes_nothing() {
    let mut index = Index::new(policy(), at("2026-01-01T00:00:00Z"));
    index.upsert(Side::Mentor, &Profile { user_id: id(1), ..Profile::default() }).unwrap();
    let before = index.hash_of(Side::Mentor, id(1));
    let dear = Seats { price: 1001, ..Seats::default() };
    assert_eq!(index.set_standing(Side::Mentor, id(1), Standing::default(), dear), Err(Faulty::Price));
    assert_eq!(index.hash_of(Side::Mentor, id(1)), before);
}

fn of_many_words(number: u128, words: &[&str]) -> Profile {
    let topics = words.iter().flat_map(|word| word.bytes()).map(|byte| id(byte.into()));
    Profile {
        user_id: id(number),
        place: Some(words.concat()),
        languages: words.iter().map(|word| (*word).to_owned()).collect(),
        topics: topics.collect(),
        ..Profile::default()
    }
}

#[test]
fn its_bytes_tell_nothing_that_nobody_says_any_more() {
    let mut index = Index::new(policy(), at("2026-01-01T00:00:00Z"));
    for side in [Side::Mentor, Side::Mentee] {
        index.upsert(side, &of_many_words(1, &["gone"])).unwrap();
        index.upsert(side, &of_many_words(2, &["moved"])).unwrap();
        index.upsert(side, &of_many_words(3, &["stays"])).unwrap();
        index.upsert(side, &of_many_words(2, &["stays"])).unwrap();
        index.remove(side, id(1));
    }
    let bytes = index.to_bytes();
    let tells = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    assert!(tells(&bytes, "stays"));
    assert!(!tells(&bytes, "gone") && !tells(&bytes, "moved"));
}

#[test]
fn whoever_is_always_on_the_move_takes_no_room_from_others() {
    let mut index = Index::new(policy(), at("2026-01-01T00:00:00Z"));
    let moving = |step: u32| of_many_words(1, &[&format!("a{step}"), &format!("b{step}")]);
    index.upsert(Side::Mentee, &moving(0)).unwrap();
    let before = index.memory_bytes();
    (1..70_000).for_each(|step| index.upsert(Side::Mentee, &moving(step)).unwrap());
    assert!(index.memory_bytes() < before + 1000, "{} bytes, and {before} before", index.memory_bytes());
    for number in 2..12 {
        let other = Profile { user_id: id(number), ..moving(number as u32) };
        index.upsert(Side::Mentee, &other).unwrap();
        assert_eq!(index.hash_of(Side::Mentee, id(number)), Some(hash_of_profile(&other, Side::Mentee, &policy())));
    }
}

/// More topics than there are numbers: whoever comes last has told fewer, and all when others have left.
#[test]
fn what_there_is_no_number_for_counts_as_untold_until_there_is_one() {
    let mut index = Index::new(policy(), at("2026-01-01T00:00:00Z"));
    let person = |number: u128| Profile {
        user_id: id(number),
        topics: (0..100).map(|topic| id(1000 * number + topic)).collect(),
        ..Profile::default()
    };
    let people: Vec<_> = (1..=656).map(person).collect();
    people.iter().for_each(|person| index.upsert(Side::Mentor, person).unwrap());
    let told = |index: &Index, person: &Profile| {
        let hash = index.hash_of(Side::Mentor, person.user_id);
        assert_eq!(hash, Some(index.hash_due(Side::Mentor, person)));
        hash == Some(hash_of_profile(person, Side::Mentor, &policy()))
    };
    assert!(people[..655].iter().all(|person| told(&index, person)));
    assert!(!told(&index, &people[655]));
    index.remove(Side::Mentor, people[0].user_id);
    index.upsert(Side::Mentor, &people[655]).unwrap();
    assert!(people[1..].iter().all(|person| told(&index, person)));
}

/// A week ago New York and Berlin were six hours apart, this week they are five.
#[test]
fn lists_follow_the_clocks_when_the_index_moves_on() {
    let person = |number, zone, hour: i16| Profile {
        user_id: id(number),
        topics: [id(1)].into(),
        hours: Hours::new(zone, [window(3, hour * 60, hour * 60 + 120)]),
        ..Profile::default()
    };
    let mentor = person(1, chrono_tz::Tz::America__New_York, 12);
    let mentee = person(2, chrono_tz::Tz::Europe__Berlin, 18);
    let mut index = Index::new(policy(), at("2026-02-02T00:00:00Z"));
    index.upsert(Side::Mentor, &mentor).unwrap();
    let hours = |index: &Index| {
        let query = Query { profile: &mentee, side: Side::Mentee };
        Scan(index).top_k(&query, 1, &BTreeSet::new()).unwrap()[0].points.of(Component::Hours)
    };
    assert_eq!(hours(&index), 75);
    index.set_now(at("2026-03-04T00:00:00Z"));
    assert_eq!(hours(&index), 37);
}
