//! Self-check of a tree, for tests and fuzzing.

use super::node::Shape;
use super::{Entry, Kind, Node, PathSegment, ScalarStyle, Tree};
use crate::Span;

/// Fails with the words and the span unless the condition holds.
fn hold(condition: bool, promise: &str, span: Span) -> Result<(), String> {
    if condition { Ok(()) } else { Err(format!("{promise}: {}..{}", span.start, span.end)) }
}

impl Tree {
    /// Checks what every tree promises about its spans, paths and limits; the first broken promise is the error.
    pub fn verify(&self) -> Result<(), String> {
        let mut last = 0;
        for error in &self.errors {
            self.fits(error.span)?;
            hold(last <= error.span.start, "errors are in order", error.span)?;
            hold(!error.message.is_empty(), "errors have messages", error.span)?;
            last = error.span.start;
        }
        for anchor in &self.anchors {
            self.fits(anchor.1)?;
        }
        for root in self.roots() {
            hold(root.parent().is_none(), "a root has no parent", root.span())?;
            self.verify_below(root)?;
        }
        Ok(())
    }

    fn fits(&self, span: Span) -> Result<(), String> {
        hold(self.text.get(span.range()).is_some(), "spans lie in the text on character boundaries", span)
    }

    fn verify_below(&self, root: Node<'_>) -> Result<(), String> {
        let mut stack = vec![(root, 1)];
        while let Some((node, depth)) = stack.pop() {
            let span = node.span();
            self.fits(span)?;
            hold(depth <= super::MAX_DEPTH + 1, "nesting is limited", span)?;
            self.verify_place(node)?;
            if node.is_alias() {
                hold(node.alias_of().is_some_and(|it| !it.is_alias()), "an alias refers to a value", span)?;
                continue;
            }
            let mut last = span.start;
            for item in node.items() {
                hold(span.contains(item.span()), "items lie in their sequence", item.span())?;
                hold(last <= item.span().start, "items are in order", item.span())?;
                hold(item.parent() == Some(node), "items know their sequence", item.span())?;
                last = item.span().end;
                stack.push((item, depth + 1));
            }
            for entry in node.written_entries() {
                self.fits(entry.key_span)?;
                hold(span.contains(entry.span()), "entries lie in their mapping", entry.span())?;
                hold(
                    last <= entry.key_span.start && entry.key_span.end <= entry.value.span().start,
                    "entries are in order",
                    entry.span(),
                )?;
                hold(entry.value.parent() == Some(node), "values know their mapping", entry.value.span())?;
                hold(entry.value.as_entry() == Some(entry), "values know their entry", entry.value.span())?;
                self.verify_key(entry)?;
                last = entry.value.span().end;
                stack.push((entry.value, depth + 1));
            }
            for entry in node.entries() {
                let found = node.entry(entry.key).map(|it| it.key);
                hold(found == Some(entry.key), "every key is found", entry.key_span)?;
            }
            if self.errors.is_empty() {
                Self::verify_scalar(node)?;
            }
        }
        Ok(())
    }

    /// A node is found at its place and by its pointer.
    fn verify_place(&self, node: Node<'_>) -> Result<(), String> {
        let span = node.span();
        let is_first = self.root().is_some_and(|it| it.span().contains(span)) && self.roots.len() == 1;
        // What stands under a merge key is reached by another way, if at all.
        let path = node.path();
        if is_first && self.errors.is_empty() && path.len() < 32 && !path.contains(&PathSegment::Key("<<")) {
            hold(self.pointer(&node.pointer()) == Some(node), "a node is found by its pointer", span)?;
        }
        for at in [span.start as usize, span.end as usize] {
            if is_first {
                let found =
                    self.node_at(at).map(|it| it.node.span().touches(at) || it.key.is_some() || it.node.is_null());
                hold(found == Some(true), "a node is found at its place", span)?;
            }
        }
        Ok(())
    }

    fn verify_key(&self, entry: Entry<'_>) -> Result<(), String> {
        let source = entry.key_span.of(&self.text);
        let is_plain = !source.starts_with(['"', '\'', '*', '|', '>', '[', '{']);
        hold(
            !is_plain || !self.errors.is_empty() || same_words(source, entry.key),
            "a plain key is what it spans",
            entry.key_span,
        )
    }

    /// The text under a scalar's span is the scalar.
    fn verify_scalar(node: Node<'_>) -> Result<(), String> {
        if matches!(node.data().shape, Shape::Sequence { .. } | Shape::Mapping { .. }) {
            let brackets = matches!(
                (node.source().chars().next(), node.source().chars().last()),
                (Some('['), Some(']')) | (Some('{'), Some('}'))
            );
            return hold(
                brackets || node.written_entries().next().is_some() || !node.is_empty(),
                "a collection has brackets or content",
                node.span(),
            );
        }
        let source = node.source();
        let text = node.scalar().unwrap_or_default();
        let promise = match node.style() {
            ScalarStyle::Plain => same_words(source, text),
            ScalarStyle::SingleQuoted => source.len() > 1 && source.starts_with('\'') && source.ends_with('\''),
            ScalarStyle::DoubleQuoted => source.len() > 1 && source.starts_with('"') && source.ends_with('"'),
            ScalarStyle::Literal => source.starts_with('|'),
            ScalarStyle::Folded => source.starts_with('>'),
        };
        hold(promise, "the text under a scalar's span is the scalar", node.span())?;
        let number = matches!(node.kind(), Kind::Float) && node.as_f64().is_none();
        hold(!number, "a float has a value", node.span())
    }
}

/// Whether two texts are equal up to blanks and line breaks, which a plain scalar folds.
fn same_words(a: &str, b: &str) -> bool {
    let blank = |it: &char| !matches!(it, ' ' | '\t' | '\n' | '\r');
    a.chars().filter(blank).eq(b.chars().filter(blank))
}
