//! Channels: every file that speaks of one, and the files that are named after it.

use archwright_asyncapi::Outline;
use archwright_model::{FileId, Key, RelPath, conventions::config::Config, facts::Content};
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
    references::channel_names,
    trees::{Declaration, Trees},
};

/// Gives a channel another name in all files that speak of it.
///
/// # Errors
/// If the name is not allowed, or another channel has it.
pub(super) fn rename(trees: &Trees<'_>, channel: &str, name: &str, edits: &mut Edits<'_>) -> Result<(), RenameError> {
    let workspace = trees.workspace;
    if name.is_empty()
        || name.contains(|it: char| it.is_whitespace() || it.is_control() || matches!(it, '`' | '|' | '"' | '\''))
    {
        let allowed = "a channel's name has no spaces, quotes, backticks and bars";
        return Err(RenameError::Invalid { name: name.to_owned(), allowed });
    }
    if name == channel {
        return Ok(());
    }
    if let Some(path) =
        workspace.index().contributors(&Key::Channel(name.into())).iter().map(|it| workspace.path(*it)).min()
    {
        return Err(RenameError::Taken { name: name.to_owned(), path: path.clone() });
    }
    for file in workspace.index().contributors(&Key::Channel(channel.into())) {
        let Some(facts) = workspace.facts(*file) else { continue };
        match &facts.content {
            Content::AsyncApi(asyncapi) => in_asyncapi(trees, *file, &asyncapi.outline, channel, name, edits)?,
            Content::Document(_) => {
                // A dead letter channel is named after its channel.
                let dlq = format!("{channel}{}", workspace.config().profile().channels.dlq_suffix);
                let derived = channel_names(facts, &dlq)
                    .into_iter()
                    .map(|it| Span::new(it.start as usize, it.end as usize + channel.len() - dlq.len()));
                channel_names(facts, channel).into_iter().chain(derived).for_each(|it| edits.replace(*file, it, name));
            }
            Content::Code(_) | Content::Schema(_) | Content::None => {
                let written = channel_names(facts, channel).into_iter().filter(|it| facts.slice(*it) == channel);
                written.for_each(|it| edits.replace(*file, it, name));
            }
        }
        if facts.captures.channel.as_deref() == Some(channel) {
            let to = renamed(&facts.path, channel, name, workspace.config());
            let to = to.ok_or(RenameError::Invalid {
                name: name.to_owned(),
                allowed: "files are named after it, so it has no slashes",
            })?;
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

/// The path of a file that is named after a channel, with another name for it; `None` if the layout has no such place.
fn renamed(path: &RelPath, channel: &str, name: &str, config: &Config) -> Option<RelPath> {
    let parts: Vec<&str> = path.as_str().split('/').collect();
    let candidates = (0..parts.len()).rev().filter_map(|at| {
        let part = parts.get(at)?;
        let mut changed: Vec<String> = parts.iter().map(|it| (*it).to_owned()).collect();
        *changed.get_mut(at)? = part.contains(channel).then(|| part.replacen(channel, name, 1))?;
        Some(RelPath::new(&changed.join("/")))
    });
    let is_named = |it: &RelPath| config.layout().classify(it).is_some_and(|it| it.1.channel.as_deref() == Some(name));
    candidates.into_iter().find(is_named)
}
