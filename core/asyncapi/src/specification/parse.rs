//! Reads the table.
//!
//! A block starts with `object NAME "TITLE" : MEANING.`, `schema NAME ...` for a schema, or `choose NAME by FIELD ...`
//! and `choose NAME with FIELD ...` for an object with several forms. Names take a range of versions: `@2.0-2.6`,
//! `@3.0-`, `@2.0`. `open` before the title allows other fields, `open{TYPE}` only with such values; `closed` forbids
//! those of a schema.
//!
//! The lines of a block are fields, `NAME! TYPE : MEANING.`, with `!` when required; `like NAME` takes over the fields
//! of another object; `needs A B` demands one of some fields and `apart A B` forbids more than one. The lines of a
//! choice are `VALUE = NAME`, with `*` for any other value, or `yes = NAME` and `no = NAME`.
//!
//! Types: `any`, `null`, `string`, `string(uri)`, `string(..48)`, `enum(a b)`, `int`, `int(0..9)`, `ints(0 1)`,
//! `number`, `number(above0)`, `bool`, `object`, `payload`; an object's name, with `&` when a reference may stand for
//! it, `&&` when nothing else may, and `~` when none may and tools follow it; `[TYPE]` for lists, `u` behind it for
//! unique and `+` for filled ones; `{TYPE}` and `{KEYS:TYPE}` for maps; `A|B` for either.

use super::{Choice, Field, KeyFormat, ObjectId, ObjectType, ReferenceUse, Shape, Specification, TextFormat};

const FILES: [&str; 3] = [include_str!("schema.txt"), include_str!("objects.txt"), include_str!("bindings.txt")];

/// The table for one version. Lines that cannot be read are left out; the tests make sure that there are none.
pub(super) fn specification(version: (u8, u8)) -> Specification {
    let blocks = || FILES.iter().flat_map(|it| blocks(it)).filter(move |it| it.0.version.includes(version));
    let mut table = Specification::default();
    for (name, ..) in blocks() {
        let id = ObjectId(u16::try_from(table.by_name.len()).unwrap_or(u16::MAX));
        table.by_name.entry(name.text).or_insert(id);
    }
    for (_, header, lines) in blocks() {
        if let Some(object) = object(&table, version, header, lines) {
            table.objects.push(object);
        }
    }
    table
}

/// A name with the versions it stands in.
#[derive(Clone, Copy)]
struct Name {
    text: &'static str,
    required: bool,
    version: Range,
}

#[derive(Clone, Copy)]
struct Range {
    first: (u8, u8),
    last: (u8, u8),
}

impl Range {
    const ALL: Self = Self { first: (0, 0), last: (u8::MAX, 0) };

    fn includes(self, version: (u8, u8)) -> bool {
        self.first <= version && version <= self.last
    }
}

fn name(text: &'static str) -> Name {
    let (text, range) = text.split_once('@').unwrap_or((text, ""));
    let (text, required) = text.strip_suffix('!').map_or((text, false), |it| (it, true));
    let version =
        |it: &str| it.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let version =
        Range { first: version(first).unwrap_or(Range::ALL.first), last: version(last).unwrap_or(Range::ALL.last) };
    Name { text, required, version }
}

/// The blocks of a file: name, first line, other lines.
fn blocks(text: &'static str) -> impl Iterator<Item = (Name, &'static str, &'static str)> {
    text.split("\n\n").filter_map(|block| {
        let (header, lines) = block.trim().split_once('\n').unwrap_or((block.trim(), ""));
        let text = header.split(' ').nth(1).filter(|_| !header.starts_with('#'))?;
        Some((name(text), header, lines))
    })
}

fn object(table: &Specification, version: (u8, u8), header: &'static str, lines: &'static str) -> Option<ObjectType> {
    let (head, meaning) = header.split_once(" : ")?;
    let mut quoted = head.split('"');
    let mut words = quoted.next()?.split_whitespace();
    let (kind, own) = (words.next()?, name(words.next()?).text);
    let mut object = ObjectType {
        name: own,
        title: quoted.next()?,
        meaning,
        is_schema: kind == "schema",
        others: (kind == "schema").then_some(Shape::Any),
        choice: None,
        needs: Vec::new(),
        apart: Vec::new(),
        fields: Vec::new(),
        sorted: Vec::new(),
    };
    if kind == "choose" {
        object.choice = choice(table, version, words.next()?, words.next()?, lines);
        return object.choice.is_some().then_some(object);
    }
    let openness = words.next();
    if openness == Some("closed") {
        object.others = None;
    }
    if let Some(open) = openness.and_then(|it| it.strip_prefix("open")) {
        let values = open.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        object.others = values.map_or(Some(Shape::Any), |it| shape(table, it));
    }
    for line in lines.lines() {
        match line.split_once(' ') {
            Some(("like", other)) => {
                let fields = table.named(other).map(|it| it.fields.clone());
                object.fields.extend(fields.unwrap_or_default());
            }
            Some(("needs", names)) => object.needs = names.split(' ').collect(),
            Some(("apart", names)) => object.apart = names.split(' ').collect(),
            _ => add_field(table, version, &mut object, line),
        }
    }
    let mut sorted: Vec<u16> = (0u16..).take(object.fields.len()).collect();
    sorted.sort_by_key(|&it| object.fields.get(usize::from(it)).map(|it| (it.name.len(), it.name)));
    object.sorted = sorted;
    Some(object)
}

fn add_field(table: &Specification, version: (u8, u8), object: &mut ObjectType, line: &'static str) {
    let Some((left, meaning)) = line.split_once(" : ") else { return };
    let Some((key, text)) = left.split_once(' ') else { return };
    let key = name(key);
    if !key.version.includes(version) {
        return;
    }
    let Some(shape) = shape(table, text) else { return };
    // A field of its own stands before one that was taken over.
    object.fields.retain(|it| it.name != key.text);
    object.fields.push(Field { name: key.text, meaning, required: key.required, shape });
}

fn choice(
    table: &Specification,
    version: (u8, u8),
    how: &str,
    field: &'static str,
    lines: &'static str,
) -> Option<Choice> {
    let all = lines.lines().filter_map(|it| it.split_once(" = ")).map(|(left, right)| (name(left), right));
    let all: Vec<_> = all.filter(|it| it.0.version.includes(version)).collect();
    let form = |text: &str| all.iter().find(|it| it.0.text == text).and_then(|it| table.id(it.1));
    if how == "with" {
        return Some(Choice::Presence { field, with: form("yes")?, without: form("no")? });
    }
    let forms = all.iter().filter(|it| it.0.text != "*").map(|it| Some((it.0.text, table.id(it.1)?)));
    Some(Choice::Value { field, forms: forms.collect::<Option<_>>()?, otherwise: form("*") })
}

/// Reads a type.
pub(super) fn shape(table: &Specification, text: &'static str) -> Option<Shape> {
    let alternatives = split_top(text);
    if alternatives.len() > 1 {
        return alternatives.into_iter().map(|it| shape(table, it)).collect::<Option<_>>().map(Shape::OneOf);
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (items, flags) = inner.rsplit_once(']')?;
        let items = Box::new(shape(table, items)?);
        return Some(Shape::List { items, unique: flags.contains('u'), filled: flags.contains('+') });
    }
    if let Some(inner) = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        let (keys, values) = inner.split_once(':').unwrap_or(("", inner));
        let keys = match keys {
            "" => KeyFormat::Any,
            "name" => KeyFormat::Name,
            "word" => KeyFormat::Word,
            "template" => KeyFormat::Template,
            "pattern" => KeyFormat::Pattern,
            _ => return None,
        };
        return Some(Shape::Map(keys, Box::new(shape(table, values)?)));
    }
    let (word, argument) = match text.split_once('(') {
        Some((word, rest)) => (word, rest.strip_suffix(')')?),
        None => (text, ""),
    };
    Some(match word {
        "any" => Shape::Any,
        "null" => Shape::Null,
        "bool" => Shape::Boolean,
        "object" => Shape::Mapping,
        "payload" => Shape::Payload,
        "number" => Shape::Number(!argument.is_empty()),
        "enum" => Shape::Values(argument.split(' ').collect()),
        "ints" => Shape::Integers(argument.split(' ').map(|it| it.parse().ok()).collect::<Option<_>>()?),
        "int" => {
            let (least, most) = argument.split_once("..").unwrap_or_default();
            Shape::Integer(least.parse().unwrap_or(i64::MIN), most.parse().unwrap_or(i64::MAX))
        }
        "string" => Shape::Text(match argument {
            "" => TextFormat::Any,
            "uri" => TextFormat::Uri,
            "reference" => TextFormat::Reference,
            "email" => TextFormat::Email,
            "expression" => TextFormat::Expression,
            "pattern" => TextFormat::Pattern,
            _ => TextFormat::AtMost(argument.strip_prefix("..")?.parse().ok()?),
        }),
        _ => match text.strip_suffix("&&") {
            Some(object) => Shape::Object(table.id(object)?, ReferenceUse::Required),
            None => match (text.strip_suffix('&'), text.strip_suffix('~')) {
                (Some(object), _) => Shape::Object(table.id(object)?, ReferenceUse::Allowed),
                (_, Some(object)) => Shape::Object(table.id(object)?, ReferenceUse::Tolerated),
                (None, None) => Shape::Object(table.id(text)?, ReferenceUse::Never),
            },
        },
    })
}

/// The parts between the bars that stand in no brackets.
fn split_top(text: &'static str) -> Vec<&'static str> {
    let mut depth = 0;
    let is_bar = |it: char| {
        match it {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            _ => {}
        }
        it == '|' && depth == 0
    };
    text.split(is_bar).collect()
}
