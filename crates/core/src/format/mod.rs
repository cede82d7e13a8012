//! From a document's text to the prose in it, one module per file format.

mod front_matter;
mod fenced;
mod letter;
mod mail;
mod marker;
mod mime;
mod xml;
mod prose;
pub(crate) mod text;
pub(crate) mod html;
pub(crate) mod markdown;
mod tree;
mod json;
mod yaml;
mod csv;
mod library;
mod branch;

pub use library::{
    mapping::{Body, Condition, Dialect, Kind, Mapping},
    path::Path,
};
pub(crate) use prose::Reading;

use serde::Deserialize;

use crate::document::{Document, ReadError};

/// What a document is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text: a reply, a mail's body.
    #[default]
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// HTML, a whole page or a part of one.
    Html,
    /// A mail as it is sent: headers, and parts in text or HTML.
    Mail,
    /// Templates in XML: Salesforce's `.email-meta.xml`, Thunderbird's Quicktext.
    Xml,
    /// A library of replies in JSON; its shape tells where they stand in it.
    Json,
    /// The same in YAML.
    Yaml,
    /// The same in CSV.
    Csv,
    /// A library of replies; a mapping tells where they stand in it.
    Library(Syntax, &'static Mapping),
}

/// What a library of replies is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Cells between commas, semicolons or tabs; the first row names them.
    Csv,
    /// Markdown with a reply in each code fence, under the heading that names it.
    Markdown,
}

impl Syntax {
    /// Its name, for people.
    pub fn title(self) -> &'static str {
        match self {
            Syntax::Json => "JSON",
            Syntax::Yaml => "YAML",
            Syntax::Csv => "CSV",
            Syntax::Markdown => "Markdown",
        }
    }

    /// What a file's name tells, if it does.
    pub fn of_extension(path: &str) -> Option<Syntax> {
        match extension(path)?.as_str() {
            "json" => Some(Syntax::Json),
            "yaml" | "yml" => Some(Syntax::Yaml),
            "csv" | "tsv" => Some(Syntax::Csv),
            "md" | "markdown" | "mkd" => Some(Syntax::Markdown),
            _ => None,
        }
    }
}

impl Format {
    /// All of them, but those that need a mapping.
    pub const ALL: [Format; 8] = [
        Format::Text,
        Format::Markdown,
        Format::Html,
        Format::Mail,
        Format::Xml,
        Format::Json,
        Format::Yaml,
        Format::Csv,
    ];

    /// Its name in settings and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Mail => "mail",
            Format::Xml => "xml",
            Format::Json => "json",
            Format::Yaml => "yaml",
            Format::Csv => "csv",
            Format::Library(_, mapping) => &mapping.name,
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The likeliest format of a file: by the extension of `path`, else by how `content` starts, else plain text.
    pub fn detect(path: &str, content: &[u8]) -> Format {
        Format::of_extension(path).unwrap_or_else(|| Format::of_content(path, content))
    }

    /// The format that a file's name tells, if it does.
    pub fn of_extension(path: &str) -> Option<Format> {
        match extension(path)?.as_str() {
            "txt" | "text" => Some(Format::Text),
            "md" | "markdown" | "mkd" => Some(Format::Markdown),
            "html" | "htm" | "xhtml" => Some(Format::Html),
            "json" => Some(Format::Json),
            "yaml" | "yml" => Some(Format::Yaml),
            "csv" | "tsv" => Some(Format::Csv),
            "eml" => Some(Format::Mail),
            "xml" => Some(Format::Xml),
            _ => None,
        }
    }

    /// What the body of one of Salesforce's templates is, by the file beside it (`Late.email-meta.xml`).
    pub fn of_salesforce(meta: &str) -> Option<Format> {
        xml::body_format(meta)
    }

    /// Whether a file is called like the body of one of Salesforce's templates.
    pub fn is_salesforce(path: &str) -> bool {
        path.to_ascii_lowercase().ends_with(".email")
    }

    /// Whether a file that nobody named is taken for its name: of XML, YAML and CSV, much of which is no reply, only what is
    /// called as helpdesks call it.
    pub fn is_walked(path: &str) -> bool {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        match Format::of_extension(path) {
            Some(Format::Xml) => name.ends_with(".email-meta.xml") || name.contains("quicktext"),
            Some(Format::Yaml | Format::Csv) => library::is_known_name(path),
            it => it.is_some() || Format::is_salesforce(path),
        }
    }

    fn of_content(path: &str, content: &[u8]) -> Format {
        if mime::looks_like_mail(content) {
            return Format::Mail;
        }
        let start = &content[..content.len().min(256)];
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        if xml::looks_like_templates(content) {
            Format::Xml
        } else if looks_like_json(start) {
            Format::Json
        } else if looks_like_html(start) || Format::is_salesforce(path) && has_tags(content) {
            Format::Html
        } else {
            Format::Text
        }
    }
}

fn has_tags(content: &[u8]) -> bool {
    ["</", "<br", "<BR"].iter().any(|it| memchr::memmem::find(content, it.as_bytes()).is_some())
}

/// The extension of a file's name, in small letters.
fn extension(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next()?;
    Some(name.rsplit_once('.')?.1.to_ascii_lowercase())
}

/// `{"` or `[{` and the like; a reply may well start with `{{name}}` or `[[name]]`.
fn looks_like_json(start: &[u8]) -> bool {
    let next = || start[1..].trim_ascii_start().first();
    match start.first() {
        Some(b'{') => matches!(next(), Some(b'"' | b'}')),
        Some(b'[') => matches!(next(), Some(b'{' | b']' | b'"')) && start.get(1) != Some(&b'['),
        _ => false,
    }
}

/// Whether a text starts with a tag, a comment or a doctype of HTML.
pub(crate) fn looks_like_html(start: &[u8]) -> bool {
    let Some(rest) = start.trim_ascii_start().strip_prefix(b"<") else { return false };
    if rest.starts_with(b"!--") || rest.get(..8).is_some_and(|it| it.eq_ignore_ascii_case(b"!doctype")) {
        return true;
    }
    let name = rest.iter().take_while(|it| it.is_ascii_alphanumeric()).count();
    let ends = matches!(rest.get(name), Some(b'>' | b'/') | Some(b' ' | b'\t' | b'\r' | b'\n'));
    let name = String::from_utf8_lossy(&rest[..name]).to_ascii_lowercase();
    ends && html::is_element(&name)
}

/// Fills in the segments (and items, and suppressions) of `document`.
pub(crate) fn read(document: &mut Document) -> Result<(), ReadError> {
    match document.format {
        Format::Text | Format::Markdown | Format::Html => letter::read(document)?,
        Format::Mail => mime::read(document)?,
        Format::Xml => xml::read(document)?,
        Format::Json => library::read(document, Syntax::Json, None)?,
        Format::Yaml => library::read(document, Syntax::Yaml, None)?,
        Format::Csv => library::read(document, Syntax::Csv, None)?,
        Format::Library(syntax, mapping) => library::read(document, syntax, Some(mapping))?,
    }
    finish(document);
    Ok(())
}

/// What is the same for every format.
pub(crate) fn finish(document: &mut Document) {
    branch::split(document);
    find_stray_markers(document);
}

/// Markers in prose would reach the customer.
fn find_stray_markers(document: &mut Document) {
    let Some(_) = memchr::memmem::find(document.text.as_bytes(), marker::NAME.as_bytes()) else { return };
    let Document { text, segments, stray_markers, .. } = document;
    for segment in segments {
        let prose = segment.text(text);
        let is_code = |at: usize| segment.atoms.iter().any(|it| it.span.start <= at && at < it.span.end);
        let markers = prose.match_indices(marker::NAME).filter(|&(at, _)| !is_code(at));
        stray_markers.extend(markers.map(|(at, _)| segment.to_source(marker::around(prose, at))));
    }
    stray_markers.sort_unstable();
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, content: &str, expected: Format) {
        assert_eq!(Format::detect(path, content.as_bytes()), expected, "{path}: {content}");
    }

    #[test]
    fn the_extension_tells_the_format() {
        check("a/b.txt", "<p>", Format::Text);
        check("refund.EML", "", Format::Mail);
        check("a.b/refund.md", "{\"a\":1}", Format::Markdown);
        check("C:\\macros\\refund.HTM", "", Format::Html);
        check("macros.json", "", Format::Json);
        check("a/replies.YML", "", Format::Yaml);
        check("a.tsv", "", Format::Csv);
    }

    #[test]
    fn else_the_content_does() {
        check("-", "{ \"macros\": [", Format::Json);
        check("", "[\n{\"title\"", Format::Json);
        check("", "\u{feff}  <!DOCTYPE html>", Format::Html);
        check("reply", "<p>Hi</p>", Format::Html);
        check("reply", "<DIV class=x>", Format::Html);
        check("", "<!-- x --> Hi", Format::Html);
        check("a.b/reply", "{{ticket.id}}: hi", Format::Text);
        check("", "[[name]], hi", Format::Text);
        check("", "{name}, hi", Format::Text);
        check("-", "From: a@x.example\r\nSubject: b\r\n\tc\r\nMIME-Version: 1.0\r\n\r\nHi", Format::Mail);
        check("-", "Subject: Your parcel\n\nHi", Format::Text);
        check("", "<3 from all of us", Format::Text);
        check("-", "<?xml version=\"1.0\"?>\n<quicktext version=\"2\">", Format::Xml);
        check("Late.email", "Hi {!Contact.Name},<br>it left.", Format::Html);
        check("Late.email", "Hi <3", Format::Text);
        check("", "<ana@x.example> wrote", Format::Text);
        check("", "", Format::Text);
    }

    #[test]
    fn a_walk_takes_what_is_called_as_helpdesks_call_it() {
        let walked = ["a.md", "a.eml", "a/Late.email", "a/Late.email-meta.xml", "My Quicktext.XML", "a.json"];
        assert!(walked.into_iter().all(Format::is_walked));
        let walked = [".github/replies.yml", "i18n/fr/templates/premade.yaml", "x/text_modules.csv"];
        let others = ["a.rs", "pom.xml", "a", "a/package-meta.xml", "ci.yml", "replies.yml", "my-text_modules.csv"];
        assert!(walked.into_iter().all(Format::is_walked) && !others.into_iter().any(Format::is_walked));
    }

    #[test]
    fn every_format_has_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_name("pdf"), None);
    }

    #[test]
    fn a_marker_in_prose_is_reported_with_its_comment() {
        let text = "Hi\n<!-- absolve-ignore x -->\nabsolve-ignore y\nBye";
        let document = Document::plain(text);
        let strays: Vec<&str> = document.stray_markers.iter().map(|it| &text[it.range()]).collect();
        assert_eq!(strays, ["<!-- absolve-ignore x -->", "absolve-ignore y"]);
        assert!(document.suppressions.is_empty());
    }
}
