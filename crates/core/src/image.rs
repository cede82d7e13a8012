//! Lists and values as one run of bytes that a program carries in itself, and reads without parsing.
//!
//! Blocks follow each other, each at a multiple of sixteen bytes, with its length in bytes before it. Numbers are
//! little-endian, as on every machine that Absolve is built for.

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    flat::{Flat, List, Lists},
    late::Late,
};

#[cfg(target_endian = "big")]
compile_error!("compiled rules are read where they stand, as little-endian numbers");

/// Bytes that an image can be read from: lists in it stand where their numbers may stand.
#[repr(C, align(16))]
#[derive(Debug)]
pub struct Aligned<B: ?Sized>(pub B);

/// Why bytes are no image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageError;

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these compiled rules were not written by this version of Absolve")
    }
}

impl std::error::Error for ImageError {}

/// Writes an image.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn list<T: Flat>(&mut self, list: &List<T>) {
        self.block(bytemuck::cast_slice(list.words()));
    }

    pub fn lists<T: Flat>(&mut self, lists: &Lists<T>) {
        self.list(&lists.ends);
        self.list(&lists.items);
    }

    pub fn value(&mut self, value: &impl Serialize) {
        self.block(&to_bytes(value));
    }

    pub fn values<'a, T: Serialize + 'a>(&mut self, values: impl Iterator<Item = &'a T>) {
        self.lists(&values.map(to_bytes).collect::<Lists<u8>>());
    }

    fn block(&mut self, bytes: &[u8]) {
        self.bytes.extend((bytes.len() as u128).to_le_bytes());
        self.bytes.extend(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(BLOCK), 0);
    }
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("plain data can always be written")
}

/// Reads an image in the order it was written.
#[derive(Debug)]
pub(crate) struct Reader {
    rest: &'static [u8],
}

impl Reader {
    pub fn new(bytes: &'static Aligned<[u8]>) -> Reader {
        Reader { rest: &bytes.0 }
    }

    pub fn list<T: Flat>(&mut self) -> Result<List<T>, ImageError> {
        bytemuck::try_cast_slice(self.block()?).map(List::borrowed).map_err(|_| ImageError)
    }

    pub fn lists<T: Flat>(&mut self) -> Result<Lists<T>, ImageError> {
        Ok(Lists { ends: self.list()?, items: self.list()? })
    }

    pub fn value<T: DeserializeOwned>(&mut self) -> Result<T, ImageError> {
        postcard::from_bytes(self.block()?).map_err(|_| ImageError)
    }

    pub fn late<T: DeserializeOwned>(&mut self) -> Result<Late<T>, ImageError> {
        self.block().map(Late::written)
    }

    /// Values of which each is read when it is asked for.
    pub fn lates<T: DeserializeOwned>(&mut self) -> Result<Vec<Late<T>>, ImageError> {
        let ends = self.list::<u32>()?;
        let bytes = self.block()?;
        let starts = std::iter::once(0).chain(ends.iter());
        let all = starts.zip(ends.iter()).map(|it| bytes.get(it.0 as usize..it.1 as usize).map(Late::written));
        all.collect::<Option<_>>().ok_or(ImageError)
    }

    fn block(&mut self) -> Result<&'static [u8], ImageError> {
        let (len, rest) = self.rest.split_at_checked(BLOCK).ok_or(ImageError)?;
        let len = len.iter().rev().try_fold(0usize, |len, &it| len.checked_mul(256)?.checked_add(it.into()));
        let len = len.ok_or(ImageError)?;
        let block = rest.get(..len).ok_or(ImageError)?;
        self.rest = rest.get(len.next_multiple_of(BLOCK)..).ok_or(ImageError)?;
        Ok(block)
    }
}

/// In bytes: what blocks start at a multiple of.
const BLOCK: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut writer = Writer::default();
        writer.list(&[1u32, 2, 3].into_iter().collect::<List<u32>>());
        writer.lists(&[vec![5u128], vec![]].into_iter().collect::<Lists<u128>>());
        writer.value(&("été".to_owned(), 7u8));
        writer.values(["one".to_owned(), "two".to_owned()].iter());
        writer.bytes
    }

    /// `bytes`, where a program would have them.
    fn reader(bytes: &[u8]) -> Reader {
        let mut aligned = Box::new(Aligned([0; 512]));
        aligned.0[..bytes.len()].copy_from_slice(bytes);
        let leaked: &'static Aligned<[u8]> = Box::leak(aligned);
        Reader { rest: &leaked.0[..bytes.len()] }
    }

    #[test]
    fn what_was_written_is_read() {
        let mut reader = reader(&written());
        assert_eq!(reader.list::<u32>().map(|it| it.iter().collect::<Vec<_>>()), Ok(vec![1, 2, 3]));
        let lists = reader.lists::<u128>().expect("two lists");
        assert_eq!((lists.ends.len(), lists.of(0).to_vec()), (2, vec![[5, 0]]));
        assert_eq!(reader.late::<(String, u8)>().expect("a value").get(), &("été".to_owned(), 7));
        let values = reader.lates::<String>().expect("two values");
        assert_eq!(values.iter().map(Late::get).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn what_is_cut_off_or_of_another_kind_is_refused() {
        let bytes = written();
        assert_eq!(reader(&bytes[..10]).list::<u32>().err(), Some(ImageError));
        assert_eq!(reader(&bytes[..20]).list::<u32>().err(), Some(ImageError));
        assert_eq!(reader(&bytes).list::<u128>().err(), Some(ImageError), "12 bytes are no whole items");
    }
}
