//! Hover: what stands under the cursor, explained.

use archwright_engine::Workspace;
use archwright_knowledge as knowledge;
use archwright_model::{
    FileId, Key, Kind, RelPath,
    conventions::{config::Config, role::Role},
    facts::{ByRole, ChannelRole, FileFacts, LinkFact},
};
use archwright_operations::{CodeView, explain::rule_hover};
use archwright_rules as rules;
use archwright_syntax::{Encoding, LineIndex, Span, markdown::SectionId};
use smol_str::SmolStr;

use super::{
    code::channels as code_channels,
    floor, identifiers, line_at, link_at, link_file, link_origin, named,
    navigation::section_of,
    readiness,
    subject::{Named, Subject, in_mention},
    word_at,
};

/// An explanation of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What is explained.
    pub span: Span,
    /// The explanation.
    pub markdown: String,
}

/// Writes a file of the workspace into a card, as a link where the reader can follow one; the line counts from 1.
pub type ShowFile<'a> = dyn Fn(&RelPath, Option<u32>) -> String + 'a;

/// A file as plain code, for readers that follow no links.
pub fn show_path(path: &RelPath, _: Option<u32>) -> String {
    format!("`{path}`")
}

/// Explains what stands at `offset`: a rule code, a link's target, a key or reference of an AsyncAPI
/// document, a channel, an identifier, a term, a team, a readiness tier or gate, or a name that has a card. Any offset
/// is accepted. `show` writes the files that the card names.
pub fn hover(workspace: &Workspace, file: FileId, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    hover_with(workspace, None, file, offset, show)
}

/// The same with what was found in all code.
pub fn hover_with(
    workspace: &Workspace,
    code: Option<&CodeView>,
    file: FileId,
    offset: usize,
    show: &ShowFile<'_>,
) -> Option<Hover> {
    let text = workspace.text(file)?;
    if offset > text.len() {
        return None;
    }
    let offset = floor(&text, offset);
    let facts = workspace.facts(file);
    if let Some(hover) = rule_code(&text, offset) {
        return Some(hover);
    }
    let in_code = || code.and_then(|it| in_code(workspace, it, file, offset, show));
    let Some(facts) = facts else { return in_code() };
    match link_at(facts, offset) {
        // The words of a target are no names.
        Some(it) if it.target.touches(offset) => link(workspace, &text, it, offset, show),
        it => it
            .and_then(|it| link(workspace, &text, it, offset, show))
            .or_else(|| {
                let key = super::asyncapi::hover(workspace, file, offset, show);
                joined(key, channel(workspace, code, facts, &text, offset, show))
            })
            .or_else(|| tier(workspace, file, offset))
            .or_else(|| identifier(workspace, file, offset, show))
            .or_else(|| joined(name(workspace, file, offset, show), card(facts, offset)))
            .or_else(in_code),
    }
}

/// The card of what a text is, and that of what it names: the key of a 2.x channel is its address too.
fn joined(first: Option<Hover>, second: Option<Hover>) -> Option<Hover> {
    match (first, second) {
        (Some(first), Some(second)) if first.span.contains(second.span) => {
            Some(Hover { span: first.span, markdown: format!("{}\n\n---\n\n{}", first.markdown, second.markdown) })
        }
        (first, second) => first.or(second),
    }
}

/// A rule's code, as it stands in suppression comments and in the configuration.
fn rule_code(text: &str, offset: usize) -> Option<Hover> {
    let span = word_at(text, offset, &['/', '-']);
    let code = span.of(text).trim_end_matches('-');
    let rule = rules::rule(code)?;
    Some(Hover { span: Span::new(span.start as usize, span.start as usize + code.len()), markdown: rule_hover(rule) })
}

/// The target of a link: its title and Summary, or the section that the link names.
fn link(workspace: &Workspace, text: &str, link: &LinkFact, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    let (_, target) = link_file(workspace, &link.path)?;
    let section = link.fragment.and_then(|it| section_of(target, it.of(text)));
    let markdown = section
        .map_or_else(|| summary(target, workspace.config(), show), |it| section_summary(workspace, target, it, show));
    Some(Hover { span: link_origin(link, offset), markdown })
}

/// A section of a document: its title, the file, and what stands first in it.
fn section_summary(workspace: &Workspace, facts: &FileFacts, id: SectionId, show: &ShowFile<'_>) -> String {
    let Some(tree) = facts.markdown() else { return summary(facts, workspace.config(), show) };
    let line = line_of(facts, tree.section(id).heading.start as usize);
    let place = show(&facts.path, line);
    let mut markdown = format!("**{}** (section of {place})\n", tree.plain_title(id, &facts.text));
    let fields = tree.fields_in(id);
    for field in fields.iter().take(FIELDS) {
        markdown.push_str(&format!("\n- {}: {}", facts.slice(field.name), facts.slice(field.value)));
    }
    if let Some(more) = fields.len().checked_sub(FIELDS).filter(|it| *it > 0) {
        markdown.push_str(&format!("\n- … and {more} more"));
    }
    if fields.is_empty()
        && let Some(paragraph) = tree.paragraphs.iter().find(|it| it.section == id)
    {
        markdown.push_str(&format!("\n{}", facts.slice(paragraph.span)));
    }
    markdown
}

/// The line of a byte of a file, from 1; `None` for the first, where every file opens.
pub(super) fn line_of(facts: &FileFacts, offset: usize) -> Option<u32> {
    let line = LineIndex::new(&facts.text).position(offset, &facts.text, Encoding::Utf8).line;
    (line > 0).then_some(line + 1)
}

/// How many fields of a section a card shows.
const FIELDS: usize = 12;

/// What a document says of itself: kind, title and the fields of its Summary.
pub(crate) fn summary(facts: &FileFacts, config: &Config, show: &ShowFile<'_>) -> String {
    let Some(tree) = facts.markdown() else {
        return format!("{}: {}", show(&facts.path, None), facts.kind.title());
    };
    let title = tree.section_ids().nth(1).map(|(id, _)| tree.plain_title(id, &facts.text).into_owned());
    let mut markdown = format!("**{}** ({})\n", title.as_deref().unwrap_or(facts.path.name()), facts.kind.title());
    let document = ByRole::new(tree, &facts.text, facts.kind, config);
    let section = [Role::Summary, Role::ServiceInfo].into_iter().find_map(|it| document.section(it));
    for field in section.map(|it| tree.fields_in(it)).unwrap_or_default() {
        markdown.push_str(&format!("\n- {}: {}", facts.slice(field.name), facts.slice(field.value)));
    }
    // Records of other forms have a section for it, or a line of their own.
    if section.is_none()
        && let Some(status) = document.status()
    {
        let name = config.profile().name(Role::Status);
        markdown.push_str(&format!("\n- {name}: {}\n", status.text.trim()));
    }
    if section.is_none()
        && let Some(paragraph) = tree.paragraphs.first()
    {
        markdown.push_str(&format!("\n{}", facts.slice(paragraph.span)));
    }
    markdown
}

/// A channel's name: who owns it and what its contract promises.
fn channel(
    workspace: &Workspace,
    code: Option<&CodeView>,
    facts: &FileFacts,
    text: &str,
    offset: usize,
    show: &ShowFile<'_>,
) -> Option<Hover> {
    let (name, span) = match in_mention(facts, offset) {
        Some(Named { subject: Subject::Channel(name), span }) => (name, span),
        _ => {
            let word = word_at(text, offset, &['.', '-', '_']);
            let name = word.of(text).trim_end_matches(['.', '-', '_']);
            let span = Span::new(word.start as usize, word.start as usize + name.len());
            (SmolStr::new(name), span)
        }
    };
    let is_mentioned = facts.channels.iter().any(|it| it.name.span == span);
    if !name.contains('.') && !is_mentioned {
        return None;
    }
    Some(Hover { span, markdown: channel_card(workspace, code, &name, show)? })
}

/// What is known of the channel that code has at a place.
fn in_code(workspace: &Workspace, code: &CodeView, file: FileId, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    let (name, span) = code_channels::channel_of_line(workspace, code, file, offset)?;
    Some(Hover { span, markdown: channel_card(workspace, Some(code), &name, show)? })
}

/// Where a channel is spoken of, who sends to it and receives from it in code, and what its contract says of itself;
/// nothing if nobody speaks of it.
fn channel_card(workspace: &Workspace, code: Option<&CodeView>, name: &SmolStr, show: &ShowFile<'_>) -> Option<String> {
    let ids = workspace.index().contributors(&Key::Channel(name.clone()));
    let mut files: Vec<&FileFacts> = ids.iter().filter_map(|it| workspace.facts(*it)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut markdown = format!("**{name}** (channel)\n");
    let mut known = false;
    for file in &files {
        for mention in file.channels.iter().filter(|it| it.name.text == *name) {
            known = true;
            // What was found in all code says more than what one file says by itself.
            if code.is_some() && matches!(mention.role, ChannelRole::Send | ChannelRole::Receive) {
                continue;
            }
            let role = match mention.role {
                ChannelRole::Contract => "contract",
                ChannelRole::Design => "boundary contract in the design",
                ChannelRole::Readme => "named in the feature README",
                ChannelRole::AsyncApi => "AsyncAPI address",
                ChannelRole::Schema => "payload schema",
                ChannelRole::Send => "sent to in code",
                ChannelRole::Receive => "received from in code",
            };
            let place = show(&file.path, line_of(file, mention.name.span.start as usize));
            markdown.push_str(&format!("\n- {role}: {place}"));
            let details = [
                ("; ordering key ", &mention.ordering_key),
                ("; DLQ ", &mention.dlq),
                ("; retention ", &mention.retention),
                ("; compatibility ", &mention.compatibility),
            ];
            for (what, value) in details {
                if let Some(value) = value {
                    markdown.push_str(&format!("{what}{}", value.text));
                }
            }
        }
    }
    if let Some(code) = code {
        let seen = code_channels::ends(workspace, code, name, show);
        known |= !seen.is_empty();
        markdown.push_str(&seen);
    }
    if let Some(contract) = files.iter().find(|it| it.kind == Kind::Contract) {
        markdown.push_str(&format!("\n\n{}", summary(contract, workspace.config(), show)));
        if let Some(owner) = owner(workspace, contract).filter(|_| !names_owner(workspace, contract)) {
            let name = workspace.config().profile().name(Role::Owner);
            markdown.push_str(&format!("\n- {name}: {owner}"));
        }
    }
    known.then_some(markdown)
}

/// Whether a contract says in its Summary who owns it.
fn names_owner(workspace: &Workspace, contract: &FileFacts) -> bool {
    let document = ByRole::of(contract, workspace.config());
    document.is_some_and(|document| {
        let fields = document.section(Role::Summary).map(|it| document.tree.fields_in(it));
        fields.is_some_and(|it| document.field_among(it, Role::Owner).is_some())
    })
}

/// Who owns a contract that does not say so itself: the owner of its feature.
fn owner(workspace: &Workspace, contract: &FileFacts) -> Option<SmolStr> {
    let feature = contract.captures.feature.clone()?;
    let readmes = workspace.index().contributors(&Key::Readme(feature));
    let readme = readmes.iter().find_map(|it| workspace.facts(*it))?;
    ByRole::of(readme, workspace.config())?.field(Role::OwnerTeam).map(|it| it.text)
}

/// A readiness tier or a gate: what the documents of the feature show of it.
fn tier(workspace: &Workspace, file: FileId, offset: usize) -> Option<Hover> {
    let (span, markdown) = readiness::explained(workspace, file, offset)?;
    Some(Hover { span, markdown })
}

/// An identifier: what the row or list item says that defines it.
fn identifier(workspace: &Workspace, file: FileId, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    let (it, span) = identifiers::identifier_at(workspace, file, offset)?;
    Some(Hover { span, markdown: identifiers::describe(workspace, &it, show)? })
}

/// A term of a glossary, or a team.
fn name(workspace: &Workspace, file: FileId, offset: usize, show: &ShowFile<'_>) -> Option<Hover> {
    let (it, span) = named::name_at(workspace, file, offset)?;
    Some(Hover { span, markdown: named::describe(workspace, &it, show)? })
}

/// A name in prose that has a card: a pattern's, a technology's, or one of another kind that is beyond doubt.
fn card(facts: &FileFacts, offset: usize) -> Option<Hover> {
    let (span, card) = card_at(facts, offset)?;
    let written = span.of(&facts.text);
    let markdown = match card {
        NamedCard::Pattern(it) => it.hover_markdown_for(written),
        NamedCard::Other(it) => it.hover_markdown_for(written),
    };
    Some(Hover { span, markdown })
}

/// A card that a text names.
pub(super) enum NamedCard {
    /// That of a pattern.
    Pattern(&'static knowledge::Pattern),
    /// One of another kind.
    Other(&'static knowledge::Card),
}

/// The card that is named at a place of a document, in prose.
pub(super) fn card_at(facts: &FileFacts, offset: usize) -> Option<(Span, NamedCard)> {
    let tree = facts.markdown()?;
    if tree.in_code(offset) {
        return None;
    }
    let line = line_at(&facts.text, offset);
    let at = offset.checked_sub(line.start as usize)?;
    let text = line.of(&facts.text);
    let pattern = || {
        let mention = knowledge::mentions(text).into_iter().find(|it| it.span.touches(at))?;
        Some((mention.span, NamedCard::Pattern(mention.pattern)))
    };
    let other = || {
        let (span, card) = knowledge::card_mentions(text).into_iter().find(|it| it.0.touches(at))?;
        Some((span, NamedCard::Other(card)))
    };
    let (span, card) = pattern().or_else(other)?;
    let start = line.start as usize + span.start as usize;
    Some((Span::new(start, start + span.len()), card))
}
