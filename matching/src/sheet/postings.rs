/// Whose list has a number: lists of numbers turned around, as search engines keep words (Zobel and Moffat, "Inverted files for text
/// search engines", 2006).
#[derive(Clone, Debug)]
pub struct Postings {
    /// By number, where its places begin
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Postings {
    /// Of the lists at the places from 0 on.
    pub fn new<L: IntoIterator<Item = u16>>(lists: impl Iterator<Item = L>) -> Self {
        let each = (0..).zip(lists).flat_map(|(place, list)| list.into_iter().map(move |number| (number, place)));
        let mut each: Vec<(u16, u32)> = each.collect();
        each.sort_unstable();
        let end = each.last().map_or(0, |(number, _)| usize::from(*number) + 1);
        let mut starts = vec![0; end + 1];
        each.iter().for_each(|(number, _)| starts[usize::from(*number) + 1] += 1);
        for number in 0..end {
            starts[number + 1] += starts[number];
        }
        Self { starts, places: each.into_iter().map(|(_, place)| place).collect() }
    }

    /// The places of the lists that have a number, rising.
    pub fn of(&self, number: u16) -> &[u32] {
        let bounds = self.starts.get(usize::from(number)..usize::from(number) + 2);
        let places = bounds.and_then(|bounds| self.places.get(bounds[0] as usize..bounds[1] as usize));
        places.unwrap_or_default()
    }
}
