//! Definition and document links.

use archwright_engine::Workspace;
use archwright_model::{
    FileId, Key, RelPath,
    facts::{ChannelRole, FileFacts},
};
use archwright_syntax::{
    Span,
    markdown::{SectionId, decode_target},
};
use rustc_hash::FxHashSet;

use super::{
    floor,
    hover::{NamedCard, card_at},
    identifiers::identifier_at,
    link_at, link_file, link_origin,
    named::name_at,
    word_at,
};

/// Where something is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The text that leads there.
    pub origin: Span,
    /// The file.
    pub file: FileId,
    /// The place in it.
    pub span: Span,
}

/// The target of a link or of a `$ref`, the contract of a channel, or what defines an identifier, a term or a team.
/// Any offset is accepted.
pub fn definition(workspace: &Workspace, file: FileId, offset: usize) -> Option<Target> {
    let text = workspace.text(file)?;
    if offset > text.len() {
        return None;
    }
    let offset = floor(&text, offset);
    if let Some(link) = workspace.facts(file).and_then(|it| link_at(it, offset)) {
        let (id, target) = link_file(workspace, &link.path)?;
        let heading = link.fragment.and_then(|it| heading(target, it.of(&text)));
        return Some(Target { origin: link_origin(link, offset), file: id, span: heading.unwrap_or_default() });
    }
    if let Some(target) = super::asyncapi::definition(workspace, file, offset) {
        return Some(target);
    }
    let span = word_at(&text, offset, &['.', '-', '_']);
    let name = span.of(&text).trim_end_matches(['.', '-', '_']);
    let origin = Span::new(span.start as usize, span.start as usize + name.len());
    declared(workspace, name)
        .map(|(_, file, span)| Target { origin, file, span })
        // A contract that has the name in its title only leads nowhere from there.
        .filter(|it| it.file != file || !(it.span.is_empty() || it.span.touches(offset)))
        .or_else(|| defined(workspace, file, offset))
}

/// Where a channel is described, at best by a contract.
pub(super) fn declared(workspace: &Workspace, name: &str) -> Option<(ChannelRole, FileId, Span)> {
    let ids = workspace.index().contributors(&Key::Channel(name.into()));
    let mention = |role: ChannelRole| {
        ids.iter().find_map(|id| Some((role, *id, workspace.facts(*id)?.channel(name, role)?.name.span)))
    };
    [ChannelRole::Contract, ChannelRole::AsyncApi, ChannelRole::Design].into_iter().find_map(mention)
}

/// The row or list item that defines what stands at a place. Where that is the place itself, editors show its uses.
fn defined(workspace: &Workspace, file: FileId, offset: usize) -> Option<Target> {
    if let Some((it, origin)) = identifier_at(workspace, file, offset) {
        return Some(Target { origin, file: it.file, span: it.span });
    }
    let (it, origin) = name_at(workspace, file, offset)?;
    let defined = it.definition?;
    Some(Target { origin, file: defined.file, span: defined.span })
}

/// The card that a name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardTarget {
    /// The name in the text.
    pub origin: Span,
    /// By what the card is explained: `transactional-outbox`.
    pub slug: &'static str,
}

/// The card of the pattern, platform or other thing that is named at `offset`, if no document defines it. Any offset is
/// accepted.
pub fn card_definition(workspace: &Workspace, file: FileId, offset: usize) -> Option<CardTarget> {
    let facts = workspace.facts(file)?;
    let (origin, card) = card_at(facts, floor(&facts.text, offset.min(facts.text.len())))?;
    let slug = match card {
        NamedCard::Pattern(it) => it.slug.as_str(),
        NamedCard::Other(it) => it.slug.as_str(),
    };
    Some(CardTarget { origin, slug })
}

/// The title of the section that a fragment names.
pub(super) fn heading(facts: &FileFacts, anchor: &str) -> Option<Span> {
    Some(facts.markdown()?.section(section_of(facts, anchor)?).title)
}

/// The section that a fragment names.
pub(super) fn section_of(facts: &FileFacts, anchor: &str) -> Option<SectionId> {
    let anchor = decode_target(anchor).to_lowercase();
    let anchors = facts.markdown()?.anchors(&facts.text);
    let named = |name: &str| anchors.iter().find(|it| it.0.to_lowercase() == name).map(|it| it.1);
    named(&anchor).or_else(|| named(anchor.strip_prefix("user-content-")?))
}

/// A link that an editor can make clickable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLink {
    /// The destination in the text.
    pub span: Span,
    /// The file it leads to.
    pub path: RelPath,
    /// The fragment as written, without `#`.
    pub fragment: Option<String>,
}

/// The links of a document whose targets exist.
pub fn document_links(workspace: &Workspace, file: FileId) -> Vec<DocumentLink> {
    if super::is_data(workspace.path(file)) {
        return super::asyncapi::links(workspace, file);
    }
    let (Some(context), Some(document)) =
        (workspace.context(file), workspace.facts(file).and_then(FileFacts::document))
    else {
        return Vec::new();
    };
    let facts = context.facts();
    // References to one definition have one target.
    let mut seen = FxHashSet::default();
    let existing = document.links.iter().filter(|it| seen.insert(it.target) && context.exists(&it.path));
    existing
        .map(|it| DocumentLink {
            span: it.target,
            path: it.path.clone(),
            fragment: it.fragment.map(|it| facts.slice(it).to_owned()),
        })
        .collect()
}
