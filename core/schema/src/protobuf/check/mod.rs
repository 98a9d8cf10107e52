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

use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use self::numbers::Sorted;
use self::pool::{Imports, Pool, Read};
use super::parser::Parsed;
use super::schema::Field;
use super::tree::Type;
use crate::Diagnostic;

/// All problems of a file, in the order of the text.
pub(crate) fn problems(parsed: &Parsed, path: &str, read: Read<'_>) -> Vec<Diagnostic> {
    let is_whole = !parsed.faults.iter().any(|it| it.is_lost);
    let imports = Imports::read(&parsed.file, path, read);
    let pool = Pool::new(&parsed.file, path, is_whole, &imports);
    let mut check = Check {
        pool: &pool,
        problems: parsed.faults.iter().map(|it| it.diagnostic.clone()).collect(),
        set_aside: FxHashMap::default(),
        hints: MAX_HINTS,
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
    problems
}

/// How many types are looked for that may have been meant by names that nothing bears.
const MAX_HINTS: usize = 20;

struct Check<'p> {
    pool: &'p Pool<'p>,
    problems: Vec<Diagnostic>,
    /// The numbers that messages set aside for extensions, as far as they were asked for.
    set_aside: FxHashMap<usize, Sorted>,
    /// How many more types are looked for that may have been meant.
    hints: usize,
}

impl<'p> Check<'p> {
    fn tell(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Diagnostic { span, message: message.into() });
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
