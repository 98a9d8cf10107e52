//! `launch/open-blockers`: GO with blockers that are still open.

use archwright_knowledge::claim_words;
use archwright_model::{facts::prose, values::value};

use crate::{claim::is_claimed, prelude::*};

/// The rule.
pub static RULE: Rule = Rule {
    code: "launch/open-blockers",
    severity: Severity::Error,
    summary: "The decision is GO, and blockers are open.",
    applies_to: &[Kind::Launch, Kind::ReadinessReview],
    any_dialect: true,
    sources: &["A-094", "A-358", "A-368"],
    page: include_str!("open_blockers.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    if cx.facts().kind == Kind::ReadinessReview {
        in_review(cx, document, reporter);
        return;
    }
    let status = document.status();
    let state = status.as_ref().and_then(|it| cx.config().vocabulary().state(&it.text));
    let (Some(status), Some(State::Go | State::GoWithRisks)) = (status, state) else { return };
    let Some(section) = document.section(Role::Blockers) else { return };
    let items = document.tree.items.iter().filter(|it| it.depth == 0 && it.section == section);
    let items = items.filter(|it| it.task.is_none_or(|it| !it.done)).map(|it| it.content);
    let tables = document.tree.tables.iter().filter(|it| document.tree.section_at(it.span.start as usize) == section);
    let rows = tables.flat_map(|it| document.tree.rows(it)).map(|it| it.span);
    let is_open_row = |it: &Span| {
        let row = it.of(document.text).trim_matches(['|', ' ', '\n']);
        // What blocks is told first, and how it stands behind it: `The alert was not wired | closed`.
        !row.is_empty() && is_open(row, row.split_once('|').map_or(row, |it| it.1))
    };
    let is_open_item = |it: &Span| {
        let item = it.of(document.text).trim_matches(['|', ' ', '\n']);
        is_open(item, item)
    };
    let items = items.filter(|it| !it.is_empty()).filter(is_open_item);
    let sentences = prose::sentences(cx.facts());
    let sentences = sentences.iter().filter(|it| document.tree.section_at(it.at) == section && says_open(it.text));
    let sentences = sentences.map(|it| Span::new(it.at, it.at + it.text.len()));
    let mut open: Vec<Span> = items.chain(rows.filter(is_open_row)).collect();
    let in_prose: Vec<Span> = sentences.filter(|it| !open.iter().any(|other| other.contains(*it))).collect();
    open.extend(in_prose);
    open.sort_by_key(|it| it.start);
    let Some(first) = open.first() else { return };
    let count = match open.len() {
        1 => "a blocker is".to_owned(),
        many => format!("{many} blockers are"),
    };
    let message = format!(
        "The decision is {}, and {count} open. Close what blocks, accept it as a risk with a name, or decide NO-GO.",
        value::plain(&status.text)
    );
    let finding = reporter.report(*first, message);
    let related = cx.related(cx.file(), status.span, "decided here".to_owned());
    finding.related.push(related);
    finding.related.extend(open.iter().skip(1).map(|it| cx.related(cx.file(), *it, "open as well".to_owned())));
}

/// A readiness review that approves the launch, and has boxes that are not ticked and say themselves that they block.
fn in_review(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    let (tree, text) = (document.tree, document.text);
    let verdict = tree.paragraphs.iter().find(|it| {
        let title = tree.plain_title(it.section, text);
        let said = it.span.of(text).trim_start_matches(['*', '_', ' ']);
        let sentence = said.split(['.', '\n']).next().unwrap_or_default();
        claim_words("verdict-titles").are_all_of(&title)
            && claim_words("approves").begin(said)
            && !claim_words("on-condition").are_in(sentence)
    });
    let Some(verdict) = verdict else { return };
    let mut open = tree.items.iter().filter(|it| it.task.is_some_and(|it| !it.done)).map(|it| it.content);
    let Some(first) = open.find(|it| claim_words("blocks-launch").are_in(it.of(text)) && is_claimed(it.of(text)))
    else {
        return;
    };
    let message = "The launch is approved, and this box is not ticked, which blocks it. Close it, accept it as a risk \
        with a name, or do not approve.";
    let related = cx.related(cx.file(), verdict.span, "approved here".to_owned());
    let finding = reporter.report(first, message.to_owned());
    if finding.severity == RULE.severity {
        finding.severity = Severity::Warning;
    }
    finding.related.push(related);
}

/// Whether a sentence says that a blocker is open: `One blocker is still outstanding`.
fn says_open(sentence: &str) -> bool {
    /// With one of these it says what holds for blockers at all, or that there are none.
    const IN_GENERAL: [&str; 11] =
        ["if", "when", "whenever", "while", "until", "unless", "once", "none", "nothing", "long", "zero"];
    let is_prose = !sentence.starts_with(['-', '*', '+', '|']) && !sentence.trim_end().ends_with('?');
    let speaks = ["blocker is", "blockers are", "blocker remains", "blockers remain"];
    let said = sentence.to_lowercase();
    if said.split(|it: char| !it.is_alphanumeric()).any(|it| IN_GENERAL.contains(&it)) {
        return false;
    }
    let clause = |it: &str| said.find(it).and_then(|at| said.get(at..)?.split([',', ';', ':', '.']).next());
    let stays = speaks.iter().find_map(|it| clause(it)).is_some_and(|it| claim_words("stays-open").are_in(it));
    // What is still missing is told behind it: `One blocker is outstanding: the rotation has no members`.
    let claim = sentence.split([':', ';']).next().unwrap_or_default();
    is_prose && stays && is_claimed(claim)
}

/// Whether an item is a blocker that nothing says to be settled, by what tells how it stands.
fn is_open(item: &str, state: &str) -> bool {
    let said = prose::without_names(item);
    if value::is_unknown(item) || value::is_none(item) || said.contains("~~") || item.contains("[TBD") {
        return false;
    }
    let settled = claim_words("settled");
    // `Not done yet` settles nothing, and neither does `to be closed`; `no longer to be done` does.
    let is_denied = |it: &str| ["no longer", "nothing", "none"].iter().any(|word| it.to_lowercase().contains(word));
    let is_pending = |it: &str| claim_words("to-come").are_in(it) && !is_denied(it);
    let state = prose::without_names(state);
    let mut clauses = state.split([',', ';', '|']);
    !settled.are_in(&said) || clauses.any(is_pending) && !said.trim_start().to_lowercase().starts_with("no")
}
