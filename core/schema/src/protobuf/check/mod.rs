//! What `protoc` refuses although it can be read: names and numbers that are taken, types that nobody declares, labels,
//! defaults and options that do not fit.
//!
//! The rules are those of protoc 35 and of the language guides (protobuf.dev), the sentences our own. Where a file is
//! imported that nobody knows, what may stand in it is taken to be there.

mod features;
mod fields;
mod files;
mod names;
mod numbers;
mod options;
pub(crate) mod pool;
mod style;
#[cfg(test)]
mod tests;
mod types;
mod values;

use archwright_syntax::{Guesses, Span};
use rustc_hash::FxHashMap;

use self::numbers::Sorted;
use self::options::Declarations;
use self::pool::{Imports, Pool, Read};
use super::parser::Parsed;
use super::schema::Field;
use super::tree::{self, Type};
use crate::Diagnostic;

/// All problems of a file, in the order of the text, and how many of its imports were not read.
pub(crate) fn problems(parsed: &Parsed, own: &[String], read: Read<'_>) -> (Vec<Diagnostic>, usize) {
    let is_whole = !parsed.faults.iter().any(|it| it.is_lost);
    let imports = Imports::read(&parsed.file, own, read);
    let path = own.first().map(String::as_str).unwrap_or_default();
    let pool = Pool::new(&parsed.file, path, is_whole, &imports);
    let mut check = Check {
        pool: &pool,
        problems: parsed.faults.iter().map(|it| it.diagnostic.clone()).collect(),
        set_aside: FxHashMap::default(),
        guesses: Guesses::default(),
        namesakes: None,
        fields_by_name: FxHashMap::default(),
        values_by_name: FxHashMap::default(),
        declared: FxHashMap::default(),
    };
    check.files();
    check.names();
    check.numbers();
    check.types();
    check.fields();
    check.options();
    check.style();
    let mut problems = check.problems;
    problems.sort_by_key(|it| (it.span.start, it.span.end));
    problems.dedup();
    (problems, imports.left_out)
}

struct Check<'p> {
    pool: &'p Pool<'p>,
    problems: Vec<Diagnostic>,
    /// The numbers that messages set aside for extensions, as far as they were asked for.
    set_aside: FxHashMap<usize, Sorted>,
    guesses: Guesses,
    /// The types by their last names, once they are asked for.
    namesakes: Option<FxHashMap<&'p str, Option<&'p str>>>,
    /// The fields of messages and the values of enums by their names, as far as they were asked for.
    fields_by_name: FxHashMap<usize, FxHashMap<&'p str, &'p tree::Field>>,
    values_by_name: FxHashMap<usize, FxHashMap<&'p str, &'p tree::Value>>,
    /// What messages declare for the numbers of their extensions, as far as it was asked for.
    declared: FxHashMap<usize, Declarations<'p>>,
}

impl<'p> Check<'p> {
    fn tell(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Diagnostic { span, message: message.into() });
    }

    /// The field of a message with a name; a group goes by that of its message, too. Options may set each of very many
    /// fields.
    fn field_named(&mut self, message: usize, name: &str) -> Option<&'p tree::Field> {
        let fields = &self.pool.schema.messages.get(message)?.node.fields;
        let by_name = self.fields_by_name.entry(message).or_insert_with(|| {
            let mut by_name = FxHashMap::default();
            for it in fields {
                by_name.entry(it.name.as_str()).or_insert(it);
                if let Type::Group(group) = &it.ty {
                    by_name.entry(group.as_str()).or_insert(it);
                }
            }
            by_name
        });
        by_name.get(name).copied()
    }

    /// The value of an enum with a name.
    fn value_named(&mut self, index: usize, name: &str) -> Option<&'p tree::Value> {
        let values = &self.pool.schema.enums.get(index)?.node.values;
        let by_name = self.values_by_name.entry(index).or_insert_with(|| {
            let mut by_name = FxHashMap::default();
            for it in values {
                by_name.entry(it.name.as_str()).or_insert(it);
            }
            by_name
        });
        by_name.get(name).copied()
    }

    /// The messages of the file itself, by their place in the schema.
    fn messages(&self) -> impl Iterator<Item = (usize, &'p super::schema::Message<'p>)> + use<'p> {
        self.pool.schema.messages.iter().enumerate().filter(|(_, it)| it.file == 0)
    }

    /// The enums of the file itself.
    fn enums(&self) -> impl Iterator<Item = &'p super::schema::Enum<'p>> + use<'p> {
        self.pool.schema.enums.iter().filter(|it| it.file == 0)
    }

    /// The extensions that the file itself declares.
    fn extensions(&self) -> impl Iterator<Item = Field<'p>> + use<'p> {
        let schema = &self.pool.schema;
        (0..schema.extensions.len()).filter_map(|it| schema.extension(it)).filter(|it| it.file == 0)
    }

    /// All fields that somebody wrote, extensions included.
    fn written_fields(&self) -> Vec<Field<'p>> {
        let schema = &self.pool.schema;
        let fields = self.messages().filter(|(_, it)| !it.node.entry).flat_map(|(index, _)| schema.fields(index));
        fields.chain(self.extensions()).collect()
    }
}

/// The type of a field as people would write it.
fn type_name(ty: &Type) -> &str {
    match ty {
        Type::Scalar(it) => it.name(),
        Type::Named(name) | Type::Group(name) | Type::Map(name) => name,
    }
}
