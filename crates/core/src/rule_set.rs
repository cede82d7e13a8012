//! Rules compiled: what the linter runs. Serializable, so that a program starts with its rules ready.

use std::{collections::BTreeSet, sync::Arc};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{
    candidates::Candidates,
    diagnostic::Severity,
    flat::{Flat, List, Lists},
    image::{Aligned, ImageError, Reader, Writer},
    late::Late,
    rule::{FixTemplate, Rule},
    sentence::SentenceCutter,
    voice::VoiceReader,
    word_table::{Symbol, WordTable},
};

/// All rules of all languages, compiled.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    pub(crate) languages: Vec<Language>,
    pub(crate) rules: List<CompiledRule>,
    /// By rule: what people read of it.
    pub(crate) rule_texts: Vec<Late<RuleText>>,
    pub(crate) phrases: List<Phrase>,
    /// By phrase: what people read of it.
    pub(crate) phrase_texts: Vec<Late<PhraseText>>,
    pub(crate) patterns: List<FindPattern>,
    /// The parts of all patterns: one block of memory, whatever the number of rules.
    pub(crate) nodes: List<Node>,
    /// Groups of symbols, shared by patterns: where one of several words will do.
    pub(crate) groups: Lists<Symbol>,
    /// The links of all patterns.
    pub(crate) links: List<Link>,
    pub(crate) sets: List<Set>,
    /// By language and name, for rule files compiled later.
    pub(crate) set_names: Late<FxHashMap<(String, String), u32>>,
    pub(crate) words: WordTable,
    pub(crate) candidates: Candidates,
    pub(crate) cutter: SentenceCutter,
    pub(crate) voices: Late<VoiceReader>,
}

/// What is the same for all rules of a language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Language {
    pub name: String,
    /// The symbol of its everyday words, if they are known.
    pub everyday: Option<Symbol>,
    pub guards: Guards,
}

/// One sin in one language, with what is the same for all its phrases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CompiledRule {
    pub enabled: bool,
    pub severity: Severity,
    /// Index into the languages.
    pub language: u32,
    pub guards: Guards,
}

/// What people read of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RuleText {
    pub rule: Arc<Rule>,
    pub message: Option<String>,
    pub fixes: Vec<FixTemplate>,
}

/// A family of wordings of a rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    /// Index into the rules.
    pub rule: u32,
    pub severity: Option<Severity>,
    /// Whether a regular expression is looked for, instead of patterns.
    pub is_regex: bool,
    pub guards: Guards,
}

/// What people read of a phrase.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct PhraseText {
    pub message: Option<String>,
    pub fixes: Vec<FixTemplate>,
    pub regex: Option<String>,
}

/// One wording to find.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FindPattern {
    /// Index into the phrases.
    pub phrase: u32,
    /// Index into the nodes.
    pub node: u32,
    /// The words that the pattern cannot do without, in their order.
    pub chain: Nodes,
    /// The rarest group of the chain: candidates start from it.
    pub anchor: u32,
    /// The groups of the chain that tell most of whether it is there, seen from the anchor.
    pub near: [Option<Near>; 2],
}

/// A group of words that must stand somewhere after those of the link before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub group: u32,
    /// How many words away, at most.
    pub reach: u8,
}

/// A group of words of which one must stand near an anchor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near {
    pub group: u32,
    /// How many words after the anchor it stands at the earliest; less than 0 if before.
    pub from: i8,
    /// How many words may be it.
    pub width: u8,
}

/// In words: what stands farther from an anchor is not asked for at first.
pub(crate) const FARTHEST: u8 = 31;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Nodes {
    pub start: u32,
    pub len: u32,
}

/// A node, by index, and the group that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Needs {
    pub group: u32,
    pub node: u32,
}

impl Nodes {
    /// The nodes (or links), as the words they are.
    pub fn of<T: Flat>(self, all: &List<T>) -> &[T::Words] {
        &all.words()[self.start as usize..(self.start + self.len) as usize]
    }

    /// The nodes (or links).
    pub fn iter<T: Flat>(self, all: &List<T>) -> impl ExactSizeIterator<Item = T> + Clone + DoubleEndedIterator {
        self.of(all).iter().map(|it| T::from_words(*it))
    }

    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// A part of a pattern, with its words as symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    type Words = [u32; 2];

    /// What kind of node it is, with a number of at most 28 bits, and another number.
    fn to_words(self) -> [u32; 2] {
        let words = |kind: u32, small: u32, other: u32| [kind | small << 4, other];
        let nodes = |kind: u32, it: Nodes| words(kind, it.len, it.start);
        match self {
            Node::Word(symbol) => words(0, 0, symbol),
            Node::Group(group) => words(1, 0, group),
            Node::Any => words(2, 0, 0),
            Node::Set(index) => words(3, 0, index),
            Node::Sequence(parts) => nodes(4, parts),
            Node::Either(branches) => nodes(5, branches),
            Node::Needs(it) => words(6, it.group, it.node),
            Node::Optional(part) => nodes(7, part),
            Node::Gap(width) => words(8, width.into(), 0),
            Node::Not(part) => nodes(9, part),
            Node::Ahead(part) => nodes(10, part),
            Node::Mark(mark) => words(11, mark.into(), 0),
            Node::Start => words(12, 0, 0),
            Node::End => words(13, 0, 0),
        }
    }

    #[inline]
    fn from_words([kind, other]: [u32; 2]) -> Node {
        let small = kind >> 4;
        let nodes = Nodes { start: other, len: small };
        match kind & 15 {
            0 => Node::Word(other),
            1 => Node::Group(other),
            2 => Node::Any,
            3 => Node::Set(other),
            4 => Node::Sequence(nodes),
            5 => Node::Either(nodes),
            6 => Node::Needs(Needs { group: small, node: other }),
            7 => Node::Optional(nodes),
            8 => Node::Gap(small as u8),
            9 => Node::Not(nodes),
            10 => Node::Ahead(nodes),
            11 => Node::Mark(small as u8),
            12 => Node::Start,
            _ => Node::End,
        }
    }
}

impl Flat for Link {
    type Words = [u32; 2];

    fn to_words(self) -> [u32; 2] {
        [self.group, self.reach.into()]
    }

    #[inline]
    fn from_words([group, reach]: [u32; 2]) -> Link {
        Link { group, reach: reach as u8 }
    }
}

impl Flat for Set {
    type Words = [u32; 3];

    fn to_words(self) -> [u32; 3] {
        [self.symbol, self.phrases.start, self.phrases.len]
    }

    #[inline]
    fn from_words([symbol, start, len]: [u32; 3]) -> Set {
        Set { symbol, phrases: Nodes { start, len } }
    }
}

impl Flat for Guards {
    type Words = [u32; 8];

    fn to_words(self) -> [u32; 8] {
        let Guards { unless, unless_next: next, unless_before: before, only_if } = self;
        [unless.start, unless.len, next.start, next.len, before.start, before.len, only_if.start, only_if.len]
    }

    fn from_words(words: [u32; 8]) -> Guards {
        let nodes = |at: usize| Nodes { start: words[at], len: words[at + 1] };
        Guards { unless: nodes(0), unless_next: nodes(2), unless_before: nodes(4), only_if: nodes(6) }
    }
}

impl Flat for CompiledRule {
    type Words = [[u32; 8]; 2];

    fn to_words(self) -> [[u32; 8]; 2] {
        [[self.enabled.into(), self.severity as u32, self.language, 0, 0, 0, 0, 0], self.guards.to_words()]
    }

    fn from_words([[enabled, severity, language, ..], guards]: [[u32; 8]; 2]) -> CompiledRule {
        let severity = Severity::ALL.get(severity as usize).copied().unwrap_or(Severity::Error);
        CompiledRule { enabled: enabled != 0, severity, language, guards: Guards::from_words(guards) }
    }
}

impl Flat for Phrase {
    type Words = [[u32; 8]; 2];

    fn to_words(self) -> [[u32; 8]; 2] {
        let severity = self.severity.map_or(u32::MAX, |it| it as u32);
        [[self.rule, severity, self.is_regex.into(), 0, 0, 0, 0, 0], self.guards.to_words()]
    }

    fn from_words([[rule, severity, is_regex, ..], guards]: [[u32; 8]; 2]) -> Phrase {
        let severity = Severity::ALL.get(severity as usize).copied();
        Phrase { rule, severity, is_regex: is_regex != 0, guards: Guards::from_words(guards) }
    }
}

impl Flat for FindPattern {
    type Words = [u32; 9];

    fn to_words(self) -> [u32; 9] {
        // A width of 0 is that of none.
        let near =
            |it: Option<Near>| it.map_or([0, 0], |it| [it.group, u32::from(it.from as u8) << 8 | u32::from(it.width)]);
        let [[first, first_at], [second, second_at]] = self.near.map(near);
        let Nodes { start, len } = self.chain;
        [self.phrase, self.node, start, len, self.anchor, first, first_at, second, second_at]
    }

    #[inline]
    fn from_words(words: [u32; 9]) -> FindPattern {
        let [phrase, node, start, len, anchor, first, first_at, second, second_at] = words;
        let near = |group: u32, at: u32| (at > 0).then_some(Near { group, from: (at >> 8) as i8, width: at as u8 });
        let near = [near(first, first_at), near(second, second_at)];
        FindPattern { phrase, node, chain: Nodes { start, len }, anchor, near }
    }
}

impl RuleSet {
    /// Every rule that is on, in the order of its files.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().zip(self.all_rules()).filter(|it| it.0.enabled).map(|it| it.1)
    }

    /// Every rule, on or off, in the order of its files.
    pub fn all_rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rule_texts.iter().map(|it| &it.get().rule)
    }

    /// A rule by its index.
    pub(crate) fn rule(&self, index: u32) -> &Arc<Rule> {
        &self.rule_texts[index as usize].get().rule
    }

    /// Turns rules off for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&Rule) -> bool) {
        self.change(|rule, it| it.enabled &= keep(rule));
    }

    /// Gives a sin another severity, in every language. Its milder phrases stay as mild as they are, or milder.
    pub fn set_severity(&mut self, sin: &str, severity: Severity) {
        self.change(|rule, it| {
            if rule.sin == sin {
                it.severity = severity;
            }
        });
        for text in self.rule_texts.iter_mut().filter(|it| it.get().rule.sin == sin) {
            Arc::make_mut(&mut text.get_mut().rule).severity = severity;
        }
    }

    fn change(&mut self, change: impl Fn(&Rule, &mut CompiledRule)) {
        for (index, text) in self.rule_texts.iter().enumerate() {
            let mut rule = self.rules.get(index);
            change(&text.get().rule, &mut rule);
            self.rules.set(index, rule);
        }
    }

    /// Better words of a team's own for a sin, instead of ours. What we delete by machine we still do: that is no voice.
    pub fn set_fixes(&mut self, sin: &str, language: &str, fixes: Vec<FixTemplate>) {
        let is_meant = |rule: &Rule| rule.sin == sin && rule.language == language;
        let is_deletion = |it: &FixTemplate| it.safe && it.with.is_empty();
        for (phrase, text) in self.phrases.iter().zip(&mut self.phrase_texts) {
            if is_meant(&self.rule_texts[phrase.rule as usize].get().rule) {
                text.get_mut().fixes.retain(is_deletion);
            }
        }
        for text in self.rule_texts.iter_mut().filter(|it| is_meant(&it.get().rule)) {
            let ours = std::mem::take(&mut text.get_mut().fixes);
            text.get_mut().fixes = fixes.iter().cloned().chain(ours.into_iter().filter(is_deletion)).collect();
        }
    }

    /// What the blanks of a language's better words ask for, sorted, each once.
    pub fn blanks(&self, language: &str) -> BTreeSet<String> {
        let is_meant = |rule: u32| self.rule(rule).language == language;
        let phrases = self.phrases.iter().zip(&self.phrase_texts).filter(|it| is_meant(it.0.rule));
        let of_phrases = phrases.flat_map(|it| &it.1.get().fixes);
        let rules = self.rule_texts.iter().map(Late::get).filter(|it| it.rule.language == language);
        of_phrases.chain(rules.flat_map(|it| &it.fixes)).flat_map(FixTemplate::blanks).collect()
    }

    /// As bytes, to be read by [`RuleSet::from_bytes`] of the same version of Absolve.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut image = Writer::default();
        image.value(&self.languages);
        image.list(&self.rules);
        image.values(self.rule_texts.iter().map(Late::get));
        image.list(&self.phrases);
        image.values(self.phrase_texts.iter().map(Late::get));
        image.list(&self.patterns);
        image.list(&self.nodes);
        image.lists(&self.groups);
        image.list(&self.links);
        image.list(&self.sets);
        image.value(self.set_names.get());
        self.words.write(&mut image);
        self.candidates.write(&mut image);
        self.cutter.write(&mut image);
        image.value(self.voices.get());
        image.bytes
    }

    /// The rules that [`RuleSet::to_bytes`] wrote, read where they stand: what is not asked for is never looked at.
    pub fn from_bytes(bytes: &'static Aligned<[u8]>) -> Result<RuleSet, ImageError> {
        let mut image = Reader::new(bytes);
        Ok(RuleSet {
            languages: image.value()?,
            rules: image.list()?,
            rule_texts: image.lates()?,
            phrases: image.list()?,
            phrase_texts: image.lates()?,
            patterns: image.list()?,
            nodes: image.list()?,
            groups: image.lists()?,
            links: image.list()?,
            sets: image.list()?,
            set_names: image.late()?,
            words: WordTable::read(&mut image)?,
            candidates: Candidates::read(&mut image)?,
            cutter: SentenceCutter::read(&mut image)?,
            voices: image.late()?,
        })
    }
}
