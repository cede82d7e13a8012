//! Any bytes in any format: they are refused with a place inside them, or read into segments that are in order, apart, and
//! map back to the text; what is found in them slices it. Comments that silence sins are read on the way.
#![no_main]

use std::sync::LazyLock;

use absolve_core::{document::Document, format::Format, linter::Linter, span::Span, suppress};
use libfuzzer_sys::fuzz_target;

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let format = Format::ALL[usize::from(first) % Format::ALL.len()];
    let document = match Document::read(bytes, format) {
        Ok(document) => document,
        Err(error) => return assert!(error.offset.is_none_or(|it| it <= bytes.len()), "{error:?}"),
    };
    assert_eq!(document.encoding.encode(&document.text).ok().as_deref(), Some(bytes), "it is written as it was read");
    let mut end = 0;
    for segment in &document.segments {
        assert!(end <= segment.span.start, "segments are in order and apart");
        end = segment.span.end;
        let prose = segment.text(&document.text);
        assert!(segment.to_source(Span::new(0, prose.len())).end <= end);
        assert!(segment.atoms.iter().all(|it| prose.get(it.span.range()).is_some()), "atoms slice their prose");
    }
    let diagnostics = suppress::settle(&document, LINTER.lint(&document), LINTER.rules());
    for it in &diagnostics {
        assert!(
            document.text.get(it.span.range()).is_some() && document.text.get(it.sentence.range()).is_some(),
            "{it:?}"
        );
        assert!(document.file_span(it.span).end <= bytes.len());
        for edit in it.fixes.iter().flat_map(|it| &it.edits) {
            assert!(document.text.get(edit.span.range()).is_some(), "{it:?}");
        }
    }
});
