/// Adds to a list that may be long, with room for little more: the standard way would leave up to half of it unused.
pub fn push<T>(list: &mut Vec<T>, item: T) {
    extend(list, std::iter::once(item));
}

/// The same with several.
pub fn extend<T>(list: &mut Vec<T>, items: impl ExactSizeIterator<Item = T>) {
    if list.len() + items.len() > list.capacity() {
        list.reserve_exact(items.len() + list.len() / 64 + 4);
    }
    list.extend(items);
}

/// Bytes of memory of a list itself.
pub fn of<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}
