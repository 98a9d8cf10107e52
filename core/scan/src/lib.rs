//! Messaging found in source code: where a service sends and receives, and which patterns its comments name.
//!
//! [`scan`] reads one file of JavaScript, TypeScript or Python by itself; [`language_of_path`] tells from a file's name
//! how to read it. [`mod@discover`] reads a whole repository in ten languages and follows names through constants,
//! configuration and wrappers. What a language and its client libraries look like is data, one folder per language
//! under `languages/`.
//!
//! **Invariant**: [`scan`] never fails and never guesses: a call whose channel is not written in the file is no site.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod code;
pub mod discover;
mod facts;
pub mod flow;
pub mod infrastructure;
mod language;
mod literal;
mod operation;
mod pattern;
pub mod payload;
mod source;

pub use language::{Language, language_of_path};

use archwright_syntax::{Span, Spanned};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use facts::{Facts, Library, On, Operation};
use source::{Call, Deadline, Source};

/// Which way messages go, seen from the code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The code sends to the channel.
    Send,
    /// The code receives from the channel.
    Receive,
}

/// A place where code sends to a channel or receives from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// Which way messages go.
    pub action: Action,
    /// The channel's name where it is written: at the call, or where the constant that the call uses is bound.
    pub channel: Spanned,
    /// The call.
    pub call: Span,
    /// The client library, by the name its ecosystem knows it by.
    pub library: SmolStr,
}

/// A comment that names the pattern the code below it implements: `Pattern: Transactional Outbox - why`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternComment {
    /// What stands between `Pattern:` and ` - `, `;`, a dash or the end of the line.
    pub name: Spanned,
    /// From `Pattern:` to the end of the name.
    pub span: Span,
}

/// What was found in one file, in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Messaging {
    /// Sends and receives.
    pub sites: Vec<Site>,
    /// Patterns named in comments.
    pub patterns: Vec<PatternComment>,
    /// Why the file was not scanned although words of messaging stand in it.
    pub skipped: Option<Skipped>,
}

/// Why a file is not scanned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Skipped {
    /// It is too long; so many bytes are the limit.
    Long(usize),
    /// A line of it is too long; so many bytes are the limit.
    LongLine(usize),
    /// Too many brackets are open at once.
    Deep,
    /// The parser took too long.
    Slow,
    /// It is not written as its language wants it.
    Syntax,
}

/// Longer files are generated or data, and are not scanned. In bytes.
const MAX_LEN: usize = 1024 * 1024;

/// A longer line means that a program wrote the file (a bundle, minified code), and it is not scanned. In bytes.
const MAX_LINE: usize = 5_000;

/// More brackets open at once are not written by people. The parser frees ambiguous code recursively, so depth costs
/// stack.
const MAX_OPEN: usize = 1_000;

/// More `<` open in one statement are not written by people. Each may be a comparison or a type argument, and the
/// parser weighs all readings against each other, without asking whether to go on.
const MAX_ANGLES: usize = 300;

/// Scans one file. Code without messaging costs a search for a few words; code with it is parsed.
///
/// Files beyond 1 MiB, with a line beyond 5,000 bytes, or with 1,000 brackets open at once are not scanned, which is
/// said if words of messaging stand in them.
///
/// ```
/// use archwright_scan::{Action, Language, scan};
///
/// let text = r#"
/// import { Kafka } from "kafkajs";
/// // Pattern: Transactional Outbox - one commit.
/// await producer.send({ topic: "orders.placed.v1", messages });
/// "#;
/// let findings = scan(text, Language::TypeScript);
/// let site = &findings.sites[0];
/// assert_eq!((site.action, site.channel.text.as_str()), (Action::Send, "orders.placed.v1"));
/// assert_eq!(site.library, "kafkajs");
/// assert_eq!(findings.patterns[0].name.text, "Transactional Outbox");
/// ```
pub fn scan(text: &str, language: Language) -> Messaging {
    let Some(facts) = language.facts() else { return Messaging::default() };
    if !facts.needles.is_match(text) {
        return Messaging::default();
    }
    let skipped = |why| Messaging { skipped: Some(why), ..Messaging::default() };
    if let Some(why) = too_much(text) {
        return skipped(why);
    }
    let deadline = Deadline::start();
    let Some(tree) = source::parse(text, facts, deadline) else { return skipped(Skipped::Slow) };
    let source = Source::new(text, facts, &tree, deadline);
    let libraries = imported(facts, &source);
    let mut sites: Vec<Site> = source.calls.iter().flat_map(|it| sites_of(&source, &libraries, *it)).collect();
    sites.sort_by_key(|it| (it.call.start, it.channel.span.start));
    let comments = source.comments.iter().map(|it| Span::from(it.byte_range()));
    let mut patterns: Vec<_> = comments.flat_map(|it| pattern::patterns_in(text, it)).collect();
    patterns.sort_by_key(|it| it.span.start);
    Messaging { sites, patterns, skipped: None }
}

/// Why a text is not parsed.
fn too_much(text: &str) -> Option<Skipped> {
    match () {
        () if text.len() > MAX_LEN => Some(Skipped::Long(MAX_LEN)),
        () if has_long_line(text) => Some(Skipped::LongLine(MAX_LINE)),
        () if is_deep(text) => Some(Skipped::Deep),
        () => None,
    }
}

fn has_long_line(text: &str) -> bool {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.into_iter().any(|end| end - std::mem::replace(&mut start, end) > MAX_LINE)
}

/// Whether too many brackets are open at once, those in strings and comments included.
fn is_deep(text: &str) -> bool {
    let (mut open, mut angles) = (0_usize, 0_usize);
    text.bytes().any(|it| {
        match it {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b'<' => angles += 1,
            b'>' => angles = angles.saturating_sub(1),
            _ => {}
        }
        if matches!(it, b';' | b'{' | b'}') {
            angles = 0;
        }
        open > MAX_OPEN || angles > MAX_ANGLES
    })
}

/// The libraries that a file imports.
fn imported<'f>(facts: &'f Facts, source: &Source<'_>) -> Vec<&'f Library> {
    let mut libraries: Vec<&Library> = Vec::new();
    for import in &source.imports {
        for library in facts.libraries_of(&source.module(*import)) {
            if !libraries.iter().any(|it| it.name == library.name) {
                libraries.push(library);
            }
        }
    }
    libraries
}

/// The sites of one call: one for each channel it names. The first library that the call fits has it.
fn sites_of(source: &Source<'_>, libraries: &[&Library], call: Call<'_>) -> Vec<Site> {
    let method = source.text_of(call.method);
    for library in libraries {
        for operation in library.operations.iter().filter(|it| it.methods.iter().any(|it| it == method)) {
            if !fits(source, library, operation, call) {
                continue;
            }
            let channels =
                operation.channel.iter().map(|it| source.strings_at(call.arguments, it)).find(|it| !it.is_empty());
            let Some(channels) = channels else { continue };
            let call = Span::from(call.node.byte_range());
            let site = |channel| Site { action: operation.action, channel, call, library: library.name.clone() };
            return channels.into_iter().map(site).collect();
        }
    }
    Vec::new()
}

/// Whether a call is made on what the operation asks for. A declared type decides; without one, where the receiver
/// comes from or what it is called.
fn fits(source: &Source<'_>, library: &Library, operation: &Operation, call: Call<'_>) -> bool {
    operation.on == On::Any || is_client(source, library, call, &[])
}

/// Whether a call is made on a client of a library, or on something that is called by one of some more words.
fn is_client(source: &Source<'_>, library: &Library, call: Call<'_>, more: &[String]) -> bool {
    let Some(receiver) = call.receiver.map(|it| source.receiver(it)) else { return false };
    if let Some(ty) = receiver.ty {
        let mut names = ty.split(|it: char| !it.is_alphanumeric() && it != '_');
        return names.any(|name| library.clients.iter().any(|it| it == name));
    }
    let is_made = receiver.maker.is_some_and(|maker| library.clients.iter().any(|it| it == maker));
    is_made || words(receiver.name).iter().any(|word| library.receivers.contains(word) || more.contains(word))
}

/// The words of a name, in lower case: `orderProducer_v2` is `order`, `producer`, `v2`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for char in name.chars() {
        if !char.is_alphanumeric() || (char.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = char.is_lowercase() || char.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| char.is_alphanumeric()) {
            word.extend(char.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests;
