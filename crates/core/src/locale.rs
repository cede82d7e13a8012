//! The language that a reply is said to be in, by its library or its path. There, the rules of other languages are silent.

use crate::{diagnostic::Diagnostic, document::Document};

/// Takes out the diagnostics of other languages than the one that their reply is said to be in: by its item, else by
/// `of_path`. Where nothing is said, every language may be found.
pub fn keep_meant(diagnostics: &mut Vec<Diagnostic>, document: &Document, of_path: Option<&str>) {
    let of_item = |it: &Diagnostic| document.items.get(it.item?)?.locale.as_deref().and_then(language);
    diagnostics.retain(|it| of_item(it).or(of_path).is_none_or(|language| language == it.rule.language));
}

/// The language that a path tells, by how the file's name ends, else by its nearest folder: `late_fr.md`, `late.en-GB.md`,
/// `fr/late.md`.
pub fn of_path(path: &str) -> Option<&'static str> {
    let mut names = path.rsplit(['/', '\\']);
    let stem = names.next()?.split_once('.').map_or("", |_| stem(path));
    of_stem(stem).or_else(|| names.find_map(known))
}

/// The language of a locale: `fr` of `fr_CA`, `zh` of `zh-hant`; nothing if it is an id or a name.
fn language(locale: &str) -> Option<&'static str> {
    let language = locale.split(['-', '_']).next()?;
    let is_code = matches!(language.len(), 2 | 3) && language.bytes().all(|it| it.is_ascii_alphabetic());
    let known = LANGUAGES.iter().find(|it| it.eq_ignore_ascii_case(language));
    is_code.then(|| known.copied().unwrap_or(OTHER))
}

/// A language that no rule is in.
const OTHER: &str = "und";

/// Languages that names of files and folders tell. Codes that are also words or departments (`it`, `hr`, `is`, `no`, `uk`)
/// are left out: a folder of that name is hardly one of a language.
const LANGUAGES: [&str; 24] = [
    "en", "fr", "es", "de", "nl", "pt", "pl", "ru", "tr", "zh", "ja", "ko", "ar", "vi", "tl", "sv", "da", "fi", "cs",
    "hu", "ro", "th", "sk", "el",
];

/// The name of a file without its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |it| it.0)
}

/// The language that a name ends in: `late_fr`, `late.fr-CA`, `late_zh-hant`.
fn of_stem(stem: &str) -> Option<&'static str> {
    let last = stem.rfind(['_', '.', '-']).map(|at| &stem[at + 1..])?;
    let with_region = || {
        let start = stem[..stem.len() - last.len() - 1].rfind(['_', '.', '-'])?;
        known(&stem[start + 1..])
    };
    known(last).or_else(with_region)
}

/// The language that a name is: `fr`, `fr-FR`, `zh_hant`.
fn known(name: &str) -> Option<&'static str> {
    let (language, region) = name.split_once(['-', '_']).map_or((name, None), |it| (it.0, Some(it.1)));
    let is_region = |it: &str| matches!(it.len(), 2 | 4) && it.bytes().all(|it| it.is_ascii_alphabetic());
    let known = LANGUAGES.iter().find(|it| it.eq_ignore_ascii_case(language))?;
    region.is_none_or(is_region).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_its_language() {
        let check = |path: &str, expected: Option<&str>| assert_eq!(of_path(path), expected, "{path}");
        check("macros/late_fr.md", Some("fr"));
        check("en/late_es.md", Some("es"));
        check("late.fr-CA.html", Some("fr"));
        check("late_zh-hant.md", Some("zh"));
        check("late-en_GB.txt", Some("en"));
        check("fr/refund/late.md", Some("fr"));
        check("a/en-US/fr/late.md", Some("fr"));
        check("i18n\\FR\\late.yaml", Some("fr"));
        check("hr/post_it.md", None);
        check("sign-up.md", None);
        check("de-luxe.md", None);
        check("french/fr", None);
        check("fr.md", None);
        check("late.md", None);
    }

    #[test]
    fn a_locale_has_its_language() {
        let check = |locale: &str, expected: Option<&str>| assert_eq!(language(locale), expected, "{locale}");
        check("fr", Some("fr"));
        check("en_US", Some("en"));
        check("zh-hant", Some("zh"));
        check("it", Some(OTHER));
        check("1176", None);
        check("French", None);
        check("", None);
    }
}
