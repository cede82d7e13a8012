//! What was found, as the page tells it: by macro and by family.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use absolve_core::{
    diagnostic::{Applicability, Severity},
    rule::{Family, Rule},
};

use crate::{
    excerpt::Excerpt,
    place::{Finding, Point},
};

/// The macros with sins in them, in order.
#[derive(Default)]
pub struct Library {
    /// In the order of their files.
    pub macros: Vec<Macro>,
}

/// A macro, or a reply that is a file of its own.
pub struct Macro {
    /// Counted from 0.
    pub number: usize,
    /// The file.
    pub path: String,
    /// What the team calls it; `None` for a file of its own.
    pub title: Option<String>,
    /// Never empty.
    pub sins: Vec<Sin>,
}

/// A finding.
pub struct Sin {
    /// Counted from 0 over the whole library.
    pub number: usize,
    /// The rule that was broken.
    pub rule: Arc<Rule>,
    /// How grave it is here.
    pub severity: Severity,
    /// Where it starts.
    pub place: Point,
    /// The words around.
    pub excerpt: Excerpt,
    /// Better words, best first.
    pub fixes: Vec<(String, Applicability)>,
}

/// The sins of one kind.
pub struct OfFamily<'a> {
    /// The kind.
    pub family: Family,
    /// How many of each, gravest first.
    pub by_severity: [(Severity, usize); 4],
    /// Each sin by name, the first of it, and how often; the most frequent first.
    pub sins: Vec<(&'a str, &'a Sin, usize)>,
}

impl Library {
    /// Adds findings of a file, and says how many. What stands in no macro of a library is the file's own.
    pub fn add<'f, 'a: 'f>(&mut self, path: &str, findings: impl Iterator<Item = Finding<'f, 'a>>) -> usize {
        let mut places: HashMap<Option<&str>, usize> = HashMap::new();
        let first = self.n_sins();
        for (number, finding) in (first..).zip(findings) {
            let at = *places.entry(finding.title).or_insert_with(|| {
                let (number, title) = (self.macros.len(), finding.title.map(str::to_owned));
                self.macros.push(Macro { number, path: path.to_owned(), title, sins: Vec::new() });
                number
            });
            self.macros[at].sins.push(sin(number, &finding));
        }
        self.n_sins() - first
    }

    /// How many findings there are.
    pub fn n_sins(&self) -> usize {
        self.macros.iter().map(|it| it.sins.len()).sum()
    }

    /// The macros, those that hurt most first.
    pub fn deadliest(&self) -> Vec<&Macro> {
        let mut macros: Vec<&Macro> = self.macros.iter().collect();
        macros.sort_by_key(|it| Reverse(it.by_severity().map(|it| it.1)));
        macros
    }

    /// The kinds of sins that were found, in their own order.
    pub fn families(&self) -> Vec<OfFamily<'_>> {
        let mut families: BTreeMap<Family, Vec<&Sin>> = BTreeMap::new();
        for sin in self.macros.iter().flat_map(|it| &it.sins) {
            families.entry(sin.rule.family).or_default().push(sin);
        }
        families.into_iter().map(|(family, sins)| OfFamily::new(family, &sins)).collect()
    }
}

impl Macro {
    /// What the team knows it by.
    pub fn name(&self) -> &str {
        let file = || self.path.rsplit('/').next().unwrap_or_default();
        self.title.as_deref().unwrap_or_else(file)
    }

    /// How many sins of each severity, gravest first.
    pub fn by_severity(&self) -> [(Severity, usize); 4] {
        by_severity(self.sins.iter())
    }
}

impl Sin {
    /// The words before the flagged ones, these, and those after.
    pub fn quote(&self) -> (&str, &str, &str) {
        let Excerpt { text, flagged } = &self.excerpt;
        (&text[..flagged.start], &text[flagged.range()], &text[flagged.end..])
    }
}

impl<'a> OfFamily<'a> {
    fn new(family: Family, all: &[&'a Sin]) -> OfFamily<'a> {
        let mut by_name: BTreeMap<&str, (&Sin, usize)> = BTreeMap::new();
        for sin in all {
            by_name.entry(&sin.rule.sin).or_insert((sin, 0)).1 += 1;
        }
        let mut sins: Vec<_> = by_name.into_iter().map(|(name, (first, count))| (name, first, count)).collect();
        sins.sort_by_key(|it| Reverse(it.2));
        OfFamily { family, by_severity: by_severity(all.iter().copied()), sins }
    }

    /// How many sins there are.
    pub fn total(&self) -> usize {
        self.sins.iter().map(|it| it.2).sum()
    }
}

/// The pieces of an alternative, and whether each is a blank: `{what happened}`, but not `{{a.placeholder}}`.
pub fn blanks(title: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(start) = title[from..].find('{').map(|it| from + it) {
        let Some(end) = title[start..].find('}').map(|it| start + it + 1) else { break };
        from = if title[start..].starts_with("{{") {
            title[start..].find("}}").map_or(title.len(), |it| start + it + 2)
        } else {
            pieces.extend([(&title[done..start], false), (&title[start..end], true)]);
            done = end;
            end
        };
    }
    pieces.push((&title[done..], false));
    pieces.retain(|it| !it.0.is_empty());
    pieces
}

fn sin(number: usize, finding: &Finding) -> Sin {
    Sin {
        number,
        rule: finding.diagnostic.rule.clone(),
        severity: finding.diagnostic.severity,
        place: finding.place.start,
        excerpt: finding.excerpt(),
        fixes: finding.fixes().into_iter().map(|it| (it.title, it.applicability)).collect(),
    }
}

fn by_severity<'a>(sins: impl Iterator<Item = &'a Sin>) -> [(Severity, usize); 4] {
    let mut counts = Severity::ALL.map(|it| (it, 0));
    counts.reverse();
    for sin in sins {
        counts[3 - sin.severity as usize].1 += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: &[(&str, bool)]) {
        assert_eq!(blanks(title), expected);
    }

    #[test]
    fn blanks_are_told_from_placeholders() {
        check("I'm sorry.", &[("I'm sorry.", false)]);
        check("{what happened}.", &[("{what happened}", true), (".", false)]);
        check("Sorry, {{first_name}}: {a} {", &[("Sorry, {{first_name}}: ", false), ("{a}", true), (" {", false)]);
        check("{{a", &[("{{a", false)]);
    }
}
