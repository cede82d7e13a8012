//! Sentences in which nothing is found, remembered: support says the same again and again, with other names and numbers,
//! and whoever types changes one sentence.

use std::hash::{DefaultHasher, Hasher};

/// Sentences in which no pattern of a rule set matches. Their hashes are kept, never their words; a newcomer takes the place
/// of an older one.
#[derive(Debug, Default)]
pub(crate) struct Innocent {
    /// By the low bits of the hash; 0 is free. A power of two.
    hashes: Vec<u64>,
    /// How many were added since it grew.
    n_added: usize,
}

impl Innocent {
    /// What a sentence is known by, the same on every machine.
    pub fn key(sentence: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(sentence.as_bytes());
        hasher.finish()
    }

    pub fn has(&self, key: u64) -> bool {
        !self.hashes.is_empty() && key != 0 && self.hashes[self.place(key)] == key
    }

    pub fn add(&mut self, key: u64) {
        if self.n_added * 2 >= self.hashes.len() && self.hashes.len() < MOST {
            self.grow();
        }
        let place = self.place(key);
        self.hashes[place] = key;
        self.n_added += 1;
    }

    /// One reply takes little room, a library what there is.
    fn grow(&mut self) {
        let wider = vec![0; (self.hashes.len() * 8).clamp(FEWEST, MOST)];
        let known = std::mem::replace(&mut self.hashes, wider);
        for key in known.into_iter().filter(|&it| it != 0) {
            let place = self.place(key);
            self.hashes[place] = key;
        }
    }

    fn place(&self, key: u64) -> usize {
        key as usize & (self.hashes.len() - 1)
    }
}

/// How many are remembered, at first and at most: powers of two.
const FEWEST: usize = 1 << 8;
const MOST: usize = 1 << 14;

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

    #[test]
    fn many_are_remembered_and_never_more_than_fit() {
        let mut innocent = Innocent::default();
        let keys: Vec<u64> = (0..2 * MOST).map(|it| Innocent::key(&it.to_string())).collect();
        keys.iter().for_each(|&it| innocent.add(it));
        assert_eq!(innocent.hashes.len(), MOST);
        let n_known = keys.iter().filter(|&&it| innocent.has(it)).count();
        assert!((MOST / 2..=MOST).contains(&n_known), "{n_known}");
    }
}
