//! Rules about message schemas and what documents say of them.

mod closed_enum;
mod closed_model;
mod embedded_content;
mod incompatible_change;
mod inexact_money;
mod invalid;
mod missing_id;
mod mixed_case;
mod moved;
mod nullable_without_default;
mod properties;
mod removed_file;
mod secret_in_payload;
mod sensitive;
mod unasserted_format;
mod unclassified_personal_data;
mod undeclared_required;
mod undeclared_time;
mod unfitting_default;
mod unknown_ordering_key;
mod unmarked_personal_data;

use archwright_model::{facts::ChannelMention, key::FileId};
use archwright_schema::{Advice, AdviceKind};

use crate::{
    channel::{ContractOf, contracts},
    evolution::Mode,
    prelude::*,
};

/// The rules of the family, sorted.
pub(super) static RULES: &[&Rule] = &[
    &closed_enum::RULE,
    &closed_model::RULE,
    &embedded_content::RULE,
    &incompatible_change::RULE,
    &inexact_money::RULE,
    &invalid::RULE,
    &missing_id::RULE,
    &mixed_case::RULE,
    &nullable_without_default::RULE,
    &removed_file::RULE,
    &secret_in_payload::RULE,
    &unasserted_format::RULE,
    &unclassified_personal_data::RULE,
    &undeclared_required::RULE,
    &undeclared_time::RULE,
    &unfitting_default::RULE,
    &unknown_ordering_key::RULE,
    &unmarked_personal_data::RULE,
];

/// The contract of the schema's channel.
struct Contract<'a> {
    file: FileId,
    mention: &'a ChannelMention,
}

impl<'a> Contract<'a> {
    /// The contracts of the channel that this schema is named after.
    fn all(cx: &Context<'a>) -> Vec<Self> {
        let Some(channel) = &cx.facts().captures.channel else { return Vec::new() };
        contracts(cx, channel).into_iter().map(|ContractOf { file, mention, .. }| Self { file, mention }).collect()
    }

    /// The contracts of the channels that a message of this AsyncAPI document is on.
    fn of_message(cx: &Context<'a>, message: usize) -> Vec<Self> {
        let channels = cx
            .facts()
            .asyncapi()
            .into_iter()
            .flat_map(|it| &it.terms.channels)
            .filter(|it| it.messages.contains(&message));
        let names = channels.flat_map(|it| [&it.address, &it.topic]).flatten();
        let of = |ContractOf { file, mention, .. }| Self { file, mention };
        names.flat_map(|it| contracts(cx, &it.text)).map(of).collect()
    }

    /// The compatibility mode that it promises.
    fn mode(&self) -> Option<Mode> {
        Mode::of_name(&self.mention.compatibility.as_ref()?.text)
    }

    /// The contract that promises a mode, with the mode.
    fn promising(cx: &Context<'a>) -> Option<(Self, Mode)> {
        Self::all(cx).into_iter().find_map(|it| {
            let mode = it.mode()?;
            Some((it, mode))
        })
    }

    /// The place that says so, for a finding elsewhere.
    fn mode_place(&self, cx: &Context) -> Option<archwright_engine::Related> {
        let said = self.mention.compatibility.as_ref()?;
        Some(cx.related(self.file, said.span, format!("the contract promises `{}` here", said.text)))
    }
}

/// The notes of one kind on this schema.
fn notes<'a>(cx: &Context<'a>, kind: AdviceKind) -> impl Iterator<Item = &'a Advice> {
    cx.facts().schema().into_iter().flat_map(|it| &it.notes).filter(move |it| it.kind == kind)
}

/// Reports the notes of one kind as they are.
fn report_notes(cx: &Context, reporter: &mut Reporter, kind: AdviceKind) {
    for note in notes(cx, kind) {
        reporter.report(note.span, note.message.clone()).fixable = !note.edits.is_empty();
    }
}

/// The fix that a note has.
fn fix_note(cx: &Context, finding: &Finding, kind: AdviceKind, title: &str) -> Vec<Fix> {
    let note = notes(cx, kind).find(|it| it.span == finding.span && !it.edits.is_empty());
    note.and_then(|it| edit_here(cx, title, it.edits.clone())).into_iter().collect()
}
