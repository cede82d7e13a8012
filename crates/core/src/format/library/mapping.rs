//! Where the replies of a library stand: our presets and a team's own mappings, which are the same thing.

use std::sync::{LazyLock, Mutex};

use serde::{Deserialize, Deserializer};

use super::{path::Path, preset};
use crate::format::Syntax;

/// Where the replies of a library stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Mapping {
    /// What it is called.
    pub name: String,
    /// The files it is for. Of a preset: how the names of files end that a walk takes for such a library.
    pub files: Vec<String>,
    /// The preset that says what this does not.
    pub preset: Option<String>,
    /// What the files are written in, if their names do not tell.
    pub syntax: Option<Syntax>,
    /// What stands between the cells of a CSV, if its first line does not tell.
    pub delimiter: Option<char>,
    /// The replies; of several ways the first that leads somewhere.
    #[serde(deserialize_with = "one_or_more")]
    pub items: Vec<Path>,
    /// What every item has, if the library is recognised by its shape.
    pub has: Vec<Path>,
    /// What some item has.
    pub some: Vec<Path>,
    /// What the team calls a reply: in it, or in what is around it. Of several the first that is there.
    #[serde(deserialize_with = "one_or_more")]
    pub title: Vec<Path>,
    /// Where its text stands.
    pub bodies: Vec<Body>,
    /// The language of all of them.
    pub locale: Option<String>,
    /// Where the language of each stands.
    pub locale_path: Option<Path>,
    /// Which replies customers see.
    pub public: Option<Condition>,
    /// How the helpdesk writes what it fills in.
    pub placeholders: Option<Dialect>,
    /// Where a team wrote it, for its errors; empty for a preset.
    #[serde(skip)]
    pub place: String,
}

/// A text of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Body {
    /// Where it stands in the item.
    pub path: Path,
    /// What it is written in.
    #[serde(default)]
    pub kind: Kind,
    /// Where its plain text stands, read if there is nothing else.
    pub or: Option<Path>,
    /// In which replies customers see it.
    pub public: Option<Condition>,
}

/// What a text is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// HTML if it starts like that, else plain text.
    #[default]
    Auto,
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
}

/// What must stand somewhere in an item. What is not there is in no list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Where.
    pub path: Path,
    /// One of these; anything if empty.
    #[serde(default)]
    pub is: Vec<String>,
    /// None of these.
    #[serde(default)]
    pub not: Vec<String>,
}

/// What `{% … %}` is. All other placeholders are told apart by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// A value if it looks like one: `{%customer.firstName,fallback=there%}`.
    #[default]
    Any,
    /// Control flow, as in Liquid, Jinja, Twig and Django.
    Liquid,
    /// A value, as in Help Scout, FreeScout and UVdesk.
    HelpScout,
}

impl Mapping {
    /// The names of the presets.
    pub fn presets() -> impl Iterator<Item = &'static str> {
        preset::all().iter().map(|it| it.name.as_str())
    }

    /// Whether each of its paths must lead somewhere: those of a team must, a preset covers more than one library has.
    pub(crate) fn is_strict(&self) -> bool {
        !self.place.is_empty() && self.preset.is_none()
    }

    /// The paths in an item.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.title.iter().take(1).chain(&self.locale_path).chain(self.bodies.iter().map(|it| &it.path))
    }

    /// Every name that it goes by in a library, in whatever path.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let conditions = self.bodies.iter().filter_map(|it| it.public.as_ref()).chain(&self.public);
        let of_bodies = self.bodies.iter().flat_map(|it| [&it.path].into_iter().chain(&it.or));
        let others = [&self.items, &self.has, &self.some, &self.title].into_iter().flatten().chain(&self.locale_path);
        others.chain(of_bodies).chain(conditions.map(|it| &it.path)).flat_map(Path::names)
    }

    /// The mapping with what its preset says, to be kept as long as the program runs; each once, however often it is
    /// read.
    pub fn settled(self) -> Result<&'static Mapping, String> {
        static KNOWN: LazyLock<Mutex<Vec<&'static Mapping>>> = LazyLock::new(Mutex::default);
        let mapping = self.with_preset()?;
        let mut known = KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(twin) = known.iter().find(|it| ***it == mapping) {
            return Ok(twin);
        }
        let mapping: &'static Mapping = Box::leak(Box::new(mapping));
        known.push(mapping);
        Ok(mapping)
    }

    fn with_preset(self) -> Result<Mapping, String> {
        let Some(name) = &self.preset else {
            return match self.bodies.is_empty() {
                true => Err(NO_BODIES.to_owned()),
                false => Ok(self),
            };
        };
        let Some(preset) = preset::named(name) else {
            return Err(format!("there is no preset `{name}`"));
        };
        let or = |own: Vec<Path>, preset: &Vec<Path>| if own.is_empty() { preset.clone() } else { own };
        Ok(Mapping {
            name: preset.name.clone(),
            items: or(self.items, &preset.items),
            title: or(self.title, &preset.title),
            bodies: if self.bodies.is_empty() { preset.bodies.clone() } else { self.bodies },
            locale_path: self.locale_path.or_else(|| preset.locale_path.clone()),
            public: self.public.or_else(|| preset.public.clone()),
            placeholders: self.placeholders.or(preset.placeholders),
            ..self
        })
    }
}

const NO_BODIES: &str =
    "it does not say where the replies' text stands; add `bodies = [{ path = \"body\" }]`, or a `preset`";

/// A path, or a list of them.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Path>, D::Error> {
    struct Paths;
    impl<'de> serde::de::Visitor<'de> for Paths {
        type Value = Vec<Path>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a path, or a list of paths")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<Path>, E> {
            Path::try_from(text.to_owned()).map(|it| vec![it]).map_err(E::custom)
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut all: A) -> Result<Vec<Path>, A::Error> {
            let mut paths = Vec::new();
            while let Some(path) = all.next_element()? {
                paths.push(path);
            }
            Ok(paths)
        }
    }
    deserializer.deserialize_any(Paths)
}
