use super::lanes::{Lanes, Numbers};
use super::plane::{NEAR, Reader};

/// Rows that have one of several attributes, and what that is worth in units.
pub struct Worth<'a> {
    pub rows: Reader<'a>,
    pub units: u16,
}

/// Attributes of which a row has one at most.
pub struct Choice<'a> {
    worths: Vec<Worth<'a>>,
    earns: bool,
}

impl<'a> Choice<'a> {
    pub fn new(worths: Vec<Worth<'a>>) -> Self {
        let earns = worths.iter().any(|worth| worth.units > 0);
        Self { worths, earns }
    }

    /// Adds the worth to `bounds`, and gives the rows that have any of them.
    #[inline(always)]
    fn add(&self, block: usize, bounds: &mut Numbers) -> Lanes {
        let mut any = Lanes::NONE;
        for worth in &self.worths {
            any.join(worth.rows.read(block));
        }
        if self.earns && !any.is_empty() {
            let mut numbers = Numbers::default();
            for worth in &self.worths {
                numbers.choose(worth.rows.read(block), worth.units);
            }
            bounds.add(&numbers);
        }
        any
    }
}

/// Units by how many of the choices a row has: none, one, two, three or more.
pub type ByCount = [u16; 4];

/// Choices that earn something each, and something together by how many of them a row has.
#[derive(Default)]
pub struct Sum<'a> {
    pub choices: Vec<Choice<'a>>,
    /// Whether rows need a choice of this sum, or of another such
    pub is_needed: bool,
    /// For the rows of a reader, or all where there is none
    pub counted: Vec<(Option<Reader<'a>>, ByCount)>,
}

impl<'a> Sum<'a> {
    fn matters(&self) -> bool {
        let together = self.counted.iter().flat_map(|(_, units)| units).any(|units| *units > 0);
        self.is_needed || together || self.choices.iter().any(|choice| choice.earns)
    }

    fn readers(&mut self) -> impl Iterator<Item = &mut Reader<'a>> {
        let worths = self.choices.iter_mut().flat_map(|choice| &mut choice.worths).map(|worth| &mut worth.rows);
        worths.chain(self.counted.iter_mut().filter_map(|(reader, _)| reader.as_mut()))
    }

    /// Adds what it earns to `bounds`, and gives the rows that have any choice.
    #[inline(always)]
    fn add(&self, block: usize, bounds: &mut Numbers) -> Lanes {
        let (mut one, mut two, mut three) = (Lanes::NONE, Lanes::NONE, Lanes::NONE);
        for choice in &self.choices {
            let any = choice.add(block, bounds);
            three.join(&(two & any));
            two.join(&(one & any));
            one.join(&any);
        }
        if self.counted.is_empty() {
            return one;
        }
        let classes = [!one, one & !two, two & !three, three];
        let mut numbers = Numbers::default();
        for (reader, units) in &self.counted {
            let of = match reader {
                Some(reader) => reader.read(block),
                None => &Lanes::ALL,
            };
            for (class, units) in classes.iter().zip(units) {
                if *units > 0 {
                    numbers.choose(&(*class & *of), *units);
                }
            }
        }
        bounds.add(&numbers);
        one
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

impl<'a> Bound<'a> {
    /// Takes a sum in, unless the policy gives nothing for it.
    pub fn add(&mut self, sum: Sum<'a>) {
        if sum.matters() {
            self.sums.push(sum);
        }
    }

    /// The bounds of a block, none where no row is allowed. Blocks are to be asked for rising from 0.
    #[inline(always)]
    pub fn of(&mut self, block: usize, skipped: Lanes) -> Option<Bounds> {
        if block.is_multiple_of(NEAR) {
            self.move_to(block);
        }
        let (mut numbers, mut sharing) = (Numbers::constant(self.base), Lanes::NONE);
        for sum in &self.sums {
            let any = sum.add(block, &mut numbers);
            if sum.is_needed {
                sharing.join(&any);
            }
        }
        let allowed = self.allowed(block) & sharing & !skipped;
        self.subtract_prices(block, &mut numbers);
        let largest = numbers.largest(allowed)?;
        Some(Bounds { numbers, allowed, largest, block })
    }

    fn move_to(&mut self, block: usize) {
        let readers = self.sums.iter_mut().flat_map(Sum::readers).chain(self.prices.iter_mut().flatten());
        readers.chain(&mut self.demanded).chain(&mut self.refused).for_each(|reader| reader.move_to(block));
    }

    #[inline(always)]
    fn allowed(&self, block: usize) -> Lanes {
        let mut allowed = Lanes::ALL;
        for reader in &self.demanded {
            allowed &= *reader.read(block);
        }
        for reader in &self.refused {
            allowed &= !*reader.read(block);
        }
        allowed
    }

    #[inline(always)]
    fn subtract_prices(&self, block: usize, numbers: &mut Numbers) {
        let mut prices = Numbers::default();
        for (reader, slice) in self.prices.iter().zip(&mut prices.0) {
            if let Some(reader) = reader {
                slice.join(reader.read(block));
            }
        }
        if !self.prices.is_empty() {
            numbers.subtract(&prices);
        }
    }
}
