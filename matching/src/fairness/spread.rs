use super::FEWEST;

/// How values lie, each one that occurs (the nearest rank).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    pub median: u64,
    /// What nine in ten do not exceed
    pub ninetieth: u64,
}

impl Spread {
    /// None of fewer than [`FEWEST`] values.
    pub fn of(values: impl IntoIterator<Item = u64>) -> Option<Self> {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_unstable();
        let told = values.len() >= FEWEST;
        told.then(|| Self { median: percentile(&values, 50), ninetieth: percentile(&values, 90) })
    }
}

/// The least value that at least so many of a hundred do not exceed; the values must rise.
pub fn percentile<T: Copy + Default>(rising: &[T], percent: usize) -> T {
    let rank = (rising.len() * percent).div_ceil(100);
    rising.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}
