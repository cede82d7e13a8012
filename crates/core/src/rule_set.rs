//! Rules compiled: what the linter runs. Serializable, so that a program starts with its rules ready.

use std::{collections::BTreeSet, sync::Arc};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::Severity,
    flat::{self, Flat},
    groups::Groups,
    rule::{FixTemplate, Rule},
    sentence::SentenceCutter,
    voice::VoiceReader,
    word_table::{Symbol, WordTable},
};

/// All rules of all languages, compiled.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleSet {
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) phrases: Vec<Phrase>,
    #[serde(with = "flat")]
    pub(crate) patterns: Vec<FindPattern>,
    /// The parts of all patterns: one block of memory, whatever the number of rules.
    #[serde(with = "flat")]
    pub(crate) nodes: Vec<Node>,
    pub(crate) groups: Groups,
    /// The links of all patterns.
    #[serde(with = "flat")]
    pub(crate) links: Vec<Link>,
    #[serde(with = "flat")]
    pub(crate) sets: Vec<Set>,
    /// By language and name, for rule files compiled later.
    pub(crate) set_names: FxHashMap<(String, String), u32>,
    pub(crate) words: WordTable,
    pub(crate) cutter: SentenceCutter,
    pub(crate) voices: VoiceReader,
    /// The symbol of each language's everyday words.
    pub(crate) everyday: Vec<(String, Symbol)>,
    /// Guards for every rule of a language.
    pub(crate) language_guards: FxHashMap<String, Guards>,
}

/// One sin in one language, with what is the same for all its phrases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CompiledRule {
    pub rule: Arc<Rule>,
    pub message: Option<String>,
    pub guards: Guards,
    pub fixes: Vec<FixTemplate>,
    pub enabled: bool,
}

/// A family of wordings of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Phrase {
    /// Index into the rules.
    pub rule: u32,
    pub guards: Guards,
    pub message: Option<String>,
    pub severity: Option<Severity>,
    pub fixes: Vec<FixTemplate>,
    /// A regular expression to find, instead of patterns.
    pub regex: Option<String>,
}

/// One wording to find.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FindPattern {
    /// Index into the phrases.
    pub phrase: u32,
    pub node: Node,
    /// The words that the pattern cannot do without, in their order.
    pub chain: Nodes,
    /// The rarest group of the chain: candidates start from it.
    pub anchor: u32,
    /// A group of the chain that stands near before it, and one near after it.
    pub before: Option<Link>,
    pub after: Option<Link>,
}

/// A group of words that must stand somewhere after those of the link before, or near an anchor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub group: u32,
    /// How many words away, at most.
    pub reach: u8,
}

/// In words: what stands farther from an anchor is not asked for at first.
pub(crate) const FARTHEST: u8 = 32;

/// What keeps a phrase silent.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Guards {
    pub unless: Nodes,
    pub unless_next: Nodes,
    pub unless_before: Nodes,
    pub only_if: Nodes,
}

/// A named set of words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Set {
    /// Stands where one of its single words stands.
    pub symbol: Symbol,
    /// Its members of several words.
    pub phrases: Nodes,
}

/// Nodes (or links) that stand next to each other among a rule set's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Nodes {
    pub start: u32,
    pub len: u32,
}

/// A node, by index, and the group that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    pub group: u32,
    pub node: u32,
}

impl Nodes {
    pub fn of<T>(self, all: &[T]) -> &[T] {
        &all[self.start as usize..(self.start + self.len) as usize]
    }

    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// A part of a pattern, with its words as symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// A word that has this symbol.
    Word(Symbol),
    /// A word that has a symbol of this group.
    Group(u32),
    /// Whatever word.
    Any,
    /// A member of a set, by index.
    Set(u32),
    Sequence(Nodes),
    Either(Nodes),
    /// A node that cannot match where none of a group stands: asked first, since it is quick to tell.
    Needs(Needs),
    /// One node, or nothing.
    Optional(Nodes),
    Gap(u8),
    /// One node that does not start here.
    Not(Nodes),
    /// One node that starts here, and is not taken.
    Ahead(Nodes),
    /// By index into the marks.
    Mark(u8),
    Start,
    End,
}

impl Flat for Node {
    type Words = [u32; 3];

    fn to_words(&self) -> [u32; 3] {
        let nodes = |kind: u32, it: &Nodes| [kind, it.start, it.len];
        match self {
            Node::Word(symbol) => [0, *symbol, 0],
            Node::Group(group) => [1, *group, 0],
            Node::Any => [2, 0, 0],
            Node::Set(index) => [3, *index, 0],
            Node::Sequence(parts) => nodes(4, parts),
            Node::Either(branches) => nodes(5, branches),
            Node::Needs(it) => [6, it.group, it.node],
            Node::Optional(part) => nodes(7, part),
            Node::Gap(words) => [8, u32::from(*words), 0],
            Node::Not(part) => nodes(9, part),
            Node::Ahead(part) => nodes(10, part),
            Node::Mark(mark) => [11, u32::from(*mark), 0],
            Node::Start => [12, 0, 0],
            Node::End => [13, 0, 0],
        }
    }

    fn from_words([kind, first, second]: [u32; 3]) -> Option<Node> {
        let nodes = Nodes { start: first, len: second };
        Some(match kind {
            0 => Node::Word(first),
            1 => Node::Group(first),
            2 => Node::Any,
            3 => Node::Set(first),
            4 => Node::Sequence(nodes),
            5 => Node::Either(nodes),
            6 => Node::Needs(Needs { group: first, node: second }),
            7 => Node::Optional(nodes),
            8 => Node::Gap(first.try_into().ok()?),
            9 => Node::Not(nodes),
            10 => Node::Ahead(nodes),
            11 => Node::Mark(first.try_into().ok()?),
            12 => Node::Start,
            13 => Node::End,
            _ => return None,
        })
    }
}

impl Flat for Link {
    type Words = [u32; 2];

    fn to_words(&self) -> [u32; 2] {
        [self.group, self.reach.into()]
    }

    fn from_words([group, reach]: [u32; 2]) -> Option<Link> {
        Some(Link { group, reach: reach.try_into().ok()? })
    }
}

impl Flat for Set {
    type Words = [u32; 3];

    fn to_words(&self) -> [u32; 3] {
        [self.symbol, self.phrases.start, self.phrases.len]
    }

    fn from_words([symbol, start, len]: [u32; 3]) -> Option<Set> {
        Some(Set { symbol, phrases: Nodes { start, len } })
    }
}

impl Flat for FindPattern {
    type Words = [u32; 11];

    fn to_words(&self) -> [u32; 11] {
        let [kind, first, second] = self.node.to_words();
        // A reach of 0 is that of none.
        let near = |it: Option<Link>| it.map_or([0, 0], |it| it.to_words());
        let ([before, before_reach], [after, after_reach]) = (near(self.before), near(self.after));
        let Nodes { start, len } = self.chain;
        [self.phrase, kind, first, second, start, len, self.anchor, before, before_reach, after, after_reach]
    }

    fn from_words(words: [u32; 11]) -> Option<FindPattern> {
        let [phrase, kind, first, second, start, len, anchor, before, before_reach, after, after_reach] = words;
        let near = |group: u32, reach: u32| (reach > 0).then(|| Link::from_words([group, reach])).flatten();
        Some(FindPattern {
            phrase,
            node: Node::from_words([kind, first, second])?,
            chain: Nodes { start, len },
            anchor,
            before: near(before, before_reach),
            after: near(after, after_reach),
        })
    }
}

impl RuleSet {
    /// Every rule that is on, in the order of its files.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().filter(|it| it.enabled).map(|it| &it.rule)
    }

    /// Every rule, on or off, in the order of its files.
    pub fn all_rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().map(|it| &it.rule)
    }

    /// Whether the rule that a pattern belongs to is on.
    pub(crate) fn is_enabled(&self, pattern: &FindPattern) -> bool {
        let rule = self.phrases[pattern.phrase as usize].rule;
        self.rules[rule as usize].enabled
    }

    /// Turns rules off for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&Rule) -> bool) {
        for rule in &mut self.rules {
            rule.enabled &= keep(&rule.rule);
        }
    }

    /// Gives a sin another severity, in every language. Its milder phrases stay as mild as they are, or milder.
    pub fn set_severity(&mut self, sin: &str, severity: Severity) {
        for compiled in self.rules.iter_mut().filter(|it| it.rule.sin == sin) {
            Arc::make_mut(&mut compiled.rule).severity = severity;
        }
    }

    /// Better words of a team's own for a sin, instead of ours. What we delete by machine we still do: that is no voice.
    pub fn set_fixes(&mut self, sin: &str, language: &str, fixes: Vec<FixTemplate>) {
        let is_meant = |rule: &Rule| rule.sin == sin && rule.language == language;
        for phrase in &mut self.phrases {
            if is_meant(&self.rules[phrase.rule as usize].rule) {
                phrase.fixes.retain(|it| it.safe && it.with.is_empty());
            }
        }
        for compiled in self.rules.iter_mut().filter(|it| is_meant(&it.rule)) {
            let deletions = std::mem::take(&mut compiled.fixes).into_iter().filter(|it| it.safe && it.with.is_empty());
            compiled.fixes = fixes.iter().cloned().chain(deletions).collect();
        }
    }

    /// What the blanks of a language's better words ask for, sorted, each once.
    pub fn blanks(&self, language: &str) -> BTreeSet<String> {
        let is_meant = |rule: u32| self.rules[rule as usize].rule.language == language;
        let of_phrases = self.phrases.iter().filter(|it| is_meant(it.rule)).flat_map(|it| &it.fixes);
        let of_rules = self.rules.iter().filter(|it| it.rule.language == language).flat_map(|it| &it.fixes);
        of_phrases.chain(of_rules).flat_map(FixTemplate::blanks).collect()
    }

    /// As bytes, to be read by [`RuleSet::from_bytes`] of the same version of Absolve.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data can always be written")
    }

    /// The rules that [`RuleSet::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<RuleSet, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}
