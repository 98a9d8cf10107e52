//! A document beside the template of its kind: which sections stand where, and which fields its head has.

use std::rc::Rc;

use archwright_syntax::markdown::{Document, Field, Section, SectionId};

use crate::{
    conventions::profile::{Profile, SectionTemplate, Template},
    rules::prelude::*,
};

/// A document of a kind that has a template.
pub(crate) struct Templated<'a> {
    pub tree: &'a Document,
    pub text: &'a str,
    pub template: &'a Template,
    /// The template section that each section of the document is, if it is one at its level.
    canonical: Rc<[Option<usize>]>,
}

impl<'a> Templated<'a> {
    /// The document of the file, if its kind has a template.
    pub fn new(cx: &Context<'a>) -> Option<Self> {
        let facts = cx.facts();
        let tree = facts.markdown()?;
        let template = cx.config().template(facts.kind)?;
        let text: &str = &facts.text;
        let find = |(id, section): (SectionId, &Section)| {
            let title = tree.plain_title(id, text);
            let (title, bare) = names_in(&title);
            let is_meant = |it: &SectionTemplate| it.is_called(title) || bare.is_some_and(|bare| it.is_called(bare));
            template.sections.iter().position(|it| it.level == section.level && is_meant(it))
        };
        let canonical = cx.template_sections(|| tree.section_ids().map(find).collect());
        Some(Self { tree, text, template, canonical })
    }

    /// The first section of the document that is the template's section `at`.
    pub fn find(&self, at: usize) -> Option<SectionId> {
        self.canonical.iter().position(|it| *it == Some(at)).map(|it| SectionId(it as u32))
    }

    /// The position in the template of a section of the document.
    pub fn canonical(&self, id: SectionId) -> Option<usize> {
        self.canonical.get(id.index()).copied().flatten()
    }

    /// The sections of the document that the template has, with their position in it.
    pub fn sections(&self) -> impl Iterator<Item = (SectionId, usize)> {
        self.canonical.iter().enumerate().filter_map(|(id, it)| Some((SectionId(id as u32), (*it)?)))
    }
}

/// A title without its colon, and without its number too if it has one.
fn names_in(title: &str) -> (&str, Option<&str>) {
    let title = title.trim().trim_end_matches(':').trim_end();
    (title, without_number(title))
}

/// `3. Context` and `3.1 Context` without the number.
fn without_number(title: &str) -> Option<&str> {
    let (number, rest) = title.split_once(char::is_whitespace)?;
    let is_number = number.starts_with(|it: char| it.is_ascii_digit())
        && number.trim_end_matches([')', ':']).bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let is_roman =
        number.strip_suffix('.').is_some_and(|it| !it.is_empty() && it.bytes().all(|it| b"IVXLC".contains(&it)));
    (is_number || is_roman).then(|| rest.trim_start())
}

/// Whether two field names are the same but for case, spaces and punctuation: `TL;DR` and `tldr`.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    // Most pairs differ in their first letter.
    let first = |name: &str| name.bytes().next().filter(u8::is_ascii_alphanumeric);
    let may_be_same = first(one).zip(first(other)).is_none_or(|(a, b)| a.eq_ignore_ascii_case(&b));
    may_be_same
        && if one.is_ascii() && other.is_ascii() {
            bytes(one).eq(bytes(other))
        } else {
            letters(one).eq(letters(other))
        }
}

fn bytes(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase())
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Tells whether a field as written is the field `name` of a template, by its name or an alias.
pub(crate) fn is_field<'a>(name: &'a str, profile: &'a Profile) -> impl Fn(&str) -> bool + 'a {
    let aliases = profile.field_aliases.get(name).map_or(&[][..], Vec::as_slice);
    move |written| is_same_name(written, name) || aliases.iter().any(|it| is_same_name(written, it))
}

/// The fields that speak for the whole document: before the first section of level 2, and in the Summary or whatever
/// section the template has first.
pub(crate) fn head_fields<'a>(cx: &Context<'a>) -> Vec<&'a Field> {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return Vec::new() };
    let first = Templated::new(cx).and_then(|it| it.find(0)).or_else(|| tree.find_section(&facts.text, 2, "Summary"));
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

/// The line ending that a text uses.
pub(crate) fn newline(text: &str) -> &'static str {
    if text.split_once('\n').is_some_and(|it| it.0.ends_with('\r')) { "\r\n" } else { "\n" }
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
