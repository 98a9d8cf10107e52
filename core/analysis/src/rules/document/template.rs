//! A document beside the template of its kind: which sections stand where, and which fields its head has.

use std::rc::Rc;

use archwright_syntax::markdown::{Document, Field, Section, SectionId};

use crate::{conventions::profile::Template, engine::SectionMatch, rules::prelude::*};

/// A document of a kind that has a template.
pub(crate) struct Templated<'a> {
    pub tree: &'a Document,
    pub text: &'a str,
    pub template: &'a Template,
    /// The template section that each section of the document is, if it is one at its level.
    canonical: Rc<[Option<SectionMatch>]>,
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
        let canonical = cx.template_sections(|| document.tree.section_ids().map(find).collect());
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

/// The top-level entries of the front matter: key and trimmed value without quotes.
pub(crate) fn front_matter<'a>(tree: &Document, text: &'a str) -> Vec<(&'a str, Span)> {
    let Some(front_matter) = &tree.front_matter else { return Vec::new() };
    let mut entries = Vec::new();
    let mut at = front_matter.body.start as usize;
    for line in front_matter.body.of(text).split_inclusive('\n') {
        if let Some((key, value)) = line.split_once([':', '='])
            && !key.starts_with([' ', '\t', '#', '-'])
        {
            let left = value.trim_start().trim_start_matches(['"', '\'']);
            let start = at + line.len() - left.len();
            let value = left.trim_end().trim_end_matches(['"', '\'']);
            entries.push((key.trim(), Span::new(start, start + value.len())));
        }
        at += line.len();
    }
    entries
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
