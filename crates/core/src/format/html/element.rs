//! What each HTML element does to the prose in it.

use super::token::Tag;

/// What a start tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Its words stand in the line.
    Inline,
    /// It starts and ends a block.
    Block,
    /// It ends a line.
    LineBreak,
    /// Its inside is no prose, and does not interrupt the line.
    Hidden,
    /// Its inside is no prose, and it is a block.
    Excluded,
    /// Its inside is somebody else's mail.
    Quotation,
    /// So is all that follows it.
    QuotationToTheEnd,
    /// It is code in a line: one opaque word.
    Code,
    /// No HTML: a placeholder, such as `<attribute key="user.name"/>` or `<OTRS_CUSTOMER_DATA_x>`.
    Placeholder,
}

/// The role of an element, by its start tag.
pub(super) fn role(tag: &Tag<'_>) -> Role {
    if !tag.id.is_empty() && QUOTATION_TO_THE_END.contains(&tag.id) {
        return Role::QuotationToTheEnd;
    }
    if !tag.class.is_empty() && tag.class.split_ascii_whitespace().any(|it| QUOTATION_CLASSES.contains(&it)) {
        return Role::Quotation;
    }
    role_of_name(tag.name)
}

/// What mail programs put around the mail that is answered, and around signatures.
const QUOTATION_CLASSES: [&str; 12] = [
    "gmail_quote",
    "gmail_quote_container",
    "gmail_extra",
    "gmail_attr",
    "gmail_signature",
    "moz-cite-prefix",
    "moz-signature",
    "moz-forward-container",
    "yahoo_quoted",
    "protonmail_quote",
    "zmail_extra",
    "OutlookMessageHeader",
];

/// Outlook's marks: the mail that is answered follows, in no element of its own.
const QUOTATION_TO_THE_END: [&str; 3] = ["divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"];

/// The role of an element whose attributes say nothing.
pub(super) fn role_of_name(name: &str) -> Role {
    match name {
        "a" | "b" | "i" | "u" | "s" | "q" | "em" | "tt" | "rp" | "rt" | "big" | "bdi" | "bdo" | "del" | "dfn"
        | "img" | "ins" | "kbd" | "map" | "sub" | "sup" | "var" | "wbr" | "abbr" | "area" | "base" | "cite"
        | "data" | "font" | "link" | "mark" | "meta" | "nobr" | "ruby" | "samp" | "slot" | "span" | "time"
        | "blink" | "embed" | "input" | "label" | "meter" | "param" | "small" | "track" | "button" | "output"
        | "source" | "strike" | "strong" | "acronym" | "picture" | "progress" | "marquee" => Role::Inline,
        "br" => Role::LineBreak,
        "code" => Role::Code,
        "blockquote" => Role::Quotation,
        "title" | "script" | "style" | "template" | "noscript" | "textarea" | "iframe" | "object" | "applet"
        | "svg" | "math" | "canvas" | "audio" | "video" | "noembed" | "noframes" | "select" | "datalist" => {
            Role::Hidden
        }
        "head" | "pre" | "xmp" | "listing" | "plaintext" => Role::Excluded,
        "p" | "div" | "li" | "ul" | "ol" | "td" | "th" | "tr" | "dl" | "dt" | "dd" | "h1" | "h2" | "h3" | "h4"
        | "h5" | "h6" | "hr" | "dir" | "nav" | "col" | "body" | "html" | "main" | "menu" | "form" | "aside"
        | "table" | "tbody" | "tfoot" | "thead" | "center" | "dialog" | "figure" | "footer" | "header" | "hgroup"
        | "legend" | "search" | "address" | "article" | "caption" | "details" | "section" | "summary" | "colgroup"
        | "fieldset" | "frameset" | "frame" | "figcaption" | "option" | "optgroup" => Role::Block,
        // Word's own, as in `<o:p>`.
        _ if name.contains(':') => Role::Inline,
        _ => Role::Placeholder,
    }
}

/// Whether an element has no inside, and so no end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "wbr"
            | "col"
            | "area"
            | "base"
            | "link"
            | "meta"
            | "embed"
            | "input"
            | "param"
            | "track"
            | "source"
            | "frame"
    )
}
