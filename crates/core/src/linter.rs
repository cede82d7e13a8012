//! Documents in, diagnostics out.

use std::{
    cmp::Ordering,
    ops::Range,
    sync::{Arc, Mutex, OnceLock},
};

use regex::Regex;
use rustc_hash::FxHashMap;

use crate::{
    candidates::Memory,
    compile::build_regex,
    diagnostic::Diagnostic,
    document::Document,
    finding::Finding,
    fold::fold_str,
    innocent::Innocent,
    matcher::Matcher,
    overlap::settle,
    parallel,
    rewrite::Rewriter,
    rule_set::{Guards, Nodes, RuleSet},
    segment::Segment,
    span::{Span, overlapping},
    surroundings::language_around,
    voice::Voice,
    word_table::Symbol,
    words::{Words, quotes},
};

/// Finds the sins of a rule set. Made once, used for any number of documents, from any number of threads.
#[derive(Debug)]
pub struct Linter {
    rules: Arc<RuleSet>,
    voice: Voice,
    /// Phrases that are regular expressions, each compiled when a sentence is first held against it.
    regexes: Vec<(u32, OnceLock<Option<Regex>>)>,
    /// What a run allocates, kept for the next one.
    scratch: Mutex<Vec<Scratch>>,
}

#[derive(Debug, Default)]
struct Scratch {
    words: Words,
    neighbour: Words,
    memory: Memory,
    innocent: Innocent,
    candidates: Vec<u32>,
}

impl Linter {
    /// A linter that runs `rules`.
    pub fn new(rules: impl Into<Arc<RuleSet>>) -> Linter {
        Linter::with_voice(rules, Voice::default())
    }

    /// A linter whose fixes speak as `voice` says.
    pub fn with_voice(rules: impl Into<Arc<RuleSet>>, voice: Voice) -> Linter {
        let rules = rules.into();
        let with_regex = (0..).zip(rules.phrases.iter()).filter(|it| it.1.is_regex);
        let regexes = with_regex.map(|it| (it.0, OnceLock::new())).collect();
        Linter { rules, voice, regexes, scratch: Mutex::default() }
    }

    /// The rules it runs.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The sins of `document`, sorted by span, with their fixes.
    pub fn lint(&self, document: &Document) -> Vec<Diagnostic> {
        let mut diagnostics = self.lint_without_fixes(document);
        self.rewriter(document).add_fixes(&mut diagnostics);
        diagnostics
    }

    /// The sins of `document`, sorted by span, with no fixes: for those who only count, or hold.
    pub fn lint_without_fixes(&self, document: &Document) -> Vec<Diagnostic> {
        self.find(document).into_iter().map(|it| self.diagnostic(document, it)).collect()
    }

    /// Who writes the fixes of what was found in `document`, when they are asked for.
    pub fn rewriter<'a>(&'a self, document: &'a Document) -> Rewriter<'a> {
        Rewriter::new(&self.rules, self.voice, document)
    }

    /// The sins of `document`, before they are put into words.
    pub(crate) fn find(&self, document: &Document) -> Vec<Finding> {
        let runs = parallel::runs(document.segments.iter().map(|it| it.span.len()));
        let read = |run: &Range<usize>| self.read(document, |it| run.clone().for_each(|segment| it.segment(segment)));
        parallel::map(&runs, read).concat()
    }

    /// What a reader of `document` finds that reads as it is told.
    fn read(&self, document: &Document, read: impl FnOnce(&mut Reader)) -> Vec<Finding> {
        let mut scratch = self.scratch.lock().map(|mut it| it.pop()).ok().flatten().unwrap_or_default();
        let mut findings = Vec::new();
        read(&mut Reader { linter: self, document, scratch: &mut scratch, findings: &mut findings });
        if let Ok(mut kept) = self.scratch.lock() {
            kept.push(scratch);
        }
        findings
    }

    fn diagnostic(&self, document: &Document, finding: Finding) -> Diagnostic {
        let segment = &document.segments[finding.segment];
        let phrase = self.rules.phrase_texts[finding.phrase as usize].get();
        let rule = self.rules.rule_texts[finding.rule as usize].get();
        let template = phrase.message.as_ref().or(rule.message.as_ref()).unwrap_or(&rule.rule.title);
        let words = &segment.text(&document.text)[finding.span.range()];
        Diagnostic {
            rule: rule.rule.clone(),
            severity: finding.severity,
            span: segment.to_source(finding.span),
            sentence: segment.to_source(finding.sentence),
            message: template.replace("{match}", &one_line(words)),
            item: segment.item,
            fixes: Vec::new(),
            finding: Some(finding),
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
        let read = |reader: &mut Reader, sentence: usize| {
            let place = Place { segment: index, sentences: &sentences, index: sentence, quotes: &quotes };
            reader.sentence(text, segment, place);
        };
        let runs = parallel::runs(sentences.iter().map(|it| it.len()));
        if let [run] = &runs[..] {
            return run.clone().for_each(|it| read(self, it));
        }
        let (linter, document) = (self.linter, self.document);
        let found = parallel::map(&runs, |run| linter.read(document, |it| run.clone().for_each(|at| read(it, at))));
        self.findings.extend(found.concat());
    }

    /// A sentence that is nothing but prose is told by it alone: if it was innocent once, it is.
    fn sentence(&mut self, text: &str, segment: &Segment, place: Place) {
        let sentence = place.sentences[place.index];
        let has_atoms = !overlapping(&segment.atoms, sentence, |it| it.span).is_empty();
        if has_atoms || !overlapping(place.quotes, sentence, |it| *it).is_empty() {
            self.words(text, segment, place);
            return;
        }
        let key = Innocent::key(&text[sentence.range()]);
        if self.scratch.innocent.has(key) {
            return;
        }
        if !self.words(text, segment, place) {
            self.scratch.innocent.add(key);
        }
    }

    /// A sentence of too many words is read in parts. This and what it calls return whether a phrase matches, whatever
    /// its guards say.
    fn words(&mut self, text: &str, segment: &Segment, place: Place) -> bool {
        let mut rest = place.sentences[place.index];
        let mut has_matches = false;
        loop {
            let table = &self.linter.rules.words;
            let stop = self.scratch.words.read(table, text, rest, &segment.atoms, place.quotes);
            let first = self.findings.len();
            has_matches |= self.try_patterns(place);
            has_matches |= self.try_regexes(text, place);
            settle(self.findings, first);
            if stop >= rest.end {
                return has_matches;
            }
            rest.start = stop;
        }
    }

    /// Patterns see of a sentence which words stand where: what they found none in once, names and numbers changed, they
    /// find none in again.
    fn try_patterns(&mut self, place: Place) -> bool {
        let key = self.scratch.words.key();
        if self.scratch.innocent.has(key) {
            return false;
        }
        let has_matches = self.match_patterns(place);
        if !has_matches {
            self.scratch.innocent.add(key);
        }
        has_matches
    }

    fn match_patterns(&mut self, place: Place) -> bool {
        let linter = self.linter;
        let mut has_matches = false;
        let mut candidates = std::mem::take(&mut self.scratch.candidates);
        let rules = &*linter.rules;
        rules.candidates.of(&self.scratch.words, &rules.words, &mut self.scratch.memory, &mut candidates);
        if !candidates.is_empty() {
            self.scratch.words.place(&rules.words);
        }
        for &index in &candidates {
            let pattern = rules.patterns.get(index as usize);
            let matcher = Matcher { words: &self.scratch.words, rules };
            if matcher.may_match(&pattern) {
                has_matches |= self.report(pattern.phrase, matcher.matches(&pattern), place);
            }
        }
        self.scratch.candidates = candidates;
        has_matches
    }

    fn try_regexes(&mut self, text: &str, place: Place) -> bool {
        if self.linter.regexes.is_empty() {
            return false;
        }
        let mut has_matches = false;
        let words: Vec<String> = self.scratch.words.spans.iter().map(|it| fold_str(&text[it.range()])).collect();
        let folded = words.join(" ");
        let ends: Vec<usize> =
            words.iter().scan(0, |end, it| Some(std::mem::replace(end, *end + it.len() + 1) + it.len())).collect();
        let word_at = |at: usize| ends.partition_point(|&end| end <= at);
        self.scratch.words.place(&self.linter.rules.words);
        for (phrase, regex) in &self.linter.regexes {
            let source = || self.linter.rules.phrase_texts[*phrase as usize].get().regex.as_deref();
            let Some(regex) = regex.get_or_init(|| build_regex(source()?).ok()) else { continue };
            let matches = regex.find_iter(&folded).filter(|it| !it.is_empty());
            let matches = matches.map(|it| (word_at(it.start()), word_at(it.end() - 1) + 1)).collect();
            has_matches |= self.report(*phrase, matches, place);
        }
        has_matches
    }

    /// Notes what a phrase matches, if it may speak.
    fn report(&mut self, phrase: u32, matches: Vec<(usize, usize)>, place: Place) -> bool {
        if matches.is_empty() {
            return false;
        }
        if !self.may_speak(phrase, place) {
            return true;
        }
        let compiled = self.linter.rules.phrases.get(phrase as usize);
        let of_rule = self.linter.rules.rules.get(compiled.rule as usize).severity;
        let severity = compiled.severity.map_or(of_rule, |it| it.min(of_rule));
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
        true
    }

    /// Whether every guard of a phrase lets it speak here.
    fn may_speak(&mut self, phrase: u32, place: Place) -> bool {
        let rules = &self.linter.rules;
        let phrase = rules.phrases.get(phrase as usize);
        let rule = rules.rules.get(phrase.rule as usize);
        if !rule.enabled || !self.is_in(rule.language, place) {
            return false;
        }
        let guards = [phrase.guards, rule.guards, rules.languages[rule.language as usize].guards];
        let here = Matcher { words: &self.scratch.words, rules };
        let is_wanted = |it: &Guards| it.only_if.is_empty() || here.any_matches(it.only_if);
        if guards.iter().any(|it| here.any_matches(it.unless)) || !guards.iter().all(is_wanted) {
            return false;
        }
        !self.is_in_neighbour(guards.map(|it| it.unless_next), place, 1)
            && !self.is_in_neighbour(guards.map(|it| it.unless_before), place, -1)
    }

    /// Whether the sentence may be in a language: no other has more of its everyday words in it, or as many, the text around
    /// it being in that other. A French rule about « forwarder » has nothing to say of an English sentence or heading.
    fn is_in(&mut self, language: u32, place: Place) -> bool {
        let rules = &self.linter.rules;
        let n_words = |symbol: Symbol| self.scratch.words.places(symbol).count_ones();
        let others = (0..).zip(&rules.languages).filter(|it| it.0 != language);
        let Some(own) = rules.languages[language as usize].everyday else { return true };
        let Some(most) = others.filter_map(|it| it.1.everyday).map(n_words).max() else { return true };
        match n_words(own).cmp(&most) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => {
                let sentence = place.sentences[place.index];
                let words = &mut self.scratch.neighbour;
                language_around(rules, self.document, place.segment, sentence, words).is_none_or(|it| it == language)
            }
        }
    }

    /// Whether one of `nodes` is in the next (`step` 1) or the last (`step` -1) sentence.
    fn is_in_neighbour(&mut self, nodes: [Nodes; 3], place: Place, step: isize) -> bool {
        if nodes.iter().all(|it| it.is_empty()) {
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
        words.place(&rules.words);
        let matcher = Matcher { words, rules };
        nodes.iter().any(|it| matcher.any_matches(*it))
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

#[cfg(test)]
mod tests;
