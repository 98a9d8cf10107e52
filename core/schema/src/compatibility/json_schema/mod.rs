//! Whether a reader with one JSON Schema takes what was written with another, by the definition of a registry.
//!
//! The registries do not agree on JSON Schema, so each has a module with its own definition. They share the reading of
//! texts ([`document`]), the parts that schemas fall into ([`parts`]), the walk over pairs of them ([`search`]), and
//! the words for people ([`meaning`]).

mod apicurio;
mod confluent;
mod decimal;
mod document;
mod karapace;
mod limits;
mod load;
mod matching;
mod meaning;
mod model;
mod parts;
mod patterns;
mod prints;
mod search;
#[cfg(test)]
mod tests;

use std::thread;

use archwright_syntax::{
    Span,
    data::{Kind, Node, Tree},
    pointer,
};

use self::document::{Document, Draft};
use self::meaning::Meaning;
use self::parts::Parts;
use self::search::{Definition as _, Depth, Incompatibility, ROOM, Token, TooLarge};
use super::{Change, InvalidSchema, Pair, Place, Profile, Version};
use crate::Diagnostic;

pub(super) fn compare(pair: &Pair<'_>) -> Result<Vec<Change>, InvalidSchema> {
    let invalid = |version: Version<'_>, it: Diagnostic| {
        let place = Place { version: version.index, span: it.span };
        InvalidSchema { place, message: it.message }
    };
    // Apicurio takes a schema that names no draft for one of draft 4, Confluent and Karapace for one of draft 7.
    let draft = if pair.profile == Profile::Apicurio { Draft::Four } else { Draft::Seven };
    let (writer_tree, reader_tree) = (document::tree(pair.writer.text), document::tree(pair.reader.text));
    let writer = Document::of(&writer_tree, draft).map_err(|it| invalid(pair.writer, it))?;
    let reader = Document::of(&reader_tree, draft).map_err(|it| invalid(pair.reader, it))?;
    let mut parts = Parts::default();
    let one = parts.read(&writer).map_err(|it| invalid(pair.writer, it))?;
    let other = parts.read(&reader).map_err(|it| invalid(pair.reader, it))?;
    let settle = |depth| match pair.profile {
        Profile::Confluent => confluent::Confluent::new(&parts, false, depth).settle(one, other),
        Profile::ConfluentLenient => confluent::Confluent::new(&parts, true, depth).settle(one, other),
        Profile::Karapace => karapace::compare(&writer, &reader, depth),
        Profile::Apicurio => apicurio::Apicurio::new(&parts, depth).settle(one, other),
    };
    let found = match settle(Depth::Usual) {
        Err(TooLarge::Deep) => with_room(|| settle(Depth::Large)).unwrap_or(Err(TooLarge::Deep)),
        found => found,
    };
    let (found, dropped) = found.map_err(|it| {
        let message = match it {
            TooLarge::Deep => "The schemas nest too deeply to be compared, maybe through references; flatten them.",
            TooLarge::Wide => {
                "The schemas are too large to be compared, or refer to each other too often; split them up."
            }
        };
        invalid(pair.reader, Diagnostic { span: Span::new(0, 0), message: message.to_owned() })
    })?;
    let at = |tree: &Tree| tree.root().map_or(Span::new(0, 0), span);
    let more = pair.more(dropped, at(&writer_tree), at(&reader_tree));
    Ok(found.iter().map(|it| change(pair, it)).chain(more).collect())
}

/// Works on a thread with a larger stack; nothing when there is none to be had.
fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(ROOM).spawn_scoped(scope, work).ok()?;
        match thread.join() {
            Ok(it) => Some(it),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn change(pair: &Pair<'_>, finding: &Incompatibility<'_>) -> Change {
    let path = finding.path.iter().rev().fold(String::new(), |path, token| match token {
        Token::Key(key) => format!("{path}/{}", pointer::escape(key)),
        Token::Index(index) => format!("{path}/{index}"),
    });
    let (message, advice) = meaning::words(finding, pair.side, pair.profile);
    let (writer, reader) = match finding.meaning {
        Meaning::Type | Meaning::Integer => (type_of(finding.writer), type_of(finding.reader)),
        // Of a list of values, the first one that is gone shows what changed.
        Meaning::Values => (meaning::values_gone(finding).first().map_or(finding.writer, |it| *it), finding.reader),
        _ => (finding.writer, finding.reader),
    };
    let mut change = pair.change(finding.kind, path, Some(span(writer)), Some(span(reader)), message);
    change.advice = Some(advice.to_owned());
    if finding.meaning == Meaning::Elsewhere {
        // It may be just what it was.
        change.breaks.clear();
        change.is_open = true;
    }
    change
}

/// What says of which type a schema is.
fn type_of(schema: Node<'_>) -> Node<'_> {
    schema.get("type").or_else(|| schema.get("$ref")).unwrap_or(schema)
}

/// Of a whole schema, its name or the word that says what it is: all of it would hide the rest.
fn span(node: Node<'_>) -> Span {
    if !matches!(node.kind(), Kind::Mapping | Kind::Sequence) {
        return node.span();
    }
    match node.as_entry() {
        Some(entry) => entry.key_span,
        None => node
            .entries()
            .find(|it| it.key == "type")
            .or_else(|| node.entries().next())
            .map_or_else(|| start(node), |it| it.key_span),
    }
}

/// The bracket that a collection begins with.
fn start(node: Node<'_>) -> Span {
    let span = node.span();
    Span::new(span.start as usize, (span.start as usize + 1).min(span.end as usize))
}
