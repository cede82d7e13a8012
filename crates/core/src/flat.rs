//! Plain values as numbers of a fixed size, and long lists of them that a program reads where they stand in it.

use std::{borrow::Cow, fmt, ops::Range};

use bytemuck::Pod;

/// A value of a fixed number of plain numbers.
pub(crate) trait Flat: Copy {
    /// Its numbers, one after the other.
    type Words: Pod;

    fn to_words(self) -> Self::Words;

    /// The value of these words. Words that no value was ever written as may be any value.
    fn from_words(words: Self::Words) -> Self;
}

/// A list of plain values: the program's own bytes as they stand, or owned once something was added.
#[derive(Clone)]
pub(crate) struct List<T: Flat> {
    words: Cow<'static, [T::Words]>,
}

impl<T: Flat> List<T> {
    /// The list whose words stand in the program.
    pub fn borrowed(words: &'static [T::Words]) -> List<T> {
        List { words: Cow::Borrowed(words) }
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn get(&self, index: usize) -> T {
        T::from_words(self.words[index])
    }

    pub fn set(&mut self, index: usize, item: T) {
        self.words.to_mut()[index] = item.to_words();
    }

    pub fn push(&mut self, item: T) {
        self.words.to_mut().push(item.to_words());
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = T> + Clone {
        self.words.iter().map(|it| T::from_words(*it))
    }

    /// The items as the words they are.
    pub fn words(&self) -> &[T::Words] {
        &self.words
    }
}

impl<T: Flat> Default for List<T> {
    fn default() -> List<T> {
        List { words: Cow::Borrowed(&[]) }
    }
}

impl<T: Flat> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} items", self.len())
    }
}

impl<T: Flat> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> List<T> {
        List { words: items.into_iter().map(T::to_words).collect() }
    }
}

impl<T: Flat> Extend<T> for List<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.words.to_mut().extend(items.into_iter().map(T::to_words));
    }
}

/// Lists of plain values, one after the other in one block of memory.
#[derive(Clone, Debug)]
pub(crate) struct Lists<T: Flat> {
    /// By list: where it ends in `items`; it starts where the one before ends.
    pub ends: List<u32>,
    pub items: List<T>,
}

impl<T: Flat> Lists<T> {
    /// The words of a list; none if there is no such list.
    pub fn of(&self, index: usize) -> &[T::Words] {
        &self.items.words()[self.range(index)]
    }

    /// Adds a list; returns its number.
    pub fn push(&mut self, items: impl IntoIterator<Item = T>) -> u32 {
        self.items.extend(items);
        self.ends.push(self.items.len() as u32);
        self.ends.len() as u32 - 1
    }

    fn range(&self, index: usize) -> Range<usize> {
        let ends = self.ends.words();
        let Some(&end) = ends.get(index) else { return 0..0 };
        let start = index.checked_sub(1).map_or(0, |it| ends[it]);
        start as usize..end as usize
    }
}

impl<T: Flat> Default for Lists<T> {
    fn default() -> Lists<T> {
        Lists { ends: List::default(), items: List::default() }
    }
}

impl<T: Flat> FromIterator<Vec<T>> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = Vec<T>>>(lists: I) -> Lists<T> {
        let mut all = Lists::default();
        for list in lists {
            all.push(list);
        }
        all
    }
}

impl Flat for u8 {
    type Words = u8;

    fn to_words(self) -> u8 {
        self
    }

    fn from_words(it: u8) -> u8 {
        it
    }
}

impl Flat for u16 {
    type Words = u16;

    fn to_words(self) -> u16 {
        self
    }

    fn from_words(it: u16) -> u16 {
        it
    }
}

impl Flat for u32 {
    type Words = u32;

    fn to_words(self) -> u32 {
        self
    }

    fn from_words(it: u32) -> u32 {
        it
    }
}

impl Flat for u128 {
    type Words = [u64; 2];

    fn to_words(self) -> [u64; 2] {
        [self as u64, (self >> 64) as u64]
    }

    fn from_words([low, high]: [u64; 2]) -> u128 {
        u128::from(low) | u128::from(high) << 64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_borrowed_list_is_copied_when_it_grows() {
        static WORDS: [u32; 3] = [7, 8, 9];
        let mut list: List<u32> = List::borrowed(&WORDS);
        list.push(10);
        list.set(0, 6);
        assert_eq!((list.iter().collect::<Vec<_>>(), WORDS[0]), (vec![6, 8, 9, 10], 7));
    }

    #[test]
    fn lists_know_where_they_start() {
        let lists: Lists<u32> = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        assert_eq!([0, 1, 2, 3].map(|it| lists.of(it)), [&[1, 2][..], &[], &[3], &[]]);
    }

    #[test]
    fn wide_numbers_come_back() {
        for it in [0, 1, u128::from(u64::MAX), 1 << 64, u128::MAX - 5] {
            assert_eq!(u128::from_words(it.to_words()), it);
        }
    }
}
