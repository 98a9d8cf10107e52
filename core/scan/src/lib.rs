//! Messaging found in source code: where a service sends and receives, and which patterns its comments name.
//!
//! What a language and its client libraries look like is data, one folder per language under `languages/`.
//! **Invariant**: [`scan`] never fails and never guesses: a call whose channel is not written in the file is no site.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod language;

pub use language::{Language, language_of_path};

use archwright_syntax::Span;
use smol_str::SmolStr;

/// A decoded text and where it stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Text {
    /// The decoded text.
    pub text: SmolStr,
    /// The bytes it was read from, without quotes.
    pub span: Span,
}

/// Which way messages go, seen from the code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
    pub channel: Text,
    /// The call.
    pub call: Span,
    /// The client library, by the name its ecosystem knows it by.
    pub library: SmolStr,
}

/// A comment that names the pattern the code below it implements: `Pattern: Transactional Outbox - why`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PatternComment {
    /// What stands between `Pattern:` and ` - `, `;`, a dash or the end of the line.
    pub name: Text,
    /// From `Pattern:` to the end of the name.
    pub span: Span,
}

/// What was found in one file, in the order of the text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    /// Sends and receives.
    pub sites: Vec<Site>,
    /// Patterns named in comments.
    pub patterns: Vec<PatternComment>,
}

/// Scans one file.
pub fn scan(_text: &str, _language: Language) -> Findings {
    Findings::default()
}
