//! `schema/incompatible-change`: a schema or AsyncAPI document that breaks readers it served where the work began.

use std::sync::Arc;

use archwright_asyncapi::comparison::{Class, DocumentChange};
use archwright_engine::store::Declared;
use archwright_model::{TextFile, date, facts::ChannelRole};
use archwright_schema::{Language, breaking::Annotation};
use archwright_syntax::FileType;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{moved::moved_from, removed_file::has_contract};
use crate::{
    evolution::{
        Around, Format, Levels, MAX_USERS, Mode, NamedText, NextVersionPlan, Profile, advice_of_level, changes_between,
        describes, keys_of_importers, keys_of_users, mode_for, path_below, reference_to, successor, takes_from,
    },
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "schema/incompatible-change",
    severity: Severity::Error,
    summary: "A schema or AsyncAPI document changed so that readers break whom the contract's compatibility mode \
        protects.",
    applies_to: &[Kind::Schema, Kind::Asyncapi],
    any_dialect: true,
    sources: &["A-147", "D-P05", "A-200", "A-260"],
    page: include_str!("incompatible_change.md"),
    check,
    fix: Some(fix),
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    cx.remember_comparison(None);
    let facts = cx.facts();
    if let Some(why) = &facts.unreadable {
        // What of it can be read says less than it did.
        return cx.remember_comparison(cx.base_text().map(|_| Err(format!("it {why}"))));
    }
    let Some(format) = Format::of(facts.path.as_str(), &facts.text) else { return };
    let promised = promised_mode(cx);
    // The import that changed is compared by itself; a contract may promise more than it is asked.
    let is_own_alone = promised.is_none() && format == Format::Schema(Language::Protobuf);
    let Some((old, new)) = versions(cx, is_own_alone) else { return };
    // The contract of a schema that moved tells what its readers lose.
    if format != Format::Asyncapi && old.name != new.name && has_contract(cx, &RelPath::new(&old.name)) {
        return cx.remember_comparison(Some(Ok(())));
    }
    if is_own_alone && old.text == new.text {
        return;
    }
    if is_own_alone {
        match Levels::of(&facts.path, cx.config().protobuf_level(), |it| cx.text_below(it)) {
            Ok(Some(levels)) => return by_levels(cx, reporter, &levels, &old, &new),
            Ok(None) => {}
            Err(error) => return cx.remember_comparison(Some(Err(error.to_string()))),
        }
    }
    // Where only an import changed, there is nothing of this file to take back.
    let fixable = cx.base_text().is_some() && next_channel(cx).is_some();
    let registry = cx.config().registry();
    let users = Users::of(cx);
    let asked = promised.or(users.mode);
    let changes = match changes_between(&old, &new, format, asked, registry) {
        Ok(it) => it,
        // What is wrong with the text as it is now is said elsewhere.
        Err(error) => {
            let when = if error.place.version == 0 { "its old version cannot be read" } else { "it cannot be read" };
            return cx.remember_comparison(Some(Err(format!("{when}: {}", error.message))));
        }
    };
    cx.remember_comparison(Some(Ok(())));
    let unread = old.unread.max(new.unread);
    if unread > 0 {
        let message = format!(
            "{unread} or more files that this one refers to were not read, because they are too many: what changed in \
            them is not told here. `archwright diff` compares those that are named by themselves."
        );
        let finding = reporter.report(facts.title_span(), message);
        finding.fixable = false;
        if finding.severity == RULE.severity {
            finding.severity = Severity::Info;
        }
    }
    let is_own =
        |it: &DocumentChange| !it.new_file.as_ref().or(it.old_file.as_ref()).is_some_and(|it| is_schema(cx, it));
    let changes: Vec<_> =
        changes.into_iter().filter(|it| (it.class == Class::Breaking || it.change.is_open) && is_own(it)).collect();
    // Nobody said that it is a schema of messages, nor whom it serves.
    let is_unasked =
        facts.kind == Kind::Schema && !facts.opted_in() && !users.is_used && cx.config().chosen_registry().is_none();
    let is_matter_of_policy = policy(cx, &old, &new, format, asked, &changes);
    for found in changes {
        let strict = found.class == Class::Breaking && is_matter_of_policy(&found);
        let change = found.change;
        let sides: Vec<&str> = change.breaks.iter().map(|it| it.name()).collect();
        let advice = change.advice.map(|it| format!(" {it}")).unwrap_or_default();
        let from = from(promised, found.mode);
        let sides = sides.join(" and ");
        let message = if change.is_open {
            format!("{}{advice}", sentence(&change.message))
        } else if strict {
            format!(
                "{} Confluent's strict policy does not call this {sides} compatible, as {from} demands; its lenient \
                one does.{advice}",
                sentence(&change.message)
            )
        } else {
            format!("{} This is not {sides} compatible, which {from} demands.{advice}", sentence(&change.message))
        };
        let here = change.new.filter(|_| found.new_file.is_none()).map(|it| it.span);
        let there = found.new_file.or(found.old_file.filter(|_| here.is_none()));
        let there = there.map(|it| facts.path.parent().join(&it));
        let reference = there.as_ref().and_then(|it| reference_to(&new, it.as_str()));
        let message = match &there {
            Some(file) => format!("{message} The change is in `{file}`."),
            None => message,
        };
        let span = here.or(reference).unwrap_or_else(|| facts.title_span());
        let finding = reporter.report(span, message);
        let place =
            there.as_ref().zip(change.new).and_then(|(file, place)| cx.place_in(file, place.span, "changed here"));
        finding.related.extend(place);
        finding.fixable = fixable;
        finding.certain = false;
        if change.is_open && finding.severity == RULE.severity {
            finding.severity = Severity::Warning;
        } else if strict {
            finding.severity = Severity::Hint;
        } else if is_unasked && finding.severity == RULE.severity {
            finding.severity = Severity::Info;
        }
    }
}

/// Tells which changes are only refused by the strict policy of the default registry, which nobody chose: readers that
/// ignore what they do not know, and miss nothing, are not broken.
fn policy(
    cx: &Context,
    old: &NamedText,
    new: &NamedText,
    format: Format,
    mode: Option<Mode>,
    changes: &[DocumentChange],
) -> impl Fn(&DocumentChange) -> bool + use<> {
    let is_open = cx.config().chosen_registry().is_none() && format != Format::Schema(Language::Protobuf);
    let lenient = (is_open && !changes.is_empty())
        .then(|| changes_between(old, new, format, mode, Profile::ConfluentLenient).ok())
        .flatten();
    let place = |it: &DocumentChange| (it.new_file.clone(), it.change.path.clone());
    let strict: FxHashSet<_> = changes.iter().map(place).collect();
    let broken: Option<FxHashSet<_>> =
        lenient.map(|it| it.iter().filter(|it| it.class == Class::Breaking).map(place).collect());
    // Where the policies look at different places, nothing is played down.
    let broken = broken.filter(|it| it.is_subset(&strict));
    move |it| broken.as_ref().is_some_and(|broken| !broken.contains(&place(it)))
}

/// Compares by the levels of buf, among the files of the folder, which are those of the package, and the imports.
fn by_levels(cx: &Context, reporter: &mut Reporter, levels: &Levels, old: &NamedText, new: &NamedText) {
    let path = &cx.facts().path;
    let was = RelPath::new(&old.name);
    let is_beside = |it: &RelPath, own: &RelPath| it.file_type() == Some(FileType::Protobuf) && it != own;
    let beside_now = cx.folder(&path.parent()).into_iter().filter(|it| is_beside(it, path)).cloned();
    let mut now: Vec<TextFile> =
        beside_now.filter_map(|path| Some(TextFile { text: cx.text_below(&path)?, path })).collect();
    let then = |path: RelPath| {
        let text = cx.base_text_of(&path, &cx.text_below(&path).unwrap_or_default())?;
        Some(TextFile { path, text })
    };
    let mut before: Vec<_> =
        cx.base_folder(&was.parent()).into_iter().filter(|it| is_beside(it, &was)).filter_map(then).collect();
    for (files, version, own) in [(&mut before, old, &was), (&mut now, new, path)] {
        for (number, import) in version.imports.iter().enumerate() {
            if files.iter().all(|it| it.text != *import) {
                let path = levels.root.join(&format!("import-{number}.proto"));
                files.push(TextFile { path, text: import.clone() });
            }
        }
        files.push(TextFile { path: own.clone(), text: version.text.clone() });
    }
    let (annotations, invalid) = levels.compare(&before, &now);
    let own = path_below(path, &levels.root);
    if let Some(error) = invalid.iter().find(|it| it.path == own) {
        let when = if error.previous { "its old version cannot be read" } else { "it cannot be read" };
        return cx.remember_comparison(Some(Err(format!("{when}: {}", error.message))));
    }
    cx.remember_comparison(Some(Ok(())));
    // Whose name is another one has another name in JSON as well.
    let renamed: Vec<Span> =
        annotations.iter().filter(|it| it.rule == "FIELD_SAME_NAME").filter_map(|it| it.span).collect();
    let is_told = |it: &Annotation| {
        let holds = |span: Span| it.span.is_some_and(|it| it.start <= span.start && span.end <= it.end);
        it.rule == "FIELD_SAME_JSON_NAME" && renamed.iter().copied().any(holds)
    };
    for it in annotations.into_iter().filter(|it| it.path.as_ref() == Some(&own) && !is_told(it)) {
        let advice = advice_of_level(&it).map(|it| format!(" {it}")).unwrap_or_default();
        let message = format!(
            "{} The rule `{}` of buf forbids this, which {} asks for.{advice}",
            sentence(&it.message),
            it.rule,
            levels.asked_by
        );
        let finding = reporter.report(it.span.unwrap_or_else(|| cx.facts().title_span()), message);
        finding.fixable = false;
        finding.certain = false;
    }
}

/// What the file and its imports said where the work began, and what they say now; nothing when that is the same, or
/// when the file says the same and it `is_own_alone` that is asked for.
fn versions(cx: &Context, is_own_alone: bool) -> Option<(NamedText, NamedText)> {
    // What files refer to is not looked up for nothing.
    if !cx.has_base() {
        return None;
    }
    let facts = cx.facts();
    let path = &facts.path;
    if is_own_alone && cx.base_text().is_none() && cx.base_text_of(path, &facts.text).is_some() {
        return None;
    }
    let name = RelPath::to_string;
    let declared = |it: &SmolStr| declared(cx, it);
    let read = |it: &RelPath| cx.text_below(it);
    let new = NamedText::within(path, facts.text.clone(), &Around { read: &read, name: &name, declared: &declared });
    // What has not moved is known without a look at other files.
    let (was, before) = match cx.base_text() {
        Some(it) => (path, it),
        None => match cx.base_text_of(path, &facts.text) {
            Some(_) if new.imports.is_empty() && new.companions.is_empty() => return None,
            Some(it) => (path, it),
            None => {
                let was = moved_from(cx)?;
                (was, cx.base_text_of(was, &Arc::default())?)
            }
        },
    };
    let then = |it: &RelPath| cx.base_text_of(it, &cx.text_below(it).unwrap_or_default());
    let old = NamedText::within(was, before, &Around { read: &then, name: &name, declared: &declared });
    let new = if new.names_what_is_unknown_to(&old) {
        // What was not known then is not compared with nothing.
        let declared = |it: &SmolStr| declared(it).filter(|_| !old.seeks_in_vain(it));
        NamedText::within(path, facts.text.clone(), &Around { read: &read, name: &name, declared: &declared })
    } else {
        new
    };
    let is_other = old.text != new.text || old.imports != new.imports || old.companions != new.companions;
    is_other.then_some((old, new))
}

/// The only file with a schema that calls itself by an address.
pub(super) fn declared(cx: &Context, name: &SmolStr) -> Option<RelPath> {
    match cx.declared(name) {
        Declared::In(_, path) => Some(path.clone()),
        Declared::Nowhere | Declared::Several => None,
    }
}

/// The change goes to the next version of the channel, which stands beside this one until every consumer has moved.
fn fix(cx: &Context, _: &Finding) -> Vec<Fix> {
    let facts = cx.facts();
    let (Some((channel, next)), Some(before)) = (next_channel(cx), cx.base_text()) else { return Vec::new() };
    let plan = NextVersionPlan {
        channel,
        next: &next,
        files: cx.files(Key::Channel(channel.clone())).into_iter().map(|it| it.facts).collect(),
        before: vec![TextFile { path: facts.path.clone(), text: before }],
        config: cx.config(),
        today: date::today(),
    };
    plan.edit()
        .map(|edit| Fix {
            title: format!("Create the channel `{next}` for this change"),
            edit,
            preferred: false,
            asks: false,
        })
        .into_iter()
        .collect()
}

/// The schema's channel and its next version, if there is none yet.
fn next_channel<'a>(cx: &Context<'a>) -> Option<(&'a SmolStr, String)> {
    let facts = cx.facts();
    let channel = facts.captures.channel.as_ref().filter(|_| facts.kind == Kind::Schema)?;
    let next = successor(cx.config(), channel)?;
    let exists = cx.files(Key::Channel(next.as_str().into())).iter().any(|it| describes(it.facts, &next));
    (!exists).then_some((channel, next))
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// The mode that the channel's contract promises.
fn promised_mode(cx: &Context) -> Option<Mode> {
    let channel = cx.facts().captures.channel.as_ref()?;
    let contracts = cx.files(Key::ContractsOf(channel.clone()));
    let mut said =
        contracts.iter().filter_map(|it| it.facts.channel(channel, ChannelRole::Contract)?.compatibility.as_ref());
    said.find_map(|it| Mode::of_name(&it.text))
}

/// The AsyncAPI documents that refer to a schema, by themselves or through other schemas.
struct Users {
    /// Whether there are any.
    is_used: bool,
    /// The mode that holds for what they do with it, unless that is the default one.
    mode: Option<Mode>,
}

impl Users {
    fn of(cx: &Context) -> Self {
        let path = Some(cx.facts()).filter(|it| it.kind == Kind::Schema).map(|it| it.path.clone());
        let (mut open, mut seen): (Vec<RelPath>, _) = (path.into_iter().collect(), FxHashSet::default());
        let mut users = Vec::new();
        // A part of a schema is read by those who read the schema.
        while let Some(path) = open.pop() {
            let keys = keys_of_users(&path, cx.whole(&path));
            let importing = keys_of_importers(&path, cx.whole(&path)).into_iter().flat_map(|key| {
                let files = cx.files(key.clone()).into_iter();
                files.filter(|it| takes_from(&key, it.facts, |at| cx.exists(at))).collect::<Vec<_>>()
            });
            for FileRef { id: file, facts } in keys.into_iter().flat_map(|it| cx.files(it)).chain(importing) {
                if seen.len() > MAX_USERS {
                    return Self { is_used: !users.is_empty(), mode: None };
                }
                if !seen.insert(file) {
                    continue;
                }
                match facts.kind {
                    Kind::Asyncapi => users.extend(cx.whole(&facts.path).and_then(FileFacts::asyncapi)),
                    Kind::Schema => open.push(facts.path.clone()),
                    _ => {}
                }
            }
        }
        Self { is_used: !users.is_empty(), mode: mode_for(users.into_iter()) }
    }
}

/// Whether a file that this one refers to is a schema of the workspace, which is compared by itself.
fn is_schema(cx: &Context, file: &str) -> bool {
    let path = cx.facts().path.parent().join(file);
    cx.whole(&path).is_some_and(|it| it.kind == Kind::Schema)
}

/// Who asks for a mode.
fn from(promised: Option<Mode>, asked: Mode) -> String {
    let name = asked.name().to_uppercase();
    match (promised, asked) {
        (Some(_), _) => format!("the contract's mode `{name}`"),
        (None, Mode::Forward) => format!("the default mode `{name}` for what the application sends"),
        (None, Mode::Full) => format!("the default mode `{name}` for what the application sends and receives"),
        (None, _) => format!("the default mode `{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;
    use archwright_engine::{Change, Workspace};
    use archwright_model::RelPath;
    use archwright_syntax::Span;

    fn found(text: &str) -> Vec<String> {
        let (now, then) = (format!("//- /apis/orders.yaml{DOCUMENT}"), format!("//- base/apis/orders.yaml{DOCUMENT}"));
        let fixture = Fixture::new(&format!("{now}{then}{text}"));
        let workspace = fixture.open();
        let file = workspace.file(&RelPath::new("apis/orders.yaml")).unwrap();
        let ours = workspace.findings(file).iter().filter(|it| it.rule.code == super::RULE.code);
        ours.map(|it| it.message.to_string()).collect()
    }

    const DOCUMENT: &str = "
asyncapi: 3.0.0
info: { title: Orders, version: 1.0.0 }
channels: { placed: { address: a, messages: { M: { payload: { $ref: 'https://x.example/amount.json' } } } } }
operations: { take: { action: receive, channel: { $ref: '#/channels/placed' } } }
";

    fn amount(folder: &str, file: &str, ty: &str) -> String {
        format!("//- {folder}/lib/{file}.json\n{{\"$id\": \"https://x.example/amount.json\", \"type\": \"{ty}\"}}\n")
    }

    #[test]
    fn what_changed_in_a_schema_that_is_named_by_its_id_is_told_where_it_is_named() {
        let told = found(&format!("{}{}", amount("", "a", "integer"), amount("base", "a", "string")));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("string"), "{told:?}");
    }

    /// The findings as `file:line: severity: message`, those of related places behind.
    fn told(workspace: &Workspace) -> Vec<String> {
        let line = |file, span: Span| {
            let text = workspace.text(file).unwrap_or_default();
            let line = text.get(..span.start as usize).unwrap_or_default().matches('\n').count() + 1;
            format!("{}:{line}", workspace.path(file))
        };
        let mut told = Vec::new();
        for file in workspace.files() {
            for it in workspace.findings(file).iter().filter(|it| it.rule.code == super::RULE.code) {
                let related: Vec<String> = it.related.iter().map(|it| line(it.file, it.span)).collect();
                told.push(format!("{}: {} [{}]", line(file, it.span), it.severity.name(), related.join(" ")));
            }
        }
        told.sort();
        told
    }

    #[test]
    fn a_file_that_moved_is_compared_with_what_it_was_and_only_while_it_is_gone() {
        let payload =
            |ty: &str| DOCUMENT.replace("{ $ref: 'https://x.example/amount.json' }", &format!("{{ type: {ty} }}"));
        let text = |now: &str, ty: &str| {
            format!("//- base/a.yaml{}//- /{now}{}//- /archwright.toml\n", payload("string"), payload(ty))
        };
        assert_eq!(told(&Fixture::new(&text("z/b.yaml", "integer")).open()), ["z/b.yaml:3: error []"]);
        assert_eq!(told(&Fixture::new(&text("z/b.yaml", "string")).open()), [""; 0]);
        // It says nothing of what there was.
        let other = format!("//- base/a.yaml{}//- /z/b.yaml\nasyncapi: 3.0.0\ninfo: {{}}\n", payload("string"));
        assert_eq!(told(&Fixture::new(&other).open()), [""; 0]);
        let fixture = Fixture::new(&format!("{}//- /a.yaml{}", text("z/b.yaml", "integer"), payload("string")));
        let mut workspace = fixture.open();
        assert_eq!(told(&workspace), [""; 0]);
        std::fs::remove_file(fixture.folder.path().join("a.yaml")).unwrap();
        workspace.apply(vec![Change::Disk { paths: vec![RelPath::new("a.yaml")] }]);
        assert_eq!(told(&workspace), ["z/b.yaml:3: error []"]);
        std::fs::write(fixture.folder.path().join("a.yaml"), payload("string")).unwrap();
        workspace.apply(vec![Change::Disk { paths: vec![RelPath::new("a.yaml")] }]);
        assert_eq!(told(&workspace), [""; 0]);
    }

    #[test]
    fn a_break_behind_several_references_stands_where_they_begin() {
        let chain = DOCUMENT.replace("https://x.example/amount.json", "./schemas/order.json");
        let sub = |ty: &str| format!("{{\"properties\":\n  {{\"y\": {{\"type\": \"{ty}\"}}}}}}\n");
        let order = "schemas/order.json\n{\"properties\": {\"x\": {\"$ref\": \"sub.json\"}}}\n";
        let side = |root: &str, ty: &str| {
            format!("//- {root}/a.yaml{chain}//- {root}/{order}//- {root}/schemas/sub.json\n{}", sub(ty))
        };
        let fixture = Fixture::new(&format!("{}{}", side("", "integer"), side("base", "string")));
        let workspace = fixture.open();
        assert_eq!(told(&workspace), ["a.yaml:3: error [schemas/sub.json:2]"]);
        let file = workspace.file(&RelPath::new("a.yaml")).unwrap();
        let found = workspace.findings(file).iter().find(|it| it.rule.code == super::RULE.code).unwrap();
        assert_eq!(found.span.of(&workspace.text(file).unwrap()), "./schemas/order.json");
        assert!(found.message.ends_with("The change is in `schemas/sub.json`."), "{}", found.message);
    }

    #[test]
    fn what_a_schema_of_a_message_imports_is_a_schema_of_messages() {
        let document = |file: &str| DOCUMENT.replace("https://x.example/amount.json", file);
        let proto = |root: &str, ty: &str| {
            format!(
                "//- {root}/p/x.proto\nsyntax = \"proto3\"; import \"y.proto\"; message X {{ Y y = 1; }}\n\
                 //- {root}/p/y.proto\nsyntax = \"proto3\"; message Y {{ {ty} a = 1; }}\n\
                 //- {root}/y.proto\nsyntax = \"proto3\"; message Z {{ {ty} a = 1; }}\n"
            )
        };
        let both = format!("{}{}", proto("", "int32"), proto("base", "string"));
        let text = |it: &str| format!("//- /a.yaml{}{both}", document(it));
        assert_eq!(told(&Fixture::new(&text("p/x.proto")).open()), ["p/y.proto:1: error []", "y.proto:1: info []"]);
        assert_eq!(told(&Fixture::new(&both).open()), ["p/y.proto:1: info []", "y.proto:1: info []"]);
        let avro = |root: &str, ty: &str| {
            let record = |name: &str, ty: &str| {
                let fields = format!("[{{\"name\": \"a\", \"type\": \"{ty}\"}}]");
                format!(
                    "//- {root}/s/{}.avsc\n{{\"type\": \"record\", \"namespace\": \"n\", \"name\": \"{name}\", \
                     \"fields\": {fields}}}\n",
                    name.to_lowercase()
                )
            };
            format!("{}{}{}", record("X", "n.Y"), record("Y", ty), record("Z", ty))
        };
        let both = format!("{}{}", avro("", "int"), avro("base", "string"));
        let text = |it: &str| format!("//- /a.yaml{}{both}", document(it));
        assert_eq!(told(&Fixture::new(&text("s/x.avsc")).open()), ["s/y.avsc:1: error []", "s/z.avsc:1: info []"]);
        assert_eq!(told(&Fixture::new(&text("s/y.avsc")).open()), ["s/y.avsc:1: error []", "s/z.avsc:1: info []"]);
    }

    #[test]
    fn what_was_not_known_then_is_not_compared() {
        // The schema came from another file, or nobody knew which one was meant.
        assert_eq!(found(&amount("", "a", "integer")), [""; 0]);
        let moved = format!("{}{}", amount("", "b", "integer"), amount("base", "a", "string"));
        assert_eq!(found(&moved), [""; 0]);
        let twice =
            format!("{}{}{}", amount("", "a", "integer"), amount("", "b", "integer"), amount("base", "a", "string"));
        assert_eq!(found(&twice), [""; 0]);
    }
}
