//! CSV, read as a list of objects, one for each row, whose keys are the cells of the first; each cell knows its bytes.

use rustc_hash::FxHashSet;

use crate::{
    document::ReadError,
    escape::{Enclosure, Layer},
    format::tree::{Node, Scalar, Value, error_at},
    offset_map::OffsetMap,
    span::Span,
};

/// Reads a whole text. Without a `delimiter`, the first row tells it.
pub(crate) fn parse(source: &str, delimiter: Option<char>) -> Result<Node<'_>, ReadError> {
    let at = source.len() - source.trim_start_matches('\u{feff}').len();
    let delimiter = delimiter.unwrap_or_else(|| usual(source));
    let mut reader = Reader { source, at, delimiter };
    let Some(header) = reader.row()? else { return reader.error(at, "there is no row of names at its top") };
    reader.check_names(&header)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.row()? {
        rows.push(reader.object(&header, row)?);
    }
    Ok(Node { span: Span::new(at, source.len()), value: Value::Array(rows) })
}

/// What separates the cells of the first row, outside quotes, most often.
fn usual(source: &str) -> char {
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    let mut is_quoted = false;
    for it in source.chars() {
        is_quoted ^= it == '"';
        match it {
            '\n' | '\r' if !is_quoted => break,
            _ if is_quoted => {}
            _ => counts.iter_mut().filter(|count| count.0 == it).for_each(|count| count.1 += 1),
        }
    }
    // Of equals the first: what is last is the maximum.
    counts.iter().rev().max_by_key(|it| it.1).map_or(',', |it| it.0)
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    delimiter: char,
}

/// A row: its cells, and where it stands.
struct Row<'a> {
    cells: Vec<Scalar<'a>>,
    span: Span,
}

impl<'a> Reader<'a> {
    /// The next row that is not blank.
    fn row(&mut self) -> Result<Option<Row<'a>>, ReadError> {
        while self.peek().is_some_and(|it| it == '\n' || it == '\r') {
            self.at += 1;
        }
        let start = self.at;
        if start == self.source.len() {
            return Ok(None);
        }
        let mut cells = vec![self.cell()?];
        while self.peek() == Some(self.delimiter) {
            self.at += self.delimiter.len_utf8();
            cells.push(self.cell()?);
        }
        Ok(Some(Row { cells, span: Span::new(start, self.at) }))
    }

    fn cell(&mut self) -> Result<Scalar<'a>, ReadError> {
        if self.peek() == Some('"') { self.quoted() } else { Ok(self.bare()) }
    }

    fn bare(&mut self) -> Scalar<'a> {
        let rest = &self.source[self.at..];
        let len = rest.find([self.delimiter, '\n', '\r']).unwrap_or(rest.len());
        let span = Span::new(self.at, self.at + len);
        self.at = span.end;
        Scalar::verbatim(self.source, span, Layer::Csv).enclosed(Enclosure::Csv(span, self.delimiter))
    }

    fn quoted(&mut self) -> Result<Scalar<'a>, ReadError> {
        let open = self.at;
        let start = open + 1;
        let mut quotes = Vec::new();
        let mut at = start;
        loop {
            let Some(next) = memchr::memchr(b'"', &self.source.as_bytes()[at..]) else {
                return self.error(open, "this cell has no closing quote");
            };
            let quote = at + next;
            at = quote + 1;
            if !self.source[at..].starts_with('"') {
                self.at = at;
                self.check_end()?;
                return Ok(unquoted(self.source, Span::new(start, quote), &quotes));
            }
            quotes.push(quote);
            at += 1;
        }
    }

    /// After a closing quote, the cell is over.
    fn check_end(&self) -> Result<(), ReadError> {
        match self.peek() {
            None | Some('\n' | '\r') => Ok(()),
            Some(it) if it == self.delimiter => Ok(()),
            Some(it) => {
                let message = format!(
                    "expected `{}` or the end of the row after the closing quote, found `{it}`; a quote inside quotes is written `\"\"`",
                    self.delimiter
                );
                self.error(self.at, message)
            }
        }
    }

    fn check_names(&self, header: &Row<'a>) -> Result<(), ReadError> {
        let mut seen = FxHashSet::default();
        let twin =
            header.cells.iter().find(|it| !it.text().trim().is_empty() && !seen.insert(it.text().trim().to_owned()));
        match twin {
            Some(it) => self.error(it.span.start, format!("two columns are called \"{}\"", it.text().trim())),
            None => Ok(()),
        }
    }

    fn object(&self, header: &Row<'a>, row: Row<'a>) -> Result<Node<'a>, ReadError> {
        let (expected, found) = (header.cells.len(), row.cells.len());
        if expected != found {
            return self.error(
                row.span.start,
                format!(
                    "this row has {found} cells, the first has {expected}; a cell with `{}`, a quote or a line break in it stands in quotes",
                    self.delimiter
                ),
            );
        }
        let member = |(name, cell): (&Scalar<'a>, Scalar<'a>)| {
            let span = cell.span;
            (name.trimmed(), Node { span, value: Value::String(cell) })
        };
        Ok(Node { span: row.span, value: Value::Object(header.cells.iter().zip(row.cells).map(member).collect()) })
    }

    fn peek(&self) -> Option<char> {
        self.source[self.at..].chars().next()
    }

    fn error<T>(&self, at: usize, message: impl Into<String>) -> Result<T, ReadError> {
        Err(error_at(self.source, at, "CSV", &message.into()))
    }
}

/// A cell in quotes; at each of `quotes` two of them stand for one.
fn unquoted<'a>(source: &'a str, span: Span, quotes: &[usize]) -> Scalar<'a> {
    if quotes.is_empty() {
        return Scalar::verbatim(source, span, Layer::Csv);
    }
    let mut text = String::with_capacity(span.len());
    let mut map = OffsetMap::default();
    let mut at = span.start;
    for &quote in quotes {
        text.push_str(&source[at..quote]);
        map.push_verbatim(quote - at, at);
        text.push('"');
        map.push_replaced(1, Span::new(quote, quote + 2));
        at = quote + 2;
    }
    text.push_str(&source[at..span.end]);
    map.push_verbatim(span.end - at, at);
    Scalar::decoded(text, span, Layer::Csv, map)
}

#[cfg(test)]
mod tests;
