//! What is passed over in pieces, against looking at every pair.

use proptest::prelude::*;

use super::super::network::Arc;
use super::super::order::{Order, Ordered};
use super::super::row::Row;
use super::super::scale::Scale;
use super::super::weights::Weights;
use super::super::*;
use super::given::{Table, people};

fn scores() -> impl Strategy<Value = Vec<Option<u16>>> {
    prop::collection::vec(prop_oneof![1 => Just(None), 4 => (0..=1000_u16).prop_map(Some)], 1..200)
}

/// Every allowed pair of the only mentee.
fn all(weights: &Weights, ordered: &Ordered<'_>, mentors: usize) -> Vec<Arc> {
    let arc =
        |mentor: usize| Some(Arc { to: mentor as u32, weight: weights.weigh(0, mentor, ordered.score(0, mentor))? });
    (0..mentors).filter_map(arc).collect()
}

/// The `most` of the largest value, by mentor, and the values of the others.
fn split(mut arcs: Vec<Arc>, most: usize, value: impl Fn(&Arc) -> i64) -> (Vec<Arc>, Option<i64>) {
    arcs.sort_by_key(|arc| std::cmp::Reverse(value(arc)));
    let others = arcs.split_off(most.min(arcs.len()));
    arcs.sort_by_key(|arc| arc.to);
    (arcs, others.iter().map(value).max())
}

proptest! {
    #[test]
    fn a_row_gives_its_heaviest_pairs_and_what_is_worth_more_than_a_price(
        scores in scores(), floor in 0..500_u16, keep in 1..60_usize, price in 0..900_i64, prices in prop::collection::vec(0..300_i64, 200),
    ) {
        let mentors = scores.len();
        let problem = Problem { floor, ..people(&[1], &vec![1; mentors]) };
        let (table, order) = (Table(vec![scores]), Order::of(&problem));
        let ordered = Ordered { scores: &table, order: &order };
        let weights = Weights::of(&order.problem(&problem), Scale::of(&problem).unwrap());
        let mut row = vec![0; mentors];
        ordered.row(0, &mut row);
        let of = |scores| Row { mentee: 0, scores, order: &ordered };

        let unit = weights.scale.unit();
        let prices: Vec<_> = prices.iter().take(mentors).map(|price| price * unit).collect();
        let worth = |arc: &Arc| arc.weight - prices[arc.to as usize];
        let mut again = row.clone();
        let (arcs, bound) = of(&mut again).offers(&weights, &ordered.columns(&prices), price * unit, keep);
        let (better, worse): (Vec<_>, Vec<_>) =
            all(&weights, &ordered, mentors).into_iter().partition(|arc| worth(arc) > price * unit);
        let (expected, cut) = split(better, keep, worth);
        prop_assert_eq!(arcs, expected);
        prop_assert!(worse.iter().map(worth).chain(cut).all(|worth| worth <= bound));

        let (arcs, bound) = of(&mut row).heaviest(&weights, &vec![true; mentors], keep);
        let (expected, cut) = split(all(&weights, &ordered, mentors), keep, |arc| arc.weight);
        prop_assert_eq!(arcs, expected);
        prop_assert!(cut.is_none_or(|cut| cut <= bound));
    }
}
