//! Names: each stands for one thing, in Protobuf itself, in JSON, and in the code that is generated.

use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use super::Check;
use crate::protobuf::schema::{Message, qualified};
use crate::protobuf::tree::{self, Constant, Syntax, value, word};

/// A declaration of the file.
struct Declared {
    span: Span,
    /// Such as `the message`.
    what: &'static str,
    /// Whether nobody wrote the name: the entry of a map, or the oneof of an `optional` field in proto3.
    is_made_for: Option<String>,
}

impl Check<'_> {
    pub(super) fn names(&mut self) {
        self.taken();
        self.reserved_names();
        for (_, message) in self.messages() {
            self.json_names(message);
        }
        for it in self.enums() {
            self.value_names(it.node);
        }
    }

    /// Names that stand for two things.
    fn taken(&mut self) {
        let mut declared: FxHashMap<String, Vec<Declared>> = FxHashMap::default();
        let mut order: Vec<String> = Vec::new();
        self.declarations(&mut |name, it| {
            let all = declared.entry(name).or_insert_with_key(|name| {
                order.push(name.clone());
                Vec::new()
            });
            all.push(it);
        });
        for full in order {
            let Some(mut all) = declared.remove(&full) else { continue };
            all.sort_by_key(|it| (it.is_made_for.is_some(), it.span.start));
            let name = full.rsplit('.').next().unwrap_or_default();
            let scope = full.rsplit_once('.').map_or(String::new(), |it| format!(" in `{}`", it.0));
            if let Some((first, more)) = all.split_first() {
                for it in more {
                    let of_values = [first.what, it.what].contains(&"a value of an enum");
                    let hint = if of_values {
                        " The values of an enum stand beside it, not in it, so their names are taken, too."
                    } else {
                        ""
                    };
                    let message = match (&it.is_made_for, &first.is_made_for) {
                        (Some(field), Some(other)) => {
                            format!("`{field}` and `{other}` both need the name `{name}` for {}.", it.what)
                        }
                        (Some(field), None) => {
                            format!("`{field}` needs the name `{name}` for {}, but {} has it.", it.what, first.what)
                        }
                        (None, _) => format!("`{name}` is declared already{scope}, as {}.{hint}", first.what),
                    };
                    self.tell(it.span, message);
                }
                self.taken_elsewhere(&full, first.span);
            }
        }
    }

    fn taken_elsewhere(&mut self, full: &str, span: Span) {
        if let Some(file) = self.pool.package_elsewhere(full) {
            self.tell(span, format!("`{full}` is the name of a package, which {} declares.", self.pool.path(file)));
        } else if let Some(file) = self.pool.declared_elsewhere.get(full) {
            self.tell(span, format!("`{full}` is declared already, in {}.", self.pool.path(*file)));
        }
    }

    /// Calls `add` with the full name of everything that the file declares.
    fn declarations(&self, add: &mut dyn FnMut(String, Declared)) {
        let schema = &self.pool.schema;
        let mut plain = |name: String, span, what| add(name, Declared { span, what, is_made_for: None });
        for it in self.enums() {
            let scope = schema.scope(0, it.parent);
            plain(it.full.clone(), it.node.name_span, "an enum");
            it.node.values.iter().for_each(|it| plain(qualified(scope, &it.name), it.name_span, "a value of an enum"));
        }
        for it in self.extensions() {
            plain(it.name().to_owned(), it.node.name_span, "an extension");
        }
        for it in schema.services.iter().filter(|it| it.file == 0) {
            plain(it.full.clone(), it.node.name_span, "a service");
            for method in &it.node.methods {
                plain(format!("{}.{}", it.full, method.name), method.name_span, "a method");
            }
        }
        for (_, it) in self.messages() {
            if !it.node.entry {
                plain(it.full.clone(), it.node.name_span, "a message");
                for field in &it.node.fields {
                    // A group that starts with a small letter is told already.
                    if !matches!(&field.ty, tree::Type::Group(name) if *name == field.name) {
                        plain(format!("{}.{}", it.full, field.name), field.name_span, "a field");
                    }
                }
                it.node.oneofs.iter().for_each(|oneof| {
                    plain(format!("{}.{}", it.full, oneof.name), oneof.name_span, "a oneof");
                });
            }
        }
        for (_, it) in self.messages() {
            for field in &it.node.fields {
                if let tree::Type::Map(entry) = &field.ty {
                    let is_made_for = Some(field.name.clone());
                    let what = "the entries of its map";
                    add(format!("{}.{entry}", it.full), Declared { span: field.name_span, what, is_made_for });
                }
            }
            self.made_oneofs(it, add);
        }
    }

    /// An `optional` field of proto3 stands in a oneof of its own, whose name must not be that of a type.
    fn made_oneofs(&self, message: &Message<'_>, add: &mut dyn FnMut(String, Declared)) {
        if self.pool.own().map(|it| it.syntax) != Some(Syntax::Proto3) {
            return;
        }
        let node = message.node;
        let mut names: Vec<String> = node.fields.iter().map(|it| it.name.clone()).collect();
        names.extend(node.oneofs.iter().map(|it| it.name.clone()));
        let mut names: rustc_hash::FxHashSet<String> = names.into_iter().collect();
        for field in node.fields.iter().filter(|it| it.label == tree::Label::Optional) {
            let mut name = field.name.clone();
            if !name.starts_with('_') {
                name.insert(0, '_');
            }
            while names.contains(&name) {
                name.insert(0, 'X');
            }
            let (what, is_made_for) = ("the oneof behind `optional`", Some(field.name.clone()));
            add(format!("{}.{name}", message.full), Declared { span: field.name_span, what, is_made_for });
            names.insert(name);
        }
    }

    fn reserved_names(&mut self) {
        for (_, it) in self.messages() {
            let used: Vec<_> = it.node.fields.iter().map(|it| (it.name.as_str(), it.name_span)).collect();
            self.reserved(&it.node.reserved_names, &used);
        }
        for it in self.enums() {
            let used: Vec<_> = it.node.values.iter().map(|it| (it.name.as_str(), it.name_span)).collect();
            self.reserved(&it.node.reserved_names, &used);
        }
    }

    fn reserved(&mut self, reserved: &[tree::Placed<String>], used: &[(&str, Span)]) {
        let mut names = rustc_hash::FxHashSet::default();
        for it in reserved {
            if !names.insert(it.it.as_str()) {
                self.tell(it.span, format!("The name `{}` is reserved already.", it.it));
            }
        }
        for (name, span) in used.iter().filter(|it| names.contains(it.0)) {
            self.tell(*span, format!("The name `{name}` is reserved; take another one."));
        }
    }

    /// Fields whose names are the same in JSON (protobuf.dev, "JSON Mapping").
    fn json_names(&mut self, message: &Message<'_>) {
        const LEGACY: &str = "deprecated_legacy_json_field_conflicts";
        if message.node.entry || word(&message.node.options, LEGACY) == Some("true") {
            return;
        }
        let options = [message.node.options.as_slice()];
        let is_lenient = self.pool.schema.feature("json_format", &options, message.parent, 0) == "LEGACY_BEST_EFFORT";
        let (mut by_default, mut in_json) = (FxHashMap::default(), FxHashMap::default());
        for field in &message.node.fields {
            let default = json_name(&field.name);
            let custom = match value(&field.options, "json_name") {
                Some(Constant::Text(it)) => Some(String::from_utf8_lossy(it).into_owned()).filter(|it| *it != default),
                _ => None,
            };
            if custom.as_ref().is_some_and(|it| it.starts_with('[') && it.ends_with(']')) {
                let message = format!("The name of `{}` in JSON must not look like that of an extension.", field.name);
                self.tell(field.name_span, message);
                continue;
            }
            let is_custom = custom.is_some();
            let clash = |name: &str, other: &str| {
                format!(
                    "`{}` and `{other}` are both called `{name}` in JSON; rename one or set its `json_name`.",
                    field.name
                )
            };
            if let Some(other) = by_default.insert(default.clone(), field.name.as_str())
                && other != field.name
                && !is_lenient
            {
                self.tell(field.name_span, clash(&default, other));
            }
            let shown = custom.unwrap_or(default);
            let before = in_json.insert(shown.clone(), (field.name.as_str(), is_custom));
            if let Some((other, other_is_custom)) = before
                && other != field.name
                && (is_custom || other_is_custom)
                && (!is_lenient || is_custom && other_is_custom)
            {
                self.tell(field.name_span, clash(&shown, other));
            }
        }
    }

    /// Values that are the same once code has cut the name of the enum off and changed the case.
    fn value_names(&mut self, node: &tree::Enum) {
        const LEGACY: &str = "deprecated_legacy_json_field_conflicts";
        let is_proto2 = self.pool.own().map(|it| it.syntax) == Some(Syntax::Proto2);
        if is_proto2 && word(&node.options, LEGACY) == Some("true") {
            return;
        }
        let mut seen: FxHashMap<String, &tree::Value> = FxHashMap::default();
        for value in &node.values {
            let other = *seen.entry(pascal_case(without_prefix(&value.name, &node.name))).or_insert(value);
            if other.name != value.name && other.number != value.number {
                let message = format!(
                    "`{}` and `{}` are the same in generated code, where the name of the enum is cut off and case does \
                     not count.",
                    value.name, other.name
                );
                self.tell(value.name_span, message);
            }
        }
    }
}

/// The name that a field has in JSON unless an option says otherwise.
pub(super) fn json_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut is_upper = false;
    for char in name.chars() {
        if char == '_' {
            is_upper = true;
        } else {
            out.push(if is_upper { char.to_ascii_uppercase() } else { char });
            is_upper = false;
        }
    }
    out
}

/// The name of a value without that of its enum in front, if anything is left then. Neither case nor `_` count.
fn without_prefix<'n>(name: &'n str, prefix: &str) -> &'n str {
    let mut rest = name;
    for wanted in prefix.chars().filter(|it| *it != '_') {
        rest = rest.trim_start_matches('_');
        match rest.chars().next() {
            Some(found) if found.eq_ignore_ascii_case(&wanted) => {
                rest = rest.get(found.len_utf8()..).unwrap_or_default();
            }
            _ => return name,
        }
    }
    let rest = rest.trim_start_matches('_');
    if rest.is_empty() { name } else { rest }
}

fn pascal_case(name: &str) -> String {
    let words = name.split('_').filter(|it| !it.is_empty());
    words
        .flat_map(|word| {
            word.chars()
                .enumerate()
                .map(|(at, it)| if at == 0 { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() })
        })
        .collect()
}
