//! Keys of YAML and JSON files, and every reference that passes through them.

use archwright_asyncapi::specification::{KeyFormat, Shape, place_at};
use archwright_model::FileId;
use archwright_syntax::{
    Span,
    data::{Entry, Node, Tree},
};
use smol_str::SmolStr;

use super::{
    RenameError,
    edits::Edits,
    written::{scalar, token},
};
use crate::{
    references::{Place, uses},
    trees::{Declaration, Trees},
};

/// Mappings whose keys authors choose.
const SECTIONS: [&str; 22] = [
    "$defs",
    "channelBindings",
    "channels",
    "correlationIds",
    "definitions",
    "externalDocs",
    "messageBindings",
    "messageTraits",
    "messages",
    "operationBindings",
    "operationTraits",
    "operations",
    "parameters",
    "replies",
    "replyAddresses",
    "schemas",
    "securitySchemes",
    "serverBindings",
    "serverVariables",
    "servers",
    "tags",
    "variables",
];

/// The name of a key that can have another one.
pub(super) fn name(trees: &Trees<'_>, declared: Declaration) -> Result<String, RenameError> {
    let tree = trees.of(declared.file).ok_or(RenameError::Nothing)?;
    let entry = entry_at(&tree, declared.key).ok_or(RenameError::Nothing)?;
    format_of(trees, declared.file, entry)?;
    Ok(entry.key.to_owned())
}

/// The entry with this key.
fn entry_at(tree: &Tree, key: Span) -> Option<Entry<'_>> {
    tree.node_at(key.start as usize)?.key.filter(|it| it.key_span == key)
}

/// The address that a key of `channels` is in 2.x.
pub(super) fn channel_of(trees: &Trees<'_>, declared: Declaration) -> Option<SmolStr> {
    let facts = trees.workspace.facts(declared.file)?;
    let channels = &facts.asyncapi()?.outline.channels;
    let channel = channels.iter().find(|it| declared.key.contains(it.key.span))?;
    channel.address.as_ref().filter(|it| it.span == channel.key.span).map(|it| it.text.clone())
}

/// How the name of a key must be written.
///
/// # Errors
/// If it is fixed, or the file is about something else.
fn format_of(trees: &Trees<'_>, file: FileId, entry: Entry<'_>) -> Result<KeyFormat, RenameError> {
    let fixed = || RenameError::Fixed(entry.key.to_owned());
    let parent = entry.value.parent().ok_or_else(fixed)?;
    let section = parent.as_entry().map_or("", |it| it.key);
    let root = entry.value.tree().root().ok_or_else(fixed)?;
    if trees.workspace.facts(file).is_none_or(|it| it.asyncapi().is_none()) {
        // Other files are none of ours, but for what JSON Schema names and for parts that others refer to.
        let is_used = !trees.sources(trees.workspace.path(file)).is_empty();
        let is_part =
            section.is_empty() || parent.parent().and_then(Node::as_entry).is_some_and(|it| it.key == "components");
        let is_named =
            matches!(section, "$defs" | "definitions") || (is_used && (is_part || SECTIONS.contains(&section)));
        let is_fixed = section.is_empty() && (SECTIONS.contains(&entry.key) || entry.key == "components");
        return if is_named && !is_fixed { Ok(KeyFormat::Any) } else { Err(RenameError::Nothing) };
    }
    let place = place_at(root, &parent.path()).ok_or_else(fixed)?;
    SECTIONS.contains(&section).then(|| key_format(place.shape)).flatten().ok_or_else(fixed)
}

fn key_format(shape: &Shape) -> Option<KeyFormat> {
    match shape {
        Shape::Map(format, _) => Some(*format),
        Shape::OneOf(shapes) => shapes.iter().find_map(key_format),
        _ => None,
    }
}

/// Gives a key another name, with all that passes through it.
///
/// # Errors
/// If the key is fixed, the name is not allowed there, or a neighbor has it.
pub(super) fn rename(
    trees: &Trees<'_>,
    declared: Declaration,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    let tree = trees.of(declared.file).ok_or(RenameError::Nothing)?;
    let entry = entry_at(&tree, declared.key).ok_or(RenameError::Nothing)?;
    let format = format_of(trees, declared.file, entry)?;
    if let Some(allowed) = fault(name, format) {
        return Err(RenameError::Invalid { name: name.to_owned(), allowed });
    }
    let parent = entry.value.parent().ok_or(RenameError::Nothing)?;
    if name != entry.key && parent.entry(name).is_some() {
        return Err(RenameError::Taken { name: name.to_owned(), path: trees.workspace.path(declared.file).clone() });
    }
    placeholders(trees, declared.file, entry, name, edits)?;
    edits.replace(declared.file, declared.key, scalar(declared.key.of(tree.text()), tree.format(), name));
    for used in uses(trees, declared) {
        let tree = trees.of(used.file).ok_or(RenameError::Nothing)?;
        match used.place {
            Place::Name(span) => edits.replace(used.file, span, scalar(span.of(tree.text()), tree.format(), name)),
            Place::Token { reference, token: at } => {
                let old = reference.text.get(at.clone()).unwrap_or_default();
                let whole = tree.node_at(reference.span.start as usize).map_or(reference.span, |it| it.node.span());
                let is_bare = whole == reference.span;
                let written = token(name, old.contains('%') || is_bare);
                if reference.span.len() == reference.text.len() {
                    let start = reference.span.start as usize;
                    edits.replace(used.file, Span::new(start + at.start, start + at.end), written);
                } else {
                    let mut text = reference.text.to_string();
                    text.replace_range(at, &written);
                    edits.replace(used.file, whole, scalar(whole.of(tree.text()), tree.format(), &text));
                }
            }
        }
    }
    Ok(())
}

/// What is wrong with a name.
fn fault(name: &str, format: KeyFormat) -> Option<&'static str> {
    let all = |also: &[char]| name.chars().all(|it| it.is_ascii_alphanumeric() || also.contains(&it));
    match format {
        _ if name.is_empty() => Some("a name has at least one character"),
        _ if name.chars().any(char::is_control) => Some("a name has no line breaks and other control characters"),
        KeyFormat::Name if !all(&['.', '-', '_']) => Some("letters, digits, `.`, `-` and `_` are allowed"),
        KeyFormat::Word if !all(&['-', '_']) => Some("letters, digits, `-` and `_` are allowed"),
        KeyFormat::Template if name.contains(['?', '#', ' ']) => Some("an address has no spaces, `?` and `#`"),
        _ => None,
    }
}

/// The `{name}` of a parameter or variable in the texts that it completes.
fn placeholders(
    trees: &Trees<'_>,
    file: FileId,
    entry: Entry<'_>,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    let Some(section) = entry.value.parent().and_then(Node::as_entry) else { return Ok(()) };
    let Some(holder) = section.value.parent().filter(|_| matches!(section.key, "parameters" | "variables")) else {
        return Ok(());
    };
    let (old, new) = (format!("{{{}}}", entry.key), format!("{{{name}}}"));
    for field in ["address", "host", "pathname", "url"] {
        let Some(value) = holder.get(field).filter(|it| it.as_str().is_some()) else { continue };
        let start = value.span().start as usize;
        for (at, _) in value.source().match_indices(&old) {
            edits.replace(file, Span::new(start + at, start + at + old.len()), new.clone());
        }
    }
    // In 2.x the address is the key.
    let Some(channel) = holder.as_entry().filter(|it| it.key.contains(&old)) else { return Ok(()) };
    let key = Declaration { file, key: channel.key_span };
    if channel_of(trees, key).is_some() {
        rename(trees, key, &channel.key.replace(&old, &new), edits)?;
    }
    Ok(())
}
