//! Values that are parsed when somebody first asks for them: a program that starts reads only what it needs.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

/// A value, or the bytes it will be read from.
#[derive(Clone, Debug)]
pub(crate) struct Late<T> {
    bytes: &'static [u8],
    /// Boxed, so that a long list of values that nobody asks for is small.
    value: OnceLock<Box<T>>,
}

impl<T: DeserializeOwned> Late<T> {
    pub fn new(value: T) -> Late<T> {
        Late { bytes: &[], value: OnceLock::from(Box::new(value)) }
    }

    /// The value that postcard wrote as `bytes`; [`Late::get`] panics if it did not.
    pub fn written(bytes: &'static [u8]) -> Late<T> {
        Late { bytes, value: OnceLock::new() }
    }

    pub fn get(&self) -> &T {
        self.value.get_or_init(|| Box::new(postcard::from_bytes(self.bytes).expect("written by this very version")))
    }

    pub fn get_mut(&mut self) -> &mut T {
        self.get();
        self.value.get_mut().expect("it was just read")
    }
}

impl<T: DeserializeOwned + Default> Default for Late<T> {
    fn default() -> Late<T> {
        Late::new(T::default())
    }
}
