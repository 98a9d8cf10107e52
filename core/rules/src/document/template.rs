//! A document beside the template of its kind: which sections stand where, and which fields its head has.

use std::rc::Rc;

use archwright_model::conventions::{profile::Template, vocabulary::Called};
use archwright_syntax::markdown::{Document, Field, Section, SectionId};

use crate::prelude::*;

/// A document of a kind that has a template.
pub(crate) struct Templated<'a> {
    pub tree: &'a Document,
    pub text: &'a str,
    pub template: &'a Template,
    /// The template section that each section of the document is, if it is one at its level.
    canonical: Rc<Matches>,
}

/// For each section of a document the section of the template that it is.
type Matches = Vec<Option<SectionMatch>>;

/// The section of the template that a section of a document is.
#[derive(Clone, Copy, Debug)]
struct SectionMatch {
    /// Its position in the template.
    at: usize,
    /// By which of its names.
    called: Called,
}

impl<'a> Templated<'a> {
    /// The document of the file, if its kind has a template.
    pub fn new(cx: &Context<'a>) -> Option<Self> {
        let facts = cx.facts();
        let document = cx.by_role()?;
        let template = cx.config().template(facts.kind)?;
        let find = |(id, section): (SectionId, &Section)| {
            let meaning = document.meaning_of(id)?;
            let at = template.sections.iter().position(|it| it.level == section.level && it.role == meaning.role)?;
            Some(SectionMatch { at, called: meaning.called })
        };
        let canonical = cx.shared(|| document.tree.section_ids().map(find).collect::<Matches>());
        Some(Self { tree: document.tree, text: document.text, template, canonical })
    }

    /// The first section of the document that is the template's section `at`. One that is called canonically wins over
    /// those that are only called like it.
    pub fn find(&self, at: usize) -> Option<SectionId> {
        let found = self.canonical.iter().zip(0..).filter_map(|(it, id)| Some(((*it)?, SectionId(id))));
        found.filter(|it| it.0.at == at).min_by_key(|it| it.0.called).map(|it| it.1)
    }

    /// The position in the template of a section of the document.
    pub fn canonical(&self, id: SectionId) -> Option<usize> {
        self.canonical.get(id.index()).copied().flatten().map(|it| it.at)
    }

    /// Whether a row of a table with two columns has a value behind such a name.
    pub fn has_row(&self, is_name: impl Fn(&str) -> bool) -> bool {
        let rows = self.tree.tables.iter().flat_map(|it| self.tree.rows(it));
        rows.into_iter().any(|row| match self.tree.cells(row) {
            [name, value] => !value.is_empty() && is_name(name.of(self.text)),
            _ => false,
        })
    }

    /// Whether a heading is the title of the document: it comes first, and is no section of the template where a
    /// document has its title at level 2.
    pub fn is_title(&self, id: SectionId) -> bool {
        let is_only = || self.tree.sections.iter().all(|it| it.level != 1);
        id.0 == 1 && (self.tree.section(id).level == 1 || is_only() && self.canonical(id).is_none())
    }

    /// Whether the document has what only templates of ours begin with, and not just a place that they have too.
    pub fn follows_template(&self, cx: &Context) -> bool {
        let vocabulary = cx.config().vocabulary();
        let is_head = |(id, at): (SectionId, usize)| {
            let Some(section) = self.template.sections.get(at) else { return false };
            let has_field = || {
                let mut names = self.tree.fields_under(id).iter().map(|it| it.name.of(self.text));
                names.any(|name| section.fields.iter().any(|it| vocabulary.field(name, *it).is_some()))
            };
            section.concerns || matches!(section.role, Role::Summary | Role::ServiceInfo) && has_field()
        };
        self.sections().any(is_head)
    }

    /// The sections of the document that the template has, with their position in it.
    pub fn sections(&self) -> impl Iterator<Item = (SectionId, usize)> {
        self.canonical.iter().zip(0..).filter_map(|(it, id)| Some((SectionId(id), (*it)?.at)))
    }
}

/// The fields that speak for the whole document: before the first section of level 2, and in the Summary or whatever
/// section the template has first.
pub(crate) fn head_fields<'a>(cx: &Context<'a>) -> Vec<&'a Field> {
    let Some(document) = cx.by_role() else { return Vec::new() };
    let tree = document.tree;
    let summary = || document.sections(Role::Summary).find(|it| tree.section(*it).level == 2);
    let first = Templated::new(cx).and_then(|it| it.find(0)).or_else(summary);
    let in_summary = first.map_or(&[][..], |it| tree.fields_under(it));
    opening_fields(tree).iter().chain(in_summary).collect()
}

/// The fields before the first section of level 2.
pub(crate) fn opening_fields(tree: &Document) -> &[Field] {
    let first = tree.sections.iter().position(|it| it.level >= 2).unwrap_or(tree.sections.len());
    let end = tree.fields.partition_point(|it| it.section.index() < first);
    tree.fields.get(..end).unwrap_or_default()
}

/// The nearest section at or above `id` whose level is at most `level`, so that something of that level can stand
/// beside it.
pub(crate) fn beside(tree: &Document, id: SectionId, level: u8) -> &Section {
    let mut section = tree.section(id);
    while section.level > level
        && let Some(parent) = section.parent.map(|it| tree.section(it))
        && parent.level >= level
    {
        section = parent;
    }
    section
}
