//! Whether a schema is one, in the three languages: every mistake at its place.

use std::sync::Arc;

use archwright_syntax::data::Tree;

use crate::instance::NoReferences;
use crate::{AvroSchema, Diagnostic, Language, json_schema, protobuf};

/// What a schema may use of other files. The default knows nothing of them and takes everything to be there.
pub trait Surroundings {
    /// The text of a Protobuf file by the path of its import; `None` when it is not known, and what it may declare is
    /// not judged.
    fn import(&mut self, _path: &str) -> Option<Arc<str>> {
        None
    }

    /// The paths by which imports mean the Protobuf file that is checked.
    fn own_paths(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// Told how many imports of a Protobuf file were not asked for, because it has too many.
    fn left_out(&mut self, _imports: usize) {}

    /// Whether another Avro schema may declare a type of this name, for a registry that knows of references.
    fn declares(&mut self, _name: &str) -> bool {
        true
    }

    /// Why a reference (`$ref`) of a JSON Schema to another file leads nowhere; `None` when it leads somewhere, or when
    /// that cannot be told.
    fn missing(&mut self, _reference: Outward<'_>) -> Option<String> {
        None
    }
}

/// A reference of a JSON Schema that leads out of its text.
#[derive(Clone, Copy, Debug)]
pub struct Outward<'a> {
    /// As it is written.
    pub text: &'a str,
    /// What it means, without its fragment: it counts from the `$id` around it. A way from the file where there is
    /// none.
    pub address: &'a str,
    /// Whether it counts from an `$id`, so that the file beside that has this way need not be what is meant.
    pub has_base: bool,
}

/// Nothing is known of other files.
pub struct Alone;

impl Surroundings for Alone {}

/// What is wrong with a schema, in the order of the text. Mistakes of notation (YAML, JSON) are not among it: they
/// stand in the tree. `tree` spares parsing the text once more.
///
/// ```
/// use archwright_schema::{Language, check::{Alone, diagnostics}};
///
/// let text = "type: strng\nminLength: -1\n";
/// let found = diagnostics(text, Language::JsonSchema, None, &mut Alone);
/// assert_eq!(found[0].message, "`strng` is no type of JSON Schema. Did you mean `string`?");
/// assert_eq!(found[1].span.of(text), "-1");
/// ```
pub fn diagnostics(
    text: &str,
    language: Language,
    tree: Option<&Tree>,
    around: &mut dyn Surroundings,
) -> Vec<Diagnostic> {
    if language == Language::Protobuf {
        let shape = protobuf::shape(text, &around.own_paths(), &mut |it| around.import(it));
        around.left_out(shape.unread);
        let mut found = shape.diagnostics;
        found.sort_by_key(|it| it.span.start);
        return found;
    }
    let own;
    let tree = match tree {
        Some(tree) => tree,
        None => {
            own = language.parse(text);
            &own
        }
    };
    if language == Language::JsonSchema {
        return json_schema::diagnostics(tree, around);
    }
    let Some(root) = tree.root() else { return Vec::new() };
    let mut found = AvroSchema::read(root, &NoReferences).diagnostics();
    found.retain(|it| it.undeclared.as_ref().is_none_or(|name| !around.declares(name)));
    let mut found: Vec<Diagnostic> = found.into_iter().map(|it| it.diagnostic).collect();
    found.sort_by_key(|it| it.span.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(language: Language, text: &str) -> Vec<String> {
        diagnostics(text, language, None, &mut Alone).into_iter().map(|it| it.message).collect()
    }

    /// A schema of a draft, such as `04`, with some members.
    fn of_draft(draft: &str, members: &str) -> Vec<String> {
        let address = match draft {
            "2019-09" | "2020-12" => format!("https://json-schema.org/draft/{draft}/schema"),
            _ => format!("http://json-schema.org/draft-{draft}/schema#"),
        };
        found(Language::JsonSchema, &format!("{{\"$schema\": \"{address}\", {members}}}"))
    }

    #[test]
    fn keywords_are_judged_by_the_dialect_that_the_schema_names() {
        let all = ["04", "06", "07", "2019-09", "2020-12"];
        for (members, wrong_in) in [
            (r#""exclusiveMinimum": true"#, &["06", "07", "2019-09", "2020-12"][..]),
            (r#""exclusiveMaximum": 3"#, &["04"]),
            (r#""exclusiveMinimum": "x""#, &all),
            (r#""required": []"#, &["04"]),
            (r#""enum": []"#, &["04", "06"]),
            (r#""if": 3"#, &["07", "2019-09", "2020-12"]),
            (r#""prefixItems": 3"#, &["2020-12"]),
            (r#""contains": 3"#, &["06", "07", "2019-09", "2020-12"]),
            (r#""minContains": -1"#, &["2019-09", "2020-12"]),
            (r#""additionalItems": 3"#, &["04", "06", "07", "2019-09"]),
            (r#""items": [{}]"#, &["2020-12"]),
            (r#""properties": {"a": true}"#, &["04"]),
            (r#""additionalProperties": false"#, &[]),
            (r#""$defs": {"a": {"minLength": -1}}"#, &all),
            (r#""$defs": {"a": 3}"#, &["2019-09", "2020-12"]),
            (r#""type": "strng""#, &all),
        ] {
            for draft in all {
                let told = of_draft(draft, members);
                assert_eq!(told.len(), usize::from(wrong_in.contains(&draft)), "{draft}: {members}: {told:?}");
            }
        }
        // Without a dialect, what any of them allows is taken; drafts before 4 are not judged.
        for members in [r#""exclusiveMinimum": true"#, r#""exclusiveMinimum": 1"#, r#""required": []"#] {
            assert_eq!(found(Language::JsonSchema, &format!("{{{members}}}")), [""; 0]);
        }
        assert_eq!(of_draft("03", r#""required": true, "type": "any""#), [""; 0]);
    }

    #[test]
    fn defaults_and_other_members_of_avro_fields_are_judged() {
        let field = |ty: &str, members: &str| {
            let field = format!("{{\"name\": \"a\", \"type\": {ty}, {members}}}");
            found(Language::Avro, &format!(r#"{{"type": "record", "name": "R", "fields": [{field}]}}"#))
        };
        let fixed = r#"{"type": "fixed", "name": "F", "size": 2}"#;
        for (ty, members, told) in [
            (r#""int""#, r#""order": "up""#, Some("`ascending`, `descending`, `ignore`")),
            (r#""int""#, r#""order": "descending""#, None),
            (r#""int""#, r#""aliases": "x""#, Some("a list of names")),
            (r#""int""#, r#""aliases": ["x", 1]"#, Some("An alias is a name")),
            (r#""int""#, r#""aliases": ["x"]"#, None),
            (r#""long""#, r#""default": 9223372036854775807"#, None),
            (r#""long""#, r#""default": 9223372036854775808"#, Some("64 bits")),
            (r#""int""#, r#""default": 9223372036854775808"#, Some("32 bits")),
            (r#""int""#, r#""default": 2147483648"#, Some("32 bits")),
            (r#"["null", "long"]"#, r#""default": 9223372036854775808"#, Some("64 bits")),
            (r#""bytes""#, r#""default": "\u00ff""#, None),
            (r#""bytes""#, r#""default": "\u0100""#, Some("U+0100 is no byte")),
            (r#""string""#, r#""default": "\u0100""#, None),
            (fixed, r#""default": "\u00ff\u0001""#, None),
            (fixed, r#""default": "abc""#, Some("does not have 2 bytes")),
        ] {
            let found = field(ty, members);
            match told {
                None => assert_eq!(found, [""; 0], "{ty} {members}"),
                Some(told) => assert!(found.len() == 1 && found[0].contains(told), "{ty} {members}: {found:?}"),
            }
        }
        let named = r#"{"type": "enum", "name": "E", "symbols": ["A"], "aliases": "x"}"#;
        assert_eq!(found(Language::Avro, named), ["`aliases` is a list of names, but this is a string."]);
    }
}
