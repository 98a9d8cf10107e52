//! Channels: every file that speaks of one, and the files that are named after it.

use archwright_asyncapi::Outline;
use archwright_syntax::Span;

use super::{
    RenameError,
    edits::Edits,
    entry,
    heading::follow_anchors,
    moves::{self, Move},
    written::scalar,
};
use crate::{
    FileId, Key, RelPath,
    config::Config,
    facts::{Content, FileFacts},
    features::trees::{Declaration, Trees},
    layout,
};

/// Gives a channel another name in all files that speak of it.
///
/// # Errors
/// If the name is not allowed, or another channel has it.
pub(super) fn rename(trees: &Trees<'_>, channel: &str, name: &str, edits: &mut Edits<'_>) -> Result<(), RenameError> {
    let workspace = trees.workspace;
    if name.is_empty() || name.contains(|it: char| it.is_whitespace() || it.is_control() || matches!(it, '`' | '|' | '"' | '\'')) {
        let allowed = "a channel's name has no spaces, quotes, backticks and bars";
        return Err(RenameError::Invalid { name: name.to_owned(), allowed });
    }
    if name == channel {
        return Ok(());
    }
    if let Some(other) = workspace.index().contributors(&Key::Channel(name.into())).first() {
        return Err(RenameError::Taken { name: name.to_owned(), path: workspace.path(*other).clone() });
    }
    for file in workspace.index().contributors(&Key::Channel(channel.into())) {
        let Some(facts) = workspace.facts(*file) else { continue };
        match &facts.content {
            Content::AsyncApi(asyncapi) => in_asyncapi(trees, *file, &asyncapi.outline, channel, name, edits)?,
            Content::Document(_) => in_document(workspace.config(), *file, facts, channel, name, edits),
            Content::Code(_) | Content::Schema(_) | Content::None => {
                let mentions = facts.channels.iter().filter(|it| it.name.text == channel && facts.slice(it.name.span) == channel);
                mentions.for_each(|it| edits.replace(*file, it.name.span, name));
            }
        }
        if facts.captures.channel.as_deref() == Some(channel) {
            let to = renamed(&facts.path, channel, name, workspace.config());
            let to = to.ok_or(RenameError::Invalid { name: name.to_owned(), allowed: "files are named after it, so it has no slashes" })?;
            moves::check(workspace, &to)?;
            edits.move_file(Move { from: facts.path.clone(), to });
        }
    }
    follow_anchors(workspace, edits);
    Ok(())
}

fn in_asyncapi(
    trees: &Trees<'_>,
    file: FileId,
    outline: &Outline,
    channel: &str,
    name: &str,
    edits: &mut Edits<'_>,
) -> Result<(), RenameError> {
    let Some(tree) = trees.of(file) else { return Ok(()) };
    for it in &outline.channels {
        let Some(address) = it.address.as_ref().filter(|it| it.text == channel) else { continue };
        let Some(located) = tree.node_at(address.span.start as usize) else { continue };
        match located.key {
            Some(key) => entry::rename(trees, Declaration { file, key: key.key_span }, name, edits)?,
            None => {
                let span = located.node.span();
                edits.replace(file, span, scalar(span.of(tree.text()), tree.format(), name));
            }
        }
    }
    Ok(())
}

/// Every place in a document that names the channel, or the dead letter channel that is named after it. A name that could be
/// any word is only changed where it is marked as a name.
fn in_document(config: &Config, file: FileId, facts: &FileFacts, channel: &str, name: &str, edits: &mut Edits<'_>) {
    let Some(document) = facts.document() else { return };
    let contract = document.contract.as_ref().and_then(|it| it.channel.as_ref()).map(|it| it.span);
    let is_name = channel.contains(|it: char| !it.is_alphanumeric());
    let is_marked = |span: Span| {
        let around = facts.text.get((span.start as usize).saturating_sub(1)..span.end as usize + 1).unwrap_or_default();
        let mentioned = facts.channels.iter().map(|it| it.name.span).chain(contract).any(|it| it.contains(span));
        mentioned || (around.starts_with('`') && around.ends_with('`'))
    };
    let in_target = |span: Span| document.links.iter().any(|it| it.target.contains(span));
    let dlq = format!("{channel}{}", config.profile().channels.dlq_suffix);
    for word in [dlq.as_str(), channel] {
        for span in words(&facts.text, word).filter(|it| (is_name || is_marked(*it)) && !in_target(*it)) {
            edits.replace(file, Span::new(span.start as usize, span.start as usize + channel.len()), name);
        }
    }
}

/// The places where a name stands alone: not as a part of a longer name or of a path.
fn words<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = Span> + 't {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '/');
    text.match_indices(name).map(move |(at, _)| Span::new(at, at + name.len())).filter(move |span| {
        let before = text.get(..span.start as usize).unwrap_or_default();
        let after = text.get(span.end as usize..).unwrap_or_default();
        let goes_on = after.strip_prefix('.').unwrap_or(after).starts_with(is_part);
        !goes_on && !before.ends_with(is_part) && !before.ends_with('.')
    })
}

/// The path of a file that is named after a channel, with another name for it; `None` if the layout has no such place.
fn renamed(path: &RelPath, channel: &str, name: &str, config: &Config) -> Option<RelPath> {
    let parts: Vec<&str> = path.as_str().split('/').collect();
    let candidates = (0..parts.len()).rev().filter_map(|at| {
        let part = parts.get(at)?;
        let mut changed: Vec<String> = parts.iter().map(|it| (*it).to_owned()).collect();
        *changed.get_mut(at)? = part.contains(channel).then(|| part.replacen(channel, name, 1))?;
        Some(RelPath::new(&changed.join("/")))
    });
    let is_named = |it: &RelPath| layout::classify(it, config).is_some_and(|it| it.1.channel.as_deref() == Some(name));
    candidates.into_iter().find(is_named)
}
