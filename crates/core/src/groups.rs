//! Groups of symbols: where one of several words will do.

use serde::{Deserialize, Serialize};

use crate::{flat, word_table::Symbol};

/// All groups, shared by patterns, in one block of memory.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Groups {
    /// By group: where its symbols end; they start where those of the one before end.
    #[serde(with = "flat")]
    ends: Vec<u32>,
    #[serde(with = "flat")]
    symbols: Vec<Symbol>,
}

impl Groups {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The symbols of a group.
    pub fn of(&self, group: u32) -> &[Symbol] {
        let group = group as usize;
        let start = group.checked_sub(1).map_or(0, |it| self.ends[it]);
        &self.symbols[start as usize..self.ends[group] as usize]
    }

    /// Adds a group; returns its number.
    pub fn push(&mut self, symbols: &[Symbol]) -> u32 {
        self.symbols.extend(symbols);
        self.ends.push(self.symbols.len() as u32);
        self.ends.len() as u32 - 1
    }
}
