//! The YAML between `---` lines at the top of a Markdown file: no prose, but its comments may be markers.

use crate::{format::prose::Prose, span::Span};

/// Reads the markers in the front matter of `text`, if it has any; returns where the body starts.
pub(super) fn read(text: &str, prose: &mut Prose<'_>) -> usize {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let Some(len) = length(&text[start..]) else { return start };
    let mut at = start;
    for line in text[start..start + len].split_inclusive('\n') {
        read_line(line, at, prose);
        at += line.len();
    }
    start + len
}

/// The length of the front matter that `text` starts with, up to the end of its last line.
fn length(text: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|it| it.trim_end() == "---")?;
    let mut len = first.len();
    let mut is_first = true;
    for line in lines {
        len += line.len();
        let content = line.trim_end();
        if content == "---" || content == "..." {
            return Some(len);
        }
        if is_first && !content.is_empty() && !is_yaml(content) {
            return None;
        }
        is_first &= content.is_empty();
    }
    None
}

/// Whether a line can be the first of a YAML mapping or list; after a rule (`---`) comes prose, which cannot.
fn is_yaml(line: &str) -> bool {
    let key = line.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' ')).map(|(key, _)| key);
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|it| it.is_alphanumeric() || "_-.\"'".contains(it));
    line.starts_with('#') || line.starts_with("- ") || key.is_some_and(is_key)
}

fn read_line(line: &str, at: usize, prose: &mut Prose<'_>) {
    let comment = line.trim_start();
    if let Some(inside) = comment.strip_prefix('#') {
        let start = at + line.len() - comment.len();
        prose.file_marker(inside, Span::new(start, start + comment.trim_end().len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(length(text).map(|it| &text[..it]), expected);
    }

    #[test]
    fn front_matter_is_yaml_at_the_top() {
        check("---\ntitle: a\n---\nb", Some("---\ntitle: a\n---\n"));
        check("---\r\n# c\r\n\r\ntitle: a\r\n...\r\nb", Some("---\r\n# c\r\n\r\ntitle: a\r\n...\r\n"));
        check("---\n---\nb", Some("---\n---\n"));
        check("---\nSorry about that: it broke.\n---\nb", None);
        check("---\ntitle: a\nb", None);
        check("a\n---\nb: c\n---\n", None);
    }
}
