//! Hover: what stands under the cursor, explained.

use archwright_knowledge as knowledge;
use archwright_syntax::Span;

use super::{line_at, word_at};
use crate::{
    FileId, Key, Kind, Workspace,
    explain::rule_hover,
    facts::{ChannelRole, FileFacts},
    rules,
};

/// An explanation of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What is explained.
    pub span: Span,
    /// The explanation.
    pub markdown: String,
}

/// Explains what stands at `offset`: a rule code, a link's target, a channel or a pattern name.
pub fn hover(workspace: &Workspace, file: FileId, offset: usize) -> Option<Hover> {
    let facts = workspace.facts(file)?;
    rule_code(workspace, file, offset)
        .or_else(|| link(workspace, facts, offset))
        .or_else(|| channel(workspace, facts, offset))
        .or_else(|| pattern(facts, offset))
}

/// A rule's code, as it stands in suppression comments and in the configuration.
fn rule_code(workspace: &Workspace, file: FileId, offset: usize) -> Option<Hover> {
    let text = workspace.text(file)?;
    let span = word_at(&text, offset, &['/', '-']);
    let rule = rules::rule(span.of(&text))?;
    Some(Hover { span, markdown: rule_hover(rule) })
}

/// The target of a link: its title and Summary.
fn link(workspace: &Workspace, facts: &FileFacts, offset: usize) -> Option<Hover> {
    let document = facts.document()?;
    let link = document.links.iter().find(|it| it.target.touches(offset))?;
    let target = workspace.facts(workspace.file(&link.path)?)?;
    Some(Hover { span: link.target, markdown: summary(target) })
}

/// What a document says of itself: kind, title and the fields of its Summary.
pub(crate) fn summary(facts: &FileFacts) -> String {
    let Some(tree) = facts.markdown() else { return format!("`{}`: {}", facts.path, facts.kind.title()) };
    let title = tree.section_ids().nth(1).map(|(id, _)| tree.plain_title(id, &facts.text).into_owned());
    let mut markdown = format!("**{}** ({})\n", title.as_deref().unwrap_or(facts.path.name()), facts.kind.title());
    let section = ["Summary", "Service info"].iter().find_map(|it| tree.find_section(&facts.text, None, it));
    for field in section.map(|it| tree.fields_in(it)).unwrap_or_default() {
        markdown.push_str(&format!("\n- {}: {}", facts.slice(field.name), facts.slice(field.value)));
    }
    if section.is_none()
        && let Some(paragraph) = tree.paragraphs.first()
    {
        markdown.push_str(&format!("\n{}", facts.slice(paragraph.span)));
    }
    markdown
}

/// A channel's name: who owns it and what its contract promises.
fn channel(workspace: &Workspace, facts: &FileFacts, offset: usize) -> Option<Hover> {
    let span = word_at(&facts.text, offset, &['.', '-', '_']);
    let name = span.of(&facts.text).trim_end_matches('.');
    if !name.contains('.') {
        return None;
    }
    let ids = workspace.index().contributors(&Key::Channel(name.into()));
    let mut files: Vec<&FileFacts> = ids.iter().filter_map(|it| workspace.facts(*it)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut markdown = format!("**{name}** (channel)\n");
    let mut known = false;
    for file in &files {
        for mention in file.channels.iter().filter(|it| it.name.text == name) {
            known = true;
            let role = match mention.role {
                ChannelRole::Contract => "contract",
                ChannelRole::Design => "boundary contract in the design",
                ChannelRole::Readme => "named in the feature README",
                ChannelRole::AsyncApi => "AsyncAPI address",
                ChannelRole::Schema => "payload schema",
                ChannelRole::Send => "sent to in code",
                ChannelRole::Receive => "received from in code",
            };
            markdown.push_str(&format!("\n- {role}: `{}`", file.path));
            let details = [
                ("ordering key", &mention.ordering_key),
                ("DLQ", &mention.dlq),
                ("retention", &mention.retention),
                ("compatibility", &mention.compatibility),
            ];
            for (name, value) in details {
                if let Some(value) = value {
                    markdown.push_str(&format!("; {name} {}", value.text));
                }
            }
        }
    }
    if let Some(contract) = files.iter().find(|it| it.kind == Kind::Contract) {
        markdown.push_str(&format!("\n\n{}", summary(contract)));
    }
    known.then(|| Hover { span: Span::new(span.start as usize, span.start as usize + name.len()), markdown })
}

/// A pattern's name in prose.
fn pattern(facts: &FileFacts, offset: usize) -> Option<Hover> {
    let tree = facts.markdown()?;
    if tree.code_blocks.iter().any(|it| it.span.touches(offset)) {
        return None;
    }
    let line = line_at(&facts.text, offset);
    let at = offset.checked_sub(line.start as usize)?;
    let mention = knowledge::mentions(line.of(&facts.text)).into_iter().find(|it| it.span.touches(at))?;
    let start = line.start as usize + mention.span.start as usize;
    Some(Hover { span: Span::new(start, start + mention.span.len()), markdown: mention.pattern.hover_markdown() })
}
