//! The channel that is meant at a place, and who is at its ends.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{FileId, Key};
use archwright_operations::{CodeSite, CodeView, ScannedWay};
use archwright_syntax::{Encoding, LineIndex, Span};
use smol_str::SmolStr;

use crate::{ShowFile, floor, line_at, subject::Named, subject::Subject, subject::in_mention, word_at};

/// So many places of each service are shown.
const MOST_PLACES: usize = 3;

/// So many services of each end are shown.
const MOST_SERVICES: usize = 8;

/// The channel whose name stands at a place: as a document names it, as a word, or as a whole string.
pub(super) fn channel_at(
    workspace: &Workspace,
    code: &CodeView,
    file: FileId,
    offset: usize,
) -> Option<(SmolStr, Span)> {
    let text = workspace.text(file)?;
    if offset > text.len() {
        return None;
    }
    let offset = floor(&text, offset);
    if let Some(Named { subject: Subject::Channel(name), span }) =
        workspace.facts(file).and_then(|it| in_mention(it, offset))
    {
        return Some((name, span));
    }
    let is_known =
        |name: &str| code.has_channel(name) || !workspace.index().contributors(&Key::Channel(name.into())).is_empty();
    let quoted = quoted_at(&text, offset).filter(|it| !it.is_empty() && is_known(it.of(&text)));
    let word = || {
        let word = word_at(&text, offset, &['.', '-', '_']);
        let name = word.of(&text).trim_end_matches(['.', '-', '_']);
        // Any other word can be a word of anything.
        let is_name = name.contains(|it: char| !it.is_alphanumeric()) && is_known(name);
        let span = Span::new(word.start as usize, word.start as usize + name.len());
        (is_name && span.touches(offset)).then_some(span)
    };
    let span = quoted.or_else(word)?;
    Some((span.of(&text).into(), span))
}

/// The same, or in code that of the line, where it has one channel only and does not write its name.
pub(crate) fn channel_of_line(
    workspace: &Workspace,
    code: &CodeView,
    file: FileId,
    offset: usize,
) -> Option<(SmolStr, Span)> {
    if let Some(found) = channel_at(workspace, code, file, offset) {
        return Some(found);
    }
    let path = workspace.path(file);
    if !CodeView::is_code(path) {
        return None;
    }
    let text = workspace.text(file)?;
    let here = code.in_file(path).filter_map(|it| Some((it, it.span_in(&text)?)));
    let here: Vec<_> = here.filter(|it| it.1.touches(offset)).collect();
    let (first, span) = *here.first()?;
    let name = first.channel.as_ref()?;
    let is_one = here.iter().all(|it| it.0.channel.as_ref() == Some(name));
    (is_one && !span.of(&text).contains(name.as_str())).then(|| (name.clone(), span))
}

/// The inside of the string around a place, if it begins and ends in its line.
fn quoted_at(text: &str, offset: usize) -> Option<Span> {
    let line = line_at(text, offset);
    let at = offset.checked_sub(line.start as usize)?;
    let (before, after) = line.of(text).split_at_checked(at)?;
    let start = before.rfind(['"', '\'', '`'])?;
    let quote = before.get(start..)?.chars().next()?;
    let end = after.find(quote)?;
    Some(Span::new(line.start as usize + start + 1, offset + end))
}

/// A place of code as it stands now, with its channel's name if that is written there.
pub(super) fn place(workspace: &Workspace, site: &CodeSite) -> Option<(FileId, Span)> {
    let (file, span) = site.place(workspace)?;
    let text = workspace.text(file)?;
    let name = site.channel.as_ref().and_then(|it| Some((span.of(&text).find(it.as_str())?, it.len())));
    let narrow = name.map(|(at, len)| Span::new(span.start as usize + at, span.start as usize + at + len));
    Some((file, narrow.unwrap_or(span)))
}

/// Who sends to a channel and who receives from it in code, as items of a list.
pub(crate) fn ends(workspace: &Workspace, code: &CodeView, name: &str, show: &ShowFile<'_>) -> String {
    let mut markdown = String::new();
    for (way, says) in [(ScannedWay::Produce, "sent to"), (ScannedWay::Consume, "received from")] {
        let mut services: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for site in code.of_channel(name).filter(|it| it.way == way) {
            let Some((file, span)) = site.place(workspace) else { continue };
            let text = workspace.text(file).unwrap_or_default();
            let line = LineIndex::new(&text).position(span.start as usize, &text, Encoding::Utf8).line;
            services.entry(&site.service).or_default().push(show(&site.file, Some(line + 1)));
        }
        for (service, places) in services.iter().take(MOST_SERVICES) {
            let mut places = places.clone();
            places.dedup();
            let more = places.len().saturating_sub(MOST_PLACES);
            let shown: Vec<_> = places.iter().take(MOST_PLACES).map(String::as_str).collect();
            let more = if more > 0 { format!(", … and {more} more") } else { String::new() };
            markdown.push_str(&format!("\n- {says} in code by `{service}`: {}{more}", shown.join(", ")));
        }
        if let Some(more) = services.len().checked_sub(MOST_SERVICES).filter(|it| *it > 0) {
            markdown.push_str(&format!("\n- {says} in code by {more} more services"));
        }
    }
    markdown
}
