//! Dialects: the forms in which teams write their documents (X4). A dialect is data; those that are known by themselves
//! lie in `profiles/dialects`, and a workspace adds its own in `archwright.toml`.

use std::{collections::BTreeMap, sync::OnceLock};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Kind, RelPath,
    conventions::role::{Role, State},
};

/// A form in which documents of one kind are written: how such a document is told, and what it calls its parts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Dialect {
    /// The name; for those of a workspace, the key of its table.
    #[serde(skip)]
    pub name: String,
    /// What people call it, as the summary shows it. Default: the name.
    #[serde(default)]
    pub title: String,
    /// The kind of document.
    pub kind: Kind,
    /// Whether a summary counts the documents of the dialect by its title.
    #[serde(default = "yes")]
    #[schemars(skip)]
    pub is_foreign: bool,
    /// Globs of paths where such documents lie: `["**/text/*.md"]`. Default: the folders in which teams usually keep
    /// the kind, such as `adr` and `decisions`.
    #[serde(default)]
    pub places: Vec<String>,
    /// What tells such a document: one of these forms holds, and it lies where such documents lie.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// What the dialect calls sections, by their role: `decision = ["What we do"]`.
    #[serde(default)]
    pub sections: BTreeMap<Role, Vec<String>>,
    /// What it calls fields, in bold, in tables, in headings and in front matter: `status = ["Stand"]`.
    #[serde(default)]
    pub fields: BTreeMap<Role, Vec<String>>,
    /// Its words for how far a document has come: `accepted = ["Beschlossen"]`.
    #[serde(default)]
    pub states: BTreeMap<State, Vec<String>>,
}

/// Signs of a dialect. All that are given have to hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Form {
    /// Groups of titles: the document has a section called like one title of each group.
    pub headings: Vec<Vec<String>>,
    /// Groups of roles: the document has a section with one role of each group, whatever it is called.
    pub sections: Vec<Vec<Role>>,
    /// How the title of the document begins, in one of these ways.
    pub titles: Vec<String>,
    /// How the title of the document ends, as a word of its own, in one of these ways.
    pub endings: Vec<String>,
    /// What stands before the number in the title or the name of the file: `["ADR"]`.
    pub labels: Vec<String>,
    /// Globs of the file's name, without its extension: `["[0-9]*-*"]`.
    pub names: Vec<String>,
    /// Whether the name of the file begins with a number that is no date.
    pub numbered: bool,
    /// Keys that the front matter has.
    pub front_matter: Vec<String>,
    /// Whether the document says its status, wherever.
    pub status: bool,
    /// Whether the document has steps: three or more headings with numbers, or an ordered list of as many. What has a
    /// date in its name tells what was done once.
    pub steps: bool,
    /// Words that stand in the text, all of them.
    pub words: Vec<String>,
    /// Whether such a document is recognised wherever it lies, and not only where such documents usually lie.
    pub anywhere: bool,
}

/// Which dialect of a configuration it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialectId(pub(crate) u16);

/// The dialects that are known by themselves, the most telling first.
const KNOWN: [(&str, &str); 26] = [
    ("prometheus-runbook", include_str!("../../profiles/dialects/prometheus-runbook.toml")),
    ("runbook", include_str!("../../profiles/dialects/runbook.toml")),
    ("runbook-steps", include_str!("../../profiles/dialects/runbook-steps.toml")),
    ("readiness-review", include_str!("../../profiles/dialects/readiness-review.toml")),
    ("spec-kit-plan", include_str!("../../profiles/dialects/spec-kit-plan.toml")),
    ("openspec-design", include_str!("../../profiles/dialects/openspec-design.toml")),
    ("bmad-spine", include_str!("../../profiles/dialects/bmad-spine.toml")),
    ("kep", include_str!("../../profiles/dialects/kep.toml")),
    ("react-rfc", include_str!("../../profiles/dialects/react-rfc.toml")),
    ("ember-rfc", include_str!("../../profiles/dialects/ember-rfc.toml")),
    ("rust-rfc", include_str!("../../profiles/dialects/rust-rfc.toml")),
    ("rfc", include_str!("../../profiles/dialects/rfc.toml")),
    ("structured-madr", include_str!("../../profiles/dialects/structured-madr.toml")),
    ("archgate", include_str!("../../profiles/dialects/archgate.toml")),
    ("event-catalog", include_str!("../../profiles/dialects/event-catalog.toml")),
    ("log4brains", include_str!("../../profiles/dialects/log4brains.toml")),
    ("madr", include_str!("../../profiles/dialects/madr.toml")),
    ("y-statement", include_str!("../../profiles/dialects/y-statement.toml")),
    ("question-options", include_str!("../../profiles/dialects/question-options.toml")),
    ("problem-options", include_str!("../../profiles/dialects/problem-options.toml")),
    ("canonical", include_str!("../../profiles/dialects/canonical.toml")),
    ("front-matter", include_str!("../../profiles/dialects/front-matter.toml")),
    ("nygard", include_str!("../../profiles/dialects/nygard.toml")),
    ("decision-record", include_str!("../../profiles/dialects/decision-record.toml")),
    ("design-document", include_str!("../../profiles/dialects/design-document.toml")),
    ("migration-plan", include_str!("../../profiles/dialects/migration-plan.toml")),
];

/// The dialects that are known by themselves.
pub fn known() -> &'static [Dialect] {
    static KNOWN_DIALECTS: OnceLock<Vec<Dialect>> = OnceLock::new();
    // A test parses the embedded texts, so that none is missing.
    KNOWN_DIALECTS.get_or_init(|| KNOWN.into_iter().filter_map(|(name, text)| parse(name, text).ok()).collect())
}

fn yes() -> bool {
    true
}

fn parse(name: &str, text: &str) -> Result<Dialect, toml_edit::de::Error> {
    toml_edit::de::from_str::<Dialect>(text).map(|it| it.named(name))
}

impl Dialect {
    /// The dialect under its name.
    #[must_use]
    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        if self.title.is_empty() {
            name.clone_into(&mut self.title);
        }
        self
    }
}

/// The dialects of a workspace, ready to be looked for: its own first, then those that are known by themselves.
#[derive(Clone, Debug, Default)]
pub struct Dialects {
    all: Vec<Dialect>,
    /// The globs of all places and of all names of files, and whose they are.
    places: Globs<Place>,
    names: Globs<(u16, u16)>,
}

/// A place of a dialect.
#[derive(Clone, Copy, Debug)]
struct Place {
    dialect: u16,
    /// Whether it names the file, so that a file that is usually a folder's index counts too.
    names_file: bool,
}

/// Globs, each with what it is for.
#[derive(Clone, Debug)]
struct Globs<T> {
    set: GlobSet,
    owners: Vec<T>,
}

impl<T> Default for Globs<T> {
    fn default() -> Self {
        Self { set: GlobSet::empty(), owners: Vec::new() }
    }
}

impl<T: Copy> Globs<T> {
    fn new(globs: Vec<(Glob, T)>) -> Self {
        let mut builder = GlobSetBuilder::new();
        let mut owners = Vec::new();
        for (glob, owner) in globs {
            builder.add(glob);
            owners.push(owner);
        }
        // Each glob was read by itself, so that only their number could be too much.
        builder.build().map_or_else(|_| Self::default(), |set| Self { set, owners })
    }

    fn owners_of(&self, text: &str) -> Vec<T> {
        self.set.matches(text).into_iter().filter_map(|it| self.owners.get(it).copied()).collect()
    }
}

/// Where a path lies, by the globs of dialects.
#[derive(Clone, Debug, Default)]
pub struct Lies {
    places: Vec<Place>,
    names: Vec<(u16, u16)>,
}

impl Dialects {
    /// Puts dialects together. What is wrong with a glob is told with the name of its dialect.
    pub(crate) fn new(all: Vec<Dialect>) -> (Self, Vec<(String, String)>) {
        let (mut places, mut names, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (dialect, at) in all.iter().zip(0..) {
            let mut read = |glob: &str| {
                let glob = GlobBuilder::new(glob).case_insensitive(true).literal_separator(true).build();
                glob.map_err(|error| problems.push((dialect.name.clone(), error.to_string()))).ok()
            };
            places.extend(dialect.places.iter().filter_map(|it| {
                let names_file = it.rsplit('/').next().is_some_and(|it| !it.contains(['*', '?', '[', '{']));
                Some((read(it)?, Place { dialect: at, names_file }))
            }));
            for (form, form_at) in dialect.forms.iter().zip(0..) {
                names.extend(form.names.iter().filter_map(|it| Some((read(it)?, (at, form_at)))));
            }
        }
        (Self { all, places: Globs::new(places), names: Globs::new(names) }, problems)
    }

    /// The dialects with what refers to them, the most telling first.
    pub fn iter(&self) -> impl Iterator<Item = (DialectId, &Dialect)> {
        self.all.iter().zip(0..).map(|(dialect, at)| (DialectId(at), dialect))
    }

    /// A dialect.
    pub fn get(&self, id: DialectId) -> Option<&Dialect> {
        self.all.get(usize::from(id.0))
    }

    /// Where a path lies.
    pub fn lies(&self, path: &RelPath) -> Lies {
        // The README of a folder is called as the folder is.
        let is_first = ["readme", "index"].iter().any(|it| path.stem().eq_ignore_ascii_case(it));
        let parent = path.parent();
        let name = if is_first { parent.name() } else { path.stem() };
        Lies { places: self.places.owners_of(path.as_str()), names: self.names.owners_of(name) }
    }

    /// The names of hidden folders in which some dialect keeps its documents.
    pub fn hidden_folders(&self) -> impl Iterator<Item = &str> {
        let parts = self.all.iter().flat_map(|it| &it.places).flat_map(|it| it.split('/'));
        parts.filter(|it| it.starts_with('.') && it.len() > 1 && !it.contains(['*', '?', '[', '{']) && *it != "..")
    }
}

impl Lies {
    /// Whether it is a place of a dialect. The index of a folder, or what else helps it along, is one only where the
    /// dialect names the file.
    pub(crate) fn at_place_of(&self, dialect: DialectId, is_helper: bool) -> bool {
        self.places.iter().any(|it| it.dialect == dialect.0 && (it.names_file || !is_helper))
    }

    /// Whether it is a place of any dialect.
    pub fn at_a_place(&self) -> bool {
        !self.places.is_empty()
    }

    /// Whether the name of the file is one of a form of any dialect.
    pub(crate) fn has_name(&self) -> bool {
        !self.names.is_empty()
    }

    /// Whether the name of the file is one of a form of a dialect.
    pub(crate) fn is_named(&self, dialect: DialectId, form: usize) -> bool {
        self.names.iter().any(|it| it.0 == dialect.0 && usize::from(it.1) == form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_dialects_are_whole() {
        for (name, text) in KNOWN {
            let dialect = parse(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!dialect.forms.is_empty() && text.contains("\ntitle = "), "{name}");
            for form in &dialect.forms {
                let is_told = !(form.headings.is_empty()
                    && form.sections.is_empty()
                    && form.titles.is_empty()
                    && form.labels.is_empty()
                    && form.front_matter.is_empty()
                    && form.words.is_empty());
                // A name alone tells a document only where such documents lie.
                assert!(is_told || !form.anywhere, "{name}: {form:?}");
            }
        }
        let (dialects, problems) = Dialects::new(known().to_vec());
        assert_eq!((dialects.iter().count(), problems), (KNOWN.len(), Vec::new()));
        assert!(dialects.hidden_folders().any(|it| it == ".archgate"));
    }
}
