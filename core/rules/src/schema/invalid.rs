//! `schema/invalid`: a schema with a mistake in it.

use std::{cell::OnceCell, sync::Arc};

use archwright_engine::store::{Declared, Referenced};
use archwright_model::facts::{
    counts_from_nothing, file_of_reference, has_schema_words, is_avro, name_of_address, split_reference,
};
use archwright_schema::{
    AdviceKind, Identified, Identifiers, Language,
    check::{Outward, Surroundings, diagnostics},
};
use archwright_syntax::data::{Format, Tree, parse};
use elsa::FrozenMap;
use rustc_hash::{FxHashMap, FxHashSet};

use super::notes;
use crate::{
    evolution::{imported, path_below},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/invalid",
    severity: Severity::Error,
    summary: "A schema has a mistake, so that tools refuse it or take it for another one.",
    applies_to: &[Kind::Schema],
    any_dialect: true,
    sources: &["E-041"],
    page: include_str!("invalid.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(language) = Language::of_path(facts.path.as_str()) else { return };
    // What notation breaks is told where it breaks, and what follows from it is not.
    if !facts.syntax_errors.is_empty() || facts.unreadable.is_some() || facts.text.trim().is_empty() {
        return;
    }
    let tree = Format::of_path(facts.path.as_str()).map(|it| parse(facts.text.clone(), it));
    if !facts.opted_in() && tree.as_ref().is_some_and(|it| !is_certain(facts, language, it)) {
        return;
    }
    let defaults: Vec<Span> = notes(cx, AdviceKind::UnfittingDefault).map(|it| it.span).collect();
    let trees = FrozenMap::new();
    let mut workspace = Workspace::new(cx, &trees);
    for it in diagnostics(&facts.text, language, tree.as_ref(), &mut workspace) {
        if !defaults.iter().any(|default| is_about(&facts.text, it.span, *default)) {
            reporter.report(it.span, it.message);
        }
    }
    tell_bounds(cx, reporter, workspace.left_out);
}

/// Whether a file that nobody called a schema is one in that language. Its notation must be whole, because what is
/// broken may be a template, and JSON without a dialect must have the words of a JSON Schema.
fn is_certain(facts: &FileFacts, language: Language, tree: &Tree) -> bool {
    let Some(root) = tree.root().filter(|_| tree.errors().is_empty()) else { return false };
    match language {
        Language::JsonSchema if is_avro(&facts.text) => false,
        Language::JsonSchema => match root.get("$schema") {
            Some(dialect) => dialect.as_str().is_some_and(|it| it.contains("json-schema.org/draft")),
            None => has_schema_words(root),
        },
        Language::Avro | Language::Protobuf => true,
    }
}

/// The types that Avro has itself.
const AVRO_TYPES: [&str; 13] =
    ["null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "enum", "array", "map", "fixed"];

/// Whether a place is that of a default, of a part of it, or its key: of a default one rule tells.
fn is_about(text: &str, place: Span, default: Span) -> bool {
    let between = || text.get(place.end as usize..default.start as usize);
    default.start <= place.start && place.end <= default.end
        || place.end <= default.start && between().is_some_and(|it| it.trim() == ":")
}

/// Says what was not looked at because it is too much.
fn tell_bounds(cx: &Context, reporter: &mut Reporter, imports: usize) {
    let fields = cx.facts().schema().map_or(0, |it| it.shape.left_out);
    let mut told = Vec::new();
    if imports > 0 {
        told.push(format!(
            "{imports} files that this one imports were not read, because it imports too many: what they declare is \
            not judged here. Import fewer, or check with `protoc`."
        ));
    }
    if fields > 0 {
        told.push(format!(
            "{fields} or more fields of this message are left out, because it has too many or they nest too deep: no \
            rule looks at them. Split the message."
        ));
    }
    for message in told {
        let finding = reporter.report(cx.facts().title_span(), message);
        if finding.severity == RULE.severity {
            finding.severity = Severity::Info;
        }
    }
}

/// The other files of the workspace.
struct Workspace<'a, 'c> {
    cx: &'a Context<'c>,
    /// What stands between quotes in the schema.
    own: OnceCell<FxHashSet<&'a str>>,
    /// How many imports were not read.
    left_out: usize,
    /// The files with schemas that this one names by what they call themselves, and what these call themselves.
    trees: &'a FrozenMap<RelPath, Arc<Tree>>,
    identifiers: FxHashMap<RelPath, Identifiers<'a>>,
}

impl<'a, 'c> Workspace<'a, 'c> {
    fn new(cx: &'a Context<'c>, trees: &'a FrozenMap<RelPath, Arc<Tree>>) -> Self {
        let identifiers = FxHashMap::default();
        Self { cx, own: OnceCell::new(), left_out: 0, trees, identifiers }
    }

    /// Why a reference by an address leads nowhere in the file that declares it.
    fn missing_in(&mut self, file: &RelPath, name: &str, reference: Outward<'_>) -> Option<String> {
        if !self.identifiers.contains_key(file) {
            let Referenced::Tree(tree) = self.cx.referenced(file) else { return None };
            let tree = self.trees.insert(file.clone(), tree);
            let identifiers = tree.root().filter(|_| tree.errors().is_empty()).map(Identifiers::of);
            self.identifiers.insert(file.clone(), identifiers.unwrap_or_default());
        }
        let identifiers = self.identifiers.get(file)?;
        let own = if counts_from_nothing(name) {
            name
        } else {
            identifiers.addresses().find(|it| name_of_address(file, it) == name)?
        };
        let (_, fragment) = split_reference(reference.text);
        let is_missing = identifiers.by_address(&format!("{own}#{fragment}")) == Identified::Missing;
        is_missing.then(|| format!("`{}` names nothing in `{file}`, which has this address.", reference.text))
    }
}

/// Everything between two quotes, whichever of them open and close.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let last = text.matches('"').count();
    text.split('"').enumerate().filter(move |(at, _)| *at > 0 && *at < last).map(|it| it.1)
}

impl Surroundings for Workspace<'_, '_> {
    fn left_out(&mut self, imports: usize) {
        self.left_out = imports;
    }

    fn import(&mut self, path: &str) -> Option<Arc<str>> {
        imported(&self.cx.facts().path, path, |it| self.cx.referenced_text(it))
    }

    fn own_paths(&mut self) -> Vec<String> {
        let own = &self.cx.facts().path;
        let paths = own.ancestors().map(|it| path_below(own, &it));
        let is_own = |path: &String| {
            let mut places = own.ancestors().map(|it| it.join(path));
            places.find(|it| it == own || self.cx.exists(it)).as_ref() == Some(own)
        };
        paths.filter(is_own).collect()
    }

    fn declares(&mut self, name: &str) -> bool {
        let (namespace, simple) = name.rsplit_once('.').unwrap_or(("", name));
        // Who said nothing of the folder may gather types from many, but does not name them almost like those of Avro.
        let is_own_name = || simple.starts_with(|it: char| it.is_uppercase()) || nearest(simple, AVRO_TYPES).is_none();
        if !self.cx.facts().opted_in() && is_own_name() {
            return true;
        }
        // A type of a namespace that this schema is not of comes from elsewhere, perhaps from another repository.
        let own = self.own.get_or_init(|| quoted(&self.cx.facts().text).collect());
        if !namespace.is_empty() && !own.contains(namespace) {
            return true;
        }
        let folder = self.cx.facts().path.parent();
        let is_beside = |name: &str| {
            let files = self.cx.files(Key::Type(folder.clone(), name.into()));
            files.iter().any(|it| it.id != self.cx.file())
        };
        is_beside(simple) || is_beside(name)
    }

    fn missing(&mut self, reference: Outward<'_>) -> Option<String> {
        // From where tools count the ways between files that nobody placed is not known.
        if !self.cx.facts().opted_in() {
            return None;
        }
        let own = &self.cx.facts().path;
        let name = name_of_address(own, reference.address);
        if counts_from_nothing(&name) {
            match self.cx.declared(&name) {
                Declared::In(_, file) => return self.missing_in(file, &name, reference),
                // With an `$id` around it, it means another address than the file beside.
                Declared::Nowhere if !reference.has_base => {}
                Declared::Nowhere | Declared::Several => return None,
            }
        }
        let text = reference.text;
        let path = file_of_reference(own, text)?;
        let (_, fragment) = split_reference(text);
        match self.cx.referenced(&path) {
            Referenced::Missing => match self.cx.declared(&name) {
                Declared::In(_, file) => self.missing_in(file, &name, reference),
                Declared::Several => None,
                Declared::Nowhere => Some(format!("`{text}` leads to no file.")),
            },
            Referenced::Tree(tree) if fragment.starts_with('/') && tree.errors().is_empty() => {
                let found = tree.root().and_then(|it| it.resolve_local(&format!("#{fragment}")));
                found.is_none().then(|| format!("`{text}` names nothing in that file."))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::fixture::Fixture;
    use archwright_engine::Change;
    use archwright_model::{RelPath, Severity};

    const ORDER: &str = "docs/features/shop/schemas/orders.placed.v1.json";
    const AMOUNT: &str = "lib/money.schema.json";

    fn found(workspace: &archwright_engine::Workspace, path: &str) -> Vec<String> {
        let findings = workspace.file(&RelPath::new(path)).map(|it| workspace.findings(it)).unwrap_or_default();
        findings.iter().filter(|it| it.rule.code == super::RULE.code).map(|it| it.message.to_string()).collect()
    }

    fn order(reference: &str) -> String {
        format!("//- /{ORDER}\n{{\"properties\": {{\"a\": {{\"$ref\": \"{reference}\"}}}}}}\n")
    }

    #[test]
    fn what_a_schema_calls_itself_may_come_change_and_go() {
        let amount = |id: &str| format!("{{\"$id\": \"{id}\", \"$defs\": {{\"Total\": {{}}}}}}\n");
        for (reference, id) in [
            ("amount.json#/$defs/Total", "../docs/features/shop/schemas/amount.json"),
            ("/amount#/$defs/Total", "/amount"),
        ] {
            let fixture = Fixture::new(&order(reference));
            let mut workspace = fixture.open();
            let path = RelPath::new(AMOUNT);
            let open = |text: String| Change::Open { path: path.clone(), text: text.into() };
            let missing = |it: &archwright_engine::Workspace| found(it, ORDER);
            let before = missing(&workspace);
            assert_eq!(before.len(), usize::from(!reference.starts_with('/')), "{before:?}");
            workspace.apply(vec![open(amount(id))]);
            assert_eq!(missing(&workspace), [""; 0], "{id}");
            workspace.apply(vec![open(amount(id).replace("Total", "Sum"))]);
            let message = format!("`{reference}` names nothing in `{AMOUNT}`, which has this address.");
            assert_eq!(missing(&workspace), [message], "{id}");
            workspace.apply(vec![open(amount("https://x.example/other.json"))]);
            assert_eq!(missing(&workspace), before, "{id}");
            workspace.apply(vec![open(amount(id).replace("Total", "Sum"))]);
            workspace.apply(vec![Change::Close { path: path.clone() }]);
            assert_eq!(missing(&workspace), before, "{id}");
        }
    }

    #[test]
    fn of_an_address_that_two_files_have_nothing_is_said() {
        let file = |name: &str| format!("//- /lib/{name}.json\n{{\"$id\": \"https://x.example/amount.json\"}}\n");
        let order = order("https://x.example/amount.json#/$defs/Total");
        assert_eq!(found(&Fixture::new(&format!("{order}{}", file("a"))).open(), ORDER).len(), 1);
        assert_eq!(found(&Fixture::new(&format!("{order}{}{}", file("a"), file("b"))).open(), ORDER), [""; 0]);
        let twice = "//- /lib/a.json\n{\"$id\": \"https://x.example/all\", \"$defs\": {\"a\": {\"$id\": \"amount.json\"}, \
                     \"b\": {\"$id\": \"amount.json\"}}}\n";
        assert_eq!(found(&Fixture::new(&format!("{order}{twice}")).open(), ORDER), [""; 0]);
    }

    #[test]
    fn a_type_may_be_declared_by_any_schema_of_a_large_folder() {
        const PATH: &str = "docs/features/shop/schemas/orders.placed.v1.avsc";
        let mut text = format!(
            "//- /{PATH}\n{{\"type\": \"record\", \"name\": \"Order\", \"fields\": [{{\"name\": \"a\", \"type\": \
             \"T149\"}}, {{\"name\": \"b\", \"type\": \"T150\"}}]}}\n"
        );
        for at in 0..150 {
            let _ = write!(
                text,
                "//- /docs/features/shop/schemas/t{at}.avsc\n{{\"type\": \"enum\", \"name\": \"T{at}\", \"symbols\": []}}\n"
            );
        }
        let told = found(&Fixture::new(&text).open(), PATH);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("`T150`"), "{told:?}");
    }

    #[test]
    fn a_schema_is_checked_wherever_it_lies() {
        let record = |ty: &str| {
            format!("{{\"type\": \"record\", \"name\": \"R\", \"fields\": [{{\"name\": \"a\", \"type\": \"{ty}\"}}]}}")
        };
        let dialect = "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"";
        let proto = |number: u8| format!("syntax = \"proto3\";\nmessage P {{ string a = 1; string b = {number}; }}");
        for (path, text, is_faulty) in [
            ("schemas/p.proto", proto(1), true),
            ("schemas/p.proto", proto(2), false),
            ("schemas/p.proto", "syntax = \"proto3\";\nimport \"a/b.proto\";\nmessage P { a.B c = 1; }".into(), false),
            ("schemas/r.avsc", record("strng"), true),
            ("schemas/r.avsc", record("Money"), false),
            ("schemas/r.avsc", record("com.acme.Money"), false),
            ("schemas/r.json", record("string"), false),
            ("schemas/j.schema.json", "{\"type\": \"objct\"}".into(), true),
            ("schemas/j.schema.json", "{\"type\": \"object\"}".into(), false),
            ("schemas/j.schema.json", "{\"properties\": {\"a\": {\"type\": \"keyword\"}}}".into(), false),
            ("schemas/j.schema.json", "{\"title\": \"x\", \"required\": true}".into(), false),
            ("schemas/j.schema.json", "{\"$schema\": \"https://x.example/own\", \"type\": \"objct\"}".into(), false),
            ("schemas/j.json", format!("{{{dialect}, \"type\": \"objct\"}}"), true),
            ("schemas/j.json", format!("{{{dialect}, \"$ref\": \"gone.json\"}}"), false),
            ("schemas/j.json", "{\"type\": \"objct\"}".into(), false),
            ("schemas/j.yaml", format!("{{{dialect}, \"type\": \"objct\"}}"), true),
        ] {
            let workspace = Fixture::new(&format!("//- /{path}\n{text}\n")).open();
            assert_eq!(!found(&workspace, path).is_empty(), is_faulty, "{path}: {text}");
        }
    }

    #[test]
    fn files_that_import_each_other_are_told_at_the_import_and_nowhere_else() {
        const FOLDER: &str = "docs/features/shop/schemas";
        let file = |name: &str, import: &str| {
            let text = format!("syntax = \"proto3\";\nimport \"{import}\";\nmessage {} {{}}\n", name.to_uppercase());
            format!("//- /{FOLDER}/{name}.proto\n{text}")
        };
        let of = |text: &str, name: &str| found(&Fixture::new(text).open(), &format!("{FOLDER}/{name}.proto"));
        let told = |path: &str| {
            let way = "directly or through others";
            vec![format!("The file recursively imports itself: {path} imports it in turn, {way}.")]
        };
        for (to_b, to_a) in [("b.proto", "a.proto"), ("schemas/b.proto", "shop/schemas/a.proto")] {
            let both = format!("{}{}", file("a", to_b), file("b", to_a));
            assert_eq!((of(&both, "a"), of(&both, "b")), (told(to_b), told(to_a)));
        }
        let three = format!("{}{}{}", file("a", "b.proto"), file("b", "c.proto"), file("c", "a.proto"));
        assert_eq!(of(&three, "a"), told("b.proto"));
        for own in ["a.proto", "schemas/a.proto"] {
            assert_eq!(of(&file("a", own), "a"), ["The file recursively imports itself."]);
        }
        // Another file of that name lies nearer.
        let near = format!("//- /{FOLDER}/schemas/a.proto\nsyntax = \"proto3\";\nmessage Z {{}}\n");
        assert_eq!(of(&format!("{near}{}", file("a", "schemas/a.proto")), "a"), [""; 0]);
    }

    #[test]
    fn of_a_default_that_does_not_fit_one_rule_tells() {
        const PATH: &str = "docs/features/shop/schemas/orders.placed.v1";
        let rules = |extension: &str, text: &str| {
            let workspace = Fixture::new(&format!("//- /{PATH}.{extension}\n{text}\n")).open();
            let file = workspace.file(&RelPath::new(&format!("{PATH}.{extension}"))).unwrap();
            let codes = workspace.findings(file).iter().map(|it| it.rule.code);
            codes.filter(|it| ["schema/invalid", "schema/unfitting-default"].contains(it)).collect::<Vec<_>>()
        };
        let record = |ty: &str, default: &str| {
            let field = format!("{{\"name\": \"a\", \"type\": {ty}, \"default\": {default}}}");
            rules("avsc", &format!("{{\"type\": \"record\", \"name\": \"R\", \"fields\": [{field}]}}"))
        };
        let list = "{\"type\": \"array\", \"items\": \"int\"}";
        for (ty, default) in
            [(list, "{}"), (list, "[1, \"x\"]"), ("\"long\"", "9223372036854775808"), ("\"int\"", "\"x\"")]
        {
            assert_eq!(record(ty, default), ["schema/unfitting-default"], "{ty} {default}");
        }
        let listed = |values: &str, default: &str| {
            rules("json", &format!("{{\"type\": \"integer\", \"enum\": {values}, \"default\": {default}}}"))
        };
        assert_eq!(listed("[1, 2]", "3"), ["schema/unfitting-default"]);
        assert_eq!(listed("[1, 2]", "2.0"), [""; 0]);
        assert_eq!(listed("[]", "3"), [""; 0]);
    }

    #[test]
    fn fields_that_are_left_out_are_told() {
        let told = |depth: usize| {
            let (open, close) = ("{\"properties\": {\"a\": ".repeat(depth), "}}".repeat(depth));
            let workspace = Fixture::new(&format!("//- /{ORDER}\n{open}{{}}{close}\n")).open();
            let file = workspace.file(&RelPath::new(ORDER)).unwrap();
            let of_rule = workspace.findings(file).iter().filter(|it| it.rule.code == super::RULE.code);
            of_rule.map(|it| it.severity).collect::<Vec<_>>()
        };
        assert_eq!((told(32), told(34)), (vec![], vec![Severity::Info]));
    }
}
