//! Groups of people that are too small to show.

/// Fewer than these are not shown.
const LEAST: i64 = 5;

/// The counts with the small ones left out. Where the counts are `parts` of a known total, what is left out could be
/// computed from the rest; so as many more are left out, the smallest first, as it takes to make that useless.
pub fn hide(counts: &[i64], parts: bool) -> Vec<Option<i64>> {
    let mut shown: Vec<_> = counts.iter().map(|&count| (count >= LEAST).then_some(count)).collect();
    let mut hidden: i64 = counts.iter().filter(|count| **count < LEAST).sum();
    while parts && (1..LEAST).contains(&hidden) {
        let Some((at, count)) = smallest(&shown) else { break };
        shown[at] = None;
        hidden += count;
    }
    shown
}

fn smallest(shown: &[Option<i64>]) -> Option<(usize, i64)> {
    let there = shown.iter().enumerate().filter_map(|(at, count)| Some((at, (*count)?)));
    there.min_by_key(|(_, count)| *count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_are_left_out() {
        assert_eq!(hide(&[12, 4, 0, 5], false), [Some(12), None, None, Some(5)]);
    }

    #[test]
    fn a_total_does_not_give_them_away() {
        assert_eq!(hide(&[12, 4, 30], true), [None, None, Some(30)]);
        assert_eq!(hide(&[12, 3, 2, 30], true), [Some(12), None, None, Some(30)]);
        assert_eq!(hide(&[12, 5], true), [Some(12), Some(5)]);
        assert_eq!(hide(&[12, 5, 0], true), [Some(12), Some(5), None]);
        assert_eq!(hide(&[3], true), [None]);
    }
}
