//! From a finding to the edits that mend it.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use rustc_hash::FxHashMap;

use crate::{
    atom::{Atom, AtomKind},
    diagnostic::{Applicability, Diagnostic, Edit, Fix},
    document::Document,
    escape::Unwritable,
    extent,
    finding::Finding,
    quoted_printable,
    rule::{Extent, FixTemplate},
    rule_set::RuleSet,
    segment::Segment,
    span::{Span, overlapping},
    template::{Wording, gendered},
    typography::{Habits, elision, ends_with_mark, with_case, with_final_mark},
    voice::{Register, Voice},
};

/// Bytes of a sentence that may be replaced as a whole. What is longer is a text without marks: much would be lost with it.
const LONGEST_SENTENCE: usize = 8 << 10;

/// Writes the fixes of one document.
#[derive(Debug)]
pub struct Rewriter<'a> {
    rules: &'a RuleSet,
    voice: Voice,
    document: &'a Document,
    habits: OnceCell<Habits>,
    /// By macro and language.
    registers: RefCell<FxHashMap<(Option<usize>, &'a str), Register>>,
    /// By phrase, and by how a reply speaks where that matters.
    offers: RefCell<Offers<'a>>,
}

type Offers<'a> = FxHashMap<(u32, Register), Rc<[Offer<'a>]>>;

/// Better words that suit a reply, as its document writes.
#[derive(Debug)]
struct Offer<'a> {
    template: &'a FixTemplate,
    words: String,
    /// Whether they are how the reply speaks.
    suits: bool,
    /// With the capital and the mark that a place may need.
    fitted: [OnceCell<Wording>; 4],
}

/// A place to mend.
#[derive(Clone, Copy)]
struct Place<'a> {
    finding: Finding,
    segment: &'a Segment,
    /// Of the segment.
    text: &'a str,
    language: &'a str,
    /// The sentence around it, without the control flow at its ends.
    sentence: Span,
}

impl<'a> Rewriter<'a> {
    pub(crate) fn new(rules: &'a RuleSet, voice: Voice, document: &'a Document) -> Rewriter<'a> {
        let (registers, offers) = (RefCell::default(), RefCell::default());
        Rewriter { rules, voice, document, habits: OnceCell::new(), registers, offers }
    }

    /// Completes diagnostics of the document with their fixes.
    pub fn add_fixes(&self, diagnostics: &mut [Diagnostic]) {
        diagnostics.iter_mut().filter(|it| it.finding.is_some()).for_each(|it| it.fixes = self.fixes(it));
    }

    /// The fixes of a diagnostic of the document, the phrase's own first, those that suit the reply only. What no rule has
    /// found has those that it came with.
    pub fn fixes(&self, diagnostic: &Diagnostic) -> Vec<Fix> {
        let Some(finding) = diagnostic.finding else { return diagnostic.fixes.clone() };
        let segment = &self.document.segments[finding.segment];
        let rule = self.rules.rule_texts[finding.rule as usize].get();
        let language = rule.rule.language.as_str();
        let text = segment.text(&self.document.text);
        let sentence = between_control(segment, text, finding.sentence);
        let place = Place { finding, segment, text, language, sentence };
        self.offers(place).iter().filter_map(|it| self.fix(place, it)).collect()
    }

    /// What is offered for a phrase, in a reply that speaks as this one does.
    fn offers(&self, place: Place<'a>) -> Rc<[Offer<'a>]> {
        let phrase = self.rules.phrase_texts[place.finding.phrase as usize].get();
        let rule = self.rules.rule_texts[place.finding.rule as usize].get();
        let templates = || phrase.fixes.iter().chain(&rule.fixes);
        let matters = templates().any(|it| it.speaker.is_some() || it.address.is_some());
        let register = if matters { self.register(place) } else { Register::default() };
        let mut known = self.offers.borrow_mut();
        let offers = known.entry((place.finding.phrase, register));
        let offer = |(template, words, suits): (&'a FixTemplate, String, bool)| {
            let words = self.habits().apply(&words, place.language);
            Offer { template, words, suits, fitted: Default::default() }
        };
        let make = || self.suitable(templates().collect(), register).into_iter().map(offer).collect();
        offers.or_insert_with(make).clone()
    }

    /// Templates that suit how the reply speaks, with the agent's gender in their words; if that leaves no choice, those
    /// of the other speaker after them. If none suits, all are offered. And whether each suits.
    fn suitable<'t>(
        &self,
        templates: Vec<&'t FixTemplate>,
        register: Register,
    ) -> Vec<(&'t FixTemplate, String, bool)> {
        let any_speaker = Register { speaker: None, ..register };
        let (suited, others): (Vec<_>, Vec<_>) = templates.into_iter().partition(|it| register.suits(it));
        let (near, far): (Vec<_>, Vec<_>) = others.into_iter().partition(|it| any_speaker.suits(it));
        let offered = match suited.len() {
            0 if near.is_empty() => far.into_iter().map(|it| (it, true)).collect(),
            0 | 1 => suited.into_iter().map(|it| (it, true)).chain(near.into_iter().map(|it| (it, false))).collect(),
            _ => suited.into_iter().map(|it| (it, true)).collect::<Vec<_>>(),
        };
        let words = |ending: Option<&'static str>| {
            let worded = move |it: &(&'t FixTemplate, bool)| Some((it.0, gendered(&it.0.with, ending)?, it.1));
            offered.iter().filter_map(worded).collect::<Vec<_>>()
        };
        let known = words(self.voice.agent.ending());
        if known.is_empty() { words(Some("·e")) } else { known }
    }

    /// How the reply (the macro, in a library) that a place is in speaks.
    fn register(&self, place: Place<'a>) -> Register {
        *self.registers.borrow_mut().entry((place.segment.item, place.language)).or_insert_with(|| {
            let (before, after) = self.same_item(place);
            let all = before.rev().chain([place.segment]).chain(after);
            self.rules.voices.get().read(place.language, all.map(|it| it.text(&self.document.text)))
        })
    }

    /// The other segments of its macro, which stand around it: those before it, nearest first, and those after it. A library
    /// has many more than a macro.
    fn same_item(
        &self,
        place: Place<'_>,
    ) -> (impl DoubleEndedIterator<Item = &'a Segment>, impl Iterator<Item = &'a Segment>) {
        let segments = &self.document.segments;
        let at = place.finding.segment;
        let item = place.segment.item;
        let is_other = move |it: &Segment| it.item != item;
        let start = segments[..at].iter().rposition(is_other).map_or(0, |it| it + 1);
        (segments[start..at].iter().rev(), segments[at + 1..].iter().take_while(move |it| !is_other(it)))
    }

    fn fix(&self, place: Place, offer: &Offer) -> Option<Fix> {
        let Offer { template, ref words, suits, .. } = *offer;
        if template.replace != Extent::Phrase && place.finding.sentence.len() > LONGEST_SENTENCE {
            return None;
        }
        let fix = match words.is_empty() {
            true => self.deletion(place, template)?,
            false => self.replacement(place, offer)?,
        };
        let is_for_a_machine = fix.applicability == Applicability::MachineApplicable;
        let applicability = if is_for_a_machine && !suits { Applicability::MaybeIncorrect } else { fix.applicability };
        Some(Fix { applicability, ..fix })
    }

    fn deletion(&self, place: Place, template: &FixTemplate) -> Option<Fix> {
        let (span, sentence) = (place.finding.span, place.sentence);
        let (mut deleted, mut capital) = extent::deleted(place.text, template.replace, span, sentence);
        let is_alone = place.text[..deleted.start].trim().is_empty() && place.text[deleted.end..].trim().is_empty();
        if place.atoms(deleted).next().is_some() || place.has_link_markup(self.document, deleted) {
            return None;
        }
        if let Some(letter) = capital.filter(|_| place.segment.is_whole(&self.document.text, deleted)) {
            deleted.end += letter.len_utf8();
        } else {
            capital = None;
        }
        let words = capital.map(|it| it.to_uppercase().to_string()).unwrap_or_default();
        let edits = self.edits(place, deleted, &Wording { text: words, blanks: vec![] });
        let is_safe = template.safe && !is_alone && self.is_removable(place, deleted) && !edits.is_empty();
        let applicability = if is_safe { Applicability::MachineApplicable } else { Applicability::MaybeIncorrect };
        let title = deletion_title(place, template);
        Some(Fix { title, applicability, edits })
    }

    /// Whether nothing is lost with the words themselves: no number, no markup, and the reply says something else too.
    fn is_removable(&self, place: Place, deleted: Span) -> bool {
        let words = &place.text[deleted.range()];
        let is_sentence = deleted.contains(place.sentence);
        !words.contains(|it: char| it.is_ascii_digit())
            && place.segment.is_whole(&self.document.text, deleted)
            && (!is_sentence || self.says_more(place, deleted))
    }

    /// Whether the reply has another sentence of some substance, besides greetings and names.
    fn says_more(&self, place: Place, deleted: Span) -> bool {
        let here = [&place.text[..deleted.start], &place.text[deleted.end..]];
        let (before, after) = self.same_item(place);
        let mut elsewhere = after.chain(before).map(|it| it.text(&self.document.text));
        has_substance(here.into_iter()) || elsewhere.any(|it| has_substance([it].into_iter()))
    }

    fn replacement(&self, place: Place, offer: &Offer) -> Option<Fix> {
        let template = offer.template;
        let (span, sentence) = (place.finding.span, place.sentence);
        let mut replaced = extent::replaced(place.text, template.replace, span, sentence);
        if place.has_link_markup(self.document, replaced) {
            return None;
        }
        let is_whole_sentence = replaced.contains(sentence);
        let ends = is_whole_sentence && ends_with_mark(&place.text[sentence.range()]);
        let mut wording = offer.fitted(replaced.start == sentence.start, ends).clone();
        if !is_whole_sentence
            && place.language == "fr"
            && let Some((len, elided)) = elision(&place.text[sentence.start..replaced.start], &wording.text)
        {
            replaced.start -= len;
            wording = Wording::new(self.habits().apply(&elided, place.language) + &wording.text);
        }
        let wording = self.carry_atoms(place, replaced, wording)?;
        let is_whole = place.segment.is_whole(&self.document.text, replaced);
        let loses_number = place.text[replaced.range()].contains(|it: char| it.is_ascii_digit());
        let edits = self.edits(place, replaced, &wording);
        let is_lossless = is_whole && !loses_number && place.atoms(replaced).next().is_none();
        let is_safe = template.safe && is_lossless && !edits.is_empty();
        let applicability = match () {
            () if !wording.blanks.is_empty() => Applicability::HasPlaceholders,
            () if is_safe => Applicability::MachineApplicable,
            () => Applicability::MaybeIncorrect,
        };
        Some(Fix { title: wording.text, applicability, edits })
    }

    /// Placeholders, links and addresses in the replaced words move on to the first blank, where the agent needs them.
    /// Without a blank there is no place for them: no fix.
    fn carry_atoms(&self, place: Place, replaced: Span, wording: Wording) -> Option<Wording> {
        let lost: Vec<&str> = place.atoms(replaced).map(|it| &place.text[it.span.range()]).collect();
        let lost: Vec<&str> = lost.into_iter().filter(|it| !wording.text.contains(*it)).collect();
        if lost.is_empty() {
            return Some(wording);
        }
        let at = wording.blanks.first()?.end;
        let carried = format!(" {}", lost.join(" "));
        let mut text = wording.text;
        text.insert_str(at, &carried);
        let moved =
            |it: Span| if it.start >= at { Span::new(it.start + carried.len(), it.end + carried.len()) } else { it };
        Some(Wording { text, blanks: wording.blanks.into_iter().map(moved).collect() })
    }

    /// The words go into the longest piece of the place, the other pieces go; markup between them stays. None if the
    /// words cannot be written there.
    fn edits(&self, place: Place, span: Span, wording: &Wording) -> Vec<Edit> {
        let pieces = place.segment.pieces(span);
        let longest = pieces.iter().copied().max_by_key(|it| it.len());
        let longest = longest.unwrap_or_else(|| place.segment.to_source(span));
        let Ok((replacement, blanks)) = written(place.segment, wording) else { return Vec::new() };
        let others = pieces.into_iter().filter(|&it| it != longest);
        let mut edits: Vec<Edit> =
            others.map(|span| Edit { span, replacement: String::new(), blanks: vec![] }).collect();
        edits.push(Edit { span: longest, replacement, blanks });
        edits.sort_by_key(|it| it.span);
        if place.segment.escape.is_html() {
            let emptied = edits.iter_mut().filter(|it| it.replacement.is_empty());
            emptied.for_each(|it| it.span = extent::with_emptied(&self.document.text, it.span));
        }
        place.segment.escape.enclose(&self.document.text, &mut edits);
        match place.segment.escape.is_quoted_printable() {
            true => edits.into_iter().map(|it| quoted_printable::folded(&self.document.text, it)).collect(),
            false => edits,
        }
    }

    fn habits(&self) -> Habits {
        *self.habits.get_or_init(|| Habits::of(self.document.segments.iter().map(|it| it.text(&self.document.text))))
    }
}

impl Offer<'_> {
    /// The words at the start of a sentence or further on, as the end of one that has a mark or not.
    fn fitted(&self, starts: bool, ends: bool) -> &Wording {
        self.fitted[2 * usize::from(starts) + usize::from(ends)].get_or_init(|| {
            let words = with_case(&self.words, starts);
            Wording::new(if ends { with_final_mark(words) } else { words })
        })
    }
}

/// A sentence without the control flow at its ends, which stays: `{% if late %}`, `{% endif %}`.
fn between_control(segment: &Segment, text: &str, sentence: Span) -> Span {
    let is_inside = |it: &&Atom| it.kind == AtomKind::Control && sentence.contains(it.span);
    let controls: Vec<Span> =
        overlapping(&segment.atoms, sentence, |it| it.span).iter().filter(is_inside).map(|it| it.span).collect();
    let skip = |at: usize| at + text[at..sentence.end].len() - text[at..sentence.end].trim_start().len();
    let start = controls.iter().fold(sentence.start, |at, it| if skip(at) == it.start { skip(it.end) } else { at });
    let words = |at: usize| sentence.start + text[sentence.start..at].trim_end().len();
    let end = controls.iter().rfold(sentence.end, |at, it| if words(at) == it.end { words(it.start) } else { at });
    if start < end { Span::new(start, end) } else { sentence }
}

/// Whether texts have more words, together, than a greeting or a name.
fn has_substance<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let words = texts.flat_map(str::split_whitespace).filter(|it| it.contains(char::is_alphanumeric));
    words.take(GREETING_WORDS + 1).count() > GREETING_WORDS
}

const GREETING_WORDS: usize = 3;

impl<'a> Place<'a> {
    fn atoms(self, span: Span) -> impl Iterator<Item = &'a Atom> {
        self.atoms_of_any_kind(span).filter(|it| it.kind != AtomKind::Control)
    }

    fn atoms_of_any_kind(self, span: Span) -> impl Iterator<Item = &'a Atom> {
        overlapping(&self.segment.atoms, span, |it| it.span).iter()
    }

    /// Whether a link's markup is around or inside the words: a fix would leave it empty, or lose it.
    fn has_link_markup(self, document: &Document, span: Span) -> bool {
        let mut markup = self.segment.gaps(&document.text, span).map(str::to_ascii_lowercase);
        let control = self.atoms_of_any_kind(span).any(|it| it.kind == AtomKind::Control);
        control || markup.any(|it| it.contains("<a") || it.contains("</a") || it.contains("](") || it.contains('['))
    }
}

/// `wording` as it must be written in the segment's place, and where its blanks are then.
fn written(segment: &Segment, wording: &Wording) -> Result<(String, Vec<Span>), Unwritable> {
    let mut replacement = String::with_capacity(wording.text.len());
    let mut blanks = Vec::with_capacity(wording.blanks.len());
    let mut at = 0;
    for blank in &wording.blanks {
        segment.escape.write_to(&mut replacement, &wording.text[at..blank.start])?;
        let start = replacement.len();
        segment.escape.write_to(&mut replacement, &wording.text[blank.range()])?;
        blanks.push(Span::new(start, replacement.len()));
        at = blank.end;
    }
    segment.escape.write_to(&mut replacement, &wording.text[at..])?;
    Ok((replacement, blanks))
}

fn deletion_title(place: Place, template: &FixTemplate) -> String {
    let is_french = place.language == "fr";
    match template.replace {
        Extent::Sentence if is_french => "Supprimer la phrase".to_owned(),
        Extent::Sentence => "Delete the sentence".to_owned(),
        _ => {
            let words = &place.text[place.finding.span.range()];
            if is_french { format!("Supprimer « {words} »") } else { format!("Delete “{words}”") }
        }
    }
}
