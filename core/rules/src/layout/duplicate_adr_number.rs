//! `layout/duplicate-adr-number`: two ADRs of a folder have one number.

use archwright_model::{
    facts::{number_like, number_of},
    key::FileId,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "layout/duplicate-adr-number",
    severity: Severity::Error,
    summary: "Two ADRs in one folder have the same number.",
    applies_to: &[Kind::Adr],
    any_dialect: true,
    sources: &["A-030", "A-031", "H-056"],
    page: include_str!("duplicate_adr_number.md"),
    check,
    fix: None,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(number) = number(facts) else { return };
    // Most numbers are taken once, which needs no look at the folder.
    let key = || Key::Numbered(facts.path.parent(), number);
    if cx.count(key()) < 2 {
        return;
    }
    let first = cx.derived(key(), |it| First(it.first().map(|it| it.id))).0;
    let Some((first, other)) = first.filter(|it| *it != cx.file()).and_then(|it| Some((it, cx.facts_of(it)?))) else {
        return;
    };
    // Where plans and the notes to them have one number, it is that of the plan.
    if is_shared(cx, number) {
        return;
    }
    let like_ours = |it: u32| number_like(facts.path.stem(), it);
    let (taken, next) = (like_ours(number), like_ours(next_free(cx)));
    let message = format!(
        "`{}` has the number {taken} too. Give this decision the next free number, {next}, in its file name, its title \
        and the links to it.",
        other.path.name()
    );
    let related = cx.related(first, other.title_span(), format!("the first ADR with the number {taken}"));
    reporter.report(facts.title_span(), message).related.push(related);
}

/// Whether a file of the folder that is no record has the number too.
fn is_shared(cx: &Context, number: u32) -> bool {
    let others = cx.folder(&cx.facts().path.parent());
    let is_numbered = |it: &&&RelPath| number_of(it.stem()) == Some(number) && it.extension() == "md";
    others.iter().filter(is_numbered).any(|it| cx.whole(it).is_none_or(|it| it.kind != Kind::Adr))
}

/// The first record of a number, by its path.
struct First(Option<FileId>);

/// The numbers that the records of a folder are to take.
struct Free {
    of: FxHashMap<FileId, u32>,
    /// The number for whatever comes besides.
    last: u32,
}

/// The number that this record is to take: after the highest one in the folder come those whose number another one had
/// before them, in the order of their paths, then those without a number.
pub(super) fn next_free(cx: &Context) -> u32 {
    let free = cx.derived(Key::Decisions(cx.facts().path.parent()), Free::new);
    free.of.get(&cx.file()).copied().unwrap_or(free.last)
}

impl Free {
    fn new(folder: &[FileRef]) -> Self {
        let mut taken = FxHashSet::default();
        let is_extra = |it: &&FileRef| number(it.facts).is_some_and(|it| !taken.insert(it));
        let extra: Vec<FileId> = folder.iter().filter(is_extra).map(|it| it.id).collect();
        let without = folder.iter().filter(|it| number(it.facts).is_none()).map(|it| it.id);
        let highest = folder.iter().filter_map(|it| number(it.facts)).max().unwrap_or(0);
        let mut last = highest.saturating_add(1);
        let mut of = FxHashMap::default();
        for file in extra.into_iter().chain(without) {
            of.insert(file, last);
            last = last.saturating_add(1);
        }
        Self { of, last }
    }
}

fn number(facts: &FileFacts) -> Option<u32> {
    facts.document()?.adr.as_ref()?.number
}
