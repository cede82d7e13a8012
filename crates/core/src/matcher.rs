//! Does a pattern stand in a sentence, and where: all starting places at once, one machine word for all of them.
//!
//! A pattern maps the set of places where it may start to the set of places where it may end, so time is linear in
//! the pattern's size whatever it holds, and nothing backtracks.

use crate::{
    flat::Flat,
    rule_set::{FindPattern, Link, Node, Nodes, RuleSet},
    words::{Places, Words},
};

/// A node as it stands in the rules: what kind it is, is found out when its turn comes.
type NodeWords = <Node as Flat>::Words;

/// A sentence to look in.
#[derive(Clone, Copy)]
pub(crate) struct Matcher<'a> {
    pub words: &'a Words,
    pub rules: &'a RuleSet,
}

impl<'a> Matcher<'a> {
    /// Whether one of `nodes` matches anywhere.
    pub fn any_matches(self, nodes: Nodes) -> bool {
        self.nodes(nodes).iter().any(|it| self.ends(*it, self.places()) != 0)
    }

    /// Whether the words without which `pattern` cannot match stand in their order, near enough to each other.
    pub fn may_match(self, pattern: &FindPattern) -> bool {
        let mut places = self.places();
        for link in pattern.chain.of(&self.rules.links) {
            let link = Link::from_words(*link);
            places = reach(places, link.reach) & self.group(link.group);
            if places == 0 {
                return false;
            }
        }
        true
    }

    /// The matches of a pattern, leftmost and longest, disjoint: word ranges.
    pub fn matches(self, pattern: &FindPattern) -> Vec<(usize, usize)> {
        let node = self.node(pattern.node);
        let mut matches = Vec::new();
        let mut floor = 0;
        if self.ends(node, self.places()) == 0 {
            return matches;
        }
        let starts = self.first(node);
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
    #[inline]
    fn ends(self, node: NodeWords, starts: Places) -> Places {
        match Node::from_words(node) {
            Node::Word(symbol) => (starts & self.words.places(symbol)) << 1,
            Node::Group(group) => (starts & self.group(group)) << 1,
            Node::Any => (starts & self.words.all()) << 1,
            _ => self.inner_ends(node, starts),
        }
    }

    /// The same, of nodes that are no single word: apart, so that those, which are most, take no call.
    fn inner_ends(self, node: NodeWords, starts: Places) -> Places {
        match Node::from_words(node) {
            Node::Word(_) | Node::Group(_) | Node::Any => self.ends(node, starts),
            Node::Set(index) => self.set_ends(index, starts),
            Node::Sequence(parts) => self.sequence_ends(parts, starts),
            Node::Either(branches) => self.either_ends(branches, starts),
            Node::Needs(it) if self.group(it.group) == 0 => 0,
            Node::Needs(it) => self.ends(self.node(it.node), starts),
            Node::Optional(part) => starts | self.either_ends(part, starts),
            Node::Gap(words) => self.gap_ends(words, starts),
            Node::Not(part) => starts & !self.begins(part, starts),
            Node::Ahead(part) => self.begins(part, starts),
            Node::Mark(mark) => starts & self.words.after_mark(usize::from(mark)),
            Node::Start => starts & 1,
            Node::End => starts & 1 << self.words.len(),
        }
    }

    fn group(self, group: u32) -> Places {
        self.words.group(group, &self.rules.groups)
    }

    fn set_ends(self, index: u32, starts: Places) -> Places {
        let set = self.rules.sets.get(index as usize);
        (starts & self.words.places(set.symbol)) << 1 | self.either_ends(set.phrases, starts)
    }

    fn either_ends(self, branches: Nodes, starts: Places) -> Places {
        let may_start = |it: &&NodeWords| starts & self.opening(**it) != 0;
        self.nodes(branches).iter().filter(may_start).fold(0, |ends, it| ends | self.ends(*it, starts))
    }

    /// Places where `node` may start, as far as a glance tells: of many branches, few get a closer look.
    #[inline]
    fn opening(self, node: NodeWords) -> Places {
        let first = match Node::from_words(node) {
            Node::Sequence(parts) => self.nodes(parts)[0],
            _ => node,
        };
        match Node::from_words(first) {
            Node::Word(symbol) => self.words.places(symbol),
            _ => Places::MAX,
        }
    }

    fn sequence_ends(self, parts: Nodes, starts: Places) -> Places {
        let mut places = starts;
        for part in self.nodes(parts) {
            if places == 0 {
                return 0;
            }
            places = self.ends(*part, places);
        }
        places
    }

    fn gap_ends(self, words: u8, starts: Places) -> Places {
        let all = self.words.all();
        (0..words).fold(starts, |places, _| places | (places & all) << 1)
    }

    /// Those of `starts` at which `part` starts.
    fn begins(self, part: Nodes, starts: Places) -> Places {
        if self.either_ends(part, starts) == 0 {
            return 0;
        }
        let places = (0..=self.words.len()).filter(|it| starts >> it & 1 == 1);
        places.filter(|&it| self.either_ends(part, 1 << it) != 0).fold(0, |all, it| all | 1 << it)
    }

    /// Places where `node` may start: more than it does, never fewer.
    fn first(self, node: NodeWords) -> Places {
        match Node::from_words(node) {
            Node::Word(symbol) => self.words.places(symbol),
            Node::Group(group) => self.group(group),
            Node::Set(index) => {
                let set = self.rules.sets.get(index as usize);
                self.words.places(set.symbol) | self.first_of_any(set.phrases)
            }
            Node::Either(branches) => self.first_of_any(branches),
            Node::Needs(it) if self.group(it.group) == 0 => 0,
            Node::Needs(it) => self.first(self.node(it.node)),
            Node::Sequence(parts) => self.first_of_sequence(self.nodes(parts)),
            _ => self.places(),
        }
    }

    fn first_of_any(self, branches: Nodes) -> Places {
        self.nodes(branches).iter().fold(0, |starts, it| starts | self.first(*it))
    }

    fn first_of_sequence(self, parts: &[NodeWords]) -> Places {
        let Some((first, rest)) = parts.split_first() else { return self.places() };
        match Node::from_words(*first) {
            Node::Optional(part) => self.first_of_any(part) | self.first_of_sequence(rest),
            _ => self.first(*first),
        }
    }

    fn nodes(self, nodes: Nodes) -> &'a [NodeWords] {
        nodes.of(&self.rules.nodes)
    }

    fn node(self, index: u32) -> NodeWords {
        self.rules.nodes.words()[index as usize]
    }
}

/// The places from one to `reach` after one of `places`; with a reach of 0, `places` themselves.
fn reach(places: Places, reach: u8) -> Places {
    if reach == 0 {
        return places;
    }
    // Farther than this is out of the sentence.
    let reach = u32::from(reach).min(Places::BITS - 1);
    let (mut reached, mut width) = (places << 1, 1);
    while width * 2 <= reach {
        reached |= reached << width;
        width *= 2;
    }
    reached | reached << (reach - width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_reach() {
        for steps in 1..=20 {
            let expected = (1..=steps).fold(0, |all, it| all | 1u64 << it | 1 << (40 + it));
            assert_eq!(reach(1 | 1 << 40, steps as u8), expected, "{steps}");
        }
        assert_eq!(reach(0b101, 0), 0b101);
        for far in [63, 64, 127, 128, u8::MAX] {
            assert_eq!(reach(0b10, far), Places::MAX << 2, "{far}");
        }
    }
}
