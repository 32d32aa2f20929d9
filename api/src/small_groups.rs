//! Groups of people that are too small to show.

/// Below `least` the counts are left out. Where the counts are `parts` of a known total, what is left out could be computed from
/// the rest; so as many more are left out, the smallest first, as it takes to make that useless.
pub fn hide(counts: &[i64], least: i64, parts: bool) -> Vec<Option<i64>> {
    let mut shown: Vec<_> = counts.iter().map(|&count| (count >= least).then_some(count)).collect();
    let mut hidden: i64 = counts.iter().filter(|count| **count < least).sum();
    while parts && (1..least).contains(&hidden) {
        let Some((at, count)) = smallest(&shown) else { break };
        shown[at] = None;
        hidden += count;
    }
    shown
}

/// The same of groups of which somebody may be in several, among `whole` people: neither a group nor all who are not in it may be
/// fewer than `least`. They are taken for parts besides, for they may be.
pub fn hide_overlapping(counts: &[i64], least: i64, whole: i64) -> Vec<Option<i64>> {
    let shown = hide(counts, least, true);
    shown.into_iter().map(|count| count.filter(|count| whole - count >= least)).collect()
}

fn smallest(shown: &[Option<i64>]) -> Option<(usize, i64)> {
    let there = shown.iter().enumerate().filter_map(|(at, count)| Some((at, (*count)?)));
    there.min_by_key(|(_, count)| *count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_groups_are_left_out() {
        assert_eq!(hide(&[12, 4, 0, 5], 5, false), [Some(12), None, None, Some(5)]);
    }

    #[test]
    fn a_total_does_not_give_them_away() {
        assert_eq!(hide(&[12, 4, 30], 5, true), [None, None, Some(30)]);
        assert_eq!(hide(&[12, 3, 2, 30], 5, true), [Some(12), None, None, Some(30)]);
        assert_eq!(hide(&[12, 5], 5, true), [Some(12), Some(5)]);
        assert_eq!(hide(&[12, 5, 0], 5, true), [Some(12), Some(5), None]);
        assert_eq!(hide(&[3], 5, true), [None]);
    }

    #[test]
    fn nor_does_what_is_left_of_the_whole() {
        assert_eq!(hide_overlapping(&[40, 35, 12], 10, 50), [Some(40), Some(35), Some(12)]);
        assert_eq!(hide_overlapping(&[41, 35, 12], 10, 50), [None, Some(35), Some(12)]);
        assert_eq!(hide_overlapping(&[20, 20, 4], 10, 44), [None, Some(20), None]);
    }

    proptest! {
        /// Whoever subtracts all that is told from all there are learns of ten people or of nobody.
        #[test]
        fn no_difference_is_of_few(counts in prop::collection::vec(0..40_i64, 1..8)) {
            let whole = counts.iter().sum::<i64>();
            let shown = hide(&counts, 10, true);
            let told = shown.iter().flatten().sum::<i64>();
            prop_assert!(shown.iter().flatten().all(|count| *count >= 10));
            prop_assert!(told == 0 || whole == told || whole - told >= 10);
            for count in hide_overlapping(&counts, 10, whole).into_iter().flatten() {
                prop_assert!(count >= 10 && whole - count >= 10);
            }
        }
    }
}
