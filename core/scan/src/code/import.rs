//! Reads imports.

use smol_str::SmolStr;
use tree_sitter::Node;

use super::Import;
use super::reader::{Reader, is_name};
use super::syntax::{child, children, descendants, field};
use crate::Language;

impl<'t> Reader<'t> {
    pub(super) fn import(&mut self, node: Node<'t>) {
        let module = ["source", "module_name", "path", "argument"].iter().find_map(|it| field(node, it));
        match self.language {
            Language::JavaScript | Language::TypeScript | Language::Tsx => {
                // `import amqp = require('amqplib')` of TypeScript.
                let required = || child(node, &["import_require_clause"]).and_then(|it| field(it, "source"));
                let Some(source) = module.or_else(required) else { return };
                let module = self.text_of(source).trim_matches(['"', '\'', '`']).into();
                let mut names = Vec::new();
                self.imported_names(node, &mut names, 0);
                self.unit.imports.push(Import { module, names });
            }
            Language::Python => {
                let mut names = Vec::new();
                for name in children(node).into_iter().filter(|it| Some(*it) != module) {
                    let original = field(name, "name").unwrap_or(name);
                    let alias = field(name, "alias").unwrap_or(original);
                    names.push((self.name_of(alias), self.name_of(original)));
                }
                if let Some(module) = module {
                    self.unit.imports.push(Import { module: self.text_of(module).into(), names });
                } else {
                    let modules = names.into_iter();
                    self.unit.imports.extend(modules.map(|it| Import { module: it.1.clone(), names: vec![it] }));
                }
            }
            Language::Go => {
                for path in descendants(node, "import_spec") {
                    let Some(module) = field(path, "path") else { continue };
                    let module: SmolStr = self.text_of(module).trim_matches(['"', '`']).into();
                    // The last part may be a version: `example.org/shop/v2`.
                    let is_version =
                        |it: &str| it.strip_prefix('v').is_some_and(|it| it.chars().all(|it| it.is_ascii_digit()));
                    let last = module.rsplit('/').find(|it| !is_version(it)).unwrap_or_default();
                    let alias = field(path, "name").map_or_else(|| last.into(), |it| self.name_of(it));
                    let names = vec![(alias, "".into())];
                    self.unit.imports.push(Import { module, names });
                }
            }
            _ => {
                let text = self.text_of(node).trim_end_matches(';');
                let text = text.split_once([' ', '\t']).map_or(text, |it| it.1).trim();
                let text = text.strip_prefix("static ").unwrap_or(text);
                if self.language == Language::Rust && text.contains('{') {
                    return self.import_tree(text);
                }
                // `Alias = Some.Type` of C#, `a.b.Some as Alias` of Kotlin, PHP and Rust.
                let (path, alias) = match (text.split_once(" as "), text.split_once('=')) {
                    (Some((path, alias)), _) => (path.trim(), Some(alias.trim())),
                    (None, Some((alias, path))) => (path.trim(), Some(alias.trim())),
                    (None, None) => (text, None),
                };
                let last: SmolStr = path.rsplit(['.', '\\', ':']).next().unwrap_or_default().into();
                let names = vec![(alias.map_or_else(|| last.clone(), SmolStr::from), last)];
                self.unit.imports.push(Import { module: path.into(), names });
            }
        }
    }

    /// `const { Kafka } = require('kafkajs')`, and the same with `await import(..)`: an import, if it is one.
    pub(super) fn required(&mut self, target: Node<'t>, value: Node<'t>) -> bool {
        let bare = |it: Node<'t>| {
            let is_around = matches!(it.kind(), "await_expression" | "parenthesized_expression");
            children(it).first().copied().filter(|_| is_around).unwrap_or(it)
        };
        let mut call = bare(bare(value));
        let mut part = SmolStr::default();
        // The name is that of the last part: `require('tools').Util.Producer`.
        for _ in 0..4 {
            let Some((object, name)) = field(call, "object").zip(field(call, "property")) else { break };
            if call.kind() != "member_expression" {
                break;
            }
            call = bare(bare(object));
            part = if part.is_empty() { self.name_of(name) } else { part };
        }
        let function = field(call, "function").filter(|_| call.kind() == "call_expression");
        if !function.is_some_and(|it| matches!(self.text_of(it), "require" | "import")) {
            return false;
        }
        let arguments = field(call, "arguments").map(children).unwrap_or_default();
        let [source] = arguments.as_slice() else { return false };
        if source.kind() != "string" {
            return false;
        }
        let part = if part == "default" { SmolStr::default() } else { part };
        let names: Vec<(SmolStr, SmolStr)> = match target.kind() {
            kind if is_name(kind) => vec![(self.name_of(target), part)],
            "object_pattern" => {
                let mut taken = Vec::new();
                self.taken_out(target, &mut taken, 0);
                taken
            }
            _ => return false,
        };
        let module = self.text_of(*source).trim_matches(['"', '\'', '`']).into();
        self.unit.imports.push(Import { module, names });
        true
    }

    /// The names that a pattern takes out of a module, also out of what stands in it.
    fn taken_out(&self, pattern: Node<'t>, names: &mut Vec<(SmolStr, SmolStr)>, depth: usize) {
        for part in children(pattern) {
            let (name, key) = match part.kind() {
                "pair_pattern" => (field(part, "value"), field(part, "key")),
                "object_assignment_pattern" => (field(part, "left"), field(part, "left")),
                kind if is_name(kind) => (Some(part), Some(part)),
                _ => continue,
            };
            match (name, key) {
                (Some(name), Some(key)) if is_name(name.kind()) => names.push((self.name_of(name), self.name_of(key))),
                (Some(inner), _) if inner.kind() == "object_pattern" && depth < 4 => {
                    self.taken_out(inner, names, depth + 1);
                }
                _ => {}
            }
        }
    }

    /// `use a::{b, c::{d, e as f}};`
    fn import_tree(&mut self, text: &str) {
        let head = text.split("::").next().unwrap_or_default();
        let module = text.split('{').next().unwrap_or_default().trim_end_matches(':');
        let names = text.split(['{', '}', ',']).map(str::trim).filter(|it| !it.is_empty());
        let names = names.map(|it| {
            let (path, alias) = it.split_once(" as ").map_or((it, None), |it| (it.0, Some(it.1)));
            let last = path.trim_end_matches(':').rsplit("::").next().unwrap_or_default();
            (SmolStr::from(alias.unwrap_or(last)), SmolStr::from(last))
        });
        let names = names.filter(|it| it.0 != head).collect();
        self.unit.imports.push(Import { module: module.into(), names });
    }

    fn imported_names(&self, node: Node<'t>, names: &mut Vec<(SmolStr, SmolStr)>, depth: usize) {
        for part in children(node) {
            match part.kind() {
                "import_specifier" => {
                    let Some(name) = field(part, "name") else { continue };
                    let alias = field(part, "alias").unwrap_or(name);
                    names.push((self.name_of(alias), self.name_of(name)));
                }
                "namespace_import" | "identifier" => {
                    let name = self.text_of(part).rsplit([' ', '*']).next().unwrap_or_default();
                    names.push((name.into(), SmolStr::default()));
                }
                _ if depth < 4 => self.imported_names(part, names, depth + 1),
                _ => {}
            }
        }
    }
}
