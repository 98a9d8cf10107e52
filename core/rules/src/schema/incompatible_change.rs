//! `schema/incompatible-change`: a schema or AsyncAPI document that breaks readers it served where the work began.

use archwright_asyncapi::comparison::{Class, DocumentChange};
use archwright_engine::store::Declared;
use archwright_model::{TextFile, date, facts::ChannelRole};
use archwright_schema::{Language, breaking::Annotation};
use archwright_syntax::FileType;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::{
    evolution::{
        Around, Format, Levels, MAX_USERS, Mode, NamedText, NextVersionPlan, Profile, advice_of_level, changes_between,
        describes, keys_of_users, mode_for, path_below, successor,
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
    sources: &["A-147", "D-P05"],
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
    let Some((old, new)) = versions(cx) else { return };
    let Some(format) = Format::of(facts.path.as_str(), &facts.text) else { return };
    let promised = promised_mode(cx);
    // The import that changed is compared by itself; a contract may promise more than it is asked.
    if promised.is_none() && format == Format::Schema(Language::Protobuf) && old.text == new.text {
        return;
    }
    if format == Format::Schema(Language::Protobuf) && promised.is_none() {
        match Levels::of(&facts.path, cx.config().protobuf_level(), |it| cx.text_below(it)) {
            Ok(Some(levels)) => return by_levels(cx, reporter, &levels, &old, &new),
            Ok(None) => {}
            Err(error) => return cx.remember_comparison(Some(Err(error.to_string()))),
        }
    }
    // Where only an import changed, there is nothing of this file to take back.
    let fixable = old.text != new.text && next_channel(cx).is_some();
    let registry = cx.config().registry();
    let asked = promised.or_else(|| mode_of_users(cx));
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
        facts.kind == Kind::Schema && !facts.opted_in() && asked.is_none() && cx.config().chosen_registry().is_none();
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
        let span = here.or_else(|| reference_to(cx, found.new_file.as_deref()?)).unwrap_or_else(|| facts.title_span());
        let finding = reporter.report(span, message);
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
    let folder = path.parent();
    let is_beside = |it: &RelPath| it.file_type() == Some(FileType::Protobuf) && it != path;
    let beside_now = cx.folder(&folder).into_iter().filter(|it| is_beside(it)).cloned();
    let mut now: Vec<TextFile> =
        beside_now.filter_map(|path| Some(TextFile { text: cx.text_below(&path)?, path })).collect();
    let then = |path: RelPath| {
        let text = cx.base_text_of(&path, &cx.text_below(&path).unwrap_or_default())?;
        Some(TextFile { path, text })
    };
    let mut before: Vec<_> = cx.base_folder(&folder).into_iter().filter(is_beside).filter_map(then).collect();
    for (files, version) in [(&mut before, old), (&mut now, new)] {
        for (number, import) in version.imports.iter().enumerate() {
            if files.iter().all(|it| it.text != *import) {
                let path = levels.root.join(&format!("import-{number}.proto"));
                files.push(TextFile { path, text: import.clone() });
            }
        }
        files.push(TextFile { path: path.clone(), text: version.text.clone() });
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

/// Where the file refers to another one, if it does so itself.
fn reference_to(cx: &Context, file: &str) -> Option<Span> {
    let facts = cx.facts();
    let wanted = facts.path.parent().join(file);
    let references = facts.asyncapi().map(|it| &it.outline.references)?;
    let leads = |it: &&archwright_asyncapi::Reference| {
        archwright_model::facts::file_of_reference(&facts.path, &it.target.text).as_ref() == Some(&wanted)
    };
    references.iter().find(leads).map(|it| it.target.span)
}

/// What the file and its imports said where the work began, and what they say now; nothing when that is the same.
fn versions(cx: &Context) -> Option<(NamedText, NamedText)> {
    // What files refer to is not looked up for nothing.
    if !cx.has_base() {
        return None;
    }
    let facts = cx.facts();
    let path = &facts.path;
    let name = RelPath::to_string;
    let declared = |it: &SmolStr| declared(cx, it);
    let read = |it: &RelPath| cx.text_below(it);
    let new = NamedText::within(path, facts.text.clone(), &Around { read: &read, name: &name, declared: &declared });
    let before = match cx.base_text() {
        None if new.imports.is_empty() && new.companions.is_empty() => return None,
        None => cx.base_text_of(path, &facts.text)?,
        Some(it) => it,
    };
    let then = |it: &RelPath| cx.base_text_of(it, &cx.text_below(it).unwrap_or_default());
    let old = NamedText::within(path, before, &Around { read: &then, name: &name, declared: &declared });
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

/// The mode of a schema that AsyncAPI documents refer to, by themselves or through other schemas.
fn mode_of_users(cx: &Context) -> Option<Mode> {
    let path = Some(cx.facts()).filter(|it| it.kind == Kind::Schema)?.path.clone();
    let (mut open, mut seen) = (vec![path], FxHashSet::default());
    let mut users = Vec::new();
    // A part of a schema is read by those who read the schema.
    while let Some(path) = open.pop() {
        let keys = keys_of_users(&path, cx.whole(&path));
        for FileRef { id: file, facts } in keys.into_iter().flat_map(|it| cx.files(it)) {
            if seen.len() > MAX_USERS {
                return None;
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
    mode_for(users.into_iter())
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
    use archwright_model::RelPath;

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
