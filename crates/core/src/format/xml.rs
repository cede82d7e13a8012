//! Templates in XML: Salesforce's `.email-meta.xml`, Thunderbird's Quicktext. Subjects and bodies are prose, and each
//! template is an item.

use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};

use crate::{
    document::{Document, Item, ReadError},
    escape::{Escape, Layer},
    format::{
        Format, html,
        prose::{Place, Reading},
        text,
    },
    offset_map::OffsetMap,
    segment::Segment,
    span::Span,
};

/// Fills in the items and segments of a file of templates.
pub(crate) fn read(document: &mut Document) -> Result<(), ReadError> {
    for (item, reading) in templates(&document.text)? {
        document.push_item(item, reading);
    }
    Ok(())
}

/// Whether XML of some root holds templates that are known.
pub(crate) fn looks_like_templates(content: &[u8]) -> bool {
    let start = &content[..content.len().min(1024)];
    SCHEMAS.iter().any(|it| memchr::memmem::find(start, format!("<{}", it.root).as_bytes()).is_some())
        && (start.trim_ascii_start().starts_with(b"<"))
}

/// What the body of one of Salesforce's templates is written in, as the file beside it says.
pub(crate) fn body_format(meta: &str) -> Option<Format> {
    let (_, after) = meta.split_once("<type>")?;
    match after.split_once("</type>")?.0.trim() {
        "text" => Some(Format::Text),
        "html" | "custom" | "visualforce" => Some(Format::Html),
        _ => None,
    }
}

/// A kind of file that is known.
struct Schema {
    root: &'static str,
    /// The element that is one template.
    template: &'static str,
    /// What its users call it.
    title: &'static str,
    subject: &'static str,
    body: &'static str,
}

const SCHEMAS: [Schema; 2] = [
    Schema { root: "EmailTemplate", template: "EmailTemplate", title: "name", subject: "subject", body: "textOnly" },
    Schema { root: "quicktext", template: "text", title: "name", subject: "subject", body: "body" },
];

const NO_TEMPLATES: &str = "this XML holds no templates that are known: looked for Salesforce's `EmailTemplate` or \
                            Thunderbird's `quicktext`";

fn error<T>(offset: usize, message: impl Into<String>) -> Result<T, ReadError> {
    Err(ReadError::new(offset, message))
}

fn templates(source: &str) -> Result<Vec<(Item, Reading)>, ReadError> {
    let start = source.len() - source.trim_start_matches('\u{feff}').len();
    let mut reader = Reader::from_str(&source[start..]);
    let mut walk = Walk { source, ..Walk::default() };
    let place = |it: u64| start + usize::try_from(it).unwrap_or(usize::MAX);
    loop {
        let from = place(reader.buffer_position());
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(it) => return error(place(reader.error_position()), format!("this XML is broken: {it}")),
        };
        let span = Span::new(from, place(reader.buffer_position()));
        match event {
            Event::Eof => break,
            event => walk.event(event, span)?,
        }
    }
    match (walk.schema, walk.open.last()) {
        (None, _) => error(start, NO_TEMPLATES),
        (_, Some(it)) => error(it.start, format!("this XML is broken: `<{}>` is never closed", it.name)),
        _ => Ok(walk.templates),
    }
}

/// How deep elements may nest.
const DEEPEST: usize = 128;

/// An element that is open.
#[derive(Default)]
struct Element {
    name: String,
    start: usize,
    is_html: bool,
    /// What it says itself, and where each byte of that stands.
    text: String,
    map: OffsetMap,
    has_cdata: bool,
    has_text: bool,
}

#[derive(Default)]
struct Walk<'a> {
    source: &'a str,
    schema: Option<&'static Schema>,
    open: Vec<Element>,
    templates: Vec<(Item, Reading)>,
    /// Of the template that is open.
    title: String,
    reading: Reading,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), ReadError> {
        match event {
            Event::Start(it) => self.start(&it, span),
            Event::Empty(it) => {
                self.start(&it, span)?;
                self.end(span);
                Ok(())
            }
            Event::End(_) => {
                self.end(span);
                Ok(())
            }
            Event::Text(_) => {
                self.verbatim(span, false);
                Ok(())
            }
            Event::CData(_) => {
                self.verbatim(Span::new(span.start + "<![CDATA[".len(), span.end - "]]>".len()), true);
                Ok(())
            }
            Event::GeneralRef(it) => self.reference(&it, span),
            _ => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<(), ReadError> {
        let name = tag.local_name().into_inner().to_owned();
        if self.open.is_empty() {
            self.schema = SCHEMAS.iter().find(|it| it.root == name);
            if self.schema.is_none() {
                return error(span.start, format!("{NO_TEMPLATES}; found `{name}`"));
            }
        }
        if self.open.len() == DEEPEST {
            return error(span.start, format!("elements nest more than {DEEPEST} deep here"));
        }
        let kind = tag.try_get_attribute("type").ok().flatten();
        let is_html = kind.is_some_and(|it| it.value.contains("html"));
        self.open.push(Element { name, start: span.start, is_html, ..Element::default() });
        Ok(())
    }

    fn end(&mut self, span: Span) {
        let (Some(element), Some(schema)) = (self.open.pop(), self.schema) else { return };
        if element.name == schema.template {
            let span = Span::new(element.start, span.end);
            let (title, reading) = (std::mem::take(&mut self.title), std::mem::take(&mut self.reading));
            return self.templates.push((Item { title, span, locale: None }, reading));
        }
        let Some(template) = self.open.last().filter(|it| it.name == schema.template) else { return };
        let is_html = template.is_html && element.name == schema.body;
        match element.name.as_str() {
            it if it == schema.title => self.title = element.text.trim().to_owned(),
            it if it == schema.subject || it == schema.body => element.read(is_html, &mut self.reading),
            _ => {}
        }
    }

    fn verbatim(&mut self, span: Span, is_cdata: bool) {
        let Some(element) = self.open.last_mut() else { return };
        let text = &self.source[span.range()];
        element.text.push_str(text);
        element.map.push_verbatim(span.len(), span.start);
        element.has_cdata |= is_cdata;
        element.has_text |= !is_cdata && !text.trim().is_empty();
    }

    fn reference(&mut self, reference: &BytesRef<'_>, span: Span) -> Result<(), ReadError> {
        let character = reference.resolve_char_ref().ok().flatten().map(String::from);
        let Some(text) = character.or_else(|| resolve_xml_entity(reference).map(str::to_owned)) else {
            let name = &self.source[span.range()];
            return error(span.start, format!("XML knows no `{name}`; write the character itself"));
        };
        if let Some(element) = self.open.last_mut() {
            element.map.push_replaced(text.len(), span);
            element.text.push_str(&text);
            element.has_text = true;
        }
        Ok(())
    }
}

impl Element {
    /// Adds its prose.
    fn read(&self, is_html: bool, reading: &mut Reading) {
        let escape = Escape::of(match (self.has_cdata, self.has_text) {
            (true, true) => Layer::Sealed,
            (true, false) => Layer::Cdata,
            _ => Layer::Xml,
        });
        if is_html {
            let part = html::read_part(&self.text, Some(Place { map: &self.map, escape: &escape }));
            reading.segments.extend(part.segments);
            return reading.stray_markers.extend(part.stray_markers);
        }
        let segment = |it: Span| Segment::decoded(self.text[it.range()].to_owned(), self.map.slice(it), escape.clone());
        reading.segments.extend(text::prose(&self.text).into_iter().map(segment));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{escape::Unwritable, format::Format};

    fn document(xml: &str) -> Document {
        Document::parse(xml, Format::Xml).expect("a file of templates")
    }

    #[track_caller]
    fn check(xml: &str, expected: &[(&str, &str)]) {
        let document = document(xml);
        let title = |it: &Segment| document.items[it.item.expect("it is in a template")].title.as_str();
        let found: Vec<_> = document.segments.iter().map(|it| (title(it), it.text(xml))).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_error(xml: &str, offset: usize, words: &str) {
        let error = Document::parse(xml, Format::Xml).expect_err("no templates");
        assert_eq!(error.offset, Some(offset), "{error}");
        assert!(error.message.contains(words), "{error}");
    }

    const SALESFORCE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <EmailTemplate xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    <available>true</available>\n    \
        <name>Case &amp; reply</name>\n    <subject>R&#233;ponse [ ref:{!Case.Thread_Id} ]</subject>\n    \
        <textOnly>D&#xe9;sol&#233; &lt;{!Contact.Name}&gt;,\n\n&gt; cit&#233;</textOnly>\n    <type>text</type>\n\
        </EmailTemplate>\n";

    #[test]
    fn salesforce_keeps_a_template_beside_its_body() {
        check(
            SALESFORCE,
            &[("Case & reply", "Réponse [ ref:{!Case.Thread_Id} ]"), ("Case & reply", "Désolé <{!Contact.Name}>,\n\n")],
        );
        let document = document(SALESFORCE);
        let segment = &document.segments[1];
        assert_eq!(&SALESFORCE[segment.to_source(Span::new(0, "Désolé".len())).range()], "D&#xe9;sol&#233;");
        assert_eq!(segment.escape.write("a < b & c").as_deref(), Ok("a &lt; b &amp; c"));
    }

    #[test]
    fn the_file_beside_a_body_says_what_it_is() {
        assert_eq!(body_format(SALESFORCE), Some(Format::Text));
        assert_eq!(body_format(&SALESFORCE.replace("text</type>", " custom </type>")), Some(Format::Html));
        assert_eq!(body_format("<type>"), None);
    }

    #[test]
    fn quicktext_keeps_many_in_a_file() {
        let text = |kind: &str, name: &str, body: &str| {
            format!(
                "<text shortcut=\"\" type=\"{kind}\"><name><![CDATA[{name}]]></name><keyword>k</keyword>\
                 <subject/><body>{body}</body></text>"
            )
        };
        let xml = format!(
            "<quicktext version=\"2\"><filetype>templates</filetype><menu><title>Menu</title><texts>{}{}{}</texts></menu></quicktext>",
            text("text/plain", "A", "<![CDATA[Hi [[TO=firstname]],\nbye & <so> on]]>"),
            text("text/html", "B", "<![CDATA[<p>Hi</p><p>R&amp;D</p>]]>"),
            text("text/html", "C", "&lt;p&gt;Hi<![CDATA[ all]]>"),
        );
        check(&xml, &[("A", "Hi [[TO=firstname]],\nbye & <so> on"), ("B", "Hi"), ("B", "R&D"), ("C", "Hi all")]);
        let document = document(&xml);
        let written = |at: usize, words: &str| document.segments[at].escape.write(words);
        assert_eq!(written(0, "a < b").as_deref(), Ok("a < b"));
        assert_eq!(written(0, "]]>"), Err(Unwritable::Sealed));
        assert_eq!(written(1, "a < b").as_deref(), Ok("a &lt; b"));
        assert_eq!(written(3, "a"), Err(Unwritable::Sealed));
    }

    #[test]
    fn what_holds_no_templates_says_where() {
        check_error("<html><p>a</p></html>", 0, "found `html`");
        check_error("", 0, "no templates");
        check_error("<quicktext><menu>", 11, "`<menu>` is never closed");
        check_error("<quicktext></menu>", 11, "broken");
        check_error("<quicktext>&eacute;</quicktext>", 11, "no `&eacute;`");
        check_error(&format!("<quicktext>{}", "<a>".repeat(200)), 11 + 127 * 3, "nest more than 128 deep");
    }
}
