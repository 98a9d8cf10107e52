//! Completion in documents: sections, field values, links, channels and patterns.

use archwright_knowledge as knowledge;
use archwright_syntax::Span;

use super::{hover::summary, line_at};
use crate::{
    FileId, Key, Kind, Workspace,
    facts::FileFacts,
    profile::{SectionTemplate, Template},
    skeleton,
};

/// What a completion stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A section of the template.
    Section,
    /// A field.
    Field,
    /// A value of a field.
    Value,
    /// A file to link to.
    File,
    /// A channel.
    Channel,
    /// A pattern.
    Pattern,
    /// A rule.
    Rule,
}

/// Something that can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown.
    pub label: String,
    /// What it stands for.
    pub kind: CompletionKind,
    /// A short remark.
    pub detail: Option<String>,
    /// An explanation in Markdown.
    pub documentation: Option<String>,
    /// What it replaces.
    pub replace: Span,
    /// What is put there.
    pub insert: String,
}

/// How many completions an answer has at most.
const LIMIT: usize = 200;

/// What can stand at `offset`.
pub fn completions(workspace: &Workspace, file: FileId, offset: usize) -> Vec<Completion> {
    let Some(facts) = workspace.facts(file) else { return Vec::new() };
    let Some(tree) = facts.markdown() else { return Vec::new() };
    let offset = offset.min(facts.text.len());
    if tree.in_code(offset) && !facts.text.get(..offset).is_some_and(|it| it.ends_with('`')) {
        return Vec::new();
    }
    let line = line_at(&facts.text, offset);
    let before = Span::new(line.start as usize, offset).of(&facts.text);
    let mut found = rule_codes(before, offset)
        .or_else(|| headings(workspace, facts, before, line, offset))
        .or_else(|| link_targets(workspace, facts, before, offset))
        .or_else(|| field_values(workspace, facts, before, line))
        .or_else(|| patterns(workspace, facts, before, offset))
        .or_else(|| channels(workspace, before, offset))
        .unwrap_or_default();
    found.truncate(LIMIT);
    found
}

/// Inside a suppression comment: rule codes.
fn rule_codes(before: &str, offset: usize) -> Option<Vec<Completion>> {
    let typed = before.rsplit_once("archwright:")?.1.trim_start().strip_prefix("allow")?;
    if typed.contains("--") {
        return None;
    }
    let typed = typed.rsplit([' ', ',']).next().unwrap_or_default();
    let replace = Span::new(offset - typed.len(), offset);
    let rule = |it: &&crate::Rule| Completion {
        label: it.code.to_owned(),
        kind: CompletionKind::Rule,
        detail: Some(it.severity.to_string()),
        documentation: Some(it.summary.to_owned()),
        replace,
        insert: it.code.to_owned(),
    };
    Some(crate::rules::rules().iter().map(rule).collect())
}

/// At the start of a line or behind `#`: the sections that the template has and the document lacks.
fn headings(workspace: &Workspace, facts: &FileFacts, before: &str, line: Span, offset: usize) -> Option<Vec<Completion>> {
    if !(before.is_empty() || before.starts_with('#')) || !facts.opted_in() {
        return None;
    }
    let typed = before.trim_start_matches('#').trim_start();
    if before.is_empty() && line.end as usize != offset {
        return None;
    }
    let template = workspace.config().template(facts.kind)?;
    let replace = Span::new(line.start as usize, line.end as usize);
    let missing = missing_sections(facts, template);
    let starts = |it: &&SectionTemplate| it.name.get(..typed.len()).is_some_and(|it| it.eq_ignore_ascii_case(typed)) || typed.is_empty();
    let section = |it: &SectionTemplate| {
        let text = skeleton::section(it, workspace.config());
        Completion {
            label: format!("{} {}", "#".repeat(usize::from(it.level)), it.name),
            kind: CompletionKind::Section,
            detail: Some(if it.required { "missing section".to_owned() } else { "optional section".to_owned() }),
            documentation: Some(format!("```markdown\n{text}\n```")),
            replace,
            insert: text,
        }
    };
    Some(missing.into_iter().filter(starts).map(section).collect())
}

/// The sections of the template that a document does not have.
pub(crate) fn missing_sections<'t>(facts: &FileFacts, template: &'t Template) -> Vec<&'t SectionTemplate> {
    let Some(tree) = facts.markdown() else { return Vec::new() };
    let titles: Vec<_> = tree.section_ids().skip(1).map(|(id, _)| tree.plain_title(id, &facts.text)).collect();
    template.sections.iter().filter(|section| !titles.iter().any(|it| section.is_called(it.trim()))).collect()
}

/// Inside the parentheses of a link: artifacts, and headings behind `#`.
fn link_targets(workspace: &Workspace, facts: &FileFacts, before: &str, offset: usize) -> Option<Vec<Completion>> {
    let typed = before.rsplit_once("](")?.1;
    if typed.contains([')', ' ']) {
        return None;
    }
    let folder = facts.path.parent();
    if let Some((path, anchor)) = typed.split_once('#') {
        let target = if path.is_empty() { facts } else { workspace.facts(workspace.file(&folder.join(path))?)? };
        let tree = target.markdown()?;
        let replace = Span::new(offset - anchor.len(), offset);
        let heading = |(slug, id): (smol_str::SmolStr, _)| Completion {
            label: slug.to_string(),
            kind: CompletionKind::File,
            detail: Some(tree.plain_title(id, &target.text).into_owned()),
            documentation: None,
            replace,
            insert: slug.to_string(),
        };
        return Some(tree.anchors(&target.text).into_iter().map(heading).collect());
    }
    let replace = Span::new(offset - typed.len(), offset);
    let wanted = typed.trim_start_matches("../").trim_start_matches("./").to_lowercase();
    let mut artifacts: Vec<(usize, String, &FileFacts)> = workspace
        .files()
        .filter_map(|it| workspace.facts(it))
        .filter(|it| it.kind.is_artifact() && it.path != facts.path && it.path.as_str().to_lowercase().contains(&wanted))
        .map(|it| (it.path.relative_to(&folder), it))
        .map(|(path, it)| (path.matches('/').count(), path, it))
        .collect();
    // The nearest first: an answer is cut, and what lies near is meant most often.
    let keep = artifacts.len().min(LIMIT);
    if artifacts.len() > LIMIT {
        artifacts.select_nth_unstable_by(LIMIT, |a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    }
    artifacts.truncate(keep);
    artifacts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let file = |(_, path, it): (usize, String, &FileFacts)| Completion {
        label: path.clone(),
        kind: CompletionKind::File,
        detail: Some(it.kind.title().to_owned()),
        documentation: Some(summary(it)),
        replace,
        insert: path,
    };
    Some(artifacts.into_iter().map(file).collect())
}

/// Behind a field's colon: the values it can have.
fn field_values(workspace: &Workspace, facts: &FileFacts, before: &str, line: Span) -> Option<Vec<Completion>> {
    let (name, typed) = before.split_once(':')?;
    let name = name
        .trim_start_matches(|it: char| it.is_whitespace() || it.is_ascii_digit() || matches!(it, '-' | '*' | '.' | '+'))
        .trim_end_matches('*')
        .trim();
    let typed = typed.trim_start_matches('*');
    let lead = typed.len() - typed.trim_start().len();
    let start = line.start as usize + before.len() - typed.len() + lead;
    let values: Vec<String> = match name.to_lowercase().as_str() {
        "status" => workspace.config().template(facts.kind)?.status.clone(),
        "tier" | "tier achieved" => workspace.config().profile().tiers.names.clone(),
        "compatibility mode" | "compatibility" => ["BACKWARD", "FORWARD", "FULL", "NONE"].map(str::to_owned).to_vec(),
        "delivery" => ["at-least-once", "at-most-once", "effectively-once"].map(str::to_owned).to_vec(),
        "channel" => {
            return channels(workspace, "`", line.end as usize).map(|found| replace_all(found, Span::new(start, line.end as usize)));
        }
        _ => return None,
    };
    let space = if lead == 0 { " " } else { "" };
    let replace = Span::new(start, line.end as usize);
    let value = |it: String| Completion {
        insert: format!("{space}{it}"),
        label: it,
        kind: CompletionKind::Value,
        detail: None,
        documentation: None,
        replace,
    };
    Some(values.into_iter().map(value).collect())
}

fn replace_all(found: Vec<Completion>, replace: Span) -> Vec<Completion> {
    found.into_iter().map(|it| Completion { replace, ..it }).collect()
}

/// At the start of a bullet in a Patterns section: pattern names.
fn patterns(workspace: &Workspace, facts: &FileFacts, before: &str, offset: usize) -> Option<Vec<Completion>> {
    let tree = facts.markdown()?;
    let section = tree.section_at(offset);
    let template = workspace.config().template(facts.kind).and_then(|it| it.section("Patterns"));
    let title = tree.plain_title(section, &facts.text);
    if !template.map_or_else(|| title.eq_ignore_ascii_case("Patterns"), |it| it.is_called(title.trim())) {
        return None;
    }
    let typed = before.trim_start().strip_prefix(['-', '*', '+'])?.trim_start();
    if typed.contains(':') {
        return None;
    }
    let replace = Span::new(offset - typed.len(), offset);
    let pattern = |it: &knowledge::Pattern| Completion {
        label: it.name.to_string(),
        kind: CompletionKind::Pattern,
        detail: Some(it.summary.to_string()),
        documentation: Some(it.hover_markdown()),
        replace,
        insert: it.name.to_string(),
    };
    Some(knowledge::patterns().iter().map(pattern).collect())
}

/// In backticks or a table cell, once a letter is typed: the channels that have a contract or an AsyncAPI address.
fn channels(workspace: &Workspace, before: &str, offset: usize) -> Option<Vec<Completion>> {
    let start = before.rfind(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_'))).map_or(0, |it| it + 1);
    let typed = before.get(start..)?;
    let opener = before.get(..start)?.trim_end().chars().next_back()?;
    if !matches!(opener, '`' | '|' | '-' | '*' | ':') || (typed.is_empty() && opener != '`') {
        return None;
    }
    let replace = Span::new(offset - typed.len(), offset);
    let mut found: Vec<Completion> = workspace
        .index()
        .contributors(&Key::Contracts)
        .iter()
        .filter_map(|it| workspace.facts(*it))
        .filter(|it| it.kind == Kind::Contract)
        .filter_map(|it| Some((it.captures.channel.as_ref()?, it)))
        .filter(|it| it.0.starts_with(typed))
        .map(|(name, it)| Completion {
            label: name.to_string(),
            kind: CompletionKind::Channel,
            detail: Some(it.path.to_string()),
            documentation: Some(summary(it)),
            replace,
            insert: name.to_string(),
        })
        .collect();
    found.sort_by(|a, b| a.label.cmp(&b.label));
    Some(found)
}
