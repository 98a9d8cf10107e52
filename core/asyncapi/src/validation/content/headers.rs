//! Headers are a mapping from names to values, and their schema says so.

use archwright_syntax::data::{Kind, Node};

use super::formats::Format;
use super::{Content, HEADERS_NOT_OBJECT, HEADERS_WITHOUT_TYPE};
use crate::files::is_of;

/// How deep combined schemas are looked into.
const MAX_DEPTH: usize = 8;

/// What a schema says of the kind of its values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says<'t> {
    /// They are objects.
    Object,
    /// They are something else, here.
    Other(Node<'t>),
    Nothing,
    /// That cannot be told.
    Unknown,
}

impl<'t> Content<'t, '_> {
    /// Checks that the schema of headers is of type `object` (AsyncAPI 2.6.0 and 3.0.0, Message Object, `headers`).
    pub(super) fn headers(&mut self, headers: Node<'t>) {
        let schema = match self.files.follow(headers) {
            Some(it) if it.get("schemaFormat").is_some() => match Format::of(it.get("schemaFormat")) {
                Format::Own | Format::OpenApi => it.get("schema").and_then(|it| self.files.follow(it)),
                _ => None,
            },
            other => other,
        };
        let Some(schema) = schema else { return };
        let is_inline = schema == headers;
        // The key, or the reference that leads to the schema.
        let place = match headers.get("$ref") {
            Some(reference) => reference.span(),
            None => headers.as_entry().map_or_else(|| headers.span(), |it| it.key_span),
        };
        match self.says(schema, 0) {
            Says::Object | Says::Unknown => {}
            Says::Other(ty) => {
                // In 2.x the table of the specification has the only type that is allowed.
                if self.is_2 && is_inline && ty.kind() == Kind::String && Some(ty) == schema.get("type") {
                    return;
                }
                let is_here = is_of(self.root, ty) && headers.get("$ref").is_none();
                let found = ty.scalar().map_or_else(|| "another".to_owned(), |it| format!("`{it}`"));
                let message = format!(
                    "Headers are a mapping, so their schema must be of type `object`, but it is of type {found}"
                );
                // From 3.0 on only Spectral minds.
                let check = if self.is_2 { &HEADERS_NOT_OBJECT } else { &HEADERS_WITHOUT_TYPE };
                self.tell(check, headers, if is_here { ty.span() } else { place }, message, None);
            }
            Says::Nothing => {
                let message = match schema.as_bool() {
                    Some(value) => {
                        format!("Headers are a mapping, so their schema must be of type `object`, but it is `{value}`")
                    }
                    None => "Headers are a mapping, so their schema must be of type `object`, but it has no `type`"
                        .to_owned(),
                };
                self.tell(&HEADERS_WITHOUT_TYPE, headers, place, message, None);
            }
        }
    }

    fn says(&self, schema: Node<'t>, depth: usize) -> Says<'t> {
        let Some(schema) = self.files.follow(schema).filter(|_| depth <= MAX_DEPTH) else { return Says::Unknown };
        if !matches!(schema.kind(), Kind::Mapping | Kind::Bool) {
            return Says::Unknown;
        }
        if let Some(ty) = schema.get("type") {
            let names_object = ty.as_str() == Some("object") || ty.items().any(|it| it.as_str() == Some("object"));
            return if names_object { Says::Object } else { Says::Other(ty) };
        }
        let all = |key: &str| {
            schema.get(key).into_iter().flat_map(Node::items).map(|it| self.says(it, depth + 1)).collect::<Vec<_>>()
        };
        let parts = all("allOf");
        let one = [all("anyOf"), all("oneOf")].into_iter().filter(|it| !it.is_empty());
        let choices = one.map(|it| it.into_iter().find(|it| *it != Says::Object).unwrap_or(Says::Object));
        let parts: Vec<_> = parts.into_iter().chain(choices).collect();
        [Says::Object, Says::Unknown].into_iter().find(|it| parts.contains(it)).unwrap_or(Says::Nothing)
    }
}
