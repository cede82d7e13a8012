//! The structure of a mail: its headers and its parts, each with where it stands.

use mail_parser::{ContentType, HeaderName, HeaderValue, MessageParser};

use crate::{document::ReadError, span::Span};

/// What of a mail is read.
#[derive(Debug)]
pub(super) struct Mail {
    /// What follows `Subject:`, its white space left out.
    pub subject: Option<Span>,
    /// The parts that a reader sees, in order.
    pub parts: Vec<Part>,
}

/// A part in text or HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub kind: Kind,
    /// As its header names it.
    pub charset: Option<String>,
    pub transfer: Transfer,
    /// Whether its header says that its bytes need not be ASCII.
    pub is_eight_bit: bool,
    /// Whether lines that end in a space go on in the next.
    pub flow: Option<Flow>,
    pub body: Span,
}

/// How lines go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// Whether the space at the end of a line is none of the text.
    pub deletes_space: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Html,
}

/// How a part's bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    /// As they are.
    Identity,
    QuotedPrintable,
    Base64,
}

/// Takes a mail apart.
pub(super) fn mail(source: &str) -> Result<Mail, ReadError> {
    let start = envelope(source);
    if source[start..].lines().next().and_then(header_name).is_none() {
        return error(start, NO_MAIL.to_owned());
    }
    let parser = MessageParser::new().with_mime_headers().header_raw(HeaderName::Subject).default_header_ignore();
    let mut reader = Reader { source, parser, parts: Vec::new() };
    let whole = Span::new(start, source.len());
    let subject = reader.headers(whole).subject;
    reader.entity(whole, 0)?;
    Ok(Mail { subject, parts: reader.parts })
}

const NO_MAIL: &str = "this is no mail: it does not start with a header such as `From: Ana <ana@x.example>`; \
                       name a reply in plain text .txt";

/// The name of a header, on its first line.
pub(super) fn header_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let name = name.trim_end_matches([' ', '\t']);
    (!name.is_empty() && name.bytes().all(|it| it.is_ascii_graphic())).then_some(name)
}

/// The length of a byte-order mark and of the line `From …` that mailboxes put before a mail.
fn envelope(source: &str) -> usize {
    let start = source.len() - source.trim_start_matches('\u{feff}').len();
    let line = source[start..].split_inclusive('\n').next().unwrap_or_default();
    if line.starts_with("From ") { start + line.len() } else { start }
}

fn error<T>(offset: usize, message: String) -> Result<T, ReadError> {
    Err(ReadError::new(offset, message))
}

struct Reader<'a> {
    source: &'a str,
    parser: MessageParser,
    parts: Vec<Part>,
}

/// What the headers of an entity say.
#[derive(Default)]
struct Headers {
    content_type: Option<ContentType<'static>>,
    disposition: Option<ContentType<'static>>,
    transfer: String,
    subject: Option<Span>,
    /// Where the body starts.
    body: usize,
}

/// How deep parts may nest.
const DEEPEST: usize = 32;
/// How many parts of text a mail may have.
const MOST_PARTS: usize = 1000;

impl Reader<'_> {
    fn entity(&mut self, span: Span, depth: usize) -> Result<(), ReadError> {
        let headers = self.headers(span);
        let body = Span::new(headers.body, span.end);
        let kind = headers.content_type.as_ref().map_or("text", |it| it.ctype()).to_ascii_lowercase();
        match kind.as_str() {
            _ if headers.is_attachment(depth) => Ok(()),
            "multipart" => self.multipart(&headers, body, depth),
            "text" if self.parts.len() == MOST_PARTS => error(
                span.start,
                format!("this mail has more than {MOST_PARTS} parts of text; no reader shows them all"),
            ),
            "text" => {
                self.parts.extend(headers.part(body));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn multipart(&mut self, headers: &Headers, body: Span, depth: usize) -> Result<(), ReadError> {
        let content_type = headers.content_type.as_ref();
        let subtype = content_type.and_then(|it| it.subtype()).unwrap_or_default();
        if NOT_WRITTEN.iter().any(|it| subtype.eq_ignore_ascii_case(it)) {
            return Ok(());
        }
        if depth == DEEPEST {
            return error(body.start, format!("parts of this mail nest more than {DEEPEST} deep"));
        }
        let Some(boundary) = content_type.and_then(|it| it.attribute("boundary")).filter(|it| !it.is_empty()) else {
            return error(body.start, "this mail has parts, but no `boundary` says how they are told apart".to_owned());
        };
        let entities = entities(self.source, body, boundary);
        if entities.is_empty() {
            let message = format!("the parts of this mail are missing: there is no line `--{boundary}`");
            return error(body.start, message);
        }
        entities.into_iter().try_for_each(|it| self.entity(it, depth + 1))
    }

    /// The headers of the entity at `span`.
    fn headers(&self, span: Span) -> Headers {
        let body = span.start + body_start(&self.source[span.range()]);
        let block = Span::new(span.start, body);
        let mut headers = Headers { body, ..Headers::default() };
        let Some(message) = self.parser.parse_headers(self.source[block.range()].as_bytes()) else { return headers };
        let Some(part) = message.parts.into_iter().next() else { return headers };
        for header in part.headers {
            let value = Span::new(block.start + header.offset_start as usize, block.start + header.offset_end as usize);
            match (header.name, header.value.into_owned()) {
                (HeaderName::ContentType, HeaderValue::ContentType(it)) => headers.content_type = Some(it),
                (HeaderName::ContentDisposition, HeaderValue::ContentType(it)) => headers.disposition = Some(it),
                (HeaderName::ContentTransferEncoding, HeaderValue::Text(it)) => {
                    headers.transfer = it.trim().to_ascii_lowercase();
                }
                (HeaderName::Subject, _) => headers.subject = headers.subject.or(trimmed(self.source, value)),
                _ => {}
            }
        }
        headers
    }
}

/// Kinds of parts whose text no agent wrote: bounces, collections of mails, ciphers.
const NOT_WRITTEN: [&str; 3] = ["report", "digest", "encrypted"];

impl Headers {
    fn is_attachment(&self, depth: usize) -> bool {
        let has = |header: &Option<ContentType>, name| header.as_ref().is_some_and(|it| it.has_attribute(name));
        let is_named = has(&self.disposition, "filename") || has(&self.content_type, "name");
        self.disposition.as_ref().is_some_and(|it| it.is_attachment()) || depth > 0 && is_named
    }

    fn part(&self, body: Span) -> Option<Part> {
        let content_type = self.content_type.as_ref();
        let kind = match content_type.and_then(|it| it.subtype()).map(str::to_ascii_lowercase).as_deref() {
            None | Some("plain") => Kind::Plain,
            Some("html") => Kind::Html,
            Some(_) => return None,
        };
        let transfer = match self.transfer.as_str() {
            "quoted-printable" => Transfer::QuotedPrintable,
            "base64" => Transfer::Base64,
            _ => Transfer::Identity,
        };
        let charset = content_type.and_then(|it| it.attribute("charset")).map(str::to_owned);
        let is_eight_bit = matches!(self.transfer.as_str(), "8bit" | "binary");
        let says = |name: &str, value: &str| {
            content_type.and_then(|it| it.attribute(name)).is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let is_flowed = kind == Kind::Plain && says("format", "flowed");
        let flow = is_flowed.then(|| Flow { deletes_space: says("delsp", "yes") });
        Some(Part { kind, charset, transfer, is_eight_bit, flow, body })
    }
}

/// Where the first empty line of an entity ends.
fn body_start(entity: &str) -> usize {
    let mut at = 0;
    for line in entity.split_inclusive('\n') {
        at += line.len();
        if matches!(line, "\n" | "\r\n") {
            return at;
        }
    }
    entity.len()
}

fn trimmed(source: &str, span: Span) -> Option<Span> {
    let text = source.get(span.range())?;
    let start = span.start + text.len() - text.trim_start().len();
    (!text.trim().is_empty()).then(|| Span::new(start, start + text.trim().len()))
}

/// What stands between the lines `--boundary` of a body; the last line may be missing, as when a mail was cut off.
fn entities(source: &str, body: Span, boundary: &str) -> Vec<Span> {
    let delimiter = format!("--{boundary}");
    let text = &source[body.range()];
    let mut entities = Vec::new();
    let mut start = None;
    for at in memchr::memmem::find_iter(text.as_bytes(), &delimiter) {
        let is_line_start = at == 0 || text.as_bytes()[at - 1] == b'\n';
        let line = text[at + delimiter.len()..].split_inclusive('\n').next().unwrap_or_default();
        let is_last = line.starts_with("--");
        if !is_line_start || !is_last && !line.trim().is_empty() {
            continue;
        }
        if let Some(start) = start.replace(at + delimiter.len() + line.len()) {
            entities.push(Span::new(body.start + start, body.start + before_line_end(text, at).max(start)));
        }
        if is_last {
            return entities;
        }
    }
    entities.extend(start.map(|it| Span::new(body.start + it, body.end)));
    entities
}

/// The line break before a delimiter belongs to it.
fn before_line_end(text: &str, at: usize) -> usize {
    let text = &text[..at];
    text.strip_suffix("\r\n").or_else(|| text.strip_suffix('\n')).unwrap_or(text).len()
}
