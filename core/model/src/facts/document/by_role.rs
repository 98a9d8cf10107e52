//! A document read by roles: its sections, fields and columns, whatever it calls them.

use std::cell::OnceCell;

use archwright_syntax::markdown::{Document, Field, SectionId, Table};

use super::front_matter::front_matter;
use crate::{
    Kind,
    conventions::{
        config::Config,
        dialect::DialectId,
        role::Role,
        vocabulary::{Called, Meaning, Vocabulary, as_field, in_dialect},
    },
    facts::{FileFacts, Spanned},
};

/// What is said in a role: the value of a field or a system concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleValue<T = Spanned> {
    /// What it is about.
    pub role: Role,
    /// What is said.
    pub value: T,
}

/// A document and the vocabulary of its kind. Names are looked up once, when the first of them is asked for.
pub struct ByRole<'a> {
    /// The document.
    pub tree: &'a Document,
    /// Its text.
    pub text: &'a str,
    kind: Kind,
    dialect: Option<DialectId>,
    vocabulary: &'a Vocabulary,
    headings: OnceCell<Vec<&'a [Meaning]>>,
    /// What each section is for; nothing while the kind may change.
    sections: OnceCell<Vec<Option<Meaning>>>,
    fields: OnceCell<Vec<&'a [Meaning]>>,
    concerns: OnceCell<Vec<(Role, &'a Field)>>,
}

impl<'a> ByRole<'a> {
    /// A document read as one of a kind.
    pub fn new(tree: &'a Document, text: &'a str, kind: Kind, config: &'a Config) -> Self {
        let vocabulary = config.vocabulary();
        Self {
            tree,
            text,
            kind,
            dialect: None,
            vocabulary,
            headings: OnceCell::new(),
            sections: OnceCell::new(),
            fields: OnceCell::new(),
            concerns: OnceCell::new(),
        }
    }

    /// The document of a file, if it is one.
    pub fn of(facts: &'a FileFacts, config: &'a Config) -> Option<Self> {
        Some(Self::new(facts.markdown()?, &facts.text, facts.kind, config).in_dialect(facts.dialect))
    }

    /// The document with the names of a dialect for its sections.
    pub(crate) fn in_dialect(self, dialect: Option<DialectId>) -> Self {
        Self { dialect, sections: OnceCell::new(), concerns: OnceCell::new(), ..self }
    }

    /// Reads the document as one of another kind.
    pub(crate) fn read_as(&mut self, kind: Kind) {
        self.kind = kind;
        (self.sections, self.concerns) = (OnceCell::new(), OnceCell::new());
    }

    /// What a section is for.
    pub fn role_of(&self, id: SectionId) -> Option<Role> {
        self.meaning_of(id).map(|it| it.role)
    }

    /// What a section is for, and whether it is called canonically.
    pub fn meaning_of(&self, id: SectionId) -> Option<Meaning> {
        let look_up = || {
            let meaning = |it: &&'a [Meaning]| in_dialect(it, self.kind, self.dialect);
            self.headings().iter().map(meaning).collect()
        };
        self.sections.get_or_init(look_up).get(id.index()).copied().flatten()
    }

    /// All that the heading of a section may mean.
    fn heading(&self, id: SectionId) -> &'a [Meaning] {
        self.headings().get(id.index()).copied().unwrap_or_default()
    }

    /// All that the heading of each section may mean.
    fn headings(&self) -> &[&'a [Meaning]] {
        self.headings.get_or_init(|| {
            let meanings = |id: SectionId| {
                if is_name_in_code(self.tree.title(id, self.text)) {
                    return &[][..];
                }
                self.vocabulary.heading(&self.tree.plain_title(id, self.text))
            };
            self.tree.section_ids().map(|it| meanings(it.0)).collect()
        })
    }

    /// The first section with a role. One that is called canonically wins over those that are only called like it.
    pub fn section(&self, role: Role) -> Option<SectionId> {
        self.sections(role).next()
    }

    /// Whether there is a section with a role.
    pub(crate) fn has_section(&self, role: Role) -> bool {
        self.section(role).is_some()
    }

    /// The sections with a role: those that are called canonically, else those called by an alias.
    pub fn sections(&self, role: Role) -> impl Iterator<Item = SectionId> {
        let called = move |id: SectionId| self.meaning_of(id).filter(|it| it.role == role).map(|it| it.called);
        let ids = || self.tree.section_ids().skip(1).map(|it| it.0);
        let best = ids().filter_map(called).min();
        ids().filter(move |id| best.is_some() && called(*id) == best)
    }

    /// The first value of a field with a role, anywhere in the document. A field that is called canonically and has a
    /// value wins over those that are only called like it.
    pub fn field(&self, role: Role) -> Option<Spanned> {
        let field = self.best(self.tree.fields.iter().enumerate().filter(|it| !it.1.value.is_empty()), role)?;
        Some(Spanned::of(field.value, self.text))
    }

    /// Whether the head of the document says what a field is for: a field before its sections, or the front matter. The
    /// status may stand in a section of its own.
    pub fn states(&self, role: Role) -> bool {
        let first = self.tree.sections.iter().find(|it| it.level >= 2).map_or(u32::MAX, |it| it.heading.start);
        let opening = self.fields(role).any(|it| !it.value.is_empty() && it.item.start < first);
        let in_front_matter =
            || front_matter(self.tree, self.text).iter().any(|it| self.is_named(it.0, role) && !it.1.is_empty());
        let is_status = || role == Role::Status && self.status().is_some_and(|it| !it.text.is_empty());
        opening || in_front_matter() || is_status()
    }

    /// The fields with a role, whether or not they have a value.
    pub fn fields(&self, role: Role) -> impl Iterator<Item = &'a Field> {
        self.tree.fields.iter().enumerate().filter(move |it| self.called(*it, role).is_some()).map(|it| it.1)
    }

    /// The field with a role among some of the document's.
    pub fn field_among(&self, fields: &'a [Field], role: Role) -> Option<&'a Field> {
        let first = fields.first()?;
        let start = self.tree.fields.partition_point(|it| it.item.start < first.item.start);
        self.best((start..).zip(fields), role)
    }

    fn best(&self, fields: impl Iterator<Item = (usize, &'a Field)>, role: Role) -> Option<&'a Field> {
        let mut alias = None;
        for it in fields {
            match self.called(it, role) {
                Some(Called::Canonically) => return Some(it.1),
                Some(Called::ByAlias) => alias = alias.or(Some(it.1)),
                None => {}
            }
        }
        alias
    }

    /// Some of the document's fields, each with what its name may mean, wherever it stands.
    fn meanings_of(&self, fields: &'a [Field]) -> impl Iterator<Item = (&'a Field, &'a [Meaning])> {
        let start = self.tree.fields.partition_point(|it| Some(it.item.start) < fields.first().map(|it| it.item.start));
        // Who asks for a few of another document's fields does not pay for all of them.
        let known = self.fields.get().map_or(&[][..], |it| it.get(start..).unwrap_or_default());
        let meaning = |(at, field): (usize, &'a Field)| match known.get(at) {
            Some(known) => (field, *known),
            None => (field, self.vocabulary.meanings(field.name.of(self.text))),
        };
        fields.iter().enumerate().map(meaning)
    }

    /// The fields among some of the document's whose name is one of a role's, and by which, whatever section they stand
    /// in.
    pub fn named(&self, fields: &'a [Field], role: Role) -> impl Iterator<Item = (Called, &'a Field)> {
        // Whoever asks for one role asks for more of them.
        self.meanings();
        self.meanings_of(fields).filter_map(move |(field, meanings)| Some((as_field(meanings, role)?, field)))
    }

    /// What the name of each field may mean.
    fn meanings(&self) -> &[&'a [Meaning]] {
        let look_up = || self.tree.fields.iter().map(|it| self.vocabulary.meanings(it.name.of(self.text))).collect();
        self.fields.get_or_init(look_up)
    }

    /// By which of its names a field has a role.
    fn called(&self, (at, field): (usize, &Field), role: Role) -> Option<Called> {
        let meanings = self.meanings().get(at)?;
        let called = as_field(meanings, role)?;
        // Among the system concerns, `Owner` is the owner of the feature and nothing else.
        let is_concern = || meanings.iter().any(|it| self.vocabulary.is_concern(it.role));
        let elsewhere = self.vocabulary.is_concern(role) || !is_concern() || !self.among_concerns(field);
        elsewhere.then_some(called)
    }

    /// Whether a name, wherever it stands, is that of a field.
    pub fn is_named(&self, name: &str, role: Role) -> bool {
        self.vocabulary.field(name, role).is_some()
    }

    fn among_concerns(&self, field: &Field) -> bool {
        let section = self.section(Role::SystemConcerns);
        section.is_some_and(|it| self.tree.section(it).span.contains(field.name))
    }

    /// The section whose heading is the name of a field, as decision records write `## Status`.
    pub fn heading_of(&self, role: Role) -> Option<SectionId> {
        self.tree.section_ids().skip(1).map(|it| it.0).find(|it| self.is_heading_of(*it, role))
    }

    /// Whether the heading of a section is the name of a field.
    pub fn is_heading_of(&self, id: SectionId, role: Role) -> bool {
        as_field(self.heading(id), role).is_some()
    }

    /// The place of the column with a role in a table.
    pub fn column(&self, table: &Table, role: Role) -> Option<usize> {
        let titles = self.tree.header(table).iter().map(|it| it.of(self.text));
        let called = titles.enumerate().filter_map(|(at, it)| Some((self.vocabulary.column(self.kind, it, role)?, at)));
        called.min().map(|it| it.1)
    }

    /// The system concerns that the document states, in its order. What is called canonically hides what is only called
    /// like it.
    pub fn concerns(&self) -> Vec<RoleValue> {
        let value = |it: &(Role, &'a Field)| RoleValue { role: it.0, value: Spanned::of(it.1.value, self.text) };
        self.stated_concerns().iter().map(value).collect()
    }

    /// What the document states of a system concern.
    pub fn concern(&self, role: Role) -> Option<Spanned> {
        let stated = self.stated_concerns().iter().find(|it| it.0 == role);
        stated.map(|it| Spanned::of(it.1.value, self.text))
    }

    /// The fields of the system concerns; looked up when the first of them is asked for.
    fn stated_concerns(&self) -> &[(Role, &'a Field)] {
        self.concerns.get_or_init(|| self.find_concerns())
    }

    fn find_concerns(&self) -> Vec<(Role, &'a Field)> {
        let Some(section) = self.section(Role::SystemConcerns) else { return Vec::new() };
        let mut found = Vec::new();
        for (field, meanings) in self.meanings_of(self.tree.fields_in(section)) {
            let concern = meanings.iter().find(|it| self.vocabulary.is_concern(it.role));
            found.extend(concern.map(|it| (it.role, it.called, field)));
        }
        let canonical: Vec<Role> = found.iter().filter(|it| it.1 == Called::Canonically).map(|it| it.0).collect();
        found.retain(|(role, called, _)| *called == Called::Canonically || !canonical.contains(role));
        found.into_iter().map(|(role, _, field)| (role, field)).collect()
    }
}

/// Whether a title is nothing but a name in code, as references of fields and settings have them: `` `status` `` or
/// `` `status` {#status} ``. What such a section is called is what it explains.
pub(super) fn is_name_in_code(title: &str) -> bool {
    let title = title.trim();
    let title = title.rsplit_once("{#").filter(|it| it.1.ends_with('}')).map_or(title, |it| it.0.trim_end());
    let inside = title.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
    inside.is_some_and(|it| !it.is_empty() && !it.contains('`'))
}
