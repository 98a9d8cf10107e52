//! The style that the edition 2024 asks for: names, and which nested types may be exported.

use archwright_syntax::Span;

use super::Check;
use crate::protobuf::parser::MAX_FIELD;
use crate::protobuf::schema::Message;
use crate::protobuf::tree::{Opt, Range, Syntax, Visibility};

const STYLE: &str = "enforce_naming_style";
const VISIBILITY: &str = "default_symbol_visibility";

/// How the parts of a file are to be named (protobuf.dev, "Style Guide").
#[derive(Clone, Copy)]
enum Case {
    Title,
    LowerSnake,
    UpperSnake,
}

impl<'p> Check<'p> {
    pub(super) fn style(&mut self) {
        if !matches!(self.syntax(), Syntax::Edition(2024..)) {
            return;
        }
        let Some(file) = self.pool.own() else { return };
        if let Some(span) = file.package_span {
            self.named("packages", &file.package, span, Case::LowerSnake, &[], None);
        }
        for (_, it) in self.messages().filter(|(_, it)| !it.node.entry) {
            let node = it.node;
            self.named("messages", &node.name, node.name_span, Case::Title, &[&node.options], it.parent);
            for oneof in &node.oneofs {
                let own: [&[Opt]; 2] = [&oneof.options, &node.options];
                self.named("oneofs", &oneof.name, oneof.name_span, Case::LowerSnake, &own, it.parent);
                self.collides(it, &oneof.name, oneof.name_span, &own);
            }
            self.nested_export(it);
        }
        for field in self.written_fields() {
            let node = field.node;
            let oneof = field.oneof().map_or(&[][..], |it| it.options.as_slice());
            let own: [&[Opt]; 2] = [&node.options, oneof];
            self.named("fields", &node.name, node.name_span, Case::LowerSnake, &own, field.parent);
            let parent = field.parent.and_then(|it| self.pool.schema.messages.get(it));
            if let Some(parent) = parent.filter(|_| field.extension.is_none()) {
                let own: [&[Opt]; 3] = [&node.options, oneof, &parent.node.options];
                self.collides(parent, &node.name, node.name_span, &own);
            }
        }
        for it in self.enums() {
            let node = it.node;
            self.named("enums", &node.name, node.name_span, Case::Title, &[&node.options], it.parent);
            for value in &node.values {
                let own: [&[Opt]; 2] = [&value.options, &node.options];
                self.named("values", &value.name, value.name_span, Case::UpperSnake, &own, it.parent);
            }
        }
        for it in self.pool.schema.services.iter().filter(|it| it.file == 0) {
            let node = it.node;
            self.named("services", &node.name, node.name_span, Case::Title, &[&node.options], None);
            for method in &node.methods {
                let own: [&[Opt]; 2] = [&method.options, &node.options];
                self.named("methods", &method.name, method.name_span, Case::Title, &own, None);
            }
        }
    }

    fn named(&mut self, what: &str, name: &str, span: Span, case: Case, own: &[&'p [Opt]], parent: Option<usize>) {
        if self.pool.schema.feature(STYLE, own, parent, 0) == "STYLE_LEGACY" {
            return;
        }
        if let Some(wanted) = unfit(name, case) {
            let message = format!(
                "Since the edition 2024 names of {what} {wanted}; rename `{name}`, or set \
                 `features.enforce_naming_style = STYLE_LEGACY`."
            );
            self.tell(span, message);
        }
    }

    /// Names that generated code makes of other names (the style of 2026).
    fn collides(&mut self, message: &Message<'p>, name: &str, span: Span, own: &[&'p [Opt]]) {
        if self.pool.schema.feature(STYLE, own, message.parent, 0) != "STYLE2026" {
            return;
        }
        let has = |name: &str| {
            message.node.fields.iter().any(|it| it.name == name) || message.node.oneofs.iter().any(|it| it.name == name)
        };
        let prefix = ["has_", "get_", "set_", "clear_"].iter().find_map(|it| name.strip_prefix(it));
        let other = prefix.filter(|it| has(it)).or_else(|| name.strip_suffix("_value").filter(|it| has(it)));
        if let Some(other) = other {
            self.tell(span, format!("In generated code `{name}` is the same as something made of `{other}`."));
        } else if name == "descriptor" {
            self.tell(span, "In generated code `descriptor` is taken.");
        }
    }

    /// Where all types are local, a nested one is exported only from a message that is nothing but a scope for enums.
    fn nested_export(&mut self, message: &Message<'p>) {
        let nested = |visibility: Visibility, is_parent: bool| visibility == Visibility::Export && is_parent;
        let schema = &self.pool.schema;
        if schema.feature(VISIBILITY, &[], None, 0) != "STRICT" {
            return;
        }
        if nested(message.node.visibility, message.parent.is_some()) {
            let text = "A nested message cannot be exported here; move it to the top of the file.";
            self.tell(message.node.name_span, text);
        }
        let all = Range { first: 1, last: MAX_FIELD };
        let is_scope = message.parent.is_none()
            && message.node.visibility != Visibility::Export
            && matches!(message.node.reserved.as_slice(), [it] if it.it == all);
        for it in message.node.enums.iter().filter(|it| nested(it.visibility, !is_scope)) {
            let text = "A nested enum cannot be exported here; move it to the top of the file.";
            self.tell(it.name_span, text);
        }
    }
}

/// What a name should be, when it is not.
fn unfit(name: &str, case: Case) -> Option<&'static str> {
    let first = name.chars().next();
    let all = |allowed: fn(char) -> bool| name.chars().all(allowed);
    let has_odd_underscore = || {
        let parts = name.split('_').skip(1);
        name.starts_with('_') || parts.into_iter().any(|it| !it.starts_with(|it: char| it.is_ascii_alphabetic()))
    };
    match case {
        Case::Title if !all(|it| it.is_ascii_alphanumeric()) => Some("are written LikeThis"),
        Case::Title => (!first.is_some_and(|it| it.is_ascii_uppercase())).then_some("start with a capital letter"),
        Case::LowerSnake if !all(|it| matches!(it, 'a'..='z' | '0'..='9' | '_' | '.')) => Some("are written like_this"),
        Case::LowerSnake if !first.is_some_and(|it| it.is_ascii_lowercase()) => Some("start with a small letter"),
        Case::UpperSnake if !all(|it| matches!(it, 'A'..='Z' | '0'..='9' | '_')) => Some("are written LIKE_THIS"),
        Case::UpperSnake if !first.is_some_and(|it| it.is_ascii_uppercase()) => Some("start with a capital letter"),
        Case::LowerSnake | Case::UpperSnake => has_odd_underscore().then_some("have a letter behind each underscore"),
    }
}
