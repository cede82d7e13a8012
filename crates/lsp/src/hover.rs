//! What there is to read about a finding: what, why, what to write instead, in the language of the text.

use absolve_core::{diagnostic::Diagnostic, line_index::Position, rule::Rule, span::Span};

use crate::{job::Checked, message::Hover};

/// What to read about the place, if there is a finding.
pub fn hover(checked: &Checked, position: Position, is_markdown: bool) -> Option<Hover> {
    let at = checked.snapshot.offset(position);
    let diagnostics = &checked.reply.as_ref()?.diagnostics;
    let touched: Vec<&Diagnostic> = diagnostics.iter().filter(|it| it.span.start <= at && at <= it.span.end).collect();
    // Where two findings meet, the one under the cursor is meant.
    let meant = touched.iter().find(|it| at < it.span.end).or(touched.first())?;
    let text = page(meant, &checked.snapshot.text, is_markdown);
    Some(Hover { range: checked.snapshot.range(meant.span), text, is_markdown })
}

/// What there is to read about a rule, without a finding.
pub fn page_of_rule(rule: &Rule, is_markdown: bool) -> String {
    let (headings, colon) = headings(rule);
    Style { is_markdown }.page(rule, &rule.title, &[], headings, colon)
}

struct Headings {
    why: &'static str,
    instead: &'static str,
    for_instance: &'static str,
    source: &'static str,
}

const ENGLISH: Headings =
    Headings { why: "Why it hurts", instead: "Instead", for_instance: "For instance", source: "Source" };
const FRENCH: Headings =
    Headings { why: "Pourquoi cela blesse", instead: "À la place", for_instance: "Par exemple", source: "Source" };

/// The headings of a rule's language, and its colon.
fn headings(rule: &Rule) -> (&'static Headings, &'static str) {
    if rule.language == "fr" { (&FRENCH, "\u{a0}:") } else { (&ENGLISH, ":") }
}

fn page(diagnostic: &Diagnostic, text: &str, is_markdown: bool) -> String {
    let (headings, colon) = headings(&diagnostic.rule);
    let alternatives = alternatives(diagnostic, text);
    Style { is_markdown }.page(&diagnostic.rule, &diagnostic.message, &alternatives, headings, colon)
}

/// The first two, as titles.
fn alternatives<'a>(diagnostic: &'a Diagnostic, text: &str) -> Vec<&'a str> {
    let is_new = |it: &&str| !text[sentence(diagnostic).range()].contains(*it);
    diagnostic.fixes.iter().map(|it| it.title.as_str()).filter(is_new).take(2).collect()
}

fn sentence(diagnostic: &Diagnostic) -> Span {
    diagnostic.sentence
}

struct Style {
    is_markdown: bool,
}

impl Style {
    fn page(&self, rule: &Rule, message: &str, alternatives: &[&str], headings: &Headings, colon: &str) -> String {
        let line = |heading: &str, words: &str| format!("{}{colon} {}", self.strong(heading), self.plain(words));
        let mut page = vec![
            format!("{} · {}", self.strong(&rule.title), self.plain(&rule.sin)),
            self.plain(message),
            line(headings.why, &rule.why),
            line(headings.instead, &rule.instead),
        ];
        if !alternatives.is_empty() {
            let rows: String = alternatives.iter().map(|it| format!("\n- {}", self.plain(it))).collect();
            // Markdown needs the empty line before a list.
            let gap = if self.is_markdown { "\n" } else { "" };
            page.push(format!("{}{colon}{gap}{rows}", self.strong(headings.for_instance)));
        }
        page.push(format!("{}{colon} {}", self.plain(headings.source), self.plain(&rule.source)));
        page.dedup();
        page.join("\n\n")
    }

    fn strong(&self, words: &str) -> String {
        if self.is_markdown { format!("**{}**", self.plain(words)) } else { visible(words) }
    }

    fn plain(&self, words: &str) -> String {
        if self.is_markdown { escape(&visible(words)) } else { visible(words) }
    }
}

/// Customers' words may hold anything: what would reorder or command a display is taken out, lines are joined.
pub fn visible(words: &str) -> String {
    let is_safe = |it: &char| {
        !it.is_control()
            && !matches!(it, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let words: String = words.chars().map(|it| if it.is_whitespace() && it.is_control() { ' ' } else { it }).collect();
    words.chars().filter(is_safe).collect()
}

/// Words as Markdown shows them as they are.
fn escape(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for it in words.chars() {
        if matches!(it, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '&') {
            escaped.push('\\');
        }
        escaped.push(it);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_words_do_not_command_the_display() {
        assert_eq!(visible("a\u{202e}b\u{1b}[31m\nc"), "ab[31m c");
        assert_eq!(escape("<b>*x*</b> [a](b)"), "\\<b\\>\\*x\\*\\</b\\> \\[a\\](b)");
    }
}
