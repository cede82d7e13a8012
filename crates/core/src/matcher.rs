//! Does a pattern stand in a sentence, and where: all starting places at once, one machine word for all of them.
//!
//! A pattern maps the set of places where it may start to the set of places where it may end, so time is linear in
//! the pattern's size whatever it holds, and nothing backtracks.

use crate::{
    rule_set::{FindPattern, Node, Set},
    words::{Places, Words},
};

/// A sentence to look in.
#[derive(Clone, Copy)]
pub(crate) struct Matcher<'a> {
    pub words: &'a Words,
    pub sets: &'a [Set],
}

impl Matcher<'_> {
    /// Whether the words without which `pattern` cannot match are all there.
    pub fn may_match(self, pattern: &FindPattern) -> bool {
        let is_there = |group: &Vec<u32>| group.iter().any(|&it| self.words.places(it) != 0);
        pattern.required.iter().skip(1).all(is_there)
    }

    /// Whether `node` matches anywhere.
    pub fn is_match(self, node: &Node) -> bool {
        self.ends(node, self.places()) != 0
    }

    /// The matches of `node`, leftmost and longest, disjoint: word ranges.
    pub fn matches(self, node: &Node) -> Vec<(usize, usize)> {
        let mut matches = Vec::new();
        let mut floor = 0;
        let starts = self.first(node);
        if starts == 0 || self.ends(node, starts) == 0 {
            return matches;
        }
        for start in (0..self.words.len()).filter(|it| starts >> it & 1 == 1) {
            if start < floor {
                continue;
            }
            let ends = self.ends(node, 1 << start);
            let end = Places::BITS as usize - 1 - ends.leading_zeros().min(Places::BITS - 1) as usize;
            if ends != 0 && end > start {
                matches.push((start, end));
                floor = end;
            }
        }
        matches
    }

    /// Every place of the sentence, the last one included.
    fn places(self) -> Places {
        self.words.all() << 1 | 1
    }

    /// The places where `node` can end if it starts at one of `starts`.
    fn ends(self, node: &Node, starts: Places) -> Places {
        match node {
            Node::Word(symbol) => (starts & self.words.places(*symbol)) << 1,
            Node::Any => (starts & self.words.all()) << 1,
            Node::Set(index) => self.set_ends(*index, starts),
            Node::Sequence(parts) => self.sequence_ends(parts, starts),
            Node::Either(branches) => branches.iter().fold(0, |ends, it| ends | self.ends(it, starts)),
            Node::Optional(part) => starts | self.ends(part, starts),
            Node::Gap(words) => self.gap_ends(*words, starts),
            Node::Not(part) => self.without(part, starts),
            Node::Mark(mark) => starts & self.words.after_mark(usize::from(*mark)),
            Node::Start => starts & 1,
            Node::End => starts & 1 << self.words.len(),
        }
    }

    fn set_ends(self, index: u32, starts: Places) -> Places {
        let set = &self.sets[index as usize];
        let single = (starts & self.words.places(set.symbol)) << 1;
        set.phrases.as_ref().map_or(single, |it| single | self.ends(it, starts))
    }

    fn sequence_ends(self, parts: &[Node], starts: Places) -> Places {
        let mut places = starts;
        for part in parts {
            if places == 0 {
                return 0;
            }
            places = self.ends(part, places);
        }
        places
    }

    fn gap_ends(self, words: u8, starts: Places) -> Places {
        let all = self.words.all();
        (0..words).fold(starts, |places, _| places | (places & all) << 1)
    }

    /// Those of `starts` at which `part` does not start.
    fn without(self, part: &Node, starts: Places) -> Places {
        let begins = |place: &usize| self.ends(part, 1 << place) != 0;
        (0..=self.words.len())
            .filter(|it| starts >> it & 1 == 1)
            .filter(begins)
            .fold(starts, |left, it| left & !(1 << it))
    }

    /// Places where `node` may start: more than it does, never fewer.
    fn first(self, node: &Node) -> Places {
        match node {
            Node::Word(symbol) => self.words.places(*symbol),
            Node::Set(index) => match &self.sets[*index as usize] {
                Set { symbol, phrases: Some(node) } => self.words.places(*symbol) | self.first(node),
                Set { symbol, phrases: None } => self.words.places(*symbol),
            },
            Node::Either(branches) => branches.iter().fold(0, |starts, it| starts | self.first(it)),
            Node::Sequence(parts) => self.first_of(parts),
            _ => self.places(),
        }
    }

    fn first_of(self, parts: &[Node]) -> Places {
        match parts.split_first() {
            Some((Node::Optional(part), rest)) => self.first(part) | self.first_of(rest),
            Some((first, _)) => self.first(first),
            None => self.places(),
        }
    }
}
