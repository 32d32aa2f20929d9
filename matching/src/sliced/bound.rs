use super::lanes::{Lanes, Numbers};
use super::plane::{CHUNK, Reader};

/// Rows that have one of several attributes, and what that is worth in units.
pub struct Worth<'a> {
    pub rows: Reader<'a>,
    pub units: u16,
}

/// Attributes of which a row has one at most.
#[derive(Default)]
pub struct Choice<'a>(pub Vec<Worth<'a>>);

impl Choice<'_> {
    /// Adds the worth to `bounds`, and marks the rows that have any of them.
    fn add(&self, block: usize, bounds: &mut Numbers, any: &mut Lanes) {
        let mut numbers = Numbers::default();
        let mut earns = false;
        for worth in &self.0 {
            let lanes = worth.rows.read(block);
            any.join(lanes);
            numbers.choose(lanes, worth.units);
            earns |= worth.units > 0;
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

impl<'a> Sum<'a> {
    fn readers(&mut self) -> impl Iterator<Item = &mut Reader<'a>> {
        let worths = self.choices.iter_mut().flat_map(|choice| &mut choice.0).map(|worth| &mut worth.rows);
        worths.chain(self.counted.iter_mut().filter_map(|(reader, _)| reader.as_mut()))
    }

    fn add(&self, block: usize, bounds: &mut Numbers) {
        let (mut one, mut two, mut three) = (Lanes::NONE, Lanes::NONE, Lanes::NONE);
        for choice in &self.choices {
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
        for (reader, units) in &self.counted {
            let of = reader.as_ref().map_or(&Lanes::ALL, |reader| reader.read(block));
            for (class, units) in classes.iter().zip(units).filter(|(_, units)| **units > 0) {
                numbers.choose(&(*class & *of), *units);
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
    /// The bounds of a block, none where no row is allowed. Blocks are to be asked for rising from 0.
    pub fn of(&mut self, block: usize, skipped: Lanes) -> Option<Bounds> {
        if block.is_multiple_of(CHUNK) {
            self.open(block / CHUNK);
        }
        let allowed = self.allowed(block) & !skipped;
        let mut numbers = Numbers::constant(self.base);
        self.sums.iter().for_each(|sum| sum.add(block, &mut numbers));
        self.subtract_prices(block, &mut numbers);
        let largest = numbers.largest(allowed)?;
        Some(Bounds { numbers, allowed, largest, block })
    }

    fn open(&mut self, chunk: usize) {
        let readers = self.sums.iter_mut().flat_map(Sum::readers).chain(self.prices.iter_mut().flatten());
        readers.chain(&mut self.demanded).chain(&mut self.refused).for_each(|reader| reader.open(chunk));
    }

    fn allowed(&self, block: usize) -> Lanes {
        let allowed = self.demanded.iter().fold(Lanes::ALL, |allowed, reader| allowed & *reader.read(block));
        self.refused.iter().fold(allowed, |allowed, reader| allowed & !*reader.read(block))
    }

    fn subtract_prices(&self, block: usize, numbers: &mut Numbers) {
        let mut prices = Numbers::default();
        for (reader, slice) in self.prices.iter().zip(&mut prices.0) {
            reader.iter().for_each(|reader| slice.join(reader.read(block)));
        }
        if !self.prices.is_empty() {
            numbers.subtract(&prices);
        }
    }
}
