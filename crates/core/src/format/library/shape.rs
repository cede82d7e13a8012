//! Which preset a library has the shape of, and what to say of one that has none.

use super::{
    mapping::Mapping,
    path::{Path, Trail},
    preset,
};
use crate::{
    document::{ReadError, ReadErrorKind},
    format::{Syntax, tree::Node},
};

/// The preset that a library has the shape of.
pub(super) fn recognise(root: &Node<'_>, syntax: Syntax) -> Result<&'static Mapping, ReadError> {
    let mut near = None;
    let mut empty = None;
    for preset in preset::all().iter().filter(|it| it.syntax.is_none_or(|it| it == syntax)) {
        let Some(items) = items(preset, root) else { continue };
        let misfit = items.iter().find(|it| !fits(preset, it));
        let some_fit = || items.iter().any(|it| fits(preset, it));
        let has_some = preset.some.iter().all(|path| items.iter().any(|it| has(it, path)));
        match misfit {
            _ if items.is_empty() => empty = empty.or((!preset.items.iter().any(Path::chooses)).then_some(preset)),
            None if has_some => return Ok(preset),
            Some(misfit) if has_some && some_fit() => near = near.or(Some((preset, misfit.item().clone()))),
            _ => {}
        }
    }
    match (near, empty) {
        (Some((preset, misfit)), _) => Err(no_item(preset, &misfit)),
        (None, Some(preset)) => Ok(preset),
        (None, None) => Err(no_library(root, syntax)),
    }
}

/// Whether a library that is broken further down has the shape of one so far: no preset takes what is plainly none, such
/// as a `tsconfig.json`.
pub(super) fn is_begun(root: &Node<'_>, syntax: Syntax) -> bool {
    let leads_there = |it: &Path| it.starts_with_a_name() && it.trails(root).is_some();
    let has_list = |it: &Mapping| it.items.iter().any(leads_there);
    preset::all().iter().any(has_list)
        || recognise(root, syntax).map_or_else(|it| it.kind == ReadErrorKind::Broken, |_| true)
}

/// The replies of a library; `None` if it has none where the mapping looks.
pub(super) fn items<'n, 'a>(mapping: &Mapping, root: &'n Node<'a>) -> Option<Vec<Trail<'n, 'a>>> {
    let mut ways = mapping.items.iter().filter_map(|it| it.trails(root));
    match mapping.items.is_empty() {
        true => Path::elements().trails(root).or_else(|| Path::default().trails(root)),
        false => ways.next(),
    }
}

fn fits(preset: &Mapping, item: &Trail<'_, '_>) -> bool {
    preset.has.iter().all(|it| has(item, it))
}

fn has(item: &Trail<'_, '_>, path: &Path) -> bool {
    path.each(item.item(), &mut |_, _| {}).unwrap_or(false)
}

fn no_item(preset: &Mapping, item: &Node<'_>) -> ReadError {
    let has: Vec<String> = preset.has.iter().map(|it| format!("`{}`", it.text)).collect();
    let message = format!(
        "this looks like `{}`, but here is {} where {} should be",
        preset.name,
        described(item),
        has.join(", ")
    );
    ReadError::new(item.span.start, message)
}

fn no_library(root: &Node<'_>, syntax: Syntax) -> ReadError {
    let message = format!(
        "this {} is no library of replies that Absolve knows; found {}. If it is one, say where its replies stand: \
         a `[[mapping]]` in absolve.toml",
        syntax.title(),
        described(root)
    );
    ReadError::new(root.span.start, message).foreign()
}

/// That a team's mapping does not find the replies.
pub(super) fn no_items(mapping: &Mapping, root: &Node<'_>) -> ReadError {
    let paths: Vec<String> = mapping.items.iter().map(|it| format!("`{}`", it.text)).collect();
    let message = format!(
        "`items` of the mapping{} finds no list at {}; found {}",
        at(mapping),
        paths.join(", "),
        described(root)
    );
    ReadError::new(root.span.start, message)
}

/// That one of its paths leads nowhere in any item.
pub(super) fn finds_nothing(mapping: &Mapping, path: &Path, items: &[Trail<'_, '_>]) -> ReadError {
    let first = items.first().map(Trail::item);
    let found = first.map_or_else(|| "nothing".to_owned(), described);
    let message =
        format!("the path `{}` of the mapping{} finds nothing in any item; found {found}", path.text, at(mapping));
    ReadError::new(first.map(|it| it.span.start), message)
}

/// That one of its paths leads to something that holds no text.
pub(super) fn no_text(mapping: &Mapping, path: &Path, offset: usize) -> ReadError {
    let message = format!(
        "the path `{}` of the mapping{} leads to an object, not to a text; say which of its members",
        path.text,
        at(mapping)
    );
    ReadError::new(offset, message)
}

fn at(mapping: &Mapping) -> String {
    if mapping.place.is_empty() { String::new() } else { format!(" at {}", mapping.place) }
}

/// What a value is, and what its first element is.
fn described(node: &Node<'_>) -> String {
    let inside = node.as_array().and_then(<[_]>::first);
    match (node.members(), inside) {
        ([], Some(first)) => format!("a list, and in it {}", described(first)),
        ([], None) => node.kind().to_owned(),
        (members, _) => {
            let names: Vec<String> = members.iter().take(8).map(|(key, _)| format!("`{}`", key.text())).collect();
            let rest = if members.len() > names.len() { ", …" } else { "" };
            let list = members.iter().find_map(|(key, value)| Some((key, value.as_array()?.first()?)));
            let inside = list.map(|(key, first)| format!(" (in `{}`: {})", key.text(), described(first)));
            format!("an object with {}{rest}{}", names.join(", "), inside.unwrap_or_default())
        }
    }
}
