use super::super::vocabulary::List;
use super::postings::Postings;

/// The lists of one kind that candidates have, by number.
#[derive(Clone, Debug)]
pub struct Lists {
    counts: Vec<u8>,
    longest: u8,
    having: Postings,
}

impl Lists {
    /// From number 0 on, each of 255 members at most.
    pub fn new<'a>(lists: impl Iterator<Item = &'a List>) -> Self {
        let lists: Vec<_> = lists.collect();
        let counts: Vec<_> = lists.iter().map(|list| list.len() as u8).collect();
        let longest = counts.iter().copied().max().unwrap_or_default();
        Self { counts, longest, having: Postings::new(lists.into_iter().map(|list| list.iter().copied())) }
    }

    /// What each list earns, where `earned` says it by how many of `codes` it has and how many there are in it.
    pub fn table(&self, codes: &[u16], earned: impl Fn(u32, u32) -> u32) -> Vec<u32> {
        let mut shared = vec![0_u8; self.counts.len()];
        for number in codes.iter().flat_map(|code| self.having.of(*code)) {
            shared[*number as usize] += 1;
        }
        let width = codes.len() + 1;
        let row = |count: u8| (0..width as u32).map(move |shared| (shared.min(count.into()), u32::from(count)));
        let known: Vec<_> = (0..=self.longest).flat_map(row).map(|(shared, count)| earned(shared, count)).collect();
        let each = self.counts.iter().zip(shared);
        each.map(|(count, shared)| known[usize::from(*count) * width + usize::from(shared)]).collect()
    }
}
