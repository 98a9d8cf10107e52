//! Facts of source code: where it sends and receives, and which patterns its comments claim.

use archwright_scan::{Action, Language, Messaging};

use super::{ChannelMention, ChannelRole, Content, FileFacts, Spanned, suppression};
use crate::{Kind, RelPath};

/// What a source file does with messages.
#[derive(Clone, Debug)]
pub struct CodeFacts {
    /// Where it sends and receives, and the patterns that its comments name.
    pub messaging: Messaging,
}

/// The language of a path, if it is one that is scanned.
pub(super) fn language(path: &RelPath) -> Option<Language> {
    archwright_scan::language_of_path(path.as_str())
}

pub(super) fn extract(facts: &mut FileFacts) {
    facts.kind = Kind::Code;
    let Some(language) = language(&facts.path) else { return };
    let text = facts.text.clone();
    let messaging = archwright_scan::scan(&text, language);
    if messaging.skipped.is_some() {
        facts.text = "".into();
        facts.content = Content::Code(Box::new(CodeFacts { messaging }));
        return;
    }
    if messaging.sites.is_empty() && messaging.patterns.is_empty() {
        // Most code has nothing to do with messages; its text need not stay in memory.
        facts.text = "".into();
        return;
    }
    let marker = if matches!(facts.path.extension(), "py" | "rb") { "#" } else { "//" };
    facts.suppressions = suppression::in_comments(&text, marker);
    for site in &messaging.sites {
        let role = match site.action {
            Action::Send => ChannelRole::Send,
            Action::Receive => ChannelRole::Receive,
        };
        facts
            .channels
            .push(ChannelMention::new(Spanned { text: site.channel.text.clone(), span: site.channel.span }, role));
    }
    facts.content = Content::Code(Box::new(CodeFacts { messaging }));
}
