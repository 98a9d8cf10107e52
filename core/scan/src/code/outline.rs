//! What stands around calls: functions, loops, branches, handlers of failures, what leaves, and who waits.
//!
//! The common shape flattens all of it, because names and values do not depend on it. What a failure does, does.

use archwright_syntax::Span;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use tree_sitter::{Node, Tree};

use super::reader::is_lambda;
use super::syntax::{child, children, field, line};
use crate::Language;

/// Longer conditions and values say nothing that is asked for. In bytes.
const MAX_TEXT: usize = 200;

/// The word that starts every comment to Archwright.
const MARK: &str = "archwright:";

/// Stands for values that are handed back by the names of the results.
const NAMED: &str = "<named results>";

/// What stands around the calls of a file, each in the order of the text.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outline {
    /// Functions, those without a name included.
    pub(crate) functions: Vec<Span>,
    pub(crate) loops: Vec<Loop>,
    /// What is only done under a condition.
    pub(crate) branches: Vec<Span>,
    /// What is done under one condition and not under another: where that is decided, and what is done then.
    pub(crate) arms: Vec<(Span, Span)>,
    /// Functions that an object holds: each is called by itself.
    pub(crate) apart: Vec<Span>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) exits: Vec<Exit>,
    /// What is waited for.
    pub(crate) awaited: Vec<Span>,
    /// Calls whose value nobody takes.
    pub(crate) discarded: Vec<Span>,
    /// Statements that only call something, whether or not it is waited for.
    pub(crate) effects: Vec<Span>,
    /// Calls that run on their own: `go handle(message)`.
    pub(crate) started: Vec<Span>,
    /// Calls that are made when the function ends.
    pub(crate) deferred: Vec<Span>,
    /// Conditions, as they are written.
    pub(crate) conditions: Vec<(Span, SmolStr)>,
    /// What is done when something comes in on a channel of Go, and on which one.
    pub(crate) cases: Vec<(Span, SmolStr)>,
    /// Comments that allow risks: the line they hold for, and the names.
    pub(crate) allowed: Vec<(u32, Vec<SmolStr>)>,
    /// The last names of what gets a value, where, and the lines.
    pub(crate) assignments: Vec<(SmolStr, u32, u32)>,
}

/// A loop.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Loop {
    pub(crate) span: Span,
    /// What it goes over, as it is written; empty without that.
    pub(crate) over: SmolStr,
}

/// Code whose failures are handled.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Guard {
    pub(crate) body: Span,
    pub(crate) catches: Vec<Catch>,
    /// What is done in any case.
    pub(crate) finally: Option<Span>,
}

/// A handler of failures.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Catch {
    pub(crate) span: Span,
    /// The failures it takes, as they are written; empty for all.
    pub(crate) what: SmolStr,
    /// Counts from 1.
    pub(crate) line: u32,
}

/// What leaves a function, a loop, or a round of it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Exit {
    pub(crate) span: Span,
    pub(crate) leaving: Leaving,
    /// What is handed back, as it is written.
    pub(crate) value: SmolStr,
    /// Counts from 1.
    pub(crate) line: u32,
}

/// How code leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Leaving {
    /// With a failure.
    Raise,
    /// With the end of the program.
    End,
    Return,
    /// To the next round, or out of the loop.
    Loop,
}

/// Reads what stands around the calls of a file.
pub(crate) fn read(text: &str, language: Language, tree: &Tree) -> Outline {
    let mut reader = Reader { text, language, outline: Outline::default() };
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_named() {
            reader.node(node);
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return reader.outline;
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    language: Language,
    outline: Outline,
}

fn span(node: Node<'_>) -> Span {
    node.byte_range().into()
}

impl<'t> Reader<'t> {
    fn text_of(&self, node: Node<'_>) -> &'t str {
        let text = self.text.get(node.byte_range()).unwrap_or_default();
        if text.len() > MAX_TEXT { "" } else { text }
    }

    fn node(&mut self, node: Node<'t>) {
        match node.kind() {
            kind if kind.ends_with("comment") => self.comment(node),
            kind if is_lambda(kind) => {
                self.outline.functions.push(span(node));
                let is_held = node.parent().is_some_and(|it| matches!(it.kind(), "pair" | "keyed_element"));
                self.outline.apart.extend(is_held.then(|| span(node)));
            }
            "method_definition" if node.parent().is_some_and(|it| it.kind() == "object") => {
                self.outline.functions.push(span(node));
                self.outline.apart.push(span(node));
            }
            "function_declaration"
            | "function_definition"
            | "function_item"
            | "method_definition"
            | "method_declaration"
            | "constructor_declaration"
            | "local_function_statement"
            | "method"
            | "singleton_method"
            | "do_block"
            | "async_block" => self.outline.functions.push(span(node)),
            "block" if self.language == Language::Ruby => self.outline.functions.push(span(node)),
            "for_statement"
            | "for_in_statement"
            | "enhanced_for_statement"
            | "foreach_statement"
            | "while_statement"
            | "do_statement"
            | "do_while_statement"
            | "for_expression"
            | "while_expression"
            | "loop_expression"
            | "while"
            | "until"
            | "for" => self.each(node),
            "if_statement" | "if_expression" | "if" | "unless" | "elif_clause" | "elsif" | "else_if_clause" => {
                self.condition(node);
            }
            "else_clause"
            | "else"
            | "if_modifier"
            | "unless_modifier"
            | "switch_case"
            | "switch_section"
            | "switch_block_statement_group"
            | "switch_rule"
            | "expression_case"
            | "when_entry"
            | "when"
            | "match_arm"
            | "case_clause"
            | "case_statement"
            | "default_case"
            | "ternary_expression"
            | "conditional_expression" => {
                self.outline.branches.push(span(node));
                self.arm(node);
            }
            "switch_default" => self.arm(node),
            "try_statement" | "try_with_resources_statement" => self.guard(node),
            "try_expression" if self.language == Language::Kotlin => self.guard(node),
            "rescue" => self.rescue(node),
            "match_expression" if self.language == Language::Rust => self.matched(node),
            "throw_statement" | "throw_expression" | "raise_statement" => self.exit(node, Leaving::Raise),
            "return_statement" | "return_expression" | "return" => self.exit(node, Leaving::Return),
            "continue_statement"
            | "break_statement"
            | "continue_expression"
            | "break_expression"
            | "next"
            | "break" => {
                self.exit(node, Leaving::Loop);
            }
            "identifier" if self.language == Language::Ruby && self.text_of(node) == "raise" => {
                self.exit(node, Leaving::Raise);
            }
            "macro_invocation" => {
                let name = field(node, "macro").map(|it| self.text_of(it)).unwrap_or_default();
                if matches!(name, "panic" | "bail" | "anyhow::bail" | "unreachable" | "todo") {
                    self.exit(node, if name == "panic" { Leaving::End } else { Leaving::Raise });
                }
            }
            // A failure as a value, wherever it goes.
            "call_expression" if self.language == Language::Rust => {
                let function = field(node, "function").map(|it| self.text_of(it)).unwrap_or_default();
                if function == "Err" {
                    self.exit(node, Leaving::Raise);
                }
            }
            "await_expression" | "await" => {
                let inner = children(node).first().copied();
                self.outline.awaited.extend(inner.map(|it| span(bare(it))));
            }
            "pair"
            | "keyed_element"
            | "keyword_argument"
            | "argument"
            | "array_element_initializer"
            | "field_initializer" => {
                let key = ["key", "name", "field"].iter().find_map(|it| field(node, it));
                let key = key.or_else(|| children(node).first().copied());
                self.named(key.map(|it| self.text_of(it)).unwrap_or_default(), node);
            }
            "communication_case" => {
                self.outline.branches.push(span(node));
                let waits = field(node, "communication").map(|it| self.text_of(it)).unwrap_or_default();
                self.outline.cases.push((span(node), waits.into()));
            }
            "defer_statement" => self.outline.deferred.push(span(node)),
            "assignment_expression" | "assignment" | "assignment_statement" => {
                let left = field(node, "left").or_else(|| children(node).first().copied());
                let text = left.map(|it| self.text_of(it)).unwrap_or_default();
                let last = text.rsplit('.').next().unwrap_or_default();
                self.named(last, node);
            }
            "go_statement" => self.outline.started.extend(children(node).first().copied().map(span)),
            "expression_statement" => {
                let inner = children(node).first().copied().map(bare);
                self.outline.discarded.extend(inner.filter(|it| is_call(*it)).map(span));
                let waits = |it: &Node<'_>| matches!(it.kind(), "await_expression" | "await") || is_call(*it);
                self.outline.effects.extend(inner.filter(waits).map(span));
            }
            "call_expression" if self.language == Language::Kotlin => {
                let stands_alone =
                    node.parent().is_some_and(|it| matches!(it.kind(), "block" | "statements" | "lambda_literal"));
                self.outline.discarded.extend(stands_alone.then(|| span(node)));
                self.outline.effects.extend(stands_alone.then(|| span(node)));
            }
            _ => {}
        }
    }

    /// What is done in one case of several.
    fn arm(&mut self, node: Node<'t>) {
        if node.kind().ends_with("_expression") {
            let values = ["consequence", "alternative"].iter().filter_map(|it| field(node, it));
            self.outline.arms.extend(values.map(|it| (span(node), span(it))));
        } else if !node.kind().ends_with("_modifier") {
            self.outline.arms.extend(node.parent().map(|it| (span(it), span(node))));
        }
    }

    /// `archwright: allow scan/auto-ack -- why`. On a line of its own it holds for the next line, else for its own.
    fn comment(&mut self, node: Node<'t>) {
        let text = self.text.get(node.byte_range()).unwrap_or_default();
        let Some((_, rest)) = text.split_once(MARK) else { return };
        let Some((names, reason)) = rest.trim_start().strip_prefix("allow").and_then(|it| it.split_once("--")) else {
            return;
        };
        if reason.trim().trim_end_matches("*/").trim().is_empty() {
            return;
        }
        let before = self.text.get(..node.start_byte()).and_then(|it| it.rsplit('\n').next()).unwrap_or_default();
        let last = u32::try_from(node.end_position().row).unwrap_or(u32::MAX).saturating_add(1);
        // Some grammars count the end of the line to the comment.
        let last = if text.ends_with('\n') { last.saturating_sub(1) } else { last };
        let line = if before.trim().is_empty() { last.saturating_add(1) } else { line(node) };
        let names = names.split([',', ' ']).map(str::trim).filter(|it| !it.is_empty());
        self.outline.allowed.push((line, names.map(SmolStr::from).collect()));
    }

    /// Something gets a value under a name.
    fn named(&mut self, name: &str, node: Node<'t>) {
        let name = name.trim_matches(['[', ']', '"', '\'', '@', ':']);
        if !name.is_empty() {
            self.outline.assignments.push((name.into(), span(node).start, line(node)));
        }
    }

    fn each(&mut self, node: Node<'t>) {
        let clause = child(node, &["range_clause"]).unwrap_or(node);
        let over = ["right", "value"].iter().find_map(|it| field(clause, it));
        let over = over.or_else(|| {
            // PHP and Kotlin have it without a name: what stands before the body.
            let is_over = matches!(self.language, Language::Php | Language::Kotlin) && node.kind().starts_with("for");
            let parts = children(node);
            let place = usize::from(self.language == Language::Kotlin);
            parts.get(place).copied().filter(|_| is_over)
        });
        let over = over.map(|it| self.text_of(it)).unwrap_or_default().into();
        self.outline.loops.push(Loop { span: span(node), over });
    }

    fn condition(&mut self, node: Node<'t>) {
        for name in ["consequence", "alternative", "body"] {
            self.outline.branches.extend(field(node, name).map(span));
        }
        let consequence =
            ["consequence", "body"].iter().find_map(|it| field(node, it)).filter(|_| !node.kind().contains("modifier"));
        let otherwise: Vec<_> = node.children_by_field_name("alternative", &mut node.walk()).collect();
        let mut arms: Vec<_> = consequence.into_iter().chain(otherwise).collect();
        if self.language == Language::Kotlin {
            let condition = field(node, "condition");
            arms = children(node).into_iter().filter(|it| Some(*it) != condition).collect();
            self.outline.branches.extend(arms.iter().map(|it| span(*it)));
        }
        self.outline.arms.extend(arms.into_iter().map(|it| (span(node), span(it))));
        let Some(condition) = field(node, "condition") else { return };
        self.outline.conditions.push((span(condition), self.text_of(condition).into()));
        match self.language {
            Language::Go => {
                let text = self.text_of(condition);
                let is_failure = text.split("!=").next().is_some_and(|it| it.to_ascii_lowercase().contains("err"))
                    && text.contains("!= nil");
                let body = field(node, "initializer").or_else(|| node.prev_named_sibling());
                let consequence = field(node, "consequence").filter(|_| is_failure);
                if let (Some(body), Some(consequence)) = (body, consequence) {
                    self.caught(body, consequence, line(consequence));
                }
            }
            Language::Rust if condition.kind() == "let_condition" => {
                let pattern = field(condition, "pattern").map(|it| self.text_of(it)).unwrap_or_default();
                let consequence = field(node, "consequence").filter(|_| pattern.starts_with("Err"));
                if let (Some(body), Some(consequence)) = (field(condition, "value"), consequence) {
                    self.caught(Self::made(body, node), consequence, line(node));
                }
            }
            _ => {}
        }
    }

    /// What a result of Rust was made by, where it only has a name.
    fn made(node: Node<'t>, around: Node<'t>) -> Node<'t> {
        let before = around.parent().filter(|it| it.kind() == "expression_statement").unwrap_or(around);
        let before = before.prev_named_sibling().filter(|it| it.kind() == "let_declaration");
        before.filter(|_| node.kind() == "identifier").unwrap_or(node)
    }

    /// A match of Rust on a result.
    fn matched(&mut self, node: Node<'t>) {
        let Some(body) = field(node, "value") else { return };
        let body = Self::made(body, node);
        let arms = field(node, "body").map(children).unwrap_or_default();
        for arm in arms {
            let pattern = field(arm, "pattern").map(|it| self.text_of(it)).unwrap_or_default();
            if let Some(value) = field(arm, "value").filter(|_| pattern.starts_with("Err")) {
                self.caught(body, value, line(arm));
            }
        }
    }

    fn caught(&mut self, body: Node<'t>, catch: Node<'t>, line: u32) {
        let catches = vec![Catch { span: span(catch), what: SmolStr::default(), line }];
        self.outline.guards.push(Guard { body: span(body), catches, finally: None });
    }

    fn guard(&mut self, node: Node<'t>) {
        let Some(body) = field(node, "body").or_else(|| child(node, &["block"])) else { return };
        let mut guard = Guard { body: span(body), catches: Vec::new(), finally: None };
        for part in children(node) {
            match part.kind() {
                "catch_clause" | "catch_block" | "except_clause" => {
                    guard.catches.push(Catch { span: span(part), what: self.what(part), line: line(part) });
                }
                "finally_clause" | "finally_block" => guard.finally = Some(span(part)),
                _ => {}
            }
        }
        self.outline.guards.push(guard);
    }

    /// The failures that a handler takes.
    fn what(&self, node: Node<'t>) -> SmolStr {
        let declared = ["type", "value"].iter().find_map(|it| field(node, it));
        let declared = declared.or_else(|| child(node, &["catch_formal_parameter", "catch_declaration", "user_type"]));
        let declared = declared.map(|it| child(it, &["catch_type"]).or_else(|| field(it, "type")).unwrap_or(it));
        let declared = declared.or_else(|| {
            let first = children(node).first().copied();
            first.filter(|_| matches!(self.language, Language::Python))
        });
        let declared = declared.filter(|it| it.kind() != "block");
        let text = declared.map(|it| self.text_of(it)).unwrap_or_default();
        let text = text.split(" as ").next().unwrap_or_default();
        let filter = if child(node, &["catch_filter_clause"]).is_some() { " when" } else { "" };
        format!("{text}{filter}").into()
    }

    /// A handler of failures of Ruby: what stands before it is guarded.
    fn rescue(&mut self, node: Node<'t>) {
        let Some(around) = node.parent() else { return };
        let what = field(node, "exceptions").map(|it| self.text_of(it)).unwrap_or_default().into();
        let first = children(around).into_iter().find(|it| it.kind() == "rescue").unwrap_or(node);
        let body = Span::new(around.start_byte(), first.start_byte());
        let finally = child(around, &["ensure"]).map(span);
        let catches = vec![Catch { span: span(node), what, line: line(node) }];
        self.outline.guards.push(Guard { body, catches, finally });
    }

    /// Whether a bare `return` of Go hands back what the results are called.
    fn hands_back_names(&self, node: Node<'t>) -> bool {
        if self.language != Language::Go || node.kind() != "return_statement" {
            return false;
        }
        let mut around = std::iter::successors(node.parent(), Node::parent);
        let function = around.find(|it| is_lambda(it.kind()) || it.kind().ends_with("_declaration"));
        let results = function.and_then(|it| field(it, "result")).map(children).unwrap_or_default();
        results.into_iter().any(|it| field(it, "name").is_some())
    }

    fn exit(&mut self, node: Node<'t>, leaving: Leaving) {
        let value = children(node).first().map(|it| self.text_of(*it));
        let value = value.unwrap_or_else(|| if self.hands_back_names(node) { NAMED } else { "" });
        self.outline.exits.push(Exit { span: span(node), leaving, value: value.into(), line: line(node) });
    }
}

/// A node without the brackets around it.
fn bare(node: Node<'_>) -> Node<'_> {
    let inside = children(node);
    match (node.kind(), inside.as_slice()) {
        ("parenthesized_expression", [inner]) => *inner,
        _ => node,
    }
}

fn is_call(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "call_expression"
            | "invocation_expression"
            | "method_invocation"
            | "call"
            | "member_call_expression"
            | "nullsafe_member_call_expression"
            | "scoped_call_expression"
            | "function_call_expression"
    )
}
