//! `schema/embedded-content`: a message that carries a file instead of saying where it is.

use archwright_schema::Language;
use archwright_syntax::data::{self, Entry, Node};

use crate::{field_name::words, prelude::*};

use super::properties::properties;

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/embedded-content",
    severity: Severity::Info,
    summary: "A message of a channel carries a file, such as an image or a document, instead of saying where it is.",
    applies_to: &[Kind::Schema],
    sources: &["A-173"],
    page: include_str!("embedded_content.md"),
    check,
    ..Rule::OURS
};

/// What names of fields call a file.
const FILES: [&str; 16] = [
    "attachment",
    "audio",
    "document",
    "file",
    "image",
    "pdf",
    "photo",
    "picture",
    "scan",
    "screenshot",
    "video",
    "attachments",
    "documents",
    "files",
    "images",
    "photos",
];
/// What stands behind such a word and leaves its meaning.
const BEHIND: [&str; 7] = ["content", "contents", "data", "bytes", "body", "blob", "base64"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    if facts.captures.channel.is_none() {
        return;
    }
    let Some(schema) = facts.schema() else { return };
    if schema.shape.language == Language::JsonSchema {
        if !facts.text.contains("contentEncoding") && !facts.text.contains("contentMediaType") {
            return;
        }
        let Some(format) = data::Format::of_path(facts.path.as_str()) else { return };
        let tree = data::parse(facts.text.clone(), format);
        if let Some(root) = tree.root() {
            properties(root, &mut |it| of_property(it, reporter));
        }
        return;
    }
    let is_bytes = |ty: &str| ty.split(['|', '<', '>']).any(|it| it == "bytes");
    for field in schema.shape.fields.iter().filter(|it| is_bytes(&it.ty) && is_file(&it.name.text)) {
        report(reporter, field.name.span, &field.name.text);
    }
}

/// Looks at a property of a JSON Schema.
fn of_property(property: Entry<'_>, reporter: &mut Reporter) {
    let said = |keyword: &str| property.value.get(keyword).and_then(Node::as_str);
    let is_encoded = said("contentEncoding").is_some_and(|it| it.to_ascii_lowercase().starts_with("base64"));
    let is_media = said("contentMediaType").is_some_and(|it| {
        let kind = it.split('/').next().unwrap_or_default();
        matches!(kind, "image" | "audio" | "video") || it.starts_with("application/pdf")
    });
    if is_media || is_encoded && is_file(property.key) {
        report(reporter, property.key_span, property.key);
    }
}

fn report(reporter: &mut Reporter, span: Span, name: &str) {
    let message = format!(
        "`{name}` carries a whole file through the broker: it meets the limit for messages, and every reader pays for \
        it. Keep it in a store, and send where it is and its checksum (claim check)."
    );
    reporter.report(span, message);
}

/// Whether a name says that the field is a file.
fn is_file(name: &str) -> bool {
    let words = words(name);
    let [before @ .., last] = words.as_slice() else { return false };
    let is_file = |it: &String| FILES.contains(&it.as_str());
    is_file(last) || BEHIND.contains(&last.as_str()) && before.last().is_some_and(is_file)
}

#[cfg(test)]
mod tests {
    use super::is_file;

    #[test]
    fn a_file_is_told_by_its_name() {
        for name in ["invoice_pdf", "photo", "imageData", "document_content"] {
            assert!(is_file(name), "{name}");
        }
        for name in ["signature", "document_hash", "image_url", "file_id", "content", "payload", "key"] {
            assert!(!is_file(name), "{name}");
        }
    }
}
