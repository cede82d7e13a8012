//! Documents in, diagnostics out.

use std::sync::Mutex;

use regex::Regex;
use rustc_hash::FxHashMap;

use crate::{
    compile::build_regex,
    diagnostic::Diagnostic,
    document::Document,
    finding::Finding,
    matcher::Matcher,
    overlap::settle,
    rewrite::Rewriter,
    rule_set::{Guards, Node, RuleSet},
    segment::Segment,
    span::Span,
    voice::Voice,
    words::{Words, quotes},
};

/// Finds the sins of a rule set. Made once, used for any number of documents, from any number of threads.
#[derive(Debug)]
pub struct Linter {
    rules: RuleSet,
    voice: Voice,
    /// Patterns by the symbols of their anchor.
    anchored: Vec<Vec<u32>>,
    /// Phrases that are regular expressions.
    regexes: Vec<(u32, Regex)>,
    /// What a run allocates, kept for the next one.
    scratch: Mutex<Vec<Scratch>>,
}

#[derive(Debug, Default)]
struct Scratch {
    words: Words,
    neighbour: Words,
    /// For each pattern, the sentence in which it was last tried.
    tried: Vec<u32>,
    sentence: u32,
}

impl Linter {
    /// A linter that runs `rules`.
    pub fn new(rules: RuleSet) -> Linter {
        Linter::with_voice(rules, Voice::default())
    }

    /// A linter whose fixes speak as `voice` says.
    pub fn with_voice(rules: RuleSet, voice: Voice) -> Linter {
        let mut anchored = vec![Vec::new(); rules.words.n_symbols()];
        for (index, pattern) in rules.patterns.iter().enumerate() {
            let rule = rules.phrases[pattern.phrase as usize].rule;
            if rules.rules[rule as usize].enabled {
                pattern.required[0].iter().for_each(|&it| anchored[it as usize].push(index as u32));
            }
        }
        let regexes = (0..).zip(&rules.phrases).filter_map(|(index, it)| Some((index, it.regex.as_deref()?)));
        let regexes = regexes.filter_map(|(index, it)| Some((index, build_regex(it).ok()?))).collect();
        Linter { rules, voice, anchored, regexes, scratch: Mutex::default() }
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The sins of `document`, sorted by span, with their fixes.
    pub fn lint(&self, document: &Document) -> Vec<Diagnostic> {
        let rewriter = Rewriter::new(&self.rules, self.voice, document);
        let findings = self.find(document);
        findings.iter().map(|it| self.diagnostic(document, it, Some(&rewriter))).collect()
    }

    /// The sins of `document`, sorted by span, with no fixes: for those who only count, or hold.
    pub fn lint_without_fixes(&self, document: &Document) -> Vec<Diagnostic> {
        self.find(document).iter().map(|it| self.diagnostic(document, it, None)).collect()
    }

    fn find(&self, document: &Document) -> Vec<Finding> {
        let mut scratch = self.scratch.lock().map(|mut it| it.pop()).ok().flatten().unwrap_or_default();
        scratch.tried.resize(self.rules.patterns.len(), 0);
        let mut findings = Vec::new();
        let mut reader = Reader { linter: self, document, scratch: &mut scratch, findings: &mut findings };
        for segment in 0..document.segments.len() {
            reader.segment(segment);
        }
        if let Ok(mut kept) = self.scratch.lock() {
            kept.push(scratch);
        }
        findings
    }

    fn diagnostic(&self, document: &Document, finding: &Finding, rewriter: Option<&Rewriter>) -> Diagnostic {
        let segment = &document.segments[finding.segment];
        let phrase = &self.rules.phrases[finding.phrase as usize];
        let compiled = &self.rules.rules[finding.rule as usize];
        let template = phrase.message.as_ref().or(compiled.message.as_ref()).unwrap_or(&compiled.rule.title);
        let words = &segment.text(&document.text)[finding.span.range()];
        Diagnostic {
            rule: compiled.rule.clone(),
            severity: finding.severity,
            span: segment.to_source(finding.span),
            sentence: segment.to_source(finding.sentence),
            message: template.replace("{match}", &one_line(words)),
            item: segment.item,
            fixes: rewriter.map_or_else(Vec::new, |it| it.fixes(finding)),
        }
    }
}

/// Words as a message quotes them: on one line.
fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One run over a document.
struct Reader<'a> {
    linter: &'a Linter,
    document: &'a Document,
    scratch: &'a mut Scratch,
    findings: &'a mut Vec<Finding>,
}

/// A sentence and where it stands among its neighbours.
#[derive(Clone, Copy)]
struct Place<'a> {
    segment: usize,
    sentences: &'a [Span],
    index: usize,
    quotes: &'a [Span],
}

impl Reader<'_> {
    fn segment(&mut self, index: usize) {
        let segment = &self.document.segments[index];
        let text = segment.text(&self.document.text);
        let sentences = self.linter.rules.cutter.cut(text, &segment.atoms);
        let quotes = quotes(text);
        for sentence in 0..sentences.len() {
            let place = Place { segment: index, sentences: &sentences, index: sentence, quotes: &quotes };
            self.sentence(text, segment, place);
        }
    }

    /// A sentence of too many words is read in parts.
    fn sentence(&mut self, text: &str, segment: &Segment, place: Place) {
        let mut rest = place.sentences[place.index];
        loop {
            let table = &self.linter.rules.words;
            let stop = self.scratch.words.read(table, text, rest, &segment.atoms, place.quotes);
            let first = self.findings.len();
            self.try_patterns(place);
            self.try_regexes(place);
            settle(self.findings, first);
            if stop >= rest.end {
                return;
            }
            rest.start = stop;
        }
    }

    fn try_patterns(&mut self, place: Place) {
        let linter = self.linter;
        self.scratch.sentence += 1;
        for symbol in 0..self.scratch.words.symbols().len() {
            let symbol = self.scratch.words.symbols()[symbol];
            for &index in &linter.anchored[symbol as usize] {
                let tried = &mut self.scratch.tried[index as usize];
                if std::mem::replace(tried, self.scratch.sentence) == self.scratch.sentence {
                    continue;
                }
                let pattern = &linter.rules.patterns[index as usize];
                let matcher = Matcher { words: &self.scratch.words, sets: &linter.rules.sets };
                if matcher.may_match(pattern) {
                    let matches = matcher.matches(&pattern.node);
                    self.report(pattern.phrase, matches, place);
                }
            }
        }
    }

    fn try_regexes(&mut self, place: Place) {
        for (phrase, regex) in &self.linter.regexes {
            let words = &self.scratch.words;
            let word_at = |at: usize| words.folded_spans.partition_point(|it| it.end <= at);
            let matches = regex.find_iter(&words.folded).filter(|it| !it.is_empty());
            let matches = matches.map(|it| (word_at(it.start()), word_at(it.end() - 1) + 1)).collect();
            self.report(*phrase, matches, place);
        }
    }

    fn report(&mut self, phrase: u32, matches: Vec<(usize, usize)>, place: Place) {
        if matches.is_empty() || !self.may_speak(phrase, place) {
            return;
        }
        let compiled = &self.linter.rules.phrases[phrase as usize];
        let rule = &self.linter.rules.rules[compiled.rule as usize];
        let severity = compiled.severity.map_or(rule.rule.severity, |it| it.min(rule.rule.severity));
        for (start, end) in matches {
            let spans = &self.scratch.words.spans;
            self.findings.push(Finding {
                phrase,
                rule: compiled.rule,
                severity,
                segment: place.segment,
                span: Span::new(spans[start].start, spans[end - 1].end),
                sentence: place.sentences[place.index],
            });
        }
    }

    /// Whether every guard of a phrase lets it speak here.
    fn may_speak(&mut self, phrase: u32, place: Place) -> bool {
        let rules = &self.linter.rules;
        let phrase = &rules.phrases[phrase as usize];
        let rule = &rules.rules[phrase.rule as usize];
        let none = Guards::default();
        let language = rules.language_guards.get(&rule.rule.language).unwrap_or(&none);
        let guards = [&phrase.guards, &rule.guards, language];
        let here = Matcher { words: &self.scratch.words, sets: &rules.sets };
        let is_there = |matcher: Matcher, nodes: &[Node]| nodes.iter().any(|it| matcher.is_match(it));
        let is_wanted = |it: &&Guards| it.only_if.is_empty() || is_there(here, &it.only_if);
        if guards.iter().any(|it| is_there(here, &it.unless)) || !guards.iter().all(is_wanted) {
            return false;
        }
        let next: Vec<&Node> = guards.iter().flat_map(|it| &it.unless_next).collect();
        let before: Vec<&Node> = guards.iter().flat_map(|it| &it.unless_before).collect();
        !self.is_in_neighbour(&next, place, 1) && !self.is_in_neighbour(&before, place, -1)
    }

    /// Whether one of `nodes` is in the next (`step` 1) or the last (`step` -1) sentence.
    fn is_in_neighbour(&mut self, nodes: &[&Node], place: Place, step: isize) -> bool {
        if nodes.is_empty() {
            return false;
        }
        let (rules, document) = (&self.linter.rules, self.document);
        let words = &mut self.scratch.neighbour;
        if let Some(index) = place.index.checked_add_signed(step).filter(|&it| it < place.sentences.len()) {
            let segment = &document.segments[place.segment];
            let text = segment.text(&document.text);
            words.read(&rules.words, text, place.sentences[index], &segment.atoms, place.quotes);
        } else {
            let Some(index) = place.segment.checked_add_signed(step) else { return false };
            let Some(segment) = document.segments.get(index) else { return false };
            if segment.item != document.segments[place.segment].item {
                return false;
            }
            let text = segment.text(&document.text);
            let sentences = rules.cutter.cut(text, &segment.atoms);
            let sentence = if step > 0 { sentences.first() } else { sentences.last() };
            let Some(&sentence) = sentence else { return false };
            words.read(&rules.words, text, sentence, &segment.atoms, &quotes(text));
        }
        let matcher = Matcher { words, sets: &rules.sets };
        nodes.iter().any(|it| matcher.is_match(it))
    }
}

impl Diagnostic {
    /// Counts diagnostics by what `key` says of them.
    pub fn count_by<'a, K: std::hash::Hash + Eq>(
        diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
        key: impl Fn(&Diagnostic) -> K,
    ) -> FxHashMap<K, usize> {
        let mut counts = FxHashMap::default();
        for it in diagnostics {
            *counts.entry(key(it)).or_default() += 1;
        }
        counts
    }
}
