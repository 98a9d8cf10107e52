//! Sequence diagrams of Mermaid: who says what to whom, in turn.

use archwright_syntax::markdown::CodeBlock;
use rustc_hash::FxHashMap;

use crate::prelude::*;

/// An arrow of a diagram, with the names that its ends are shown by.
pub(super) struct Arrow<'t> {
    pub from: &'t str,
    pub to: &'t str,
    pub label: &'t str,
    pub span: Span,
}

/// The arrows of a block, in its order; none if it is no sequence diagram.
pub(super) fn arrows<'t>(text: &'t str, block: &CodeBlock) -> Vec<Arrow<'t>> {
    let content = block.content.of(text);
    let is_diagram = block.language.of(text).eq_ignore_ascii_case("mermaid")
        && content.lines().any(|it| it.trim() == "sequenceDiagram");
    if !is_diagram {
        return Vec::new();
    }
    let mut shown: FxHashMap<&str, &str> = FxHashMap::default();
    let mut found = Vec::new();
    let mut at = block.content.start as usize;
    for line in content.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = line.trim();
        let declared = ["participant ", "actor ", "create participant "].iter().find_map(|it| line.strip_prefix(it));
        if let Some((id, name)) = declared.and_then(|it| it.split_once(" as ")) {
            shown.insert(id.trim(), name.trim());
        } else if let Some((ends, label)) = line.split_once(':').filter(|_| declared.is_none())
            && let Some((from, to)) = ends_of(ends)
        {
            let name = |it: &'t str| shown.get(it).copied().unwrap_or(it);
            let span = Span::new(start, start + line.len());
            found.push(Arrow { from: name(from), to: name(to), label: label.trim(), span });
        }
    }
    found
}

/// The ends of an arrow: `basket` and `db` of `basket->>+db`.
fn ends_of(text: &str) -> Option<(&str, &str)> {
    const HEADS: [&str; 8] = ["-->>", "->>", "-->", "->", "--x", "-x", "--)", "-)"];
    let at = text.find('-')?;
    let (from, rest) = text.split_at_checked(at)?;
    let to = HEADS.iter().find_map(|it| rest.strip_prefix(it))?;
    let (from, to) = (from.trim(), to.trim().trim_start_matches(['+', '-']).trim());
    (!from.is_empty() && !to.is_empty()).then_some((from, to))
}
