//! Facts of source code: where it sends and receives, and which patterns its comments claim.

use archwright_scan::{
    Action, Language, Messaging, Site,
    discover::{self, RiskKind},
    flow::{Act, Effect, Flow, SettingMeaning, Verb, flow},
};
use archwright_syntax::Span;
use smol_str::SmolStr;

use super::{ChannelMention, ChannelRole, Content, FileFacts, Spanned, suppression};
use crate::{Kind, RelPath};

/// What a source file does with messages.
#[derive(Clone, Debug)]
pub struct CodeFacts {
    /// Where it sends and receives, and the patterns that its comments name.
    pub messaging: Messaging,
    /// What of it may break what a contract promises.
    pub conduct: Vec<Conduct>,
}

/// Something that code does on which the promises of a channel depend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// What.
    pub deed: Deed,
    /// Where.
    pub span: Span,
    /// The name of the channel at the call, where it is about one.
    pub channel: Option<Span>,
    /// The last name of the key, as words; empty without one.
    pub key: SmolStr,
}

/// What code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A message counts as handled before its work is done.
    AcknowledgesEarly,
    /// A message counts as sent before a broker has it.
    IsNotConfirmed,
    /// A row is saved and a message sent, with nothing that keeps them together.
    WritesApart,
    /// A message is sent with a key, or could be.
    IsKeyed,
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
        facts.content = Content::Code(Box::new(CodeFacts { messaging, conduct: Vec::new() }));
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
    let conduct =
        if messaging.sites.is_empty() { Vec::new() } else { conduct(facts, &text, language, &messaging.sites) };
    facts.content = Content::Code(Box::new(CodeFacts { messaging, conduct }));
}

/// What a file with sends or receives does that its contracts may forbid. Few files have any, so that a second look
/// costs little.
fn conduct(facts: &FileFacts, text: &str, language: Language, sites: &[Site]) -> Vec<Conduct> {
    let path = facts.path.as_str();
    if discover::ignored(path).is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let here = |deed, span| Conduct { deed, span, channel: None, key: SmolStr::default() };
    if let Some(file) = discover::read(path, text) {
        let seen = discover::discover(std::slice::from_ref(&file));
        for risk in &seen.risks {
            let deed = match risk.kind {
                RiskKind::AutoAck | RiskKind::AutoCommit | RiskKind::AckBeforeProcessing => Deed::AcknowledgesEarly,
                RiskKind::ProducerAcksNone => Deed::IsNotConfirmed,
                _ => continue,
            };
            found.push(here(deed, line(text, risk.line)));
        }
        found.extend(seen.dual_writes.iter().map(|it| here(Deed::WritesApart, line(text, it.send))));
    }
    if let Some(flow) = flow(text, language) {
        found.extend(early(&flow).map(|it| here(Deed::AcknowledgesEarly, it)));
        let unconfirmed = flow.settings.iter().filter(|it| it.effect == Effect::Bad && it.value.text.starts_with('0'));
        let unconfirmed = unconfirmed.filter(|it| it.means == SettingMeaning::Acks);
        found.extend(unconfirmed.map(|it| here(Deed::IsNotConfirmed, it.value.span)));
        for key in &flow.keys {
            let mut around = sites.iter().filter(|it| it.action == Action::Send && it.call.contains(key.span));
            let Some(site) = around.next().filter(|_| around.next().is_none()) else { continue };
            let channel = Some(site.channel.span);
            found.push(Conduct { deed: Deed::IsKeyed, span: key.span, channel, key: key.value.clone() });
        }
    }
    // One line is told of once.
    let mut told: Vec<(Deed, u32)> = Vec::new();
    found.retain(|it| {
        let key = (it.deed, line_start(text, it.span.start));
        let is_new = !told.contains(&key);
        told.push(key);
        is_new
    });
    found
}

/// The acknowledgements with which a function begins that writes to a database afterwards.
fn early(flow: &Flow) -> impl Iterator<Item = Span> {
    flow.functions.iter().filter_map(|function| {
        let mut steps = function.steps.iter().filter(|it| !it.is_quiet);
        let first = steps.next().filter(|it| it.act == Act::Ack)?;
        let writes = |act: &Act| matches!(act, Act::Data(statement) if statement.verb != Verb::Read);
        steps.any(|it| writes(&it.act)).then_some(first.span)
    })
}

/// The place of a line, without its indentation; lines count from 1.
fn line(text: &str, number: u32) -> Span {
    let mut at = 0;
    for (line, before) in text.split_inclusive('\n').zip(1..) {
        if before == number {
            let said = line.trim();
            let start = at + line.len() - line.trim_start().len();
            return Span::new(start, start + said.len());
        }
        at += line.len();
    }
    Span::empty(0)
}

/// Where the line around an offset begins.
fn line_start(text: &str, at: u32) -> u32 {
    let before = text.get(..at as usize).unwrap_or_default();
    before.rfind('\n').map_or(0, |it| it as u32 + 1)
}
