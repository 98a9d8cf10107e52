//! Reads texts: strings, templates and what formats them.

use tree_sitter::Node;

use super::reader::Reader;
use super::syntax::{child, children, descendants, field};
use super::{Expression, Unit};
use crate::{
    Language,
    literal::decode,
    source::{Deadline, parse_with},
};

impl<'t> Reader<'t> {
    pub(super) fn text(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let parts = children(node);
        let raw = self.text_of(node);
        let mut values: Vec<Expression> = Vec::new();
        let mut plain = String::new();
        let mut seen = false;
        for part in &parts {
            match part.kind() {
                "interpolation"
                | "template_substitution"
                | "variable_name"
                | "member_access_expression"
                | "subscript_expression"
                | "interpolated_identifier"
                | "interpolated_expression" => {
                    if !plain.is_empty() {
                        values.push(Expression::Text(std::mem::take(&mut plain).into()));
                    }
                    let inner = field(*part, "expression").or_else(|| {
                        let inside = children(*part);
                        inside
                            .into_iter()
                            .find(|it| it.kind() != "interpolation_brace" && part.kind() != "variable_name")
                    });
                    values.push(self.expression(inner.unwrap_or(*part), owner));
                    seen = true;
                }
                "escape_sequence" => {
                    plain.push_str(&decode(self.text_of(*part)));
                    seen = true;
                }
                "string_start" | "string_end" | "interpolation_start" | "interpolation_quote" | "heredoc_start" => {}
                _ => {
                    plain.push_str(self.text_of(*part));
                    seen = true;
                }
            }
        }
        if !seen {
            let inner = raw.trim_start_matches(|it: char| it.is_alphabetic() || matches!(it, '@' | '$' | '#'));
            let is_quote = |it: char| matches!(it, '"' | '\'' | '`' | '#');
            return Expression::Text(inner.trim_matches(is_quote).into());
        }
        if values.is_empty() {
            return self.simple_template(&plain);
        }
        if !plain.is_empty() {
            values.push(Expression::Text(plain.into()));
        }
        Expression::Template(values)
    }

    /// `$name` in a string of Kotlin, which its grammar leaves in the text.
    fn simple_template(&self, text: &str) -> Expression {
        if self.language != Language::Kotlin || !text.contains('$') || text.contains("${") {
            return Expression::Text(text.into());
        }
        let mut parts = text.split('$');
        let mut values: Vec<_> =
            parts.next().filter(|it| !it.is_empty()).map(|it| Expression::Text(it.into())).into_iter().collect();
        for part in parts {
            let end = part.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            values.push(Expression::Name(name.into()));
            values.extend(Some(rest).filter(|it| !it.is_empty()).map(|it| Expression::Text(it.into())));
        }
        Expression::Template(values)
    }

    /// A macro of Rust: `format!` is a template, others are looked into.
    pub(super) fn macro_call(&mut self, node: Node<'t>, owner: Option<usize>) -> Expression {
        let name = field(node, "macro").map(|it| self.name_of(it)).unwrap_or_default();
        let tokens = child(node, &["token_tree"]);
        let arguments = tokens.and_then(|it| self.macro_arguments(it, owner));
        let mut values = arguments.unwrap_or_else(|| {
            let tokens = tokens.map(children).unwrap_or_default();
            tokens.into_iter().map(|it| self.expression(it, owner)).collect()
        });
        match (name.as_str(), values.first()) {
            ("format", Some(Expression::Text(pattern))) => {
                let pattern = pattern.clone();
                values.remove(0);
                Expression::Template(filled(&pattern, values))
            }
            ("vec", _) => Expression::List(values),
            _ => Expression::Other(values),
        }
    }

    /// The arguments of a macro as expressions, which the grammar leaves as they are written; `None` if they are none.
    fn macro_arguments(&mut self, tokens: Node<'t>, owner: Option<usize>) -> Option<Vec<Expression>> {
        let inner = self.text_of(tokens);
        let inner = inner.get(1..inner.len().checked_sub(1)?)?;
        // Names and texts alone mean the same either way, and a macro in a macro costs another look at its text.
        if !inner.contains('(') || inner.len() > MAX_MACRO {
            return None;
        }
        // The lines of the macro are those of its file.
        let text = format!("{}fn f() {{ [{inner}]; }}", "\n".repeat(tokens.start_position().row));
        let tree = parse_with(&text, &self.language.grammar(), Deadline::start())?;
        if tree.root_node().has_error() {
            return None;
        }
        let list = descendants(tree.root_node(), "array_expression").into_iter().next()?;
        let mut reader =
            Reader { text: &text, language: self.language, unit: Unit::default(), depth: self.depth, is_macro: true };
        match reader.expression(list, owner) {
            Expression::List(values) => Some(values),
            _ => None,
        }
    }
}

/// More text in a macro is no list of arguments. In bytes.
const MAX_MACRO: usize = 16 * 1024;

/// A format string with its holes filled in order; named holes take the name.
pub(crate) fn filled(pattern: &str, values: Vec<Expression>) -> Vec<Expression> {
    let mut values = values.into_iter();
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        let Some(end) = after.find('}') else { break };
        if !before.is_empty() {
            parts.push(Expression::Text(before.into()));
        }
        let name = after.get(1..end).unwrap_or_default().split(':').next().unwrap_or_default();
        let is_named = name.chars().next().is_some_and(char::is_alphabetic);
        let named = is_named.then(|| Expression::Name(name.into()));
        parts.push(named.or_else(|| values.next()).unwrap_or_else(|| Expression::Other(Vec::new())));
        rest = after.get(end + 1..).unwrap_or_default();
    }
    if !rest.is_empty() {
        parts.push(Expression::Text(rest.into()));
    }
    parts
}
