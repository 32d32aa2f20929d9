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
    allocated(list.capacity() * size_of::<T>())
}

/// What an allocator takes for so many bytes: a few of its own, and all in sixteens.
pub fn allocated(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { (bytes + 8).next_multiple_of(16).max(32) }
}
