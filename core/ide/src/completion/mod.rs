//! Completion in documents: what can stand at the cursor, and where it is asked for.

mod fields;
mod links;
mod names;
mod prose;
mod sections;
mod tables;
mod values;

use archwright_engine::Workspace;
use archwright_model::{
    FileId,
    conventions::config::LinkScope,
    facts::{ByRole, FileFacts},
};
use archwright_syntax::{Span, markdown::Document};

use super::{floor, line_at};

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
    /// A team.
    Team,
    /// A term of a glossary, or an identifier.
    Term,
}

/// Why completions are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A character was typed. Nothing is offered in the middle of a sentence.
    Typed,
    /// Somebody asked.
    Asked,
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
    /// What it replaces: a piece of the cursor's line that touches the cursor.
    pub replace: Span,
    /// What is put there.
    pub insert: String,
}

/// How many completions an answer has at most.
const LIMIT: usize = 200;
/// How many of them have an explanation that has to be read from a file.
const EXPLAINED: usize = 40;

/// The cursor and what stands around it.
struct Cursor<'a> {
    workspace: &'a Workspace,
    facts: &'a FileFacts,
    tree: &'a Document,
    /// Where it stands, on a character boundary.
    offset: usize,
    /// Its line, without the line ending.
    line: Span,
    /// The line up to the cursor.
    before: &'a str,
    /// The line from the cursor on.
    after: &'a str,
    /// Why it is asked.
    occasion: Occasion,
}

impl Cursor<'_> {
    /// The document by the roles of its parts.
    fn by_role(&self) -> ByRole<'_> {
        ByRole::new(self.tree, &self.facts.text, self.facts.kind, self.workspace.config())
    }

    /// The span of `typed`, which ends at the cursor, with what follows the cursor and belongs to the same word.
    fn word(&self, typed: &str, is_word: impl Fn(char) -> bool) -> Span {
        let rest = self.after.len() - self.after.trim_start_matches(is_word).len();
        Span::new(self.offset - typed.len(), self.offset + rest)
    }

    /// Whether the cursor stands in inline code that began on this line, closed or not.
    fn in_backticks(&self) -> bool {
        self.before.matches('`').count() % 2 == 1
    }

    /// Whether the cursor stands in a code block. One that is not closed goes on to the end of the text.
    fn in_code_block(&self) -> bool {
        let at = self.tree.code_blocks.partition_point(|it| (it.span.start as usize) < self.offset);
        at.checked_sub(1).and_then(|it| self.tree.code_blocks.get(it)).is_some_and(|it| {
            let unclosed = it.content.end == it.span.end && (it.fenced || !self.before.is_empty());
            self.offset < it.span.end as usize || (unclosed && self.offset == it.span.end as usize)
        })
    }

    fn in_comment(&self) -> bool {
        let inside = |it: Span| (it.start as usize) < self.offset && self.offset < it.end as usize;
        self.tree.comments.iter().any(|it| inside(it.span))
    }

    fn in_front_matter(&self) -> bool {
        self.tree.front_matter.is_some_and(|it| self.offset < it.span.end as usize)
    }
}

/// What can stand at `offset`. Any offset is accepted: one past the end counts as the end.
///
/// Only artifacts are completed. In other documents links to artifacts are, and rule codes if their links are checked.
pub fn completions(workspace: &Workspace, file: FileId, offset: usize, occasion: Occasion) -> Vec<Completion> {
    let Some(facts) = workspace.facts(file) else { return Vec::new() };
    let Some(tree) = facts.markdown() else {
        let text = workspace.text(file).unwrap_or_default();
        let offset = floor(&text, offset);
        let mut found = names::rule_codes_in_data(&text, offset)
            .or_else(|| super::asyncapi::completions(workspace, facts, offset))
            .unwrap_or_default();
        cut(&mut found, &text, offset);
        return found;
    };
    let is_artifact = facts.kind.is_artifact();
    let offset = floor(&facts.text, offset);
    let line = line_at(&facts.text, offset);
    let before = facts.slice(Span::new(line.start as usize, offset));
    let after = facts.slice(Span::new(offset, line.end as usize));
    let cursor = Cursor { workspace, facts, tree, offset, line, before, after, occasion };
    if cursor.in_code_block() {
        return Vec::new();
    }
    let is_checked = is_artifact || workspace.config().links() == LinkScope::All;
    let mut found = if is_checked { names::rule_codes(&cursor) } else { None };
    if cursor.in_comment() {
        return found.unwrap_or_default();
    }
    if cursor.in_backticks() {
        found = if is_artifact { prose::in_code(&cursor) } else { None };
    } else {
        found = found.or_else(|| links::targets(&cursor));
        if is_artifact {
            found = found
                .or_else(|| values::status_section(&cursor))
                .or_else(|| sections::headings(&cursor))
                .or_else(|| values::field_values(&cursor))
                .or_else(|| tables::cell_values(&cursor))
                .or_else(|| fields::names(&cursor))
                .or_else(|| names::patterns(&cursor))
                .or_else(|| names::channels(&cursor))
                .or_else(|| prose::names(&cursor));
        }
    }
    let mut found = found.unwrap_or_default();
    cut(&mut found, &facts.text, offset);
    found
}

/// Cuts an answer that is too long; what holds what is typed already comes first then, so that typing leads to the
/// rest.
fn cut(found: &mut Vec<Completion>, text: &str, offset: usize) {
    if found.len() > LIMIT {
        let typed = |it: &Completion| text.get(it.replace.start as usize..offset).unwrap_or_default().to_lowercase();
        found.sort_by_cached_key(|it| !it.label.to_lowercase().contains(&typed(it)));
        found.truncate(LIMIT);
    }
}
