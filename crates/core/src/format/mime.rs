//! Mail as it is sent: the subject and every part in text or HTML are prose, without what they quote. Attachments and
//! forwarded mails are left out. Each part is an item, since a reader sees one of them.

mod flowed;
mod part;
mod subject;
mod transfer;

use crate::{
    charset::Charset,
    document::{Document, Encoding, Item, ReadError},
    escape::{Escape, Layer},
    format::{
        html,
        prose::{Place, Reading},
        text,
    },
    offset_map::OffsetMap,
    segment::Segment,
    span::Span,
};

use part::{Kind, Part, Transfer};

/// Fills in the items and segments of a mail.
pub(crate) fn read(document: &mut Document) -> Result<(), ReadError> {
    for (item, reading) in readings(&document.text, document.encoding)? {
        document.push_item(item, reading);
    }
    Ok(())
}

/// Whether `content` starts with the headers of a mail, one of which no person writes.
pub(crate) fn looks_like_mail(content: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&content[..content.len().min(16_384)]);
    let mut lines = start.lines().take_while(|it| !it.is_empty()).peekable();
    if lines.peek().is_some_and(|it| it.starts_with("From ")) {
        lines.next();
    }
    let names: Option<Vec<&str>> = lines.filter(|it| !it.starts_with([' ', '\t'])).map(part::header_name).collect();
    names.is_some_and(|it| it.iter().any(|name| TELLING.iter().any(|it| name.eq_ignore_ascii_case(it))))
}

const TELLING: [&str; 5] = ["MIME-Version", "Message-ID", "Received", "Return-Path", "Content-Type"];

/// Bytes of a mail that are read at most: ten times what most servers let through.
const LARGEST: usize = 256 << 20;

fn readings(source: &str, encoding: Encoding) -> Result<Vec<(Item, Reading)>, ReadError> {
    if source.len() > LARGEST {
        let message = format!("a mail of {} MB; the largest that is read has {} MB", source.len() >> 20, LARGEST >> 20);
        return Err(ReadError::new(None, message));
    }
    let mail = part::mail(source)?;
    let subject = mail.subject.and_then(|it| subject::read(source, it));
    let title = subject.as_ref().map_or_else(String::new, |it| one_line(&it.text));
    let item = |span: Span| Item { title: title.clone(), span, locale: None };
    let mut readings = Vec::new();
    if let Some(subject) = subject.filter(subject::is_own) {
        let reading = Reading { segments: vec![subject.segment()], ..Reading::default() };
        readings.push((item(mail.subject.unwrap_or_default()), reading));
    }
    for part in &mail.parts {
        readings.push((item(part.body), reading(source, part, encoding)?));
    }
    Ok(readings)
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The prose of a part.
fn reading(source: &str, part: &Part, encoding: Encoding) -> Result<Reading, ReadError> {
    let transferred = transfer::decode(source, part.body, part.transfer, encoding)?;
    let declared = part.charset.as_deref().and_then(Charset::named);
    let is_decoded = encoding == Encoding::Utf8 && part.transfer == Transfer::Identity;
    let charset = match declared {
        _ if is_decoded && !transferred.bytes.is_ascii() => Charset::UTF_8,
        Some(it) => it,
        None if std::str::from_utf8(&transferred.bytes).is_ok() => Charset::UTF_8,
        None => Charset::ASCII,
    };
    let (prose, map) = charset.decode(&transferred.bytes);
    let map = map.then(&transferred.map);
    let written = declared.unwrap_or(if transferred.bytes.is_ascii() { Charset::ASCII } else { charset });
    let escape = escape(part, written, transferred.bytes.is_ascii(), encoding);
    Ok(match part.kind {
        Kind::Html => html::read_part(&prose, Some(Place { map: &map, escape: &escape })),
        Kind::Plain => match part.flow {
            Some(flow) => {
                let (prose, unfolded) = flowed::unfold(&prose, flow.deletes_space);
                plain(&prose, text::flowed_prose(&prose), &unfolded.then(&map), &escape)
            }
            None => plain(&prose, text::prose(&prose), &map, &escape),
        },
    })
}

/// The prose of a plain text that stands at `runs`.
fn plain(text: &str, runs: Vec<Span>, map: &OffsetMap, escape: &Escape) -> Reading {
    let segment = |span: Span| Segment::decoded(text[span.range()].to_owned(), map.slice(span), escape.clone());
    Reading { segments: runs.into_iter().map(segment).collect(), ..Reading::default() }
}

/// How words must be written to stand in a part. One that promises to be ASCII stays so.
fn escape(part: &Part, charset: Charset, is_ascii: bool, encoding: Encoding) -> Escape {
    let stays_ascii = is_ascii && !part.is_eight_bit;
    match part.transfer {
        Transfer::Base64 => Escape::of(Layer::Sealed),
        Transfer::QuotedPrintable => Escape::of(Layer::QuotedPrintable(charset)),
        Transfer::Identity if stays_ascii => Escape::of(Layer::Charset(Charset::ASCII)),
        Transfer::Identity if encoding == Encoding::Bytes => Escape::of(Layer::Charset(charset)),
        Transfer::Identity if is_ascii && charset != Charset::UTF_8 => Escape::of(Layer::Charset(Charset::ASCII)),
        Transfer::Identity => Escape::default(),
    }
}

#[cfg(test)]
mod tests;
