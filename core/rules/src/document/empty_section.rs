//! `document/empty-section`: a section with nothing in it.

use archwright_knowledge::claim_words;
use archwright_syntax::markdown::{Document, SectionId};

use super::template::Templated;
use crate::prelude::*;

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/empty-section",
    severity: Severity::Warning,
    summary: "A section of an artifact has nothing in it.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: true,
    sources: &["A-061", "A-065", "A-069", "A-093"],
    page: include_str!("empty_section.md"),
    check,
    fix: None,
    ..Rule::OURS
};

/// A title of more words is a sentence.
const MOST_WORDS: usize = 6;

/// Whether a title says that the section may be left out, or that it was: `Infrastructure needed (optional)`,
/// `Drawbacks [omitted]`.
fn is_optional(title: &str) -> bool {
    let remark = title.trim_end().strip_suffix([')', ']']).and_then(|it| it.rsplit_once(['(', '[']));
    remark.is_some_and(|it| it.1.trim().to_lowercase().starts_with(OPTIONAL) || claim_words("unneeded").begin(it.1))
}

/// Whether a section has questions or mentions and there may well be none: `Unresolved questions and bikeshedding`.
fn may_be_empty(cx: &Context, title: &str) -> bool {
    let begins = |it: &String| {
        let rest = title.get(..it.len()).filter(|head| head.eq_ignore_ascii_case(it)).and(title.get(it.len()..));
        rest.is_some_and(|it| !it.starts_with(char::is_alphanumeric))
    };
    cx.config().profile().may_be_empty.iter().any(begins)
}

/// How forms mark what may be left out.
const OPTIONAL: &str = "optional";

/// Whether the parts of a section stand below it at its own level: `## Positive` behind `## Consequences`.
fn goes_on(cx: &Context, tree: &Document, id: SectionId) -> bool {
    let level = tree.section(id).level;
    let next = tree.section_ids().skip_while(|it| it.0 != id).nth(1).filter(|it| it.1.level == level);
    let Some((document, (next, _))) = cx.by_role().zip(next) else { return false };
    document.role_of(id) == Some(Role::Consequences)
        && [Role::Positive, Role::Negative].iter().any(|it| document.is_heading_of(next, *it))
}

fn check(cx: &Context, reporter: &mut Reporter) {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return };
    let document = Templated::new(cx);
    let is_ours = facts.opted_in();
    // A document may begin with its title at level 2, and then has no other; its sections may be one level deeper too.
    let has_low_title = tree.sections.iter().all(|it| it.level != 1);
    let mut tops = tree.section_ids().filter(|it| it.1.level == 2).map(|it| it.0);
    let is_alone = tops.next().is_some_and(|it| it.0 == 1 && cx.by_role().is_none_or(|by| by.role_of(it).is_none()));
    let level = if has_low_title && is_alone && tops.next().is_none() { 3 } else { 2 };
    let mut empty = Vec::new();
    for (id, section) in tree.section_ids().skip(1) {
        // `## Status: Accepted` has its content in its title.
        let title = tree.plain_title(id, &facts.text);
        if title.split_once(':').is_some_and(|it| !it.1.trim().is_empty()) {
            continue;
        }
        // A line of dashes or an emoji is an ornament.
        if !title.contains(char::is_alphanumeric) {
            continue;
        }
        let is_canonical = document.as_ref().is_some_and(|it| it.canonical(id).is_some());
        // What a form of others calls optional may stay empty, and a sentence is a remark of the form.
        if !is_ours && (is_optional(&title) || title.split_whitespace().count() > MOST_WORDS) {
            continue;
        }
        // Who has no question left leaves the place of them as it is.
        if !is_ours && may_be_empty(cx, title.trim()) {
            continue;
        }
        let is_title = id.0 == 1 && has_low_title;
        let counts = is_canonical || section.level == level && !is_title;
        // A heading below it says something by itself, as the option that was taken.
        let is_empty = !section.has_content && tree.children(id).next().is_none() && !is_numbered_on(tree, id, facts);
        if counts && is_empty && (is_ours || !goes_on(cx, tree, id)) {
            empty.push((id, section.title, title.trim().to_owned()));
        }
    }
    if is_ours {
        for (_, span, title) in empty {
            let message = format!(
                "The section `{title}` is empty. Write `[TBD: question]` if the answer is open, or say why there is \
                none."
            );
            reporter.report(span, message);
        }
    } else {
        report_of_others(cx, reporter, &empty);
    }
}

/// Whether the next heading is numbered as one below this, on whatever level it stands: `4.1 Parts` behind `4. Parts`.
fn is_numbered_on(tree: &Document, id: SectionId, facts: &FileFacts) -> bool {
    let number = |title: &str| title.split(' ').next().map(|it| it.trim_end_matches('.').to_owned());
    let is_number = |it: &String| it.starts_with(|it: char| it.is_ascii_digit());
    let own = number(tree.plain_title(id, &facts.text).trim()).filter(is_number);
    let next = tree.section_ids().map(|it| it.0).find(|it| it.0 > id.0);
    let next = next.and_then(|it| number(tree.plain_title(it, &facts.text).trim()));
    own.zip(next).is_some_and(|(own, next)| next.strip_prefix(&own).is_some_and(|it| it.starts_with('.')))
}

/// What a document is read for. Without it, readers are left alone; any other empty section is a remark.
const RELIED_ON: [Role; 6] =
    [Role::Decision, Role::Recommendation, Role::Mitigation, Role::Triage, Role::Verification, Role::StopCriteria];

/// All empty sections of a document that follows no template of ours are one finding.
fn report_of_others(cx: &Context, reporter: &mut Reporter, empty: &[(SectionId, Span, String)]) {
    let Some(((_, first, title), others)) = empty.split_first() else { return };
    let message = match others {
        [] => format!("The section `{title}` is empty. Fill it, say why there is nothing to say, or take it out."),
        others => {
            let names: Vec<String> =
                std::iter::once(title).chain(others.iter().map(|it| &it.2)).map(|it| format!("`{it}`")).collect();
            let names = enumerate(&names, "and");
            format!("{} sections are empty: {names}. Fill them, or take them out.", empty.len())
        }
    };
    let related: Vec<_> = others.iter().map(|it| cx.related(cx.file(), it.1, "empty as well")).collect();
    let role = |id| cx.by_role().and_then(|it| it.role_of(id));
    let is_relied_on = empty.iter().filter_map(|it| role(it.0)).any(|it| RELIED_ON.contains(&it));
    let finding = reporter.report(*first, message);
    finding.related = related;
    if !is_relied_on && finding.severity == RULE.severity {
        finding.severity = Severity::Info;
    }
}
