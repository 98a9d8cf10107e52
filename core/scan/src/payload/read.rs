//! Fields of types of TypeScript, Java, Kotlin, Go and Rust.

use tree_sitter::Node;

use super::{File, Payload, PayloadField};
use crate::code::syntax::{all, child, children, descendants, field};

/// Annotations that give a field another name on the wire.
const RENAMED: [&str; 4] = ["JsonProperty", "SerializedName", "SerialName", "Json"];

/// Annotations with which a field is not written.
const LEFT_OUT: [&str; 3] = ["JsonIgnore", "Transient", "Expose"];

/// Annotations of a type that decide its form elsewhere.
const DECIDED: [&str; 6] =
    ["JsonNaming", "JsonSerialize", "JsonValue", "JsonUnwrapped", "JsonTypeInfo", "JsonTypeName"];

impl<'t> File<'t> {
    pub(super) fn typescript(&self, node: Node<'t>) -> Option<Payload> {
        let mut supers = Vec::new();
        for part in children(node) {
            if matches!(part.kind(), "extends_type_clause" | "class_heritage" | "extends_clause") {
                let text = self.text_of(part).trim_start_matches("extends").trim();
                // What a class implements has no fields of its own.
                let text = text.split("implements").next().unwrap_or_default();
                for above in text.split(',').map(str::trim).filter(|it| !it.is_empty()) {
                    // `Omit<Order, "id">` has fewer fields than what it names.
                    if above.contains(['<', '(']) {
                        return None;
                    }
                    supers.push(above.into());
                }
            }
        }
        let body = match node.kind() {
            "type_alias_declaration" => field(node, "value").filter(|it| it.kind() == "object_type")?,
            _ => field(node, "body")?,
        };
        let mut fields = Vec::new();
        for member in children(body) {
            let text = self.text_of(member);
            match member.kind() {
                "property_signature" | "public_field_definition" => {
                    let head = text.split([':', '=']).next().unwrap_or_default();
                    if head.split_whitespace().any(|it| it == "static") {
                        continue;
                    }
                    // Decorators of serializers may name it otherwise.
                    if child(member, &["decorator"]).is_some() && text.contains("Expose") || text.contains("Exclude(") {
                        return None;
                    }
                    let name = self.text_of(field(member, "name")?).trim_matches(['"', '\'']);
                    let ty = field(member, "type").map(|it| self.text_of(it)).unwrap_or_default();
                    if name.starts_with(['#', '[']) || ty.contains("=>") {
                        continue;
                    }
                    let is_open = head.trim_end().ends_with('?');
                    fields.push(self.field(name, ty, !is_open, member));
                }
                "method_definition" => {
                    let name = field(member, "name").map(|it| self.text_of(it)).unwrap_or_default();
                    if name == "toJSON" {
                        return None;
                    }
                    if name == "constructor" {
                        fields.extend(self.constructor_fields(member));
                    }
                }
                "index_signature" => return None,
                _ => {}
            }
        }
        Some(Payload { fields, supers, line: 0 })
    }

    /// Parameters of a constructor that are fields: `constructor(public readonly orderId: string)`.
    fn constructor_fields(&self, constructor: Node<'t>) -> Vec<PayloadField> {
        let parameters = field(constructor, "parameters").map(children).unwrap_or_default();
        let is_field = |it: &Node<'t>| {
            child(*it, &["accessibility_modifier"]).is_some() || self.text_of(*it).starts_with("readonly ")
        };
        let read = |it: Node<'t>| {
            let name = field(it, "pattern").map(|it| self.text_of(it))?;
            let ty = field(it, "type").map(|it| self.text_of(it)).unwrap_or_default();
            Some(self.field(name, ty, it.kind() == "required_parameter" && field(it, "value").is_none(), it))
        };
        parameters.into_iter().filter(is_field).filter_map(read).collect()
    }

    pub(super) fn java(&self, node: Node<'t>) -> Option<Payload> {
        if self.is_decided(node) || self.text_of(node).contains("JsonValue") {
            return None;
        }
        let above = field(node, "superclass").map(|it| self.text_of(it).trim_start_matches("extends").trim());
        if above.is_some_and(|it| it.contains('<')) {
            return None;
        }
        let supers = above.map(|it| it.rsplit('.').next().unwrap_or(it).into()).into_iter().collect();
        let mut fields = Vec::new();
        if node.kind() == "record_declaration" {
            for parameter in field(node, "parameters").map(children).unwrap_or_default() {
                let (Some(name), Some(ty)) = (field(parameter, "name"), field(parameter, "type")) else { continue };
                let name = self.written(parameter, self.text_of(name))?;
                fields.extend(name.map(|it| self.jvm(&it, ty, parameter)));
            }
            return Some(Payload { fields, supers, line: 0 });
        }
        for member in field(node, "body").map(children).unwrap_or_default() {
            if member.kind() != "field_declaration" {
                continue;
            }
            let modifiers = child(member, &["modifiers"]).map(|it| self.text_of(it)).unwrap_or_default();
            if modifiers.split_whitespace().any(|it| matches!(it, "static" | "transient")) {
                continue;
            }
            let ty = field(member, "type")?;
            for declarator in all(member, &["variable_declarator"]) {
                let name = self.written(member, self.text_of(field(declarator, "name")?))?;
                fields.extend(name.map(|it| self.jvm(&it, ty, member)));
            }
        }
        Some(Payload { fields, supers, line: 0 })
    }

    pub(super) fn kotlin(&self, node: Node<'t>) -> Option<Payload> {
        if self.is_decided(node) {
            return None;
        }
        let mut supers = Vec::new();
        for part in all(node, &["delegation_specifiers"]) {
            for above in children(part) {
                let text = self.text_of(above);
                // An interface has no parentheses behind it, and no fields that are not declared here too.
                if let Some((name, _)) = text.split_once('(') {
                    if name.contains('<') {
                        return None;
                    }
                    supers.push(name.trim().rsplit('.').next().unwrap_or_default().into());
                }
            }
        }
        let list = child(node, &["primary_constructor"]).and_then(|it| child(it, &["class_parameters"]))?;
        let mut fields = Vec::new();
        for parameter in all(list, &["class_parameter"]) {
            let text = self.text_of(parameter);
            let is_field = text
                .split([':', '='])
                .next()
                .is_some_and(|it| it.split_whitespace().any(|it| it == "val" || it == "var"));
            if !is_field {
                continue;
            }
            let name = child(parameter, &["identifier", "simple_identifier"])?;
            let ty = child(parameter, &["user_type", "nullable_type"])?;
            let rest = text.split_once(self.text_of(ty)).map(|it| it.1).unwrap_or_default();
            let name = self.written(parameter, self.text_of(name))?;
            fields.extend(name.map(|it| self.field(&it, self.text_of(ty), !rest.contains('='), parameter)));
        }
        (!fields.is_empty()).then_some(Payload { fields, supers, line: 0 })
    }

    pub(super) fn go(&self, node: Node<'t>, name: &str) -> Option<Payload> {
        let body = field(node, "type").filter(|it| it.kind() == "struct_type")?;
        let writes_itself = |it: &&Node<'t>| {
            it.kind() == "method_declaration"
                && field(**it, "name").is_some_and(|it| matches!(self.text_of(it), "MarshalJSON" | "MarshalText"))
                && field(**it, "receiver").is_some_and(|it| self.text_of(it).contains(name))
        };
        if self.declared.iter().any(|it| writes_itself(&it)) {
            return None;
        }
        let (mut fields, mut supers, mut tagged, mut other) = (Vec::new(), Vec::new(), false, false);
        for list in all(body, &["field_declaration_list"]) {
            for member in all(list, &["field_declaration"]) {
                let ty = self.text_of(field(member, "type")?);
                let tag = field(member, "tag").map(|it| self.text_of(it).trim_matches('`')).unwrap_or_default();
                let json = tag.split("json:\"").nth(1).and_then(|it| it.split('"').next());
                tagged |= json.is_some();
                other |= json.is_none() && !tag.is_empty();
                let names: Vec<_> = member.children_by_field_name("name", &mut member.walk()).collect();
                if names.is_empty() && json.is_none() {
                    let above = ty.trim_start_matches('*');
                    // A type of another package may stand anywhere.
                    if above.contains('.') {
                        return None;
                    }
                    supers.push(above.into());
                }
                let mut parts = json.unwrap_or_default().split(',');
                let renamed = parts.next().unwrap_or_default();
                let options: Vec<&str> = parts.collect();
                if renamed == "-" && options.is_empty() {
                    continue;
                }
                for own in names {
                    let own = self.text_of(own);
                    if !own.starts_with(char::is_uppercase) {
                        continue;
                    }
                    let on_wire = if renamed.is_empty() { own } else { renamed };
                    let is_required = !options.iter().any(|it| matches!(*it, "omitempty" | "omitzero"));
                    let mut field = self.field(on_wire, ty, is_required, member);
                    if options.contains(&"string") {
                        field.holds = super::Holds::Text;
                    }
                    fields.push(field);
                }
            }
        }
        // Tags of another format alone: what is sent is no JSON.
        (tagged || !other).then_some(Payload { fields, supers, line: 0 })
    }

    pub(super) fn rust(&self, node: Node<'t>) -> Option<Payload> {
        let attributes = self.attributes(node);
        if node.kind() != "struct_item" || !attributes.contains("Serialize") {
            return None;
        }
        let serde = |attributes: &str, key: &str| {
            let (_, rest) = attributes.split_once(&format!("{key} = \""))?;
            rest.split('"').next().map(str::to_owned)
        };
        let decided =
            ["flatten", "transparent", "serialize_with", "into =", "tag =", "remote", "rename_all(", "rename("];
        let is_decided = |it: &str| it.contains("serde(") && decided.iter().any(|word| it.contains(word));
        if is_decided(&attributes) || attributes.contains("serde_as") {
            return None;
        }
        let case = serde(&attributes, "rename_all");
        let list = field(node, "body").filter(|it| it.kind() == "field_declaration_list")?;
        let mut fields = Vec::new();
        for member in all(list, &["field_declaration"]) {
            let own = self.attributes(member);
            if is_decided(&own) || own.contains("with =") {
                return None;
            }
            if own.contains("skip)") || own.contains("skip_serializing)") || own.contains("skip,") {
                continue;
            }
            let name = self.text_of(field(member, "name")?).trim_start_matches("r#");
            let renamed = match (serde(&own, "rename"), case.as_deref()) {
                (Some(renamed), _) => renamed,
                (None, None | Some("snake_case")) => name.to_owned(),
                (None, Some("camelCase")) => camel(name, false),
                (None, Some("PascalCase")) => camel(name, true),
                (None, Some("kebab-case")) => name.replace('_', "-"),
                (None, Some("SCREAMING_SNAKE_CASE" | "UPPERCASE")) => name.to_uppercase(),
                (None, Some(_)) => return None,
            };
            let ty = self.text_of(field(member, "type")?);
            fields.push(self.field(&renamed, ty, !own.contains("skip_serializing_if"), member));
        }
        Some(Payload { fields, supers: Vec::new(), line: 0 })
    }

    /// A field of Java: only plain values are always there.
    fn jvm(&self, name: &str, ty: Node<'t>, member: Node<'t>) -> PayloadField {
        let ty = self.text_of(ty);
        self.field(name, ty, ty.starts_with(char::is_lowercase) && !ty.ends_with(']'), member)
    }

    /// What a field is called on the wire: its own name, or that of an annotation; `Some(None)` if it is left out,
    /// `None` if that cannot be told.
    #[expect(clippy::option_option, reason = "that it is not written and that nobody knows are two things")]
    fn written(&self, member: Node<'t>, name: &str) -> Option<Option<String>> {
        let annotations: Vec<Node<'t>> =
            ["annotation", "marker_annotation"].iter().flat_map(|it| descendants(member, it)).collect();
        for annotation in annotations {
            let text = self.text_of(annotation).trim_start_matches('@');
            let text = text.rsplit_once(':').filter(|it| !it.0.contains('(')).map_or(text, |it| it.1);
            let (called, arguments) = text.split_once('(').unwrap_or((text, ""));
            let called = called.rsplit('.').next().unwrap_or(called);
            if LEFT_OUT.contains(&called) {
                return Some(None);
            }
            if DECIDED.contains(&called) {
                return None;
            }
            if RENAMED.contains(&called) {
                // `@JsonProperty(access = READ_ONLY)` gives no name, a constant gives one that stands elsewhere.
                let quoted = arguments.split('"').nth(1);
                match quoted {
                    Some(quoted) if !arguments.split('"').next().unwrap_or_default().contains(',') => {
                        return Some(Some(quoted.to_owned()));
                    }
                    _ if arguments.is_empty() => {}
                    _ => return None,
                }
            }
        }
        Some(Some(name.to_owned()))
    }

    /// Whether an annotation of a type decides its form elsewhere.
    fn is_decided(&self, node: Node<'t>) -> bool {
        let modifiers = child(node, &["modifiers"]).map(|it| self.text_of(it)).unwrap_or_default();
        DECIDED.iter().any(|it| modifiers.contains(it))
    }
}

/// `order_id` as `orderId` or `OrderId`.
fn camel(name: &str, is_first: bool) -> String {
    let mut is_next = is_first;
    let mut camel = String::new();
    for char in name.chars() {
        match char {
            '_' => is_next = true,
            char if is_next => {
                camel.extend(char.to_uppercase());
                is_next = false;
            }
            char => camel.push(char),
        }
    }
    camel
}
