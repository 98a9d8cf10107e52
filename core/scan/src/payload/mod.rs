//! What a message holds, as the type declares it that code sends: the names that its fields have on the wire, and what
//! they hold.
//!
//! Right or silent: a type whose form on the wire other code decides (a serializer of its own, a strategy for names, a
//! supertype that is not here) has no fields.

mod holds;
mod python;
mod read;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use tree_sitter::Node;

pub use holds::Holds;

use crate::{
    Language,
    code::syntax::{children, field},
    source::{self, Deadline},
    too_much,
};

/// Where a type is declared, and what it is called there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Declared {
    /// The file, relative to the root.
    pub path: SmolStr,
    /// The name of the type.
    pub name: SmolStr,
}

/// What a type holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Payload {
    /// In the order of the declaration.
    pub fields: Vec<PayloadField>,
    /// What the type extends, whose fields it has too.
    pub supers: Vec<SmolStr>,
    /// The line of its name; counts from 1.
    pub line: u32,
}

/// A field of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PayloadField {
    /// Its name on the wire.
    pub name: SmolStr,
    /// What it holds, or what each item of it holds.
    pub holds: Holds,
    /// Whether it is a list.
    pub is_list: bool,
    /// Whether each message has it, as far as the type says.
    pub is_required: bool,
    /// Counts from 1.
    pub line: u32,
}

/// How a type is declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    /// It has fields.
    Fields,
    /// It is one of some names.
    Names,
}

/// What a type of a file holds, in the form that the usual serializer of its language gives it as JSON; `None` if there
/// is no such type, or if that cannot be told.
pub fn read(path: &str, text: &str, name: &str) -> Option<Payload> {
    let language = Language::of_path(path)?;
    if too_much(text).is_some() {
        return None;
    }
    let tree = source::parse_with(text, &language.grammar(), Deadline::start())?;
    let file = File { language, text, declared: declarations(tree.root_node()) };
    let node = file.declaration(name)?;
    let mut payload = match language {
        Language::Python => file.python(node),
        Language::TypeScript | Language::Tsx => file.typescript(node),
        Language::Java => file.java(node),
        Language::Kotlin => file.kotlin(node),
        Language::Go => file.go(node, name),
        Language::Rust => file.rust(node),
        // How names are written is decided elsewhere, or there are no types.
        Language::CSharp | Language::Ruby | Language::Php | Language::JavaScript => None,
    }?;
    payload.line = crate::code::syntax::line(field(node, "name").unwrap_or(node));
    let is_named = payload.fields.iter().all(|it| !it.name.is_empty());
    let mut names: Vec<&str> = payload.fields.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    (is_named && names.len() == count).then_some(payload)
}

/// One parsed file.
struct File<'t> {
    language: Language,
    text: &'t str,
    /// All declarations of types.
    declared: Vec<Node<'t>>,
}

/// Kinds of nodes that declare a type.
const DECLARATIONS: [&str; 14] = [
    "class_declaration",
    "abstract_class_declaration",
    "interface_declaration",
    "type_alias_declaration",
    "enum_declaration",
    "record_declaration",
    "class_definition",
    "object_declaration",
    "type_spec",
    "struct_item",
    "enum_item",
    "struct_declaration",
    "impl_item",
    "method_declaration",
];

/// So many nodes are looked at for declarations.
const MAX_NODES: usize = 200_000;

/// The declarations of types in a tree, and what is implemented for them.
fn declarations(root: Node<'_>) -> Vec<Node<'_>> {
    let (mut found, mut open, mut seen) = (Vec::new(), vec![root], 0);
    while let Some(node) = open.pop().filter(|_| seen < MAX_NODES) {
        seen += 1;
        if DECLARATIONS.contains(&node.kind()) {
            found.push(node);
        }
        let inner = children(node);
        open.extend(inner.into_iter().rev());
    }
    found
}

impl<'t> File<'t> {
    fn text_of(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// What a declaration is called.
    fn name_of(&self, node: Node<'_>) -> &'t str {
        let name = field(node, "name").or_else(|| crate::code::syntax::child(node, &["identifier", "type_identifier"]));
        name.map(|it| self.text_of(it)).unwrap_or_default()
    }

    /// The only declaration of a name.
    fn declaration(&self, name: &str) -> Option<Node<'t>> {
        let is_it =
            |it: &&Node<'t>| !matches!(it.kind(), "impl_item" | "method_declaration") && self.name_of(**it) == name;
        let mut all = self.declared.iter().filter(is_it);
        all.next().filter(|_| all.next().is_none()).copied()
    }

    /// How a type of this file is declared.
    fn form(&self, name: &str) -> Option<Form> {
        let node = self.declaration(name)?;
        let is_names = match node.kind() {
            "enum_declaration" => self.language == Language::Java,
            "enum_item" => {
                let body = field(node, "body")?;
                children(body).into_iter().all(|it| it.kind() != "enum_variant" || children(it).len() == 1)
                    && !self.attributes(node).contains("serde")
            }
            "class_declaration" if self.language == Language::Kotlin => {
                self.text_of(node).split('{').next().is_some_and(|it| it.split_whitespace().any(|it| it == "enum"))
            }
            _ => false,
        };
        let is_fields = match node.kind() {
            "class_declaration" | "record_declaration" | "struct_item" => !is_names,
            "interface_declaration" => matches!(self.language, Language::TypeScript | Language::Tsx),
            "type_alias_declaration" => field(node, "value").is_some_and(|it| it.kind() == "object_type"),
            "type_spec" => field(node, "type").is_some_and(|it| it.kind() == "struct_type"),
            _ => false,
        };
        match (is_names, is_fields) {
            (true, _) => Some(Form::Names),
            (_, true) => Some(Form::Fields),
            _ => None,
        }
    }

    /// The attributes that stand before a declaration of Rust, or before one of its fields.
    fn attributes(&self, node: Node<'t>) -> String {
        let (mut all, mut before) = (String::new(), node.prev_named_sibling());
        while let Some(it) = before {
            match it.kind() {
                "attribute_item" => {
                    all.push_str(self.text_of(it));
                    all.push(' ');
                }
                "line_comment" | "block_comment" => {}
                _ => break,
            }
            before = it.prev_named_sibling();
        }
        all
    }

    /// A field of this type; `None` if its name cannot be one.
    fn field(&self, name: &str, ty: &str, is_required: bool, node: Node<'t>) -> PayloadField {
        let read = self.holds(ty);
        PayloadField {
            name: name.into(),
            holds: read.holds,
            is_list: read.is_list,
            is_required: is_required && !read.is_optional,
            line: crate::code::syntax::line(node),
        }
    }
}
