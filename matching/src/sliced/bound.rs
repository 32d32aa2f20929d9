use super::lanes::{BLOCK, Lanes, Numbers};
use super::plane::{Reader, spread};

/// Rows that have one of several attributes, and what that is worth in units.
pub struct Worth<'a> {
    many: Vec<&'a [Lanes]>,
    few: Option<Reader<'a>>,
    /// The lists, where there are several: read once, and then as one bitmap
    spread: Vec<Lanes>,
    pub units: u16,
}

impl<'a> Worth<'a> {
    pub fn new(readers: &[Reader<'a>], units: u16) -> Self {
        let mut worth = Self { many: Vec::new(), few: None, spread: Vec::new(), units };
        let mut lists = Vec::new();
        for reader in readers {
            match reader {
                Reader::Many(blocks) => worth.many.push(blocks),
                Reader::Few(list) => lists.push(*list),
            }
        }
        match lists.as_slice() {
            [] => {}
            [one] => worth.few = Some(Reader::Few(one)),
            several => {
                let last = several.iter().filter_map(|list| list.last()).max();
                worth.spread = vec![Lanes::NONE; last.map_or(0, |last| *last as usize / BLOCK + 1)];
                several.iter().for_each(|list| spread(list, &mut worth.spread));
            }
        }
        worth
    }

    /// The rows of a block, made in `lanes` where they do not stand in one bitmap already.
    #[inline]
    fn read<'b>(&'b mut self, block: usize, lanes: &'b mut Lanes) -> &'b Lanes {
        match (self.spread.get(block), self.many.as_slice(), &mut self.few) {
            (Some(only), [], None) => return only,
            (Some(spread), ..) => *lanes = *spread,
            (None, [only], None) => return only.get(block).unwrap_or(&Lanes::NONE),
            (None, ..) => *lanes = Lanes::NONE,
        }
        self.many.iter().filter_map(|blocks| blocks.get(block)).for_each(|theirs| lanes.join(theirs));
        if let Some(reader) = &mut self.few {
            reader.read(block, lanes);
        }
        lanes
    }
}

/// Attributes of which a row has one at most.
#[derive(Default)]
pub struct Choice<'a>(pub Vec<Worth<'a>>);

impl Choice<'_> {
    /// Adds the worth to `bounds`, and marks the rows that have any of them.
    fn add(&mut self, block: usize, bounds: &mut Numbers, any: &mut Lanes) {
        let (mut numbers, mut scratch) = (Numbers::default(), Lanes::NONE);
        let mut earns = false;
        for worth in &mut self.0 {
            let units = worth.units;
            let lanes = worth.read(block, &mut scratch);
            any.join(lanes);
            numbers.choose(lanes, units);
            earns |= units > 0;
        }
        if earns && !any.is_empty() {
            bounds.add(&numbers);
        }
    }
}

/// Units by how many of the choices a row has: none, one, two, three or more.
pub type ByCount = [u16; 4];

/// Choices that earn something each, and something together by how many of them a row has.
#[derive(Default)]
pub struct Sum<'a> {
    pub choices: Vec<Choice<'a>>,
    /// For the rows of a reader, or all where there is none
    pub counted: Vec<(Option<Reader<'a>>, ByCount)>,
}

impl Sum<'_> {
    fn add(&mut self, block: usize, bounds: &mut Numbers) {
        let (mut one, mut two, mut three) = (Lanes::NONE, Lanes::NONE, Lanes::NONE);
        for choice in &mut self.choices {
            let mut any = Lanes::NONE;
            choice.add(block, bounds, &mut any);
            three.join(&(two & any));
            two.join(&(one & any));
            one.join(&any);
        }
        if self.counted.is_empty() {
            return;
        }
        let classes = [!one, one & !two, two & !three, three];
        let mut numbers = Numbers::default();
        for (reader, units) in &mut self.counted {
            let mut of = Lanes::ALL;
            if let Some(reader) = reader {
                of = Lanes::NONE;
                reader.read(block, &mut of);
            }
            for (class, units) in classes.iter().zip(units).filter(|(_, units)| **units > 0) {
                numbers.choose(&(*class & of), *units);
            }
        }
        bounds.add(&numbers);
    }
}

/// What bounds the rank of every row from above.
pub struct Bound<'a> {
    /// Units that every row may have
    pub base: u16,
    pub sums: Vec<Sum<'a>>,
    /// From the lowest slice on
    pub prices: Vec<Option<Reader<'a>>>,
    /// Rows must have all of these
    pub demanded: Vec<Reader<'a>>,
    /// and none of these
    pub refused: Vec<Reader<'a>>,
}

/// The bounds of a block, and which of its rows no hard rule forbids.
#[derive(Clone, Debug)]
pub struct Bounds {
    pub numbers: Numbers,
    pub allowed: Lanes,
    /// The largest number among the allowed
    pub largest: u16,
    pub block: usize,
}

impl Bound<'_> {
    /// The bounds of a block, none where no row is allowed. Blocks are to be asked for rising.
    pub fn of(&mut self, block: usize, skipped: Lanes) -> Option<Bounds> {
        let allowed = self.allowed(block) & !skipped;
        let mut numbers = Numbers::constant(self.base);
        self.sums.iter_mut().for_each(|sum| sum.add(block, &mut numbers));
        self.subtract_prices(block, &mut numbers);
        let largest = numbers.largest(allowed)?;
        Some(Bounds { numbers, allowed, largest, block })
    }

    fn allowed(&mut self, block: usize) -> Lanes {
        let mut allowed = Lanes::ALL;
        for reader in &mut self.demanded {
            let mut lanes = Lanes::NONE;
            reader.read(block, &mut lanes);
            allowed &= lanes;
        }
        let mut refused = Lanes::NONE;
        self.refused.iter_mut().for_each(|reader| reader.read(block, &mut refused));
        allowed & !refused
    }

    fn subtract_prices(&mut self, block: usize, numbers: &mut Numbers) {
        let mut prices = Numbers::default();
        for (reader, slice) in self.prices.iter_mut().zip(&mut prices.0) {
            if let Some(reader) = reader {
                reader.read(block, slice);
            }
        }
        if !self.prices.is_empty() {
            numbers.subtract(&prices);
        }
    }
}
