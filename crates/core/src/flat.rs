//! Long lists of plain numbers, serialized as the bytes they are: a program that starts copies them, and parses nothing.

use std::{fmt, marker::PhantomData};

use serde::{Deserializer, Serializer, de};

/// A value of a fixed number of 32-bit words.
pub(crate) trait Flat: Sized {
    /// Its words, one after the other.
    type Words: AsRef<[u32]> + AsMut<[u32]> + Default;

    fn to_words(&self) -> Self::Words;

    /// The value of these words; `None` if it has none.
    fn from_words(words: Self::Words) -> Option<Self>;
}

/// For `#[serde(with = "flat")]`.
pub(crate) fn serialize<T: Flat, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::new();
    for word in items.iter().map(Flat::to_words) {
        word.as_ref().iter().for_each(|it| bytes.extend(it.to_le_bytes()));
    }
    serializer.serialize_bytes(&bytes)
}

/// For `#[serde(with = "flat")]`.
pub(crate) fn deserialize<'de, T: Flat, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_bytes(Bytes(PhantomData))
}

struct Bytes<T>(PhantomData<T>);

impl<T: Flat> de::Visitor<'_> for Bytes<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the bytes of a list of numbers")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<T>, E> {
        let size = size_of::<T::Words>();
        if !bytes.len().is_multiple_of(size) {
            return Err(E::custom("a list of numbers is cut off"));
        }
        let items = bytes.chunks_exact(size).map(|it| T::from_words(words(it)));
        items.collect::<Option<Vec<T>>>().ok_or_else(|| E::custom("a number has no meaning here"))
    }
}

fn words<W: AsMut<[u32]> + Default>(bytes: &[u8]) -> W {
    let mut words = W::default();
    for (word, bytes) in words.as_mut().iter_mut().zip(bytes.chunks_exact(4)) {
        *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    words
}

impl Flat for u32 {
    type Words = [u32; 1];

    fn to_words(&self) -> [u32; 1] {
        [*self]
    }

    fn from_words([it]: [u32; 1]) -> Option<u32> {
        Some(it)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct List(#[serde(with = "super")] Vec<u32>);

    #[test]
    fn a_list_comes_back() {
        for list in [vec![], vec![1], vec![0, u32::MAX, 7]] {
            let bytes = postcard::to_stdvec(&List(list.clone())).expect("plain data");
            assert_eq!(postcard::from_bytes::<List>(&bytes), Ok(List(list)));
        }
    }

    #[test]
    fn a_list_that_is_cut_off_is_refused() {
        let bytes = postcard::to_stdvec(&List(vec![1, 2])).expect("plain data");
        let mut cut = bytes[..bytes.len() - 1].to_vec();
        cut[0] -= 1;
        assert!(postcard::from_bytes::<List>(&cut).is_err());
    }
}
