//! What a finding means, whatever a registry calls it: the sentence and the advice for people.

use archwright_syntax::data::{Kind, Node, PathSegment};
use rustc_hash::FxHashSet;

use super::prints::Prints;
use super::search::Incompatibility;
use crate::compatibility::{Profile, Side};

/// What a reader does not take, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// Another type of value, or another kind of schema.
    Type,
    /// Only whole numbers where there were fractions.
    Integer,
    /// A limit or a demand that the writer does not have.
    Added(&'static str),
    /// A limit that lets less through.
    Tighter(&'static str),
    /// A value that has to stay the same.
    Changed(&'static str),
    /// Values the reader's enumeration lacks.
    Values,
    /// A property that the reader needs and the writer may leave out.
    Required,
    /// A property that the reader checks and that writers could fill with anything.
    PropertyRestricted,
    /// The same, of a property the reader needs.
    RequiredRestricted,
    /// A property that the reader needs and the writer does not know.
    RequiredUnknown,
    /// A property of the reader that the writer's rule for further ones does not fit.
    PropertyNotCovered,
    /// A property that the reader refuses.
    PropertyRefused,
    /// A property of the writer that the reader's rule for further ones does not fit.
    PropertyUncovered,
    /// Items, in the same five ways.
    ItemRestricted,
    ItemNotCovered,
    ItemRefused,
    ItemUncovered,
    /// An item that only the reader describes; harmless, but a registry refuses it.
    ItemAdded,
    /// `additionalProperties`, `additionalItems` and their like: nothing more is let in.
    Closed(&'static str),
    /// The same keywords: less is let in.
    Narrowed(&'static str),
    /// A property that demands more of the others.
    Dependency,
    /// A demand on other properties that the reader dropped; harmless, but a registry refuses it.
    DependencyDropped,
    /// A schema where there was none.
    Schema,
    /// No schema where there was one; harmless, but a registry refuses it.
    SchemaDropped,
    /// An alternative that is gone.
    Alternatives,
    /// The same, where it is not known which one.
    FewerAlternatives,
    /// More conditions that hold all at once.
    Conditions,
    /// An alternative or condition that has no counterpart.
    Counterpart,
    /// `anyOf`, `oneOf` or `allOf` in the place of another one.
    Criterion,
    /// More is excluded by `not`.
    Excluded,
    /// Another answer of `if`, `then` or `else`.
    Condition(&'static str),
    /// A reference into another text, which nobody read, came or went.
    Elsewhere,
}

/// What it is called when a branch has no counterpart; the finding then tells what the nearest one does not take.
const COUNTERPART: [&str; 3] =
    ["COMBINED_TYPE_SUBSCHEMAS_CHANGED", "COMBINED_TYPE_SUBSCHEMA_NOT_COMPATIBLE", "combined_type_subschemas_changed"];

/// The sentence for a finding, and the safe way to make the change.
pub(super) fn words(finding: &Incompatibility<'_>, side: Side, profile: Profile) -> (String, &'static str) {
    let (reader, writer) = match side {
        Side::Backward => ("new", "old"),
        Side::Forward => ("old", "new"),
    };
    let (was, is) = match side {
        Side::Backward => (finding.writer, finding.reader),
        Side::Forward => (finding.reader, finding.writer),
    };
    let name = name(finding);
    let message = match finding.meaning {
        Meaning::Type => {
            format!(
                "The type was {} and is {}: the {reader} schema does not take all that the {writer} one describes.",
                shown(was),
                shown(is)
            )
        }
        Meaning::Integer => {
            format!("The {reader} schema takes integers only, and {writer} messages may have fractions.")
        }
        Meaning::Added(keyword) => format!(
            "The {reader} schema has {}, and the {writer} one has no `{keyword}`: {writer} messages may not pass.",
            said(keyword, finding.reader)
        ),
        Meaning::Tighter(keyword) => format!(
            "`{keyword}` is {} in the {reader} schema and {} in the {writer} one: {writer} messages in between do not \
            pass.",
            shown(finding.reader),
            shown(finding.writer)
        ),
        Meaning::Changed(keyword) => {
            format!("`{keyword}` was {} and is {}: what matches one need not match the other.", shown(was), shown(is))
        }
        Meaning::Values => {
            format!("The {reader} schema does not list {}, which {writer} messages may have.", missing(finding))
        }
        Meaning::Required => format!("{name} is required by the {reader} schema, and {writer} messages may lack it."),
        Meaning::PropertyRestricted => format!(
            "{name} is described in the {reader} schema only; the {writer} one is open, so {writer} messages may hold \
            anything under that name."
        ),
        Meaning::RequiredRestricted => format!(
            "{name} is required by the {reader} schema and unknown to the {writer} one: {writer} messages may lack \
            it, or hold anything under that name."
        ),
        Meaning::RequiredUnknown => {
            format!(
                "{name} is required by the {reader} schema, and the {writer} one does not know it: {writer} messages \
                lack it."
            )
        }
        Meaning::PropertyNotCovered => format!(
            "{name} is described in the {reader} schema only, and what the {writer} one lets in under that name does \
            not fit the description."
        ),
        Meaning::PropertyRefused => {
            format!(
                "{name} is described in the {writer} schema only, and the {reader} one lets no further properties in."
            )
        }
        Meaning::PropertyUncovered => format!(
            "{name} is described in the {writer} schema only, and what the {reader} one lets in under that name does \
            not fit the description."
        ),
        Meaning::ItemRestricted => {
            format!(
                "{name} is described in the {reader} schema only; the {writer} list is open, so {writer} messages may \
                hold anything there."
            )
        }
        Meaning::ItemNotCovered => {
            format!(
                "{name} is described in the {reader} schema only, and what the {writer} one lets in there does not fit."
            )
        }
        Meaning::ItemRefused => {
            format!("{name} is described in the {writer} schema only, and the {reader} one lets no further items in.")
        }
        Meaning::ItemUncovered => {
            format!(
                "{name} is described in the {writer} schema only, and what the {reader} one lets in there does not fit."
            )
        }
        Meaning::ItemAdded => {
            format!("{name} is described in the {reader} schema only; the registry counts that as incompatible.")
        }
        Meaning::Closed(keyword) => {
            format!(
                "`{keyword}` lets nothing in with the {reader} schema, and {writer} messages may have more than what \
                is described."
            )
        }
        Meaning::Narrowed(keyword) => {
            format!(
                "`{keyword}` lets less in with the {reader} schema than with the {writer} one, and {writer} messages \
                may have the rest."
            )
        }
        Meaning::Dependency => {
            format!("{name} demands other properties in the {reader} schema that {writer} messages may lack beside it.")
        }
        Meaning::DependencyDropped => {
            format!(
                "{name} demands fewer other properties in the {reader} schema; the registry counts that as \
                incompatible."
            )
        }
        Meaning::Schema => {
            format!(
                "The {reader} schema restricts values that the {writer} one leaves free: {writer} messages may not \
                pass."
            )
        }
        Meaning::SchemaDropped => {
            format!(
                "The {reader} schema leaves values free that the {writer} one describes; the registry counts that as \
                incompatible."
            )
        }
        Meaning::Alternatives => {
            format!(
                "The {reader} schema has fewer alternatives; {writer} messages may follow {}, which it lacks.",
                branch(finding.writer)
            )
        }
        Meaning::FewerAlternatives => {
            format!(
                "The {reader} schema has fewer alternatives than the {writer} one; {writer} messages may follow one \
                that is gone."
            )
        }
        Meaning::Conditions => {
            format!(
                "The {reader} schema demands more at once than the {writer} one: {writer} messages may not meet all \
                of it."
            )
        }
        Meaning::Counterpart => {
            format!(
                "Messages of the {writer} schema may follow {}, and no branch of the {reader} one takes it.",
                branch(finding.writer)
            )
        }
        Meaning::Criterion => format!(
            "The schema was {} and is {}: the {reader} schema does not take all that the {writer} one describes.",
            combination(was),
            combination(is)
        ),
        Meaning::Excluded => format!("`not` excludes more in the {reader} schema, and {writer} messages may have it."),
        Meaning::Condition(keyword) => {
            format!("`{keyword}` in the {reader} schema is not met by all that the {writer} one lets through.")
        }
        Meaning::Elsewhere => {
            format!(
                "The schema was {} and is {}: what stands in another text was not read, so nothing can be said.",
                shown(was),
                shown(is)
            )
        }
    };
    let message = match finding.meaning {
        Meaning::Counterpart => message,
        _ if COUNTERPART.contains(&finding.kind) => {
            format!(
                "No branch of the {reader} schema takes all that one of the {writer} schema does. In the nearest one: \
                {message}"
            )
        }
        _ => message,
    };
    (message, advice(finding.meaning, side, profile))
}

/// The safe way to make a change.
fn advice(meaning: Meaning, side: Side, profile: Profile) -> &'static str {
    match (meaning, side) {
        (Meaning::Elsewhere, _) => "Compare what the reference leads to with the schema that stands in its place.",
        (Meaning::Type | Meaning::Integer, _) => {
            "Keep the type and add another property for the new one, or start a new subject."
        }
        (Meaning::Added(_) | Meaning::Tighter(_) | Meaning::Schema, Side::Backward) => {
            "Leave the limit as it is and check in the application, or start a new subject."
        }
        (Meaning::Added(_) | Meaning::Tighter(_) | Meaning::Schema, Side::Forward) => {
            "Let all readers have the looser limit first, before anybody writes beyond the old one."
        }
        (Meaning::Changed(_), _) => "Keep the value; where it must change, let readers take both first, with `anyOf`.",
        (Meaning::Values, Side::Backward) => "Keep the values until no message has them any more.",
        (Meaning::Values, Side::Forward) => "Let all readers have the new values first, before anybody writes them.",
        (Meaning::Required | Meaning::RequiredRestricted | Meaning::RequiredUnknown, Side::Backward) => match profile {
            Profile::Confluent | Profile::ConfluentLenient => {
                "Leave the property out of `required`, or give it a `default`."
            }
            Profile::Karapace | Profile::Apicurio => "Leave the property out of `required`.",
        },
        (Meaning::Required | Meaning::RequiredRestricted | Meaning::RequiredUnknown, Side::Forward) => {
            "Keep writing the property and keep it in `required` until no reader needs it."
        }
        (Meaning::PropertyRestricted, Side::Backward) => {
            "Close the content model (`additionalProperties: false`) before you add properties, or compare with the \
            lenient policy."
        }
        (Meaning::PropertyRestricted, Side::Forward) => {
            "Keep the property; where the content model is open, readers with the old schema still check it."
        }
        (Meaning::PropertyRefused | Meaning::Closed(_), Side::Backward) => {
            "Keep the property until no message has it, or let further properties in."
        }
        (Meaning::PropertyRefused | Meaning::Closed(_), Side::Forward) => {
            "Let all readers have the property first, before anybody writes it."
        }
        (Meaning::PropertyNotCovered | Meaning::PropertyUncovered | Meaning::Narrowed(_), _) => {
            "Let the property have a type that the other schema lets in under its name."
        }
        (Meaning::ItemRestricted | Meaning::ItemNotCovered | Meaning::ItemRefused | Meaning::ItemUncovered, _) => {
            "Leave the list as it is and add a property for the new items."
        }
        (Meaning::Dependency, _) => "Leave the demand out and check it in the application.",
        (Meaning::DependencyDropped | Meaning::SchemaDropped | Meaning::ItemAdded, _) => {
            "Keep it, or choose another registry's definition when you use another one."
        }
        (Meaning::Alternatives | Meaning::FewerAlternatives, Side::Backward) => {
            "Keep the alternative until no message follows it any more."
        }
        (Meaning::Alternatives | Meaning::FewerAlternatives, Side::Forward) => {
            "Let all readers have the new alternative first, before anybody writes it."
        }
        (Meaning::Conditions | Meaning::Condition(_), _) => "Leave the condition out and check it in the application.",
        (Meaning::Counterpart, _) => "Keep the branches as they are and add new ones beside them.",
        (Meaning::Criterion, _) => {
            "Keep the keyword; from `oneOf` to `anyOf` is the one change that is safe for readers."
        }
        (Meaning::Excluded, _) => "Keep `not` as it was, or exclude less.",
    }
}

/// What the finding is about, as the subject of a sentence: the property or item it stands on.
fn name(finding: &Incompatibility<'_>) -> String {
    let node = match finding.meaning {
        Meaning::PropertyRefused
        | Meaning::PropertyUncovered
        | Meaning::ItemRefused
        | Meaning::ItemUncovered
        | Meaning::DependencyDropped => finding.writer,
        _ => finding.reader,
    };
    match (node.as_str(), node.path().last().copied()) {
        (Some(name), _) | (None, Some(PathSegment::Key(name))) => format!("`{}`", cut(name)),
        (None, Some(PathSegment::Index(index))) => format!("The item at {index}"),
        (None, None) => "The value".to_owned(),
    }
}

/// Longer values are cut.
const MAX_SHOWN: usize = 60;

/// A value as it is written; of a schema, its type and what else makes it one.
fn shown(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Mapping => {
            let telling = |keys: &'static [&'static str]| keys.iter().copied().find(|key| node.get(key).is_some());
            let more = telling(&["enum", "const", "anyOf", "oneOf", "allOf", "not", "if"]);
            match (node.get("type").or_else(|| node.get("$ref")), more) {
                (Some(ty), Some(more)) => format!("`{}` with `{more}`", value(ty)),
                (Some(ty), None) => format!("`{}`", value(ty)),
                (None, Some(more)) => format!("a schema with `{more}`"),
                (None, None) if node.is_empty() => "anything".to_owned(),
                (None, None) => "a schema without `type`".to_owned(),
            }
        }
        _ => format!("`{}`", value(node)),
    }
}

fn value(node: Node<'_>) -> String {
    cut(node.as_str().unwrap_or_else(|| node.source()))
}

/// A branch of a combination: its title, or its type and first property.
fn branch(node: Node<'_>) -> String {
    let property = |key: &str| node.get(key).and_then(|it| it.entries().next()).map(|it| it.key);
    match (node.get("title").and_then(Node::as_str), property("properties")) {
        (Some(title), _) => format!("`{}`", cut(title)),
        (None, Some(name)) => format!("{} with `{}`", shown(node), cut(name)),
        (None, None) => shown(node),
    }
}

fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

/// A keyword with its value, when that is short.
fn said(keyword: &str, node: Node<'_>) -> String {
    match node.kind() {
        Kind::Mapping | Kind::Sequence => format!("`{keyword}`"),
        _ => format!("`{keyword}: {}`", cut(node.source())),
    }
}

/// What combines the branches of a schema.
fn combination(node: Node<'_>) -> String {
    match node.as_entry().map(|it| it.key) {
        Some(key @ ("allOf" | "anyOf" | "oneOf")) => format!("`{key}`"),
        Some("type") => "a list of types".to_owned(),
        _ => "several demands at once".to_owned(),
    }
}

/// The values that only the writer lists.
fn missing(finding: &Incompatibility<'_>) -> String {
    let all = values_gone(finding);
    let listed: Vec<_> = all.iter().take(5).map(|it| shown(*it)).collect();
    match all.len().saturating_sub(listed.len()) {
        _ if listed.is_empty() => "all values".to_owned(),
        0 => listed.join(", "),
        more => format!("{} and {more} more", listed.join(", ")),
    }
}

/// Of two lists of values, those that only the writer's has.
pub(super) fn values_gone<'t>(finding: &Incompatibility<'t>) -> Vec<Node<'t>> {
    let (mut of_reader, mut of_writer) = (Prints::default(), Prints::default());
    let known: FxHashSet<_> = finding.reader.items().map(|it| of_reader.of(it)).collect();
    finding.writer.items().filter(|it| !known.contains(&of_writer.of(*it))).collect()
}
