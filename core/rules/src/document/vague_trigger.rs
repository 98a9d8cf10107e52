//! `document/vague-trigger`: a trigger or stop criterion that nobody can measure.

use archwright_knowledge::claim_words;
use archwright_model::{
    facts::prose,
    values::{answer::is_denied, value},
};
use archwright_syntax::markdown::Field;

use crate::{
    claim::{Claim, claims, has_other_script, is_withdrawn, mildly, near, place_of, words},
    prelude::*,
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "document/vague-trigger",
    severity: Severity::Warning,
    summary: "A trigger or stop criterion names nothing that can be measured.",
    applies_to: &[Kind::Runbook, Kind::Launch, Kind::MigrationPlan, Kind::ImplementationPlan, Kind::Design, Kind::Rfc],
    any_dialect: true,
    sources: &["A-128", "A-130"],
    page: include_str!("vague_trigger.md"),
    check,
    judges_content: true,
    ..Rule::OURS
};

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, vague) = (words(cx), claim_words("vague"));
    let Some(document) = cx.by_role() else { return };
    if !cx.facts().opted_in() {
        in_other_forms(cx, document, reporter);
        return;
    }
    if matches!(cx.facts().kind, Kind::Design | Kind::Rfc) {
        return;
    }
    never_stops(document, reporter);
    let told = unmeasured(cx, document, reporter);
    let sections = document.sections(Role::StopCriteria).map(|it| document.tree.section(it).span);
    // Elsewhere a trigger may be what starts a process.
    let rolls_back = |it: &&Field| document.role_of(it.section) == Some(Role::RollbackPlan);
    let triggers = document.fields(Role::Trigger).filter(rolls_back).map(|it| it.value);
    let triggers: Vec<Span> = triggers.collect();
    let places: Vec<Span> = sections.chain(triggers.iter().copied()).collect();
    let speaks = |it: &Span| {
        let kinds = [vague, claim_words("impressions"), claim_words("denies")];
        kinds.iter().any(|kind| words.has_within(kind, it.range()))
    };
    if !places.iter().any(speaks) {
        return;
    }
    let is_in =
        |it: &Claim, places: &[Span]| places.iter().any(|place| it.span.start < place.end && place.start < it.span.end);
    for claim in claims(cx).iter().filter(|it| is_in(it, &places) && speaks(&it.span)) {
        // A section on rolling back says how as well.
        if !is_in(claim, &triggers) && !is_criterion(claim.text) {
            continue;
        }
        let said = prose::without_names(claim.text);
        let dislikes = near(&said, "denies", "qualities", 3).is_some();
        let is_measured = claim.text.contains(|it: char| it.is_ascii_digit()) && !begins_with_number_only(claim.text)
            || claim.text.contains("](")
            || claim_words("rights").are_in(&said)
            || claim_words("compared").are_in(&said)
            || claim_words("definite").are_in(&said) && !claim_words("unmeasured").are_in(&said) && !dislikes;
        let is_vague = vague.are_in(&said) || dislikes || is_in(claim, &triggers) && is_impression(&said);
        let is_told = told.iter().any(|it| it.start < claim.span.end && claim.span.start < it.end);
        if is_told || is_measured || value::is_unknown(claim.text) || is_withdrawn(claim.text) || !is_vague {
            continue;
        }
        reporter.report(place_of(claim, "vague"), VAGUE.to_owned());
    }
}

/// Ways back that nobody can measure in documents of other forms, by few words: `goes back if there are too many
/// differences`; stop criteria of runbooks; and verifications that name nothing which can be looked at.
fn in_other_forms(cx: &Context, document: &ByRole, reporter: &mut Reporter) {
    let words = words(cx);
    let (vague, fine) = (claim_words("vague-conditions"), claim_words("looks-fine"));
    let is_runbook = cx.facts().kind == Kind::Runbook;
    let bodies = |role: Role| -> Vec<Span> {
        document.sections(role).map(|it| document.tree.section(it).body).filter(|it| !it.is_empty()).collect()
    };
    let (stops, verifications) = (bodies(Role::StopCriteria), bodies(Role::Verification));
    let holds = |places: &[Span], it: &Claim| places.iter().any(|place| place.contains(it.span));
    if words.has(vague) {
        for claim in claims(cx).iter().filter(|it| words.has_within(vague, it.span.range())) {
            let said = prose::without_names(claim.text);
            let goes_back = if is_runbook { holds(&stops, claim) } else { claim_words("turns-back").are_in(&said) };
            let is_condition = near(&said, "conditions", "vague-conditions", 6).is_some()
                || claim_words("conditions-alone").are_in(&said);
            let is_listed = is_runbook && claim.text.starts_with(['-', '*', '+']);
            let is_measured = claim.text.contains(|it: char| it.is_ascii_digit() || matches!(it, '`' | '[' | '?'))
                || ["compared", "definite-here", "rights", "hedged-past"]
                    .iter()
                    .any(|it| claim_words(it).are_in(&said));
            if goes_back && (is_condition || is_listed) && !is_measured && !is_withdrawn(claim.text) {
                mildly(reporter.report(place_of(claim, "vague-conditions"), VAGUE.to_owned()));
            }
        }
    }
    for place in verifications.into_iter().filter(|_| is_runbook) {
        let said = place.of(document.text).trim();
        if said.len() > LONGEST || !fine.are_in(said) {
            continue;
        }
        let is_seen = said.contains(|it: char| it.is_ascii_digit() || matches!(it, '`' | '[' | '|' | '<'))
            || ["signs-of-measure", "compared"].iter().any(|it| claim_words(it).are_in(&fine.without(said)));
        if !is_seen && !has_other_script(said) {
            let start = place.start as usize + place.of(document.text).find(said).unwrap_or_default();
            mildly(reporter.report(Span::new(start, start + said.len()), UNSEEN.to_owned()));
        }
    }
}

/// The items and rows of our own stop criteria and verifications that name nothing which can be looked at, whatever
/// words they put it in: `Stop when it goes south.`
fn unmeasured(cx: &Context, document: &ByRole, reporter: &mut Reporter) -> Vec<Span> {
    let mut told = Vec::new();
    if !cx.facts().opted_in() {
        return told;
    }
    let (text, tree) = (document.text, document.tree);
    for (role, message) in [(Role::StopCriteria, VAGUE), (Role::Verification, UNSEEN)] {
        let sections: Vec<_> = document.sections(role).collect();
        let items = tree.items.iter().filter(|it| it.depth == 0 && sections.contains(&it.section));
        let tables = tree.tables.iter().filter(|it| sections.contains(&it.section));
        let cells = tables.flat_map(|it| tree.rows(it)).filter_map(|it| tree.cells(it).first().copied());
        for place in items.map(|it| it.content).chain(cells) {
            if is_unmeasured(place.of(text)) {
                told.push(place);
                let claim = Claim { text: place.of(text), span: place };
                let at = if role == Role::StopCriteria { place_of(&claim, "vague") } else { place };
                reporter.report(at, message.to_owned());
            }
        }
    }
    told
}

/// Whether what is to be looked at is nothing that a count, a state or a thing of the system is named in.
fn is_unmeasured(said: &str) -> bool {
    let plain = value::plain(said);
    !plain.is_empty()
        && plain.len() <= LONGEST
        && !plain.ends_with(':')
        && !said.contains(['`', '[', '<', '"', '{', '|'])
        && !said.contains(|it: char| it.is_ascii_digit())
        && !value::is_unknown(said)
        && !is_withdrawn(said)
        && !has_other_script(said)
        && !claim_words("none-here").begin(plain.trim_start_matches(|it: char| !it.is_alphanumeric()))
        && !["points-elsewhere", "signs-of-measure", "definite", "compared", "rights", "message", "dead-letters"]
            .iter()
            .any(|it| claim_words(it).are_in(&plain))
}

/// More bytes than these name something that no list of words knows.
const LONGEST: usize = 120;

/// What is told of a criterion that nobody can measure.
const VAGUE: &str = "Two people will not agree on when this holds. Name the number or state, over which time, and who \
    decides.";

/// What is told of a verification that verifies nothing.
const UNSEEN: &str = "Nothing is named here that can be looked at. Name the number or state that shows that the \
    incident is over, and for how long it holds.";

/// A section of stop criteria, or a trigger to go back, that says that there is none.
fn never_stops(document: &ByRole, reporter: &mut Reporter) {
    let text = document.text;
    let sections = document.sections(Role::StopCriteria).map(|it| document.tree.section(it).body);
    let triggers = document.fields(Role::Trigger).filter(|it| document.role_of(it.section) == Some(Role::RollbackPlan));
    for place in sections.chain(triggers.map(|it| it.value)) {
        let said = place.of(text).trim();
        let bare = said.trim_start_matches(['-', '*', '+', ' ']);
        // What has more lines says more.
        if bare.is_empty() || bare.contains('\n') || !is_denied(bare, "ways-back") || is_withdrawn(bare) {
            continue;
        }
        let start = place.start as usize + place.of(text).find(bare).unwrap_or_default();
        let message = "What nothing stops goes on whatever it does. Name the number or state at which it is stopped, \
            and who decides.";
        reporter.report(Span::new(start, start + bare.len()), message.to_owned());
    }
}

/// Whether a trigger names neither a measure nor who decides, in words that say how somebody sees it.
fn is_impression(trigger: &str) -> bool {
    claim_words("impressions").are_in(trigger) && !claim_words("owned").are_in(trigger)
}

/// Whether a sentence says when to stop: an item of a list, or one with a word of stopping. What leads to a list says
/// nothing yet, and what another script says is not known.
fn is_criterion(sentence: &str) -> bool {
    let is_listed = sentence.starts_with(['-', '*', '+']) && !sentence.starts_with("**");
    !sentence.trim_end().ends_with(':')
        && !has_other_script(sentence)
        && (is_listed || claim_words("stops").are_in(sentence))
}

/// Whether the only digits are those of the item: `2. Stop when it feels wrong.`
fn begins_with_number_only(sentence: &str) -> bool {
    let rest = sentence.trim_start_matches(|it: char| it.is_ascii_digit());
    rest.len() < sentence.len() && rest.starts_with(['.', ')']) && !rest.contains(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use archwright_model::RelPath;

    use super::RULE;
    use crate::fixture::Fixture;

    /// Whether something is said of a runbook with these stop criteria.
    fn is_told(criteria: &str) -> bool {
        let path = "docs/features/shop/runbooks/dlq-triage.md";
        let text = format!("//- /{path}\n# DLQ triage\n\n## Stop criteria\n\n{criteria}\n");
        let workspace = Fixture::new(&text).open();
        let file = workspace.file(&RelPath::new(path)).unwrap();
        workspace.findings(file).iter().any(|it| it.rule.code == RULE.code)
    }

    #[test]
    fn a_runbook_that_never_stops_is_told() {
        for criteria in ["- None.", "None needed.", "- No stop criteria."] {
            assert!(is_told(criteria), "{criteria}");
        }
        for criteria in ["- None.\n- Stop when 1% comes back.", "- Stop when one message fails twice."] {
            assert!(!is_told(criteria), "{criteria}");
        }
    }
}
