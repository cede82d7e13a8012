//! The report for a team that sits down with its library: one page that needs nothing else, not even a network.
//!
//! `maud` escapes whatever comes from outside; the page's own policy forbids scripts and resources besides.

mod library;
mod words;

use std::io::{self, Write};

use absolve_core::{
    diagnostic::{Applicability, Severity},
    rule::Family,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Report, Summary};
use crate::{place::Findings, text::visible};
use library::{Library, Macro, Sin};
use words::{PageWords, page_words};

/// Keeps what is found until all is known.
pub struct Html<W: Write> {
    out: W,
    left: usize,
    library: Library,
}

impl<W: Write> Html<W> {
    /// Tells of `limit` findings at most.
    pub fn new(out: W, limit: usize) -> Html<W> {
        Html { out, left: limit, library: Library::default() }
    }
}

impl<W: Write> Report for Html<W> {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        self.left -= self.library.add(path, findings.iter().take(self.left));
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let language = summary.language();
        let page = Page { words: page_words(language), language, library: &self.library, summary };
        self.out.write_all(page.render().into_string().as_bytes())?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

const STYLE: &str = include_str!("html/style.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Rows of the list of the deadliest macros.
const DEADLIEST: usize = 10;

/// What the page is made of. Its own words are in one language, those of a finding in the finding's.
struct Page<'a> {
    words: &'static PageWords,
    language: &'static str,
    library: &'a Library,
    summary: &'a Summary,
}

impl Page<'_> {
    fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    title { "Absolve · " (self.title()) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    (self.header())
                    main {
                        (self.problems())
                        @if self.summary.n_findings > 0 {
                            (self.families())
                            (self.deadliest())
                            (self.findings())
                        }
                    }
                    footer { p { (self.words.footer) } }
                }
            }
        }
    }

    fn title(&self) -> String {
        match self.summary.n_findings {
            0 => (self.summary.words().clean)(self.summary.n_files),
            sins => (self.words.title)(sins, self.library.macros.len()),
        }
    }

    fn header(&self) -> Markup {
        let Summary { n_findings, n_known, by_severity, .. } = self.summary;
        let words = self.summary.words();
        let left_out = n_findings - self.library.n_sins();
        html! {
            header {
                p.brand { "Absolve" }
                h1 { (self.title()) }
                @if *n_findings > 0 {
                    p.lead { (capitalised(&(words.in_files)(self.summary.by_file.len(), self.summary.n_files))) "." }
                    fieldset.filter {
                        legend { (self.words.show) }
                        label { input type="radio" name="show" id="show-all" checked; span { (self.words.all) " " b { (n_findings) } } }
                        @for (severity, count) in by_severity.iter().rev() {
                            label.(severity.name()) {
                                input type="radio" name="show" id={ "show-" (severity.name()) };
                                span { (words.count(*severity, *count)) }
                            }
                        }
                    }
                }
                @if let Some(known) = n_known.filter(|it| *it > 0) { p.aside { ((words.known)(known)) } }
                @if left_out > 0 { p.aside { ((words.left_out)(left_out)) } }
            }
        }
    }

    /// What was not checked comes first: a page without it would say that all is well.
    fn problems(&self) -> Markup {
        html! {
            @if !self.summary.problems.is_empty() {
                section.problems {
                    h2 { (self.words.unread) }
                    ul { @for problem in &self.summary.problems { li { (visible(&problem.to_string())) } } }
                }
            }
        }
    }

    fn families(&self) -> Markup {
        let families = self.library.families();
        let most = families.iter().map(|it| it.total()).max().unwrap_or(1).max(1);
        html! {
            section.families {
                h2 { (self.words.by_family) }
                div.grid {
                    @for family in &families {
                        div.card {
                            h3 { (self.words.family(family.family)) span.total { (family.total()) } }
                            (bar(&family.by_severity, most))
                            ul {
                                @for (sin, first, count) in &family.sins {
                                    li { a href={ "#s" (first.number) } lang=(first.rule.language) title=(sin) { (visible(&first.rule.title)) } span { (count) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn deadliest(&self) -> Markup {
        let deadliest = self.library.deadliest();
        let most = deadliest.iter().map(|it| it.sins.len()).max().unwrap_or(1);
        html! {
            section.deadliest {
                h2 { (self.words.deadliest) }
                ol {
                    @for it in deadliest.iter().take(DEADLIEST) {
                        li {
                            a href={ "#m" (it.number) } { (visible(it.name())) }
                            span.path { (visible(&it.path)) }
                            (bar(&it.by_severity(), most))
                            span.total { (it.sins.len()) }
                        }
                    }
                }
            }
        }
    }

    fn findings(&self) -> Markup {
        html! {
            section.all {
                h2 { (self.words.all_of_them) }
                @for it in &self.library.macros { (self.a_macro(it)) }
            }
        }
    }

    fn a_macro(&self, it: &Macro) -> Markup {
        html! {
            section.macro id={ "m" (it.number) } {
                h3 { (visible(it.name())) span.path { (visible(&it.path)) } }
                @for sin in &it.sins { (finding(it, sin)) }
            }
        }
    }
}

/// A finding speaks the language of its reply.
fn finding(of: &Macro, sin: &Sin) -> Markup {
    let language = sin.rule.language.as_str();
    let (words, page) = (super::words(language), page_words(language));
    let (before, flagged, after) = sin.quote();
    html! {
        article.(sin.severity.name()) id={ "s" (sin.number) } lang=(language) {
            h4 { span.severity { (words.severity(sin.severity)) } " " (visible(&sin.rule.title)) }
            p.place { code { (sin.rule.sin) } " · " (visible(&of.path)) ":" (sin.place.line) ":" (sin.place.column) }
            blockquote { (visible(before)) mark { (visible(flagged)) } (visible(after)) }
            p { b { (words.why) ":" } " " (visible(&sin.rule.why)) }
            p { b { (words.instead) ":" } " " (visible(&sin.rule.instead)) }
            @if !sin.fixes.is_empty() {
                p.label { (page.for_instance) }
                ul.better { @for (title, applicability) in &sin.fixes { li { (alternative(title, *applicability, page)) } } }
            }
        }
    }
}

fn alternative(title: &str, applicability: Applicability, page: &PageWords) -> Markup {
    html! {
        @for (piece, is_blank) in library::blanks(title) {
            @if is_blank { span.blank { (visible(piece)) } } @else { (visible(piece)) }
        }
        @if applicability == Applicability::MachineApplicable { " " span.safe { (page.safe) } }
    }
}

/// How much there is of each severity, as lengths against the longest.
fn bar(by_severity: &[(Severity, usize)], most: usize) -> Markup {
    html! {
        div.bar aria-hidden="true" {
            @for (severity, count) in by_severity.iter().filter(|it| it.1 > 0) {
                i.(severity.name()) style={ "width:" (format!("{:.2}", *count as f64 * 100.0 / most as f64)) "%" } {}
            }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |it| it.to_uppercase().collect::<String>() + chars.as_str())
}

impl PageWords {
    fn family(&self, family: Family) -> &'static str {
        self.families[family as usize]
    }
}
