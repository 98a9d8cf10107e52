//! "This is wrong": the comment that allows a finding in its place, and asks for the reason.
//!
//! A comment without a reason is a finding itself (`document/invalid-suppression`), and so is a placeholder for one:
//! what is allowed stays visible until somebody says why.

use archwright_engine::{Finding, Workspace};
use archwright_model::{
    ContentHash, FileId, RelPath, WorkspaceEdit,
    conventions::config::LinkScope,
    facts::{self, Content, FileFacts, Suppression, suppression},
    values::value,
};
use archwright_operations::CodeView;
use archwright_syntax::{
    Span, TextEdit, TextEdits,
    data::{self, Format},
    markdown::Document,
    newline,
};

use super::{
    actions::{Action, ActionKind},
    line_at,
};

/// The rules about such comments, which no comment can allow.
const ABOUT_COMMENTS: [&str; 2] = ["document/invalid-suppression", "document/unused-suppression"];

/// For each finding in a selection the action that writes the comment which allows it, where comments can stand.
pub fn allowances(workspace: &Workspace, file: FileId, span: Span) -> Vec<Action> {
    let overlaps = |it: &Span| it.start <= span.end && span.start <= it.end;
    let Some(text) = workspace.text(file) else { return Vec::new() };
    let facts = workspace.facts(file);
    let path = workspace.path(file);
    let mut offered: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for finding in workspace.findings(file).iter().filter(|it| overlaps(&it.span)) {
        let code = finding.rule.code;
        if offered.contains(&code) || ABOUT_COMMENTS.contains(&code) {
            continue;
        }
        let comment = match facts {
            Some(facts) => comment(workspace, facts, finding),
            // Code and infrastructure that no rule reads by itself.
            None => beside_rules(path, &text, finding),
        };
        if let Some(Comment { edits, in_file }) = comment {
            offered.push(code);
            let place = if in_file { "in this file" } else { "here" };
            found.push(Action {
                title: format!("This is wrong: allow `{code}` {place}, and say why"),
                kind: ActionKind::QuickFix,
                edit: WorkspaceEdit::text(path.clone(), ContentHash::of(text.as_bytes()), edits),
                findings: vec![finding.clone()],
                preferred: false,
            });
        }
    }
    found
}

/// A comment as an edit.
struct Comment {
    edits: TextEdits,
    /// It holds for the whole file.
    in_file: bool,
}

/// The comment that allows a finding; `None` where none can stand.
fn comment(workspace: &Workspace, facts: &FileFacts, finding: &Finding) -> Option<Comment> {
    let (text, code, at) = (&*facts.text, finding.rule.code, finding.span.start as usize);
    if text.is_empty() || finding.span.end as usize > text.len() {
        return None;
    }
    let words = |allow: &str| words(allow, code);
    match &facts.content {
        Content::Document(document) => {
            if !(facts.kind.is_artifact() || workspace.config().links() == LinkScope::All) {
                return None;
            }
            let tree = &document.tree;
            let reads = |after: &str| suppression::in_markdown(&facts::tree(after), after);
            let nearby = in_place(tree, text, at, &format!("<!-- {} -->", words("allow")));
            if let Some(edits) = nearby.and_then(|it| holds(text, it, at, code, reads)) {
                return Some(Comment { edits, in_file: false });
            }
            let everywhere = for_file(tree, text, &format!("<!-- {} -->", words("allow-file")));
            Some(Comment { edits: holds(text, everywhere, at, code, reads)?, in_file: true })
        }
        Content::Code(_) => in_line(text, at, code, marker(&facts.path)?, &words("allow")),
        _ if Format::of_path(facts.path.as_str()) == Some(Format::Yaml) => {
            // In a text of several lines the comment would be a part of it.
            let tree = data::parse(text, Format::Yaml);
            let node = tree.node_at(at)?.node;
            let is_inside = node.scalar().is_some() && node.span().start < line_at(text, at).start;
            if is_inside { None } else { in_line(text, at, code, "#", &words("allow")) }
        }
        _ => None,
    }
}

/// The comment in a file that no rule reads by itself.
fn beside_rules(path: &RelPath, text: &str, finding: &Finding) -> Option<Comment> {
    let (code, at) = (finding.rule.code, finding.span.start as usize);
    if finding.span.end as usize > text.len() {
        return None;
    }
    in_line(text, at, code, marker(path)?, &words("allow", code))
}

fn words(allow: &str, code: &str) -> String {
    format!("archwright: {allow} {code} -- {}", value::placeholder("why is this right?"))
}

/// What comments begin with in code and in what declares infrastructure.
fn marker(path: &RelPath) -> Option<&'static str> {
    match path.extension() {
        "py" | "pyi" | "rb" | "rake" | "tf" | "tofu" | "yml" | "yaml" => Some("#"),
        _ => CodeView::is_code(path).then_some("//"),
    }
}

/// A comment in the line above a place.
fn in_line(text: &str, at: usize, code: &str, marker: &str, words: &str) -> Option<Comment> {
    let edit = above(text, at, &format!("{marker} {words}"));
    let edits = holds(text, edit, at, code, |after| suppression::in_comments(after, marker))?;
    Some(Comment { edits, in_file: false })
}

/// An edit if the comment that it writes holds where the finding stands afterwards.
fn holds(
    text: &str,
    edit: TextEdit,
    at: usize,
    code: &str,
    reads: impl Fn(&str) -> Vec<Suppression>,
) -> Option<TextEdits> {
    let (start, length) = (edit.span.start as usize, edit.replacement.len());
    let moved = if start <= at { at + length } else { at };
    let edits = TextEdits::new(vec![edit]).ok()?;
    let after = edits.apply(text).ok()?;
    let allows = |it: &Suppression| it.scope.touches(moved) && it.rules.iter().any(|it| it.0 == code);
    reads(&after).iter().any(allows).then_some(edits)
}

/// A comment line above the line of a place, as far in as it.
fn above(text: &str, at: usize, comment: &str) -> TextEdit {
    let line = line_at(text, at);
    let written = line.of(text);
    let indent = written.get(..written.len() - written.trim_start().len()).unwrap_or_default();
    TextEdit::insert(line.start as usize, format!("{indent}{comment}{}", newline(text)))
}

/// A comment behind the text of a list item, or above the block that a place lies in.
fn in_place(tree: &Document, text: &str, at: usize, comment: &str) -> Option<TextEdit> {
    if tree.front_matter.is_some_and(|it| at < it.span.end as usize) {
        return None;
    }
    let line = line_at(text, at);
    let in_block = tree.code_blocks.iter().find(|it| it.span.range().contains(&at));
    let in_item = in_block.is_none() && tree.items.iter().any(|it| it.span.range().contains(&at));
    let in_table = tree.tables.iter().any(|it| it.span.range().contains(&at));
    if in_item && !in_table {
        let end = line.start as usize + line.of(text).trim_end().len();
        return Some(TextEdit::insert(end, format!(" {comment}")));
    }
    let mut start = in_block.map_or(line.start as usize, |it| line_at(text, it.span.start as usize).start as usize);
    // A comment inside of a table or a paragraph would end it.
    while let Some(above) = start.checked_sub(1).map(|it| line_at(text, it)).filter(|it| !it.of(text).trim().is_empty())
    {
        start = above.start as usize;
    }
    let is_first = start == 0 && tree.sections.get(1).is_some_and(|it| it.heading.contains(line));
    // The title of a document stays its first line.
    (!is_first).then(|| TextEdit::insert(start, format!("{comment}{}", newline(text))))
}

/// A comment for the whole file, below its title.
fn for_file(tree: &Document, text: &str, comment: &str) -> TextEdit {
    let newline = newline(text);
    let title = tree.sections.get(1).filter(|it| it.level == 1).map(|it| it.heading.end as usize);
    let front = tree.front_matter.map(|it| it.span.end as usize);
    match title {
        Some(end) if text.get(..end).is_some_and(|it| it.ends_with('\n')) => {
            TextEdit::insert(end, format!("{newline}{comment}{newline}"))
        }
        Some(end) => TextEdit::insert(end, format!("{newline}{newline}{comment}{newline}")),
        None => TextEdit::insert(front.unwrap_or(0), format!("{comment}{newline}{newline}")),
    }
}
