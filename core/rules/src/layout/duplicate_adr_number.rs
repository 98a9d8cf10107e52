//! `layout/duplicate-adr-number`: two ADRs of a folder have one number.

use archwright_model::key::FileId;
use rustc_hash::FxHashSet;

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/duplicate-adr-number",
    severity: Severity::Error,
    summary: "Two ADRs in one folder have the same number.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-030", "A-031"],
    page: include_str!("duplicate_adr_number.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(number) = number(facts) else { return };
    // Most numbers are taken once, which needs no look at the folder.
    let same = cx.files(Key::Numbered(facts.path.parent(), number));
    let Some(FileRef { id: first, facts: other }) = same.first().filter(|it| it.id != cx.file()) else { return };
    let next = next_free(cx);
    let message = format!(
        "`{}` has the number {number:04} too. Give this decision the next free number, {next:04}, in its file name, \
        its title and the links to it.",
        other.path.name()
    );
    let related = cx.related(*first, other.title_span(), format!("the first ADR with the number {number:04}"));
    reporter.report(facts.title_span(), message).related.push(related);
}

/// The number that this record is to take: after the highest one in the folder come those whose number another one had
/// before them, in the order of their paths, then those without a number.
pub(super) fn next_free(cx: &Context) -> u32 {
    let folder = cx.files(Key::Decisions(cx.facts().path.parent()));
    let mut taken = FxHashSet::default();
    let is_extra = |it: &FileRef| number(it.facts).is_some_and(|it| !taken.insert(it));
    let extra: Vec<FileId> = folder.iter().copied().filter(is_extra).map(|it| it.id).collect();
    let without = folder.iter().filter(|it| number(it.facts).is_none()).map(|it| it.id);
    let before = extra.into_iter().chain(without).take_while(|it| *it != cx.file()).count();
    let highest = folder.iter().filter_map(|it| number(it.facts)).max().unwrap_or(0);
    highest.saturating_add(1).saturating_add(u32::try_from(before).unwrap_or(u32::MAX))
}

fn number(facts: &FileFacts) -> Option<u32> {
    facts.document()?.adr.as_ref()?.number
}
