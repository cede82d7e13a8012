//! Better words as completions: for the words at the cursor, or those that it has just left.

use absolve_core::{
    diagnostic::{Diagnostic, Fix},
    line_index::Position,
    span::Span,
};

use crate::{action::Target, hover::visible, message::TextEdit, position::Range, snippet::TabStops};

/// What ends a sentence, and so may have completed a sin.
pub const TRIGGERS: [&str; 4] = [".", "!", "?", ","];

/// One thing to complete to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What the writer reads.
    pub label: String,
    /// What it mends.
    pub detail: String,
    /// What editors compare with the words before the cursor.
    pub filter: String,
    /// Sorts as listed here.
    pub sort: String,
    /// What is written. Its range is on one line and has the cursor in it.
    pub edit: TextEdit,
    /// What else goes.
    pub others: Vec<TextEdit>,
}

impl Target<'_> {
    /// Better words for the findings at the cursor, or right before it. Some editors ask at every word that is typed:
    /// nothing may pop up while the rest of the sentence is written.
    pub fn completions(&self, position: Position) -> Vec<Item> {
        let snapshot = &self.checked.snapshot;
        let at = snapshot.offset(position);
        let diagnostics = self.checked.reply.as_ref().map_or(&[][..], |it| &it.diagnostics);
        let is_left = |end: usize| snapshot.text.get(end..at).is_none_or(|it| it.contains(char::is_alphanumeric));
        let is_meant = |it: &&Diagnostic| it.span.start <= at && (at <= it.span.end || !is_left(it.span.end));
        let fixes = diagnostics.iter().filter(is_meant).flat_map(|it| it.fixes.iter().map(move |fix| (it, fix)));
        let line = snapshot.line(position.line);
        fixes.enumerate().filter_map(|(index, (it, fix))| self.item(it, fix, index, at, line)).collect()
    }

    fn item(&self, diagnostic: &Diagnostic, fix: &Fix, index: usize, at: usize, line: Span) -> Option<Item> {
        let [edit] = fix.edits.as_slice() else { return None };
        let (start, end) = (edit.span.start.max(line.start), edit.span.end.min(line.end));
        if !(start <= at && at <= end) {
            return None;
        }
        let snapshot = &self.checked.snapshot;
        let is_snippet = self.client.snippet_completions && !edit.blanks.is_empty();
        let text = match is_snippet {
            true => TabStops::default().snippet(&edit.replacement, &edit.blanks),
            false => edit.replacement.clone(),
        };
        let rest = [Span::new(edit.span.start, start), Span::new(end, edit.span.end)];
        let delete = |it: &Span| TextEdit { range: snapshot.range(*it), text: String::new(), is_snippet: false };
        let range: Range = snapshot.range(Span::new(start, end));
        Some(Item {
            label: visible(&fix.title),
            detail: visible(&diagnostic.rule.title),
            filter: snapshot.text[start..at].to_owned(),
            sort: format!("{index:04}"),
            edit: TextEdit { range, text, is_snippet },
            others: rest.iter().filter(|it| !it.is_empty()).map(delete).collect(),
        })
    }
}
