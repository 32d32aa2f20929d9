use uuid::Uuid;

/// Numbers and words one after the other. A number takes seven bits of each byte, the lowest first, and the eighth says whether
/// there are more.
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(&mut self, number: impl Into<u64>) {
        let mut rest = number.into();
        while rest > 127 {
            self.0.push(rest as u8 | 128);
            rest >>= 7;
        }
        self.0.push(rest as u8);
    }

    pub fn id(&mut self, id: &Uuid) {
        self.0.extend_from_slice(id.as_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// How many, and then each.
    pub fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, each: impl Fn(&mut Self, T)) {
        self.number(items.len() as u64);
        items.for_each(|item| each(self, item));
    }
}

/// Reads what a [`Writer`] wrote; none where that ends too early or is something else.
pub struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    pub fn number<N: TryFrom<u64>>(&mut self) -> Option<N> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 127).checked_shl(shift)?;
            if byte & 128 == 0 {
                return N::try_from(number).ok();
            }
            shift += 7;
        }
    }

    pub fn id(&mut self) -> Option<Uuid> {
        let (id, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(Uuid::from_bytes(*id))
    }

    pub fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    pub fn list<T>(&mut self, each: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count: usize = self.number()?;
        (0..count).map(|_| each(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(
            numbers in proptest::collection::vec(any::<u64>(), 0..5), text in ".*", id in any::<u128>(), cut in any::<usize>(),
        ) {
            let mut writer = Writer::default();
            writer.list(numbers.iter(), |writer, number| writer.number(*number));
            writer.text(&text);
            writer.id(&Uuid::from_u128(id));
            let all = |reader: &mut Reader<'_>| Some((reader.list(Reader::number)?, reader.text()?, reader.id()?));
            prop_assert_eq!(all(&mut Reader(&writer.0)), Some((numbers, text, Uuid::from_u128(id))));
            prop_assert_eq!(all(&mut Reader(&writer.0[..cut % writer.0.len()])), None);
        }
    }
}
