//! Sentences in which nothing is found, remembered: support says the same again and again, and whoever types changes one sentence.

use std::hash::{DefaultHasher, Hasher};

/// Sentences in which no pattern of a rule set matches. Their hashes are kept, never their words; a newcomer takes the place
/// of an older one.
#[derive(Debug, Default)]
pub(crate) struct Innocent {
    /// By the low bits of the hash; 0 is free.
    hashes: Vec<u64>,
}

impl Innocent {
    /// What a sentence is known by, the same on every machine.
    pub fn key(sentence: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(sentence.as_bytes());
        hasher.finish()
    }

    pub fn has(&self, key: u64) -> bool {
        self.hashes.get(place(key)).is_some_and(|&it| it == key && it != 0)
    }

    pub fn add(&mut self, key: u64) {
        // Made anew, they take no time: the system hands out zeros.
        if self.hashes.is_empty() {
            self.hashes = vec![0; MOST];
        }
        self.hashes[place(key)] = key;
    }
}

/// How many are remembered: a power of two.
const MOST: usize = 1 << 14;

fn place(key: u64) -> usize {
    key as usize & (MOST - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_there_until_another_takes_its_place() {
        let mut innocent = Innocent::default();
        let [hello, twin] = [Innocent::key("Hello."), Innocent::key("Hello.").wrapping_add(MOST as u64)];
        assert!(!innocent.has(hello) && !innocent.has(0));
        innocent.add(hello);
        assert!(
            innocent.has(hello) && !innocent.has(twin) && !innocent.has(Innocent::key("Hello!")) && !innocent.has(0)
        );
        innocent.add(twin);
        assert!(innocent.has(twin) && !innocent.has(hello));
    }
}
