//! What stands under the cursor that other places may speak of too: a key, a channel, a heading, a file, an identifier,
//! a term, a team or a pattern.

use archwright_model::{
    FileId, Key, RelPath,
    facts::{ChannelRole, FileFacts, file_of_reference, split_reference},
};
use archwright_syntax::{Span, Spanned, data::Entry};
use smol_str::SmolStr;

use super::{
    floor,
    identifiers::{Identifier, identifier_at},
    link_at,
    named::{Name, name_at},
    names, navigation,
    trees::{Declaration, Trees},
    word_at,
};

/// What several places speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A key of a YAML or JSON file, or an item of a list there.
    Entry(Declaration),
    /// A channel, by its name or address.
    Channel(SmolStr),
    /// A heading of a Markdown file, by its title.
    Heading(FileId, Span),
    /// A file.
    File(RelPath),
    /// An identifier that a document defines.
    Identifier(Identifier),
    /// A term, a team or a pattern.
    Name(Name),
}

/// A subject and the text that names it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) subject: Subject,
    pub(super) span: Span,
}

/// What the text at `offset` names. Any offset is accepted.
pub(super) fn subject_at(trees: &Trees<'_>, file: FileId, offset: usize) -> Option<Named> {
    let text = trees.workspace.text(file)?;
    if offset > text.len() {
        return None;
    }
    let offset = floor(&text, offset);
    let facts = trees.workspace.facts(file);
    if let Some(named) = in_data(trees, file, offset) {
        return Some(named);
    }
    facts
        .and_then(|it| in_link(trees, file, it, offset))
        .or_else(|| facts.and_then(|it| in_mention(it, offset)))
        .or_else(|| in_word(trees, &text, offset))
        .or_else(|| in_identifier(trees, file, offset))
        .or_else(|| facts.and_then(|it| in_heading(file, it, offset)))
        .or_else(|| in_name(trees, file, offset))
}

fn in_data(trees: &Trees<'_>, file: FileId, offset: usize) -> Option<Named> {
    let tree = trees.of(file)?;
    let located = tree.node_at(offset)?;
    let named_here = || names::name_uses(&tree).into_iter().find(|it| it.span.touches(offset));
    if let Some(entry) = located.key {
        if entry.key == "$ref" || entry.merged {
            return None;
        }
        let declared = named_here().map_or(entry.key_span, |it| it.declared);
        return Some(entry_named(file, declared, Spanned::of_key(entry).span));
    }
    let node = located.node;
    let value = Spanned::of_scalar(node)?;
    let is_reference = node.as_entry().is_some_and(|it| is_ref(&it)) || names::is_mapping_reference(node);
    if is_reference && node.as_str().is_some() {
        return in_reference(trees, file, &value, offset);
    }
    named_here().map(|it| entry_named(file, it.declared, value.span))
}

fn is_ref(entry: &Entry<'_>) -> bool {
    entry.key == "$ref"
}

fn entry_named(file: FileId, key: Span, span: Span) -> Named {
    Named { subject: Subject::Entry(Declaration { file, key }), span }
}

/// The token of a reference under the cursor, or the file in front of its pointer.
fn in_reference(trees: &Trees<'_>, file: FileId, reference: &Spanned, offset: usize) -> Option<Named> {
    let (path, _) = split_reference(&reference.text);
    // With escapes, the places in the text are not those in the source.
    let is_plain = reference.span.len() == reference.text.len();
    let at = offset.saturating_sub(reference.span.start as usize);
    let part = |from: usize, to: usize| {
        let start = reference.span.start as usize;
        if is_plain { Span::new(start + from, start + to) } else { reference.span }
    };
    let way = trees.way_of(file, reference);
    let steps = way.as_ref().map_or(&[][..], |it| &it.steps);
    // The name of a schema is none of a file, nor of a key, but what stands below it has keys.
    if trees.is_identified(file, reference) {
        let step = steps.iter().find(|it| is_plain && it.token.start <= at && at <= it.token.end)?;
        return Some(Named { subject: Subject::Entry(step.declared), span: part(step.token.start, step.token.end) });
    }
    if !path.is_empty() && ((is_plain && at <= path.len()) || steps.is_empty()) {
        let target = file_of_reference(trees.workspace.path(file), &reference.text)?;
        return Some(Named { subject: Subject::File(target), span: part(0, path.len()) });
    }
    let step = steps.iter().find(|it| is_plain && at <= it.token.end).or(steps.last())?;
    Some(Named { subject: Subject::Entry(step.declared), span: part(step.token.start, step.token.end) })
}

/// The heading that a link's fragment names, or the file that its path does.
fn in_link(trees: &Trees<'_>, file: FileId, facts: &FileFacts, offset: usize) -> Option<Named> {
    let link = link_at(facts, offset).filter(|it| it.target.touches(offset))?;
    if let Some(fragment) = link.fragment.filter(|it| it.touches(offset)) {
        let id = if link.path_span.is_empty() { file } else { trees.workspace.file(&link.path)? };
        let target = trees.workspace.facts(id)?;
        let section = navigation::section_of(target, facts.slice(fragment))?;
        return Some(Named {
            subject: Subject::Heading(id, target.markdown()?.section(section).title),
            span: fragment,
        });
    }
    (!link.path_span.is_empty()).then(|| Named { subject: Subject::File(link.path.clone()), span: link.path_span })
}

/// A channel that the file speaks of just there.
pub(super) fn in_mention(facts: &FileFacts, offset: usize) -> Option<Named> {
    let here = |it: &&archwright_model::facts::ChannelMention| {
        !it.name.span.is_empty() && it.name.span.touches(offset) && facts.slice(it.name.span) == it.name.text
    };
    let mention = facts.channels.iter().filter(|it| it.role != ChannelRole::Contract).find(here)?;
    Some(Named { subject: Subject::Channel(mention.name.text.clone()), span: mention.name.span })
}

/// A word that is the name of a channel.
fn in_word(trees: &Trees<'_>, text: &str, offset: usize) -> Option<Named> {
    let word = word_at(text, offset, &['.', '-', '_']);
    let name = word.of(text).trim_end_matches(['.', '-', '_']);
    if name.is_empty() || trees.workspace.index().contributors(&Key::Channel(name.into())).is_empty() {
        return None;
    }
    let span = Span::new(word.start as usize, word.start as usize + name.len());
    span.touches(offset).then(|| Named { subject: Subject::Channel(name.into()), span })
}

/// An identifier that a document defines.
fn in_identifier(trees: &Trees<'_>, file: FileId, offset: usize) -> Option<Named> {
    let (it, span) = identifier_at(trees.workspace, file, offset)?;
    Some(Named { subject: Subject::Identifier(it), span })
}

/// A term, a team or a pattern.
fn in_name(trees: &Trees<'_>, file: FileId, offset: usize) -> Option<Named> {
    let (it, span) = name_at(trees.workspace, file, offset)?;
    Some(Named { subject: Subject::Name(it), span })
}

fn in_heading(file: FileId, facts: &FileFacts, offset: usize) -> Option<Named> {
    let tree = facts.markdown()?;
    let section = tree.sections.iter().skip(1).find(|it| !it.title.is_empty() && it.title.touches(offset))?;
    Some(Named { subject: Subject::Heading(file, section.title), span: section.title })
}
