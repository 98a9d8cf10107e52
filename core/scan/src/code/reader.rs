//! Reads a syntax tree of any language into the common shape: declarations and statements.

use archwright_syntax::Span;
use smol_str::SmolStr;
use tree_sitter::{Node, Tree};

use super::outline;
use super::syntax::{all, child, children, field, line};
use super::{Expression, Function, Statement, TypeName, Unit};
use crate::Language;

/// How deep code nests at most; what is deeper is not read.
const MAX_DEPTH: usize = 120;

/// Reads one file.
pub(crate) fn read(text: &str, language: Language, tree: &Tree) -> Unit {
    let mut reader = Reader { text, language, unit: Unit::default(), depth: 0, is_macro: false };
    reader.unit.outline = outline::read(text, language, tree);
    reader.unit.functions.push(Function { line: 1, has_body: true, ..Function::default() });
    let mut body = Vec::new();
    reader.statements(tree.root_node(), None, &mut body);
    if let Some(top) = reader.unit.functions.first_mut() {
        top.body = body;
    }
    reader.unit
}

/// The state of reading one file.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) language: Language,
    pub(super) unit: Unit,
    pub(super) depth: usize,
    /// The text is that of a macro, whose places say nothing.
    pub(super) is_macro: bool,
}

/// Declarations of types.
const TYPES: &[&str] = &[
    "class_declaration",
    "abstract_class_declaration",
    "interface_declaration",
    "record_declaration",
    "struct_declaration",
    "enum_declaration",
    "object_declaration",
    "class_definition",
    "class",
    "module",
    "trait_item",
    "struct_item",
    "enum_item",
    "trait_declaration",
];

/// Declarations of functions.
const FUNCTIONS: &[&str] = &[
    "function_declaration",
    "generator_function_declaration",
    "function_definition",
    "function_item",
    "function_signature_item",
    "method_definition",
    "method_signature",
    "abstract_method_signature",
    "method_declaration",
    "constructor_declaration",
    "compact_constructor_declaration",
    "local_function_statement",
    "method",
    "singleton_method",
    "method_elem",
];

/// What switches between cases on one value.
pub(super) const SWITCHES: &[&str] = &[
    "switch_statement",
    "switch_expression",
    "expression_switch_statement",
    "when_expression",
    "match_expression",
    "match_statement",
    "case",
];

/// The cases of a switch, up to their first statement.
const CASES: &[&str] = &[
    "switch_case",
    "switch_section",
    "switch_block_statement_group",
    "switch_rule",
    "expression_case",
    "when_entry",
    "when",
    "match_arm",
    "case_clause",
    "case_statement",
];

impl<'t> Reader<'t> {
    pub(super) fn text_of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Where a node stands.
    pub(super) fn span(&self, node: Node<'_>) -> Span {
        if self.is_macro { Span::default() } else { node.byte_range().into() }
    }

    /// A name without the sign that some languages put before it.
    pub(super) fn name_of(&self, node: Node<'_>) -> SmolStr {
        self.text_of(node).trim_start_matches(['$', '@', '&', '*']).into()
    }

    pub(super) fn type_of(&self, node: Node<'_>) -> Option<TypeName> {
        TypeName::read(self.text_of(node))
    }

    /// Whether deeper code is still read; ends with [`Self::leave`].
    pub(super) fn enter(&mut self) -> bool {
        self.depth += 1;
        self.depth <= MAX_DEPTH
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Reads what stands in a node, one after the other.
    pub(super) fn statements(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        if self.enter() {
            for child in children(node) {
                self.statement(child, owner, out);
            }
        }
        self.leave();
    }

    /// Reads one statement or declaration.
    pub(super) fn statement_at(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        if self.enter() {
            self.statement(node, owner, out);
        }
        self.leave();
    }

    pub(super) fn statement(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let kind = node.kind();
        if self.language == Language::Rust && self.is_test(node) {
            return;
        }
        match kind {
            _ if TYPES.contains(&kind) => self.type_declaration(node, owner, out),
            _ if FUNCTIONS.contains(&kind) => self.function(node, owner, Vec::new()),
            _ if SWITCHES.contains(&kind) => self.switch(node, owner, out),
            "decorated_definition" => self.decorated(node, owner, out),
            "type_declaration" => all(node, &["type_spec"]).into_iter().for_each(|it| self.go_type(it, out)),
            "impl_item" => self.implementation(node, out),
            "import_statement"
            | "import_from_statement"
            | "import_declaration"
            | "import"
            | "using_directive"
            | "use_declaration"
            | "namespace_use_declaration" => self.import(node),
            "variable_declarator"
            | "var_spec"
            | "const_spec"
            | "let_declaration"
            | "const_item"
            | "static_item"
            | "const_element"
            | "property_element"
            | "property_declaration" => self.binding(node, owner, out),
            "assignment"
            | "assignment_expression"
            | "short_var_declaration"
            | "assignment_statement"
            | "augmented_assignment_expression"
            | "operator_assignment" => self.assignment(node, owner, out),
            "for_in_statement"
            | "enhanced_for_statement"
            | "foreach_statement"
            | "for_statement"
            | "for_expression"
            | "for_range_loop"
            | "for" => self.each(node, owner, out),
            "return_statement" | "return_expression" | "return" | "jump_expression" | "arrow_expression_clause" => {
                let value = children(node).into_iter().rfind(|it| it.kind() != "label");
                if let Some(value) = value.filter(|_| !self.text_of(node).starts_with("throw")) {
                    // Go hands back several; the first one matters.
                    let several = if value.kind() == "expression_list" { children(value) } else { Vec::new() };
                    let value = self.expression(several.first().copied().unwrap_or(value), owner);
                    let rest: Vec<_> = several.into_iter().skip(1).map(|it| self.expression(it, owner)).collect();
                    out.extend(Some(rest).filter(|it| !it.is_empty()).map(|it| Statement::Do(Expression::Other(it))));
                    out.push(Statement::Return(value));
                }
            }
            "export_statement" if self.is_script() && self.exported_default(node, out) => {}
            // Statements that only hold others.
            "expression_statement"
            | "export_statement"
            | "statement_list"
            | "lexical_declaration"
            | "variable_declaration"
            | "local_declaration_statement"
            | "local_variable_declaration"
            | "const_declaration"
            | "var_declaration"
            | "var_spec_list"
            | "block"
            | "compound_statement"
            | "statement_block"
            | "body_statement"
            | "global_statement"
            | "declaration_list"
            | "namespace_definition"
            | "namespace_declaration"
            | "file_scoped_namespace_declaration"
            | "mod_item"
            | "else_clause"
            | "control_structure_body"
            | "statements"
            | "then"
            | "else"
            | "function_body"
            | "ambient_declaration"
            | "program"
            | "ERROR" => self.statements(node, owner, out),
            _ if is_compound(kind) => self.statements(node, owner, out),
            _ => {
                let value = self.expression(node, owner);
                if !matches!(&value, Expression::Other(parts) if parts.is_empty()) {
                    out.push(Statement::Do(value));
                }
            }
        }
    }

    /// Whether an item of Rust is compiled for tests only.
    fn is_test(&self, node: Node<'t>) -> bool {
        if !matches!(node.kind(), "mod_item" | "function_item") {
            return false;
        }
        let before = std::iter::successors(node.prev_named_sibling(), Node::prev_named_sibling);
        let mut attributes = before.take_while(|it| matches!(it.kind(), "attribute_item" | "line_comment"));
        attributes.any(|it| {
            let text = self.text_of(it);
            text.contains("cfg(test)") || text.contains("[test]") || text.contains("::test")
        })
    }

    fn switch(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let subject = ["value", "subject", "condition"].iter().find_map(|it| field(node, it));
        let subject = subject.or_else(|| child(node, &["when_subject", "parenthesized_expression"]));
        let subject = subject.or_else(|| children(node).first().copied());
        self.cases(node, subject, owner, out);
    }

    /// The cases below a switch, wherever the grammar puts them.
    fn cases(&mut self, node: Node<'t>, subject: Option<Node<'t>>, owner: Option<usize>, out: &mut Vec<Statement>) {
        if self.enter() {
            for part in children(node).into_iter().filter(|it| Some(*it) != subject) {
                if CASES.contains(&part.kind()) {
                    self.case(part, subject, owner, out);
                } else if matches!(part.kind(), "switch_body" | "switch_block" | "match_block" | "block") {
                    self.cases(part, subject, owner, out);
                } else {
                    self.statement(part, owner, out);
                }
            }
        }
        self.leave();
    }

    fn case(&mut self, node: Node<'t>, subject: Option<Node<'t>>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let labels = ["pattern", "value", "condition"].iter().find_map(|it| field(node, it));
        let is_label = |it: &Node<'_>| {
            matches!(it.kind(), "constant_pattern" | "switch_label" | "case_pattern" | "pattern" | "when_condition")
        };
        for part in children(node) {
            if Some(part) != labels && !is_label(&part) {
                self.statement(part, owner, out);
                continue;
            }
            let inside = children(part);
            let values = if inside.is_empty() || matches!(part.kind(), "string" | "string_literal") {
                vec![part]
            } else if is_label(&part) || part.kind() == "expression_list" || part.kind() == "match_pattern" {
                inside
            } else {
                vec![part]
            };
            if self.language == Language::Rust {
                self.unpacked(part, subject, owner, out);
            }
            for value in values {
                let subject = subject.map(|it| self.expression(it, owner));
                let value_read = self.expression(value, owner);
                out.push(Statement::Case { subject, value: value_read, line: line(value) });
            }
        }
    }

    fn decorated(&mut self, node: Node<'t>, owner: Option<usize>, out: &mut Vec<Statement>) {
        let annotations = self.annotations(node, owner);
        let Some(definition) = field(node, "definition") else { return };
        if definition.kind() == "class_definition" {
            let index = self.unit.types.len();
            self.type_declaration(definition, owner, out);
            if let Some(declared) = self.unit.types.get_mut(index) {
                declared.annotations.extend(annotations);
            }
        } else {
            self.function(definition, owner, annotations);
        }
    }
}

/// Nodes that hold statements, and may have conditions.
pub(super) fn is_compound(kind: &str) -> bool {
    kind.ends_with("_statement") && !matches!(kind, "return_statement" | "send_statement" | "switch_statement")
        || matches!(
            kind,
            "block"
                | "statement_block"
                | "compound_statement"
                | "body_statement"
                | "if_expression"
                | "loop_expression"
                | "while_expression"
                | "unsafe_block"
                | "async_block"
                | "try_expression_block"
                | "try"
                | "catch_clause"
                | "catch_block"
                | "finally_clause"
                | "finally_block"
                | "except_clause"
                | "rescue"
                | "ensure"
                | "begin"
                | "if"
                | "unless"
                | "if_modifier"
                | "unless_modifier"
                | "while"
                | "until"
                | "elsif"
                | "then"
                | "do"
                | "else"
                | "elif_clause"
                | "else_if_clause"
                | "switch_default"
                | "default_case"
                | "communication_case"
                | "singleton_class"
                | "block_body"
                | "statements"
                | "statement_list"
                | "enum_body"
                | "class_body"
                | "resource_specification"
                | "with_clause"
                | "finally"
        )
}

/// Nodes that declare and are no values.
pub(super) fn is_declarative(kind: &str) -> bool {
    kind.ends_with("_declaration")
        || kind.ends_with("_modifier")
        || kind.ends_with("_type")
        || matches!(
            kind,
            "modifiers"
                | "user_type"
                | "type_identifier"
                | "getter"
                | "setter"
                | "accessor_list"
                | "type_annotation"
                | "declaration_list"
                | "bracketed_argument_list"
                | "type_constraints"
                | "property_modifier"
                | "type_parameters"
        )
}

/// Functions without a name.
pub(super) fn is_lambda(kind: &str) -> bool {
    matches!(
        kind,
        "arrow_function"
            | "function_expression"
            | "generator_function"
            | "lambda"
            | "lambda_expression"
            | "lambda_literal"
            | "func_literal"
            | "closure_expression"
            | "anonymous_function"
            | "anonymous_function_creation_expression"
            | "anonymous_method_expression"
    )
}

/// Names of variables.
pub(super) fn is_name(kind: &str) -> bool {
    matches!(
        kind,
        "identifier"
            | "simple_identifier"
            | "shorthand_property_identifier_pattern"
            | "variable_name"
            | "constant"
            | "property_identifier"
            | "private_property_identifier"
            | "field_identifier"
            | "name"
    )
}
