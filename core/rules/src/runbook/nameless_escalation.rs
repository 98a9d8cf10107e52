//! `runbook/nameless-escalation`: a call for help that reaches nobody.

use archwright_knowledge::claim_words;
use archwright_model::values::value;

use crate::{
    claim::{claims, is_claimed},
    prelude::*,
    stated::within,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "runbook/nameless-escalation",
    severity: Severity::Info,
    summary: "A runbook escalates to nobody in particular, or its contacts are placeholders.",
    applies_to: &[Kind::Runbook],
    any_dialect: true,
    sources: &["A-093", "A-343"],
    page: include_str!("nameless_escalation.md"),
    check,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let Some(document) = cx.by_role() else { return };
    if claim_words("templates").are_in(&cx.facts().path.as_str().replace(['/', '_', '-', '.'], " ")) {
        return;
    }
    let open = open_contacts(cx, document);
    if let Some((first, name)) = open.first() {
        let others = if open.len() == 1 { String::new() } else { format!(", as are {} more", open.len() - 1) };
        let message = format!(
            "How to reach `{name}` is still open{others}: whoever needs help at night reaches nobody. Write the \
             rotation, the channel or the number."
        );
        reporter.report(*first, message);
        return;
    }
    if reaches_somebody(cx) {
        return;
    }
    for claim in claims(cx).iter().filter(|it| is_claimed(it.text)) {
        for it in claim_words("escalates-to").all(claim.text) {
            let Some(party) = party(claim.text, it.end) else { continue };
            let place = within(claim, &(it.start..party.end));
            let said = claim.text.get(party).unwrap_or_default();
            let message = format!(
                "Nothing in this runbook says who `{said}` is or how to reach them. Name a rotation, a team with its \
                 channel, or a person."
            );
            reporter.report(place, message);
            return;
        }
    }
    without_any(cx, document, reporter);
}

/// A runbook for an alert that never says whom to call: little is wrong with it until its steps do not help.
fn without_any(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    let text = &cx.facts().text;
    let mut sections = document.tree.section_ids().skip(1).map(|it| it.0);
    let answers = sections.any(|it| document.role_of(it) == Some(Role::Mitigation));
    let mut items = document.tree.items.iter().map(|it| it.content.of(text));
    let is_alerted = items.any(|it| claim_words("named-alerts").are_in(it) && it.contains('`'));
    let title = document.tree.sections.get(1).filter(|_| answers && is_alerted);
    let Some(title) = title.filter(|_| !claim_words("calls-somebody").are_in(text)) else { return };
    let message = "An alert leads here, and nothing says whom to call when the steps do not help. Name a rotation, a \
        team with its channel, or a person.";
    reporter.report(title.title, message).severity = Severity::Hint;
}

/// The contacts of a document that are placeholders, each with what it is called.
fn open_contacts(cx: &Context, document: &ByRole) -> Vec<(Span, String)> {
    let (tree, text) = (document.tree, document.text);
    let is_for_contacts = |id: archwright_syntax::markdown::SectionId| {
        let all = std::iter::successors(Some(id), |it| tree.section(*it).parent);
        let mut all = all.filter(|it| tree.section(*it).level > 1);
        all.any(|it| {
            document.role_of(it) == Some(Role::Escalation)
                || claim_words("titles-of-contacts").are_in(&tree.plain_title(it, text))
        })
    };
    let mut found = Vec::new();
    for item in tree.items.iter().filter(|it| it.task.is_none()) {
        let said = item.content.of(text);
        let line = said.lines().next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else { continue };
        let place = within_line(item.content, line, value);
        if is_open(cx, value) && claim_words("contact-names").are_in(name) && is_for_contacts(item.section) {
            found.push((place, value::plain(name)));
        }
    }
    for paragraph in tree.paragraphs.iter().filter(|it| is_for_contacts(it.section)) {
        let line = paragraph.span.of(text).lines().next().unwrap_or_default();
        let Some((name, value)) = line.split_once(':') else { continue };
        let all_open = value.split(',').all(|it| is_open(cx, it.trim_end_matches('.')));
        if all_open && claim_words("contact-names").are_in(name) {
            found.push((within_line(paragraph.span, line, value), value::plain(name)));
        }
    }
    for table in tree.tables.iter().filter(|it| is_for_contacts(it.section)) {
        for row in tree.rows(table) {
            let Some((name, cells)) = tree.cells(row).split_first() else { continue };
            let named = name.of(text);
            let open = cells.iter().find(|it| is_open(cx, it.of(text)));
            if let Some(open) = open.filter(|_| claim_words("contact-names").are_in(named)) {
                found.push((*open, value::plain(named)));
            }
        }
    }
    found
}

/// Where a value stands in the line of an item.
fn within_line(item: Span, line: &str, value: &str) -> Span {
    let start = item.start as usize + line.len() - value.trim_start().len();
    Span::new(start, item.start as usize + line.trim_end().len())
}

/// Whether a value holds a place for another one: `[Contact info]`, `<name>`, `TBD`.
fn is_open(cx: &Context, value: &str) -> bool {
    let bare = value.trim().trim_matches(['*', '`', '_']).trim();
    let inside = |open: char, close: char| bare.strip_prefix(open).and_then(|it| it.strip_suffix(close));
    let bracketed = inside('[', ']').or_else(|| inside('<', '>')).or_else(|| inside('{', '}'));
    let is_words = |it: &str| {
        let is_mark = |it: char| it.is_alphanumeric() || matches!(it, ' ' | '/' | '-' | '\'' | '_' | ',');
        it.len() > 1 && it.len() < 40 && it.contains(char::is_alphabetic) && it.chars().all(is_mark)
    };
    // Our own placeholders are told as open answers.
    let is_told = cx.facts().opted_in() && bare.contains("TBD");
    let is_number = bare.chars().filter(|it| *it == 'X' || *it == 'x').count() >= 4
        && bare.chars().all(|it| matches!(it, 'X' | 'x' | '+' | '-' | ' ' | '(' | ')') || it.is_ascii_digit());
    let is_mark = ["TBD", "TODO", "TBA", "FIXME", "XXX"].contains(&bare);
    !is_told && (bracketed.is_some_and(is_words) || is_mark || is_number)
}

/// The party that an escalation behind a place goes to, if it is nobody in particular: `to engineering if stuck`.
fn party(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let behind = text.get(at..)?;
    let start = at + behind.len() - behind.trim_start().len();
    let clause = text.get(start..)?.split([',', ';', '.', ':', '(', ')', '/', '\n', '—']).next()?;
    let mut end = start;
    let mut named = false;
    for word in clause.split_inclusive(' ') {
        let bare = word.trim().trim_matches('*');
        if named && claim_words("ends-a-party").are_all_of(bare) {
            break;
        }
        // A mark belongs to a name: `team-orders`, `@ada`, `#ops`.
        if bare.contains(['#', '@', '`', '[', '-']) || !claim_words("nobody-in-particular").are_all_of(bare) {
            return None;
        }
        named |= claim_words("parties").are_all_of(bare);
        end += word.len();
    }
    let end = start + text.get(start..end)?.trim_end().len();
    named.then_some(start..end)
}

/// Whether a document says how to reach somebody, or names a team or a rotation.
fn reaches_somebody(cx: &Context) -> bool {
    let facts = cx.facts();
    let Some(tree) = facts.markdown() else { return true };
    let text: &str = &facts.text;
    if claim_words("reachable").are_in(text) {
        return true;
    }
    let is_code = |at: usize| tree.code_blocks.iter().any(|it| it.span.range().contains(&at));
    let mut before = "";
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += word.len();
        let bare = word.trim().trim_matches(['*', '`', '(', ')', ',', '.', ';', ':', '"', '|', '[', ']', '_']);
        let is_channel = bare.strip_prefix('#').is_some_and(|it| it.len() > 2 && it.starts_with(char::is_alphabetic));
        let is_address = bare.split_once('@').is_some_and(|it| it.1.len() > 1 && it.1.starts_with(char::is_alphabetic));
        let lower = bare.to_lowercase();
        let is_slug = lower.starts_with("team-") || lower.ends_with("-team");
        // `Payments team`, but neither `Engineering Team` nor `The team`.
        let is_named = claim_words("named-groups").are_all_of(&lower)
            && before.starts_with(char::is_uppercase)
            && !claim_words("nobody-in-particular").are_all_of(before);
        if (is_channel || is_address || is_slug || is_named) && !is_code(start) {
            return true;
        }
        if !bare.is_empty() {
            before = bare;
        }
    }
    false
}
