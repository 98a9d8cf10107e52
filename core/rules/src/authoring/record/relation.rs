//! Saying that one decision record replaces another, in the form of the record that says it.

use archwright_model::{
    RelPath,
    conventions::{config::Config, role::Role},
    facts::{ByRole, Spanned, front_matter},
    values::value,
};
use archwright_syntax::{
    Span, TextEdit,
    markdown::{Field, FieldOrigin, FrontMatterFormat, SectionId},
};

use super::form::is_word;

/// How a record is referred to in another one.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Its short name: `ADR-0012`.
    pub name: String,
    /// A link to it.
    pub link: String,
    /// Whether its short name says which it is, because it has a number in the same folder.
    pub is_named: bool,
}

impl Reference {
    /// The reference to the record at `path` in one at `from`.
    pub fn new(name: String, is_numbered: bool, path: &RelPath, from: &RelPath) -> Self {
        let link = format!("[{name}]({})", path.relative_to(&from.parent()));
        Self { name, link, is_named: is_numbered && path.parent() == from.parent() }
    }
}

/// Whether a link to a path can be written as the path stands.
pub(crate) fn is_linkable(path: &RelPath) -> bool {
    path.as_str().bytes().all(|it| it.is_ascii_alphanumeric() || b"-_./".contains(&it))
}

/// Writes into the status that another record replaces this one. A status that says more than one word is left to
/// people.
pub fn superseded_edit(document: &ByRole, status: &Spanned, by: &Reference, config: &Config) -> Option<TextEdit> {
    let words = config.profile().name(Role::SupersededBy);
    if !is_word(&value::plain(&status.text), config) {
        return None;
    }
    let value = match (in_front_matter(document, status.span), by.is_named) {
        (true, true) => format!("{} {}", words.to_lowercase(), by.name),
        (true, false) => format!("{} {}", words.to_lowercase(), by.link),
        (false, _) if is_lower(&status.text) => format!("{} {}", words.to_lowercase(), by.link),
        (false, _) => format!("{words} {}", by.link),
    };
    Some(TextEdit::replace(status.span, value))
}

/// The paragraph below the title of a record without a status.
pub fn superseded_paragraph(document: &ByRole, by: &Reference, config: &Config) -> TextEdit {
    let words = config.profile().name(Role::SupersededBy);
    let newline = archwright_syntax::newline(document.text);
    let title = document.tree.sections.get(1).filter(|it| it.level == 1);
    match title {
        Some(title) => {
            let end = title.heading.start as usize + title.heading.of(document.text).trim_end().len();
            TextEdit::insert(end, format!("{newline}{newline}{words} {}.", by.link))
        }
        None => {
            let start = document.tree.front_matter.map_or(0, |it| it.span.end as usize);
            TextEdit::insert(start, format!("{words} {}.{newline}{newline}", by.link))
        }
    }
}

fn is_lower(status: &str) -> bool {
    status.chars().find(|it| it.is_alphabetic()).is_some_and(char::is_lowercase)
}

fn in_front_matter(document: &ByRole, span: Span) -> bool {
    document.tree.front_matter.as_ref().is_some_and(|it| it.span.contains(span))
}

/// Says that this record replaces another one: behind what is there, else below the status, in the status's form.
pub fn supersedes_edit(
    document: &ByRole,
    status: Option<&Spanned>,
    other: &Reference,
    config: &Config,
) -> Option<TextEdit> {
    let (text, tree) = (document.text, document.tree);
    let newline = archwright_syntax::newline(text);
    let find = |role| document.field_among(&tree.fields, role);
    let name = config.profile().name(Role::Supersedes);
    if let Some(field) = find(Role::Supersedes) {
        if value::is_unknown(field.value.of(text)) || value::is_none(field.value.of(text)) {
            return Some(TextEdit::replace(field.value, other.link.clone()));
        }
        return Some(TextEdit::insert(field.value.end as usize, format!(", {}", other.link)));
    }
    if let Some(field) = find(Role::Status) {
        return field_edit(document, field, name, other);
    }
    let status = status?;
    if let Some(front_matter) = tree.front_matter.as_ref().filter(|it| it.body.contains(status.span)) {
        let keys = front_matter_keys(document);
        let is_free = !keys.iter().any(|it| document.is_named(it, Role::Supersedes));
        let is_yaml = front_matter.format == FrontMatterFormat::Yaml;
        let line_end = text.get(status.span.end as usize..)?.find('\n').map(|it| status.span.end as usize + it + 1)?;
        let key = name.to_lowercase();
        return (is_free && other.is_named && is_yaml)
            .then(|| TextEdit::insert(line_end, format!("{key}: {}{newline}", other.name)));
    }
    // A paragraph below that of the status, as the records of Nygard have it.
    let section: SectionId = tree.section_at(status.span.start as usize);
    let paragraph = tree.paragraphs.iter().find(|it| it.section == section && it.span.contains(status.span))?;
    Some(TextEdit::insert(paragraph.span.end as usize, format!("{newline}{newline}{name} {}", other.link)))
}

fn front_matter_keys<'a>(document: &ByRole<'a>) -> Vec<&'a str> {
    front_matter(document.tree, document.text).into_iter().map(|it| it.0).collect()
}

/// A field below the status that is written like it.
fn field_edit(document: &ByRole, status: &Field, name: &str, other: &Reference) -> Option<TextEdit> {
    let text = document.text;
    let newline = archwright_syntax::newline(text);
    let item = status.item.of(text).trim_end();
    let end = status.item.start as usize + item.len();
    let link = &other.link;
    let before = text.get(status.item.start as usize..status.name.start as usize)?;
    let between = text.get(status.name.end as usize..status.value.start as usize)?;
    let line = match status.origin {
        FieldOrigin::ListItem => {
            item.chars().next().filter(|it| matches!(it, '-' | '*' | '+'))?;
            format!("{newline}{before}{name}{between}{link}")
        }
        FieldOrigin::TableRow => format!("{newline}| {name} | {link} |"),
        FieldOrigin::Line => {
            let rest = text.get(end..)?;
            let is_alone = rest.lines().nth(1).is_none_or(|it| it.trim().is_empty());
            let is_field = |it: &Field| it.origin == FieldOrigin::Line && it.item.start != status.item.start;
            // Lines of one paragraph run together, so it gets one of its own, unless others stand in it as well.
            let among_others = document.tree.fields.iter().any(|it| {
                let (first, second) = if it.item.start < status.item.start { (it, status) } else { (status, it) };
                let gap = text.get(first.item.end as usize..second.item.start as usize);
                is_field(it) && gap.is_some_and(str::is_empty)
            });
            let line_end = end + rest.find(['\n', '\r']).unwrap_or(rest.len());
            if among_others {
                let after = text.get(status.value.end as usize..line_end)?;
                let lead = if after.is_empty() && is_alone { "  " } else { "" };
                return Some(TextEdit::insert(
                    line_end,
                    format!("{lead}{newline}{before}{name}{between}{link}{after}"),
                ));
            }
            is_alone.then(|| format!("{newline}{newline}**{name}**: {link}"))?
        }
    };
    Some(TextEdit::insert(end, line))
}

/// Says among the links that this record replaces another one; nothing if there is no such section.
pub fn link_edit(document: &ByRole, other: &Reference, config: &Config, marker: char) -> Option<TextEdit> {
    let name = config.profile().name(Role::Supersedes);
    let newline = archwright_syntax::newline(document.text);
    let section = document.section(Role::RelatedArtifacts)?;
    let line = format!("{marker} {name} {}", other.link);
    let last = document.tree.items.iter().rfind(|it| it.section == section && it.depth == 0);
    Some(match last {
        Some(item) => {
            let end = item.span.start as usize + item.span.of(document.text).trim_end().len();
            TextEdit::insert(end, format!("{newline}{line}"))
        }
        None => {
            let heading = document.tree.section(section).heading;
            let end = heading.start as usize + heading.of(document.text).trim_end().len();
            TextEdit::insert(end, format!("{newline}{newline}{line}"))
        }
    })
}
