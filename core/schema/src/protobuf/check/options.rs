//! Options: whether they exist, are set once, have a value of their type, and may stand where they stand.

use std::collections::BTreeSet;

use archwright_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Check;
use super::pool::{Kind, Lookup};
use super::types::Target;
use crate::protobuf::schema::{Field, Named, qualified};
use crate::protobuf::tree::{self, Constant, NamePart, Opt, Syntax, Type};

/// What options are set of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entity<'p> {
    pub(super) options: &'p [Opt],
    /// The message that declares its options.
    pub(super) of: &'static str,
    /// As the option `targets` names it.
    pub(super) target: &'static str,
}

/// A field of an options message, wherever it is declared.
#[derive(Clone, Copy)]
pub(super) struct OptionField<'p> {
    pub(super) node: &'p tree::Field,
    pub(super) file: usize,
    /// What its type is looked up in.
    pub(super) parent: Option<usize>,
}

/// What the type of an option's field leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Scalar(tree::Scalar),
    Message(usize),
    Enum(usize),
    Unknown,
}

/// The options of one entity that are set so far, by the numbers of the fields that lead to them.
#[derive(Default)]
pub(super) struct Set(BTreeSet<Vec<i64>>);

impl Set {
    /// Whether an option, or a part of it, is set.
    fn has(&self, path: &[i64]) -> bool {
        self.0.range(path.to_vec()..).next().is_some_and(|it| it.starts_with(path))
    }

    pub(super) fn add(&mut self, path: Vec<i64>) {
        self.0.insert(path);
    }
}

impl<'p> Check<'p> {
    pub(super) fn options(&mut self) {
        for (entity, inside) in self.entities() {
            let mut set = Set::default();
            for option in entity.options {
                let is_feature = option.path == "features" || option.path.starts_with("features.");
                if is_feature && !matches!(self.syntax(), Syntax::Edition(_)) {
                    self.tell(option.span, "Features exist in the editions only, not in proto2 and proto3.");
                    continue;
                }
                if self.is_pseudo_option(&entity, option) {
                    continue;
                }
                self.option(&entity, &inside, option, &mut set);
            }
            self.features_of(&entity);
        }
        self.features();
        self.declarations_of_extensions();
    }

    /// All that has options, each with the full name from which names in its options are looked up outwards.
    fn entities(&self) -> Vec<(Entity<'p>, String)> {
        let mut all = Vec::new();
        let Some(file) = self.pool.own() else { return all };
        let schema = &self.pool.schema;
        let mut add = |options: &'p [Opt], of, target, inside: String| {
            if !options.is_empty() {
                all.push((Entity { options, of, target }, inside));
            }
        };
        let scoped = |parent: Option<usize>, name: &str| qualified(schema.scope(0, parent), name);
        add(&file.options, "FileOptions", "TARGET_TYPE_FILE", scoped(None, "file"));
        for (_, it) in self.messages() {
            add(&it.node.options, "MessageOptions", "TARGET_TYPE_MESSAGE", it.full.clone());
            for range in &it.node.extension_options {
                add(&range.options, "ExtensionRangeOptions", "TARGET_TYPE_EXTENSION_RANGE", it.full.clone());
            }
            for oneof in &it.node.oneofs {
                add(&oneof.options, "OneofOptions", "TARGET_TYPE_ONEOF", format!("{}.{}", it.full, oneof.name));
            }
        }
        for it in self.written_fields() {
            add(&it.node.options, "FieldOptions", "TARGET_TYPE_FIELD", scoped(it.parent, &it.node.name));
        }
        for it in self.enums() {
            add(&it.node.options, "EnumOptions", "TARGET_TYPE_ENUM", it.full.clone());
            for value in &it.node.values {
                add(&value.options, "EnumValueOptions", "TARGET_TYPE_ENUM_ENTRY", scoped(it.parent, &value.name));
            }
        }
        for it in schema.services.iter().filter(|it| it.file == 0) {
            add(&it.node.options, "ServiceOptions", "TARGET_TYPE_SERVICE", it.full.clone());
            for method in &it.node.methods {
                let inside = format!("{}.{}", it.full, method.name);
                add(&method.options, "MethodOptions", "TARGET_TYPE_METHOD", inside);
            }
        }
        all
    }

    /// `default` and `json_name` are no options, and `map_entry` is one that nobody sets.
    fn is_pseudo_option(&mut self, entity: &Entity<'p>, option: &Opt) -> bool {
        if entity.of == "MessageOptions" && option.path == "map_entry" {
            self.tell(option.span, "`map_entry` is set by `map<key, value>` alone; write that instead.");
            return true;
        }
        let is_first = |name: &str| option.name.first().is_some_and(|it| !it.extension && it.text == name);
        entity.of == "FieldOptions" && (is_first("default") || is_first("json_name"))
    }

    fn option(&mut self, entity: &Entity<'p>, inside: &str, option: &'p Opt, set: &mut Set) {
        let schema = &self.pool.schema;
        let Some(mut message) = schema.message_named(&format!("google.protobuf.{}", entity.of)) else { return };
        let is_feature = option.name.first().is_some_and(|it| !it.extension && it.text == "features");
        let mut path = Vec::new();
        let mut leaf = None;
        for (at, part) in option.name.iter().enumerate() {
            let Some(field) = self.option_field(part, message, inside, option) else { return };
            path.push(field.node.number);
            self.allowed(&field, entity, option.name_span);
            if is_feature && field.file == 0 {
                let message = format!("`{}` cannot be used in the file that declares it.", shown(&option.name));
                return self.tell(option.name_span, message);
            }
            if at + 1 < option.name.len() {
                let name = shown(option.name.get(..=at).unwrap_or_default());
                message = match self.holds(&field) {
                    Holds::Unknown => return,
                    Holds::Message(_) if field.node.label == tree::Label::Repeated => {
                        let message = format!("`{name}` has many values; set one of them as a whole, in braces.");
                        return self.tell(option.name_span, message);
                    }
                    Holds::Message(index) => index,
                    Holds::Scalar(_) | Holds::Enum(_) => {
                        return self.tell(option.name_span, format!("`{name}` has no parts."));
                    }
                };
            }
            leaf = Some(field);
        }
        let Some(field) = leaf else { return };
        if field.node.label != tree::Label::Repeated && set.has(&path) {
            return self.tell(option.name_span, format!("`{}` is set already.", shown(&option.name)));
        }
        set.add(path.clone());
        self.option_value(&field, entity, option, set, &path);
    }

    /// The field that a part of an option's name means in a message.
    fn option_field(&mut self, part: &NamePart, message: usize, inside: &str, option: &Opt) -> Option<OptionField<'p>> {
        let schema = &self.pool.schema;
        let owner = schema.messages.get(message)?;
        if !part.extension {
            if part.text == "uninterpreted_option" {
                self.tell(option.name_span, "`uninterpreted_option` is what `protoc` itself uses; nobody sets it.");
                return None;
            }
            let found = self.field_named(message, &part.text).filter(|it| it.name == part.text);
            if found.is_none() {
                let near = self.guesses.nearest(&part.text, owner.node.fields.iter().map(|it| it.name.as_str()));
                let hint = near.map_or_else(String::new, |it| format!(" Did you mean `{it}`?"));
                let message = format!("There is no option `{}`.{hint}", shown(&option.name));
                self.tell(option.name_span, message);
            }
            return found.map(|node| OptionField { node, file: owner.file, parent: Some(message) });
        }
        let message = match self.pool.look_up(&part.text, inside, false) {
            Lookup::Found(symbol) => match symbol.kind {
                Kind::Extension(index) => {
                    let extension = schema.extensions.get(index)?;
                    if extension.extendee == owner.full {
                        let (file, parent) = (extension.file, extension.parent);
                        return Some(OptionField { node: extension.node, file, parent });
                    }
                    format!("`({})` is an option of `{}`, not of `{}`.", part.text, extension.extendee, owner.full)
                }
                _ => format!("`({})` is no extension, so it is no option.", part.text),
            },
            Lookup::Unknown => return None,
            Lookup::Missing => format!("There is no option `({})`; import the file that declares it.", part.text),
            Lookup::Hidden(full) => format!(
                "`({0})` means `({full})` here, because the innermost scope counts, and that does not exist; write \
                 `(.{0})`.",
                part.text
            ),
            Lookup::NotImported(file) => {
                format!("`({})` is declared in {}, which this file does not import.", part.text, self.pool.path(file))
            }
        };
        self.tell(option.name_span, message);
        None
    }

    /// What the type of a field leads to, in whatever file the field is declared.
    pub(super) fn holds(&self, field: &OptionField<'p>) -> Holds {
        let schema = &self.pool.schema;
        let name = match &field.node.ty {
            Type::Scalar(it) => return Holds::Scalar(*it),
            Type::Named(name) | Type::Group(name) | Type::Map(name) => name,
        };
        match schema.resolve(name, schema.scope(field.file, field.parent)).named {
            Some(Named::Message(index)) => Holds::Message(index),
            Some(Named::Enum(index)) => Holds::Enum(index),
            None => Holds::Unknown,
        }
    }

    /// Whether a field of options may be set here, and in this edition.
    pub(super) fn allowed(&mut self, field: &OptionField<'p>, entity: &Entity<'p>, span: Span) {
        let name = &field.node.name;
        let mut targets = field.node.options.iter().filter(|it| it.path == "targets").peekable();
        let is_here = |it: &Opt| matches!(&it.value, Constant::Word(it) if it == entity.target);
        if targets.peek().is_some() && !targets.any(is_here) {
            let targets: Vec<_> =
                field.node.options.iter().filter(|it| it.path == "targets").map(target_name).collect();
            let message = format!("`{name}` can stand at {} only.", crate::notes::listed(&targets, "and"));
            self.tell(span, message);
        }
        self.exists(name, &field.node.options, span);
    }

    /// Whether the edition of the file has a field or a value, by its option `feature_support`.
    pub(super) fn exists(&mut self, name: &str, options: &[Opt], span: Span) {
        let edition = |key: &str| tree::word(options, &format!("feature_support.{key}"));
        let own = match self.syntax() {
            Syntax::Proto2 => rank("EDITION_PROTO2"),
            Syntax::Proto3 => rank("EDITION_PROTO3"),
            Syntax::Edition(year) => rank(&format!("EDITION_{year}")),
        };
        let year = |it: &str| it.strip_prefix("EDITION_").unwrap_or(it).to_lowercase();
        let has_support =
            options.iter().any(|it| it.path == "feature_support" || it.path.starts_with("feature_support."));
        if let Some(first) = edition("edition_introduced").filter(|it| has_support && own < rank(it)) {
            self.tell(span, format!("`{name}` exists from the edition {} on.", year(first)));
        } else if let Some(last) = edition("edition_removed").filter(|it| own >= rank(it)) {
            self.tell(span, format!("`{name}` is gone since the edition {}.", year(last)));
        }
    }

    /// The numbers that a message declares for its extensions in advance.
    fn declarations_of_extensions(&mut self) {
        for (_, message) in self.messages() {
            let mut names = FxHashSet::default();
            for statement in &message.node.extension_options {
                let ranges = message.node.extension_ranges.get(statement.ranges.clone()).unwrap_or_default();
                // What is declared holds of each range, so it must lie in all of them.
                let both = |a: tree::Range, b: tree::Range| tree::Range {
                    first: a.first.max(b.first),
                    last: a.last.min(b.last),
                };
                if let Some(range) = ranges.iter().map(|it| it.it).reduce(both) {
                    self.declared_extensions(range, &statement.options, &mut names);
                }
            }
        }
        for field in self.extensions() {
            self.declared(&field);
        }
    }

    fn declared_extensions(&mut self, range: tree::Range, options: &'p [Opt], names: &mut FxHashSet<(&'p [u8], i64)>) {
        let declared: Vec<_> = options.iter().filter(|it| it.path == "declaration").collect();
        if declared.is_empty() {
            return;
        }
        if let Some(it) = options.iter().find(|it| it.path == "verification")
            && matches!(&it.value, Constant::Word(it) if it == "UNVERIFIED")
        {
            self.tell(it.span, "Extensions are declared here, so the range cannot be `UNVERIFIED`.");
        }
        let mut numbers = FxHashSet::default();
        for it in declared {
            let part = |name: &str| match &it.value {
                Constant::Parts(parts) => parts.iter().find(|it| it.name == tree::PartName::Field(name.to_owned())),
                _ => None,
            };
            let number = match part("number").map(|it| &it.value) {
                Some(Constant::Integer(it)) => i64::try_from(*it).unwrap_or_default(),
                _ => 0,
            };
            if !range.holds(number) {
                self.tell(it.span, format!("The number {number} is not in the range that is set aside here."));
            }
            if !numbers.insert(number) {
                self.tell(it.span, format!("The number {number} is declared already."));
            }
            let text = |name: &str| match part(name).map(|it| (&it.value, it.value_span)) {
                Some((Constant::Text(text), span)) => Some((text.as_slice(), span)),
                _ => None,
            };
            let is_reserved = matches!(part("reserved").map(|it| &it.value), Some(Constant::Word(it)) if it == "true");
            match (text("full_name"), text("type")) {
                (Some((name, span)), Some((ty, type_span))) => {
                    if !names.insert((name, range.first)) {
                        self.tell(span, "This extension is declared already.");
                    }
                    if !is_full_name(name) {
                        self.tell(span, "The name of an extension is written in full, with a dot in front.");
                    }
                    let is_scalar =
                        std::str::from_utf8(ty).is_ok_and(|it| tree::Scalar::of_name(it).is_some() || it == "enum");
                    if !is_scalar && !is_full_name(ty) {
                        self.tell(type_span, "The name of a type is written in full, with a dot in front.");
                    }
                }
                (None, None) if is_reserved => (),
                _ => self.tell(it.span, "A declaration of an extension has both `full_name` and `type`."),
            }
        }
    }

    /// Whether an extension is what the message it extends declares for its number.
    fn declared(&mut self, field: &Field<'p>) {
        let Target::Message(index) = self.extendee(field) else { return };
        let Some(message) = self.pool.schema.messages.get(index) else { return };
        if self.pool.path(message.file) == crate::protobuf::known::DESCRIPTOR {
            return;
        }
        let number = field.node.number;
        if message.node.extension_options.is_empty() {
            return;
        }
        let declarations = self.declared.entry(index).or_insert_with(|| Declarations::of(message.node));
        let Some(Statement { by_number, is_verified }) = declarations.of_number(number) else { return };
        let (own, has_some, is_verified) = (by_number.get(&number).copied(), !by_number.is_empty(), *is_verified);
        let part = |it: &'p Opt, name: &str| match &it.value {
            Constant::Parts(parts) => {
                parts.iter().find(|it| it.name == tree::PartName::Field(name.to_owned())).map(|it| &it.value)
            }
            _ => None,
        };
        let is_true = |it: Option<&Constant>| matches!(it, Some(Constant::Word(it)) if it == "true");
        let span = field.node.name_span;
        match own {
            None if has_some || is_verified => {
                let message = format!("`{}` declares no extension with the number {number}.", message.full);
                self.tell(field.node.number_span, message);
            }
            None => (),
            Some(it) if is_true(part(it, "reserved")) => {
                let message = format!("`{}` reserves the number {number}.", message.full);
                self.tell(field.node.number_span, message);
            }
            Some(it) => {
                let text = |name: &str| match part(it, name) {
                    Some(Constant::Text(it)) => Some(String::from_utf8_lossy(it).into_owned()),
                    _ => None,
                };
                if let Some(name) = text("full_name").filter(|it| *it != format!(".{}", field.name())) {
                    self.tell(span, format!("The number {number} is declared for `{name}`."));
                }
                let ty = match self.target(field) {
                    Target::Scalar(it) => Some(it.name().to_owned()),
                    Target::Message(index) => self.pool.schema.messages.get(index).map(|it| format!(".{}", it.full)),
                    Target::Enum(index) => self.pool.schema.enums.get(index).map(|it| format!(".{}", it.full)),
                    Target::Unknown => None,
                };
                if let (Some(wanted), Some(ty)) = (text("type"), ty)
                    && wanted != ty
                {
                    self.tell(
                        field.node.type_span,
                        format!("The number {number} is declared with the type `{wanted}`."),
                    );
                }
                let is_repeated = field.node.label == tree::Label::Repeated;
                if is_true(part(it, "repeated")) != is_repeated {
                    let word = if is_repeated { "optional" } else { "repeated" };
                    self.tell(span, format!("The number {number} is declared as `{word}`."));
                }
            }
        }
    }
}

/// What a message declares for the numbers of its extensions.
pub(super) struct Declarations<'p> {
    /// The ranges that are set aside in order, each with its place among them as they are written.
    ranges: Vec<(tree::Range, usize)>,
    /// The statements in order, each with the places of its ranges.
    statements: Vec<(std::ops::Range<usize>, Statement<'p>)>,
}

/// What one statement declares.
struct Statement<'p> {
    by_number: FxHashMap<i64, &'p Opt>,
    is_verified: bool,
}

impl<'p> Declarations<'p> {
    fn of(message: &'p tree::Message) -> Self {
        let mut ranges: Vec<_> = message.extension_ranges.iter().enumerate().map(|(at, it)| (it.it, at)).collect();
        ranges.sort_by_key(|it| it.0.first);
        let number = |it: &'p Opt| match &it.value {
            Constant::Parts(parts) => {
                let is_number = |it: &&tree::Part| matches!(&it.name, tree::PartName::Field(name) if name == "number");
                match parts.iter().find(is_number).map(|it| &it.value) {
                    Some(Constant::Integer(number)) => i64::try_from(*number).ok(),
                    _ => None,
                }
            }
            _ => None,
        };
        let mut statements = Vec::new();
        for it in &message.extension_options {
            let mut by_number = FxHashMap::default();
            for (at, option) in it.options.iter().filter(|it| it.path == "declaration").enumerate() {
                // One without a number counts all the same: something is declared.
                by_number.entry(number(option).unwrap_or(-1 - at.cast_signed() as i64)).or_insert(option);
            }
            let is_verified = tree::word(&it.options, "verification") == Some("DECLARATION");
            statements.push((it.ranges.clone(), Statement { by_number, is_verified }));
        }
        Self { ranges, statements }
    }

    /// The statement that sets a number aside, if it declares anything.
    fn of_number(&self, number: i64) -> Option<&Statement<'p>> {
        let at = self.ranges.partition_point(|it| it.0.first <= number).checked_sub(1)?;
        let (_, at) = self.ranges.get(at).filter(|it| it.0.holds(number))?;
        let statement = self.statements.partition_point(|it| it.0.end <= *at);
        self.statements.get(statement).filter(|it| it.0.contains(at)).map(|it| &it.1)
    }
}

/// A name in full, with a dot in front.
fn is_full_name(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let is_part = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    name.strip_prefix('.').is_some_and(|it| it.split('.').all(is_part))
}

/// The name of an option as it is written.
pub(super) fn shown(name: &[NamePart]) -> String {
    let part = |it: &NamePart| if it.extension { format!("({})", it.text) } else { it.text.clone() };
    name.iter().map(part).collect::<Vec<_>>().join(".")
}

/// `TARGET_TYPE_ENUM_ENTRY` in words.
fn target_name(option: &Opt) -> String {
    let Constant::Word(word) = &option.value else { return String::new() };
    match word.strip_prefix("TARGET_TYPE_").unwrap_or(word) {
        "FILE" => "a file".to_owned(),
        "EXTENSION_RANGE" => "a range of extensions".to_owned(),
        "MESSAGE" => "a message".to_owned(),
        "FIELD" => "a field".to_owned(),
        "ONEOF" => "a oneof".to_owned(),
        "ENUM" => "an enum".to_owned(),
        "ENUM_ENTRY" => "a value of an enum".to_owned(),
        "SERVICE" => "a service".to_owned(),
        "METHOD" => "a method".to_owned(),
        other => other.to_lowercase(),
    }
}

/// Where an edition stands among the others, as `google.protobuf.Edition` numbers them.
fn rank(edition: &str) -> u32 {
    match edition {
        "EDITION_LEGACY" => 900,
        "EDITION_PROTO2" => 998,
        "EDITION_PROTO3" => 999,
        "EDITION_2023" => 1000,
        "EDITION_2024" => 1001,
        "EDITION_2026" => 1002,
        "EDITION_UNSTABLE" => 9999,
        _ => 2000,
    }
}
