//! From rule files to what the linter runs: words become symbols, sets are resolved, anchors are found.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;

use crate::{
    candidates::Candidates,
    fold::fold_str,
    late::Late,
    pattern::{self, MARKS, Pattern},
    rule::Rule,
    rule_file::{GuardPatterns, PhraseEntry, RuleFile, Vocabulary},
    rule_pack::{Entry, RuleError, RulePack},
    rule_set::{
        CompiledRule, FARTHEST, FindPattern, Guards, Language, Link, Near, Needs, Node, Nodes, Phrase, PhraseText,
        RuleSet, RuleText, Set,
    },
    word_table::{Symbol, WordTableBuilder, builtin},
};

impl RuleSet {
    /// Adds the rules of `pack` to these. A rule of the same sin and language replaces the one that is here.
    /// Every mistake is reported.
    pub fn with(self, pack: &RulePack) -> Result<RuleSet, Vec<RuleError>> {
        let table = WordTableBuilder::from(&self.words);
        let mut compiler = Compiler { set: self, table, frequencies: frequencies(pack), ..Compiler::default() };
        for vocabulary in &pack.vocabularies {
            compiler.vocabulary(vocabulary);
        }
        for rule in &pack.rules {
            compiler.rule(rule);
        }
        if !compiler.errors.is_empty() {
            return Err(compiler.errors);
        }
        compiler.set.words = compiler.table.build();
        compiler.set.candidates = Candidates::new(&compiler.set);
        Ok(compiler.set)
    }
}

#[derive(Default)]
struct Compiler {
    set: RuleSet,
    table: WordTableBuilder,
    errors: Vec<RuleError>,
    /// The groups of the set, by what is in them.
    groups: FxHashMap<Vec<Symbol>, u32>,
    /// Nodes that stand next to each other, by what they are: patterns have many parts in common.
    stored: FxHashMap<Vec<Node>, Nodes>,
    /// The symbol of each word and stem by itself.
    words: FxHashMap<String, Symbol>,
    stems: FxHashMap<String, Symbol>,
    /// How common each symbol is in the rules' own examples: the rarest word of a pattern is its anchor.
    costs: FxHashMap<Symbol, u32>,
    frequencies: FxHashMap<String, u32>,
}

/// Set names that mean something, innermost scope last.
struct Scope<'a> {
    language: &'a str,
    local: FxHashMap<String, u32>,
}

impl Compiler {
    fn vocabulary(&mut self, entry: &Entry<Vocabulary>) {
        self.set.cutter.learn(&entry.content.text);
        self.set.voices.get_mut().learn(&entry.language, &entry.content.voice);
        let language = self.language(&entry.language) as usize;
        if !entry.content.text.everyday.is_empty() {
            let everyday = self.table.new_symbol();
            for word in &entry.content.text.everyday {
                self.table.add(&fold_str(word), false, everyday);
            }
            self.set.languages[language].everyday = Some(everyday);
        }
        let mut scope = Scope { language: &entry.language, local: FxHashMap::default() };
        self.sets(entry, &entry.content.sets, &mut scope);
        for (name, index) in &scope.local {
            self.set.set_names.get_mut().insert((entry.language.clone(), name.clone()), *index);
        }
        let guards = self.guards(entry, &entry.content.guards, &scope);
        self.set.languages[language].guards = guards;
    }

    /// The number of a language, which may be new.
    fn language(&mut self, name: &str) -> u32 {
        let languages = &mut self.set.languages;
        let index = languages.iter().position(|it| it.name == name).unwrap_or_else(|| {
            languages.push(Language { name: name.to_owned(), everyday: None, guards: Guards::default() });
            languages.len() - 1
        });
        index as u32
    }

    fn rule(&mut self, entry: &Entry<RuleFile>) {
        let file = &entry.content;
        let mut scope = Scope { language: &entry.language, local: FxHashMap::default() };
        self.sets(entry, &file.sets, &mut scope);
        self.set.retain(|it| (&it.sin, &it.language) != (&entry.name, &entry.language));
        let index = self.set.rules.len() as u32;
        let guards = self.guards(entry, &file.guards(), &scope);
        let language = self.language(&entry.language);
        self.set.rules.push(CompiledRule { enabled: true, severity: file.severity, language, guards });
        let (rule, message, fixes) = (Arc::new(described(entry)), file.message.clone(), file.fixes.clone());
        self.set.rule_texts.push(Late::new(RuleText { rule, message, fixes }));
        for phrase in &file.phrases {
            self.phrase(entry, index, phrase, &scope);
        }
        self.require_parts(entry);
    }

    /// A rule that could never be tested, or says nothing, is refused.
    fn require_parts(&mut self, entry: &Entry<RuleFile>) {
        let file = &entry.content;
        let missing = [
            (file.phrases.is_empty(), "a rule needs at least one [[phrase]]"),
            (file.bad.is_empty(), "a rule needs at least one [[bad]] example"),
            (file.good.is_empty(), "a rule needs at least one [[good]] example"),
            (
                file.message.is_none() && file.phrases.iter().any(|it| it.message.is_none()),
                "write a `message` for the writer, at the top or in every [[phrase]]",
            ),
        ];
        for (_, message) in missing.iter().filter(|it| it.0) {
            self.errors.push(RuleError { path: entry.path.clone(), line: None, message: (*message).to_owned() });
        }
    }

    fn phrase(&mut self, entry: &Entry<RuleFile>, rule: u32, phrase: &PhraseEntry, scope: &Scope) {
        let index = self.set.phrases.len() as u32;
        let guards = self.guards(entry, &phrase.guards(), scope);
        self.set.phrases.push(Phrase { rule, severity: phrase.severity, is_regex: phrase.regex.is_some(), guards });
        self.set.phrase_texts.push(Late::new(PhraseText {
            message: phrase.message.clone(),
            fixes: phrase.fixes.clone(),
            regex: phrase.regex.as_ref().map(|it| it.as_ref().clone()),
        }));
        if let Some(regex) = &phrase.regex
            && let Err(error) = build_regex(regex.as_ref())
        {
            let message = format!("the regular expression cannot be used: {error}");
            self.errors.push(entry.error_at(regex.span().start, message));
        }
        for source in &phrase.find {
            let Some(node) = self.pattern(entry, source, scope) else { continue };
            match self.find_patterns(index, node) {
                Ok(patterns) => self.set.patterns.extend(patterns),
                Err(message) => self.errors.push(entry.error_at(source.span().start, message)),
            }
        }
    }

    fn guards<T>(&mut self, entry: &Entry<T>, guards: &GuardPatterns, scope: &Scope) -> Guards {
        let mut all = |sources: &[Spanned<String>]| -> Nodes {
            let nodes: Vec<Node> = sources.iter().filter_map(|it| self.pattern(entry, it, scope)).collect();
            let nodes = nodes.into_iter().map(|it| self.needing(it)).collect();
            self.store(nodes)
        };
        Guards {
            unless: all(&guards.unless),
            unless_next: all(&guards.unless_next),
            unless_before: all(&guards.unless_before),
            only_if: all(&guards.only_if),
        }
    }

    fn pattern<T>(&mut self, entry: &Entry<T>, source: &Spanned<String>, scope: &Scope) -> Option<Node> {
        let found = pattern::parse(source.as_ref()).map_err(|it| it.to_string());
        match found.and_then(|it| self.node(&it, scope)) {
            Ok(node) => Some(node),
            Err(message) => {
                let message = format!("in the pattern `{}`: {message}", source.as_ref());
                self.errors.push(entry.error_at(source.span().start, message));
                None
            }
        }
    }

    /// Compiles sets that may use each other, in whatever order they stand.
    fn sets<T>(&mut self, entry: &Entry<T>, sets: &BTreeMap<String, Vec<Spanned<String>>>, scope: &mut Scope) {
        let mut resolver = SetResolver { sources: sets, open: Vec::new(), weights: BTreeMap::new() };
        for name in sets.keys() {
            self.set(entry, name, &mut resolver, scope);
        }
    }

    fn set<T>(&mut self, entry: &Entry<T>, name: &str, resolver: &mut SetResolver, scope: &mut Scope) {
        if scope.local.contains_key(name) {
            return;
        }
        let members = &resolver.sources[name];
        if name == "any" || builtin::NAMES.iter().any(|it| it.0 == name) {
            let offset = members.first().map_or(0, |it| it.span().start);
            let message = format!("`<{name}>` has a meaning already (see rules/README.md); choose another name");
            self.errors.push(entry.error_at(offset, message));
            return;
        }
        if resolver.open.iter().any(|it| it == name) {
            let offset = members.first().map_or(0, |it| it.span().start);
            self.errors.push(entry.error_at(offset, format!("the set `{name}` contains itself")));
            return;
        }
        resolver.open.push(name.to_owned());
        let parsed: Vec<(usize, Result<Pattern, String>)> = members
            .iter()
            .map(|it| (it.span().start, pattern::parse(it.as_ref()).map_err(|error| error.to_string())))
            .collect();
        for used in parsed.iter().filter_map(|it| it.1.as_ref().ok()).flat_map(used_sets) {
            if resolver.sources.contains_key(&used) {
                self.set(entry, &used, resolver, scope);
            }
        }
        resolver.open.pop();
        let weight = parsed.iter().filter_map(|it| it.1.as_ref().ok()).map(|it| resolver.weight(it));
        let weight = weight.fold(0, u32::saturating_add);
        let is_too_heavy = weight > HEAVIEST_SET;
        resolver.weights.insert(name.to_owned(), if is_too_heavy { 1 } else { weight });
        if is_too_heavy {
            let offset = members.first().map_or(0, |it| it.span().start);
            let message = format!(
                "the set `{name}` stands for more than {HEAVIEST_SET} sequences of words, through the sets in it; take some out"
            );
            self.errors.push(entry.error_at(offset, message));
        }
        // What is refused is not compiled either: that alone could take for ever.
        let parsed = if is_too_heavy { Vec::new() } else { parsed };
        let symbol = self.table.new_symbol();
        let mut phrases = Vec::new();
        for (offset, member) in parsed {
            if let Err(message) = member.and_then(|it| self.member(&it, symbol, scope, &mut phrases)) {
                self.errors.push(entry.error_at(offset, format!("in the set `{name}`: {message}")));
            }
        }
        let phrases = self.store(phrases);
        let phrases = if phrases.len > 1 {
            let either = self.needing(Node::Either(phrases));
            self.store(vec![either])
        } else {
            phrases
        };
        scope.local.insert(name.to_owned(), self.set.sets.len() as u32);
        self.set.sets.push(Set { symbol, phrases });
    }

    /// Adds a member to the set with `symbol`: its words get the symbol, what is longer goes to `phrases`.
    fn member(
        &mut self,
        member: &Pattern,
        symbol: Symbol,
        scope: &Scope,
        phrases: &mut Vec<Node>,
    ) -> Result<(), String> {
        match member {
            Pattern::Word(word) => {
                self.table.add(word, false, symbol);
                let cost = self.word_cost(word);
                *self.costs.entry(symbol).or_default() += cost;
            }
            Pattern::Prefix(stem) => {
                self.table.add(stem, true, symbol);
                *self.costs.entry(symbol).or_default() += STEM_COST;
            }
            Pattern::Either(branches) => {
                for branch in branches {
                    self.member(branch, symbol, scope, phrases)?;
                }
            }
            Pattern::Optional(_) | Pattern::Gap(_) => return Err("a member cannot be empty".to_owned()),
            other => phrases.push(self.node(other, scope)?),
        }
        Ok(())
    }

    fn node(&mut self, pattern: &Pattern, scope: &Scope) -> Result<Node, String> {
        let node = match pattern {
            Pattern::Word(word) => Node::Word(self.word(word)),
            Pattern::Prefix(stem) => Node::Word(self.stem(stem)),
            Pattern::Set(name) => self.set_node(name, scope)?,
            Pattern::Sequence(parts) => Node::Sequence(self.nodes(parts, scope)?),
            Pattern::Either(branches) => self.either(branches, scope)?,
            Pattern::Optional(part) => Node::Optional(self.nodes(std::slice::from_ref(part), scope)?),
            Pattern::Gap(words) => Node::Gap(*words),
            Pattern::Not(part) => Node::Not(self.nodes(std::slice::from_ref(part), scope)?),
            Pattern::Ahead(part) => Node::Ahead(self.nodes(std::slice::from_ref(part), scope)?),
            Pattern::Mark(mark) => Node::Mark(MARKS.iter().position(|it| it == mark).unwrap_or_default() as u8),
            Pattern::Start => Node::Start,
            Pattern::End => Node::End,
        };
        Ok(node)
    }

    /// Single words are told apart from the rest: one look finds any of them.
    fn either(&mut self, branches: &[Pattern], scope: &Scope) -> Result<Node, String> {
        let (mut words, mut others) = (Vec::new(), Vec::new());
        for branch in branches {
            match self.node(branch, scope)? {
                Node::Word(symbol) => words.push(symbol),
                other => others.push(other),
            }
        }
        if !words.is_empty() {
            words.sort_unstable();
            others.insert(0, Node::Group(self.group(words)));
        }
        Ok(if others.len() == 1 { others[0] } else { Node::Either(self.store(others)) })
    }

    fn nodes(&mut self, patterns: &[Pattern], scope: &Scope) -> Result<Nodes, String> {
        let nodes = patterns.iter().map(|it| self.node(it, scope)).collect::<Result<_, _>>()?;
        Ok(self.store(nodes))
    }

    /// A node of many parts, with the words without which it cannot match asked for first.
    fn needing(&mut self, node: Node) -> Node {
        if !matches!(node, Node::Sequence(_) | Node::Either(_)) {
            return node;
        }
        let Some(symbols) = self.anchor(&node) else { return node };
        let group = self.group(symbols);
        let node = self.store(vec![node]).start;
        Node::Needs(Needs { group, node })
    }

    /// Puts nodes next to each other among the set's.
    fn store(&mut self, nodes: Vec<Node>) -> Nodes {
        let all = &mut self.set.nodes;
        *self.stored.entry(nodes).or_insert_with_key(|nodes| {
            let start = all.len() as u32;
            all.extend(nodes.iter().copied());
            Nodes { start, len: nodes.len() as u32 }
        })
    }

    fn set_node(&self, name: &str, scope: &Scope) -> Result<Node, String> {
        if name == "any" {
            return Ok(Node::Any);
        }
        if let Some((_, symbol)) = builtin::NAMES.iter().find(|it| it.0 == name) {
            return Ok(Node::Word(*symbol));
        }
        let shared = || self.set.set_names.get().get(&(scope.language.to_owned(), name.to_owned()));
        match scope.local.get(name).or_else(shared) {
            Some(index) => Ok(Node::Set(*index)),
            None => Err(format!("there is no set `{name}`; {}", self.nearest_set(name, scope))),
        }
    }

    fn nearest_set(&self, name: &str, scope: &Scope) -> String {
        let shared = self.set.set_names.get().keys().filter(|it| it.0 == scope.language).map(|it| &it.1);
        let start: String = name.chars().take(3).collect();
        let near = shared.chain(scope.local.keys()).filter(|it| it.starts_with(&start)).min();
        match near {
            Some(near) => format!("do you mean `<{near}>`?"),
            None => "write it under [sets], here or in vocabulary.toml".to_owned(),
        }
    }

    fn word(&mut self, word: &str) -> Symbol {
        if let Some(&symbol) = self.words.get(word) {
            return symbol;
        }
        let symbol = self.table.new_symbol();
        self.table.add(word, false, symbol);
        self.words.insert(word.to_owned(), symbol);
        let cost = self.word_cost(word);
        self.costs.insert(symbol, cost);
        symbol
    }

    fn stem(&mut self, stem: &str) -> Symbol {
        if let Some(&symbol) = self.stems.get(stem) {
            return symbol;
        }
        let symbol = self.table.new_symbol();
        self.table.add(stem, true, symbol);
        self.stems.insert(stem.to_owned(), symbol);
        self.costs.insert(symbol, STEM_COST);
        symbol
    }

    fn word_cost(&self, word: &str) -> u32 {
        1 + self.frequencies.get(word).copied().unwrap_or_default()
    }

    /// The patterns that a pattern of a rule file comes to.
    fn find_patterns(&mut self, phrase: u32, node: Node) -> Result<Vec<FindPattern>, String> {
        if let [Node::Gap(_), ..] | [.., Node::Gap(_)] = self.parts(node)[..] {
            return Err("a pattern cannot start or end with a gap (`~`): it would flag words at random".to_owned());
        }
        let variants = self.variants(self.parts(node), MOST_VARIANTS);
        variants.iter().map(|it| self.find_pattern(phrase, it)).collect()
    }

    /// The ways to write a pattern that have rare words of their own, `most` at most: `(a b | c) d` is `a b d` and `c d`.
    /// Looked for apart, each says more of what it needs than all together.
    fn variants(&self, parts: Vec<Node>, most: usize) -> Vec<Vec<Node>> {
        let Some(rarest) = self.rarest(&parts) else { return vec![parts] };
        let ways = self.ways(parts[rarest]);
        if ways.is_empty() || ways.len() > most {
            return vec![parts];
        }
        let with = |way: &Node| [&parts[..rarest], &self.parts(*way), &parts[rarest + 1..]].concat();
        ways.iter().flat_map(|it| self.variants(with(it), most / ways.len())).collect()
    }

    /// The part with the rarest words: a pattern is looked for where it is.
    fn rarest(&self, parts: &[Node]) -> Option<usize> {
        let costs = parts.iter().enumerate().filter_map(|(index, it)| Some((self.cost(&self.needed(it)?), index)));
        costs.min().map(|it| it.1)
    }

    /// What follows each other in `node`.
    fn parts(&self, node: Node) -> Vec<Node> {
        match node {
            Node::Sequence(parts) => parts.iter(&self.set.nodes).collect(),
            Node::Needs(it) => self.parts(self.set.nodes.get(it.node as usize)),
            other => vec![other],
        }
    }

    /// The branches of a node that has some of several words.
    fn ways(&self, node: Node) -> Vec<Node> {
        let ways: Vec<Node> = match node {
            Node::Either(branches) => branches.iter(&self.set.nodes).collect(),
            Node::Set(index) => {
                let set = self.set.sets.get(index as usize);
                std::iter::once(Node::Word(set.symbol)).chain(set.phrases.iter(&self.set.nodes)).collect()
            }
            Node::Needs(it) => self.ways(self.set.nodes.get(it.node as usize)),
            _ => vec![],
        };
        if ways.iter().all(|it| matches!(it, Node::Word(_) | Node::Group(_))) { vec![] } else { ways }
    }

    /// `parts` with the words without which they cannot match, in their order, and the rarest groups of them.
    fn find_pattern(&mut self, phrase: u32, parts: &[Node]) -> Result<FindPattern, String> {
        let mut links: Vec<(Vec<Symbol>, usize)> = Vec::new();
        let mut between = 0;
        for part in parts {
            let width = self.width(part);
            match self.needed(part) {
                Some(symbols) => {
                    links.push((symbols, between + width));
                    between = width - 1;
                }
                None => between += width,
            }
        }
        let costs: Vec<u32> = links.iter().map(|it| self.cost(&it.0)).collect();
        let Some(anchor) = (0..links.len()).min_by_key(|&it| costs[it]) else {
            return Err("this pattern can match without any word of its own; add one that must be there".to_owned());
        };
        let start = self.set.links.len() as u32;
        for (index, (symbols, reach)) in links.into_iter().enumerate() {
            let group = self.group(symbols);
            // The first word may stand anywhere.
            let reach = if index == 0 { 0 } else { reach.min(usize::from(u8::MAX)) as u8 };
            self.set.links.push(Link { group, reach });
        }
        let chain = Nodes { start, len: self.set.links.len() as u32 - start };
        let links: Vec<Link> = chain.iter(&self.set.links).collect();
        let near = nearest(&links, &costs, anchor);
        let node = match parts {
            [node] => *node,
            parts => Node::Sequence(self.store(parts.to_vec())),
        };
        let node = self.store(vec![node]).start;
        Ok(FindPattern { phrase, node, chain, anchor: links[anchor].group, near })
    }

    /// How many words `node` can take at most.
    fn width(&self, node: &Node) -> usize {
        let widest = |nodes: Nodes| nodes.iter(&self.set.nodes).map(|it| self.width(&it)).max().unwrap_or(0);
        match node {
            Node::Word(_) | Node::Group(_) | Node::Any => 1,
            Node::Set(index) => widest(self.set.sets.get(*index as usize).phrases).max(1),
            Node::Sequence(parts) => parts.iter(&self.set.nodes).map(|it| self.width(&it)).sum(),
            Node::Either(branches) | Node::Optional(branches) => widest(*branches),
            Node::Needs(it) => self.width(&self.set.nodes.get(it.node as usize)),
            Node::Gap(words) => usize::from(*words),
            Node::Not(_) | Node::Ahead(_) | Node::Mark(_) | Node::Start | Node::End => 0,
        }
    }

    fn group(&mut self, symbols: Vec<Symbol>) -> u32 {
        let groups = &mut self.set.groups;
        *self.groups.entry(symbols).or_insert_with_key(|it| groups.push(it.iter().copied()))
    }

    /// Symbols of which one must be there if `node` matches; `None` if it can match without.
    fn anchor(&self, node: &Node) -> Option<Vec<Symbol>> {
        match node {
            Node::Word(symbol) => Some(vec![*symbol]),
            Node::Group(group) => Some(self.set.groups.of(*group as usize).to_vec()),
            Node::Set(index) => {
                let set = self.set.sets.get(*index as usize);
                let mut symbols = self.anchor_of_any(set.phrases)?;
                symbols.push(set.symbol);
                Some(symbols)
            }
            Node::Sequence(parts) => {
                let anchors = parts.iter(&self.set.nodes).filter_map(|it| self.anchor(&it));
                anchors.min_by_key(|it| self.cost(it))
            }
            Node::Either(branches) => self.anchor_of_any(*branches),
            Node::Needs(it) => Some(self.set.groups.of(it.group as usize).to_vec()),
            _ => None,
        }
    }

    /// The same, of a part of a pattern that takes words.
    fn needed(&self, part: &Node) -> Option<Vec<Symbol>> {
        self.anchor(part).filter(|_| self.width(part) > 0)
    }

    fn anchor_of_any(&self, branches: Nodes) -> Option<Vec<Symbol>> {
        let all: Option<Vec<_>> = branches.iter(&self.set.nodes).map(|it| self.anchor(&it)).collect();
        let unique: FxHashSet<Symbol> = all?.into_iter().flatten().collect();
        let mut symbols: Vec<Symbol> = unique.into_iter().collect();
        symbols.sort_unstable();
        Some(symbols)
    }

    fn cost(&self, symbols: &[Symbol]) -> u32 {
        symbols.iter().map(|it| self.costs.get(it).copied().unwrap_or(BUILTIN_COST)).sum()
    }
}

/// The links that tell most of whether a chain is there, seen from its anchor: rare, and near.
fn nearest(links: &[Link], costs: &[u32], anchor: usize) -> [Option<Near>; 2] {
    let reach = |links: &[Link]| links.iter().map(|it| u32::from(it.reach)).sum::<u32>();
    let mut all: Vec<(u32, Near)> = Vec::new();
    for (index, link) in links.iter().enumerate().filter(|it| it.0 != anchor) {
        let is_after = index > anchor;
        let width = if is_after { reach(&links[anchor + 1..=index]) } else { reach(&links[index + 1..=anchor]) };
        if width <= u32::from(FARTHEST) {
            let from = if is_after { 1 } else { -(width as i8) };
            all.push((costs[index].saturating_mul(width), Near { group: link.group, from, width: width as u8 }));
        }
    }
    all.sort_by_key(|it| it.0);
    let mut all = all.into_iter().map(|it| it.1);
    [all.next(), all.next()]
}

/// A guess at how common a stem, and a number or a name, is.
const STEM_COST: u32 = 3;
const BUILTIN_COST: u32 = 200;

/// Ways to write a pattern that are looked for apart.
const MOST_VARIANTS: usize = 16;

/// Sequences of words that a set may stand for, through the sets of its file: each is tried where the set is.
const HEAVIEST_SET: u32 = 2000;

struct SetResolver<'a> {
    sources: &'a BTreeMap<String, Vec<Spanned<String>>>,
    /// Sets being compiled, outermost first.
    open: Vec<String>,
    /// What each set that was compiled weighs.
    weights: BTreeMap<String, u32>,
}

impl SetResolver<'_> {
    /// How many sequences of words a pattern has in it. Single words cost nothing: the word table knows them.
    fn weight(&self, pattern: &Pattern) -> u32 {
        let all = |parts: &[Pattern]| parts.iter().map(|it| self.weight(it)).fold(0, u32::saturating_add);
        match pattern {
            Pattern::Set(name) => self.weights.get(name).copied().unwrap_or(1),
            Pattern::Sequence(parts) => all(parts).saturating_add(1),
            Pattern::Either(branches) => all(branches),
            Pattern::Optional(part) | Pattern::Not(part) | Pattern::Ahead(part) => self.weight(part),
            _ => 0,
        }
    }
}

fn used_sets(pattern: &Pattern) -> Vec<String> {
    match pattern {
        Pattern::Set(name) => vec![name.clone()],
        Pattern::Sequence(parts) | Pattern::Either(parts) => parts.iter().flat_map(used_sets).collect(),
        Pattern::Optional(part) | Pattern::Not(part) | Pattern::Ahead(part) => used_sets(part),
        _ => vec![],
    }
}

fn described(entry: &Entry<RuleFile>) -> Rule {
    let file = &entry.content;
    Rule {
        sin: entry.name.clone(),
        language: entry.language.clone(),
        title: file.title.clone(),
        family: file.family,
        severity: file.severity,
        why: file.why.clone(),
        instead: file.instead.clone(),
        source: file.source.clone(),
    }
}

/// How often each word stands in the examples of `pack`.
fn frequencies(pack: &RulePack) -> FxHashMap<String, u32> {
    let mut frequencies = FxHashMap::default();
    for rule in &pack.rules {
        let bad = rule.content.bad.iter().map(|it| it.text.as_ref());
        let good = rule.content.good.iter().map(|it| it.text.as_ref());
        for text in bad.chain(good) {
            for word in fold_str(text).split(' ') {
                *frequencies.entry(word.to_owned()).or_default() += 1;
            }
        }
    }
    frequencies
}

/// A rule file's regular expression, within limits.
pub(crate) fn build_regex(source: &str) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(source).size_limit(1 << 20).dfa_size_limit(1 << 20).build()
}
