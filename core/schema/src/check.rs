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
