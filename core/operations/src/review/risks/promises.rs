//! Promises of contracts that are other promises now, and personal data that schemas take up.

use archwright_asyncapi::terms::{Known, MessageTerms};
use archwright_engine::Workspace;
use archwright_knowledge::lexicon::{FieldValue, Sensitivity, sensitivity};
use archwright_model::{
    Kind, Severity,
    facts::{ChannelMention, ChannelRole, FileFacts},
};
use archwright_schema::{Field, compatibility::Mode};

use super::{
    super::{
        change::{Diff, FileChange, Side},
        lexicon::Lexicon,
        reviewed::{Mark, ReviewFinding, ReviewPlace},
        tokens::line_of,
    },
    keys, payloads,
};

/// A contract that promises less.
pub(in crate::review) const WEAKER: &str = "review/weaker-promise";

/// A header that messages had.
const LOST_HEADER: &str = "review/lost-header";

/// What contracts and schemas of a change promise less, or bring.
pub(super) fn promises(workspace: &Workspace, diff: &Diff, lexicon: &'static Lexicon) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    for file in &diff.files {
        let (Some(before), Some(after)) = (&file.before, &file.after) else { continue };
        match file.kind() {
            Kind::Contract => found.extend(of_contract(file, before, after)),
            Kind::Schema => {
                found.extend(of_schema(workspace, file, before, after, lexicon));
                found.extend(unmarked(file, before, after));
            }
            Kind::Asyncapi => found.extend(of_headers(file, before, after)),
            _ => {}
        }
    }
    found
}

fn contract(facts: &FileFacts) -> Option<&ChannelMention> {
    facts.channels.iter().find(|it| it.role == ChannelRole::Contract)
}

fn of_contract(file: &FileChange, before: &Side, after: &Side) -> Vec<ReviewFinding> {
    let (Some(then), Some(now)) = (contract(&before.facts), contract(&after.facts)) else { return Vec::new() };
    let mut found = Vec::new();
    let channel = &now.name.text;
    let bare = |it: &str| it.replace('`', "").trim().to_lowercase();
    let place = |side: &Side, at: u32| line_of(&side.text, at as usize);
    let mut tell = |code, line, was: u32, message, advice: &str| {
        let against = vec![ReviewPlace { file: before.facts.path.clone(), line: place(before, was) }];
        found.push(ReviewFinding {
            severity: Severity::Error,
            against,
            advice: Some(advice.to_owned()),
            ..ReviewFinding::at(code, &file.path, line, message)
        });
    };
    if let (Some(old), Some(new)) = (&then.ordering_key, &now.ordering_key)
        && bare(&old.text) != bare(&new.text)
        && is_one_name(&bare(&old.text))
        && is_one_name(&bare(&new.text))
    {
        let (old_name, new_name) = (bare(&old.text), bare(&new.text));
        let message = format!(
            "The ordering key of {channel} is `{new_name}` and was `{old_name}`: messages of one `{old_name}` overtake \
             each other while both are on the channel."
        );
        let advice = "Open a new version of the channel for the new key.";
        tell(keys::CODE, place(after, new.span.start), old.span.start, message, advice);
    }
    let mode = |it: &ChannelMention| it.compatibility.as_ref().and_then(|it| Some((Mode::of_name(&it.text)?, it.span)));
    if let (Some((old, was)), Some((new, is))) = (mode(then), mode(now))
        && promises_less(old, new)
    {
        let message = format!(
            "{channel} promises {} and promised {}: changes that break its readers pass now.",
            new.name(),
            old.name()
        );
        tell(
            WEAKER,
            place(after, is.start),
            was.start,
            message,
            "Keep the mode, or open a new version of the channel.",
        );
    }
    found
}

/// Whether a key is the name of one field, and not a sentence.
fn is_one_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.'))
}

/// Whether a mode allows what another forbids.
fn promises_less(old: Mode, new: Mode) -> bool {
    let reads = |it: Mode| {
        use Mode::{Backward, BackwardTransitive, Forward, ForwardTransitive, Full, FullTransitive, None};
        // What of it holds: backward, forward, and against all versions.
        match it {
            Backward => (true, false, false),
            BackwardTransitive => (true, false, true),
            Forward => (false, true, false),
            ForwardTransitive => (false, true, true),
            Full => (true, true, false),
            FullTransitive => (true, true, true),
            None => (false, false, false),
        }
    };
    let (then, now) = (reads(old), reads(new));
    then.0 && !now.0 || then.1 && !now.1 || then.2 && !now.2
}

/// Personal data that a schema takes up: against a contract that has none of it, or to be judged.
fn of_schema(
    workspace: &Workspace,
    file: &FileChange,
    before: &Side,
    after: &Side,
    lexicon: &'static Lexicon,
) -> Vec<ReviewFinding> {
    let (Some(old), Some(new)) = (before.facts.schema(), after.facts.schema()) else { return Vec::new() };
    let Some(channel) = after.facts.captures.channel.clone() else { return Vec::new() };
    let contracts = workspace.files().filter_map(|it| workspace.facts(it));
    let contracts: Vec<(&FileFacts, &ChannelMention)> = contracts
        .filter_map(|it| Some((it, it.channel(&channel, ChannelRole::Contract)?)))
        .filter(|it| it.0.kind == Kind::Contract)
        .collect();
    let mut found = Vec::new();
    for field in new.shape.fields.iter().filter(|it| !old.shape.fields.iter().any(|old| old.path == it.path)) {
        let Some((Sensitivity::Personal, _)) =
            sensitivity(&field.path, value_of(field), workspace.config().sensitive())
        else {
            continue;
        };
        let line = line_of(&after.text, field.name.span.start as usize);
        let said = contracts.iter().find_map(|(facts, it)| {
            let said = it.classification.as_deref()?;
            let at = line_of(&facts.text, said.span.start as usize);
            Some((lexicon.forbids(&said.text), ReviewPlace { file: facts.path.clone(), line: at }, said.text.clone()))
        });
        let readers = contracts.iter().find_map(|it| it.1.consumers.as_deref()).map(|it| it.text.clone());
        let readers = readers.map_or_else(String::new, |it| format!(", read by {}", it.trim_end_matches('.')));
        let finding = match said {
            Some((true, place, words)) => ReviewFinding {
                severity: Severity::Error,
                against: vec![place],
                advice: Some("Leave it out, or change the contract with those who answer for it.".to_owned()),
                ..ReviewFinding::at(
                    payloads::PERSONAL,
                    &file.path,
                    line,
                    format!(
                        "`{}` brings personal data into {channel}{readers}; its contract says \"{}\".",
                        field.path,
                        words.trim_end_matches('.')
                    ),
                )
            },
            other => ReviewFinding {
                mark: Mark::Judge,
                against: other.into_iter().map(|it| it.1).collect(),
                ..ReviewFinding::at(
                    payloads::PERSONAL,
                    &file.path,
                    line,
                    format!(
                        "`{}` brings personal data into {channel}{readers}: may they have it, and for how long?",
                        field.path
                    ),
                )
            },
        };
        found.push(finding);
    }
    found
}

/// Fields that were marked as sensitive and are not, although they are still there.
fn unmarked(file: &FileChange, before: &Side, after: &Side) -> Vec<ReviewFinding> {
    let (Some(old), Some(new)) = (before.facts.schema(), after.facts.schema()) else { return Vec::new() };
    if new.shape.classified {
        return Vec::new();
    }
    let mut found = Vec::new();
    for field in new.shape.fields.iter().filter(|it| !it.classified) {
        let Some(then) = old.shape.fields.iter().find(|it| it.path == field.path && it.classified) else { continue };
        let at = |side: &Side, at: u32| line_of(&side.text, at as usize);
        let message = format!(
            "`{}` is no longer marked as sensitive: nothing tells readers and tools to treat it with care.",
            field.path
        );
        found.push(ReviewFinding {
            against: vec![ReviewPlace { file: before.facts.path.clone(), line: at(before, then.name.span.start) }],
            advice: Some("Keep the mark as long as the field holds what it held.".to_owned()),
            ..ReviewFinding::at(payloads::PERSONAL, &file.path, at(after, field.name.span.start), message)
        });
    }
    found
}

/// Headers that messages of an AsyncAPI document had and have no longer.
fn of_headers(file: &FileChange, before: &Side, after: &Side) -> Vec<ReviewFinding> {
    let (Some(old), Some(new)) = (before.facts.asyncapi(), after.facts.asyncapi()) else { return Vec::new() };
    let mut found: Vec<ReviewFinding> = Vec::new();
    for then in &old.terms.messages {
        let Some(now) = new.terms.messages.iter().find(|it| it.name.text == then.name.text) else { continue };
        let keys_of = |it: &MessageTerms| {
            let own = it.ordering_key.iter().chain(&it.key_fields);
            own.map(|it| (it.text.clone(), it.span.start)).collect::<Vec<_>>()
        };
        let (was, is) = (keys_of(then), keys_of(now));
        if let Some((key, at)) = was.first().filter(|_| is.is_empty()) {
            let line = |side: &Side, at: u32| line_of(&side.text, at as usize);
            let message =
                format!("`{}` no longer says that `{key}` is its key: what orders its messages?", then.name.text);
            found.push(ReviewFinding {
                against: vec![ReviewPlace { file: before.facts.path.clone(), line: line(before, *at) }],
                ..ReviewFinding::at(keys::CODE, &file.path, line(after, now.name.span.start), message)
            });
        }
        // Headers that stand in another file are compared there.
        let (was, is) = (&then.headers.properties, &now.headers.properties);
        if now.headers.known != Known::All {
            continue;
        }
        for gone in was.iter().filter(|it| !is.iter().any(|now| now.path == it.path)) {
            let message =
                format!("The header `{}` of `{}` is gone: who reads it finds nothing.", gone.path, then.name.text);
            if found.iter().any(|it| it.message == message) {
                continue;
            }
            let place = is.iter().map(|it| it.name.span.start).filter(|it| *it <= gone.name.span.start).max();
            let line = |side: &Side, at: u32| line_of(&side.text, at as usize);
            let against = ReviewPlace { file: before.facts.path.clone(), line: line(before, gone.name.span.start) };
            found.push(ReviewFinding {
                against: vec![against],
                advice: Some("Keep the header until nobody reads it.".to_owned()),
                ..ReviewFinding::at(LOST_HEADER, &file.path, line(after, place.unwrap_or_default()), message)
            });
        }
    }
    found
}

fn value_of(field: &Field) -> FieldValue {
    match field.ty.as_str() {
        "boolean" | "bool" => FieldValue::Flag,
        "integer" | "number" | "int" | "long" | "float" | "double" | "int32" | "int64" => FieldValue::Number,
        _ => FieldValue::Other,
    }
}
