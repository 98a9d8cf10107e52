//! What the author says of the change, held against it. The text is data: nothing in it is followed, and only the words
//! of the lexicon come back out of it.

use std::collections::BTreeSet;

use archwright_model::{Kind, RelPath, conventions::config::Config, key::Key};

use super::{
    breaks::{INCOMPATIBLE, LOST_FIELD},
    change::{Diff, FileChange, is_test},
    code,
    harmless::is_harmless,
    lexicon::{Lexicon, Meaning},
    reviewed::{Claim, ClaimState, Mark, ReviewFinding},
    risks,
    tokens::{code_names, numbers, places_of},
};

/// A text of the author, and the files that it is about.
#[derive(Debug)]
pub(super) struct Said {
    pub text: String,
    /// The files of the commit; `None` if the text is about all of the change.
    pub files: Option<BTreeSet<RelPath>>,
}

/// So many files are named as evidence.
const MAX_FILES: usize = 3;

/// Shorter names are words of the language as often.
const MIN_NAME: usize = 4;

/// What is known of the change.
pub(super) struct Evidence<'a> {
    pub diff: &'a Diff,
    pub findings: &'a [ReviewFinding],
    pub lexicon: &'static Lexicon,
    pub config: &'a Config,
}

/// The claims of some texts: false ones first.
pub(super) fn claims(all: &[Said], evidence: &Evidence<'_>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    for said in all {
        for (meaning, words) in found(&said.text, evidence.lexicon) {
            let Some(claim) = evidence.judge(meaning, words, said) else { continue };
            if !claims.iter().any(|it| it.words == claim.words && it.state == claim.state) {
                claims.push(claim);
            }
        }
    }
    claims.sort_by_key(|it| it.state);
    claims
}

/// The findings that the author says nothing of: no claim is about them, and no text names what they name. Where the
/// author claims nothing, there is nothing to hold against them.
pub(super) fn unsaid(all: &[Said], claims: &[Claim], findings: &[ReviewFinding]) -> Vec<String> {
    if claims.is_empty() {
        return Vec::new();
    }
    let text: String = all.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n");
    let names = |finding: &ReviewFinding| {
        code_names(&finding.message).any(|it| it.len() >= MIN_NAME && places_of(&text, it).next().is_some())
    };
    let is_said = |it: &&ReviewFinding| claims.iter().any(|claim| claim.findings.contains(&it.id)) || names(it);
    let found = findings.iter().filter(|it| it.mark == Mark::Computed && !is_said(it));
    found.map(|it| it.id.clone()).collect()
}

/// The claims that a text makes, with their words.
fn found(text: &str, lexicon: &'static Lexicon) -> Vec<(Meaning, &'static str)> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let words: Vec<&str> = sentence.split(' ').collect();
        if has_any(&words, &lexicon.hedges) {
            continue;
        }
        for claim in &lexicon.claims {
            let phrases = claim.phrases.iter().filter_map(|phrase| {
                let parts: Vec<&str> = phrase.split(' ').collect();
                let at = words.windows(parts.len()).position(|it| it == parts.as_slice())?;
                let before = words.get(at.saturating_sub(4)..at).unwrap_or_default();
                (!has_any(before, &lexicon.negations)).then_some(phrase.as_str())
            });
            // The longest says most.
            if let Some(phrase) = phrases.max_by_key(|it| it.len())
                && !found.iter().any(|it: &(Meaning, &str)| it.0 == claim.means)
            {
                found.push((claim.means, phrase));
            }
        }
    }
    found
}

/// Whether one of some phrases stands among words.
fn has_any(words: &[&str], phrases: &[String]) -> bool {
    phrases.iter().any(|phrase| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        words.windows(parts.len()).any(|it| it == parts.as_slice())
    })
}

/// The sentences of a text, in lower case and without marks. Quotes, code and lists of what is to be done are not what
/// the author says of the change; neither are the lines that tools add at the end of a message.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
            continue;
        }
        let is_other = in_code
            || line.starts_with("    ")
            || trimmed.starts_with(['>', '#', '<'])
            || trimmed.starts_with("- [ ]")
            || trimmed.starts_with("* [ ]")
            || trimmed.split_once(": ").is_some_and(|it| it.0.ends_with("-by") || it.0.ends_with("-Id"));
        if is_other {
            continue;
        }
        for sentence in trimmed.split(['.', ';', '!', '?', ',', ':', '(', ')']) {
            // What stands in quotes or in code is somebody else's.
            if sentence.contains(['"', '`', '“', '«']) {
                continue;
            }
            let lower = sentence.to_lowercase().replace(['-', '–', '—', '/', '*', '_'], " ");
            let words: Vec<&str> = lower.split_whitespace().collect();
            if !words.is_empty() {
                sentences.push(words.join(" "));
            }
        }
    }
    sentences
}

impl Evidence<'_> {
    fn judge(&self, meaning: Meaning, words: &str, said: &Said) -> Option<Claim> {
        let about = |path: &RelPath| said.files.as_ref().is_none_or(|it| it.contains(path));
        let files = || self.diff.files.iter().filter(|it| about(&it.path) || it.was().is_some_and(about));
        let findings_of = |codes: &[&str]| -> Vec<String> {
            let of = self.findings.iter().filter(|it| codes.contains(&it.code) && about(&it.file));
            of.map(|it| it.id.clone()).collect()
        };
        let claim = |state, because: String, findings: Vec<String>| {
            Some(Claim { state, words: words.to_owned(), because, findings })
        };
        let refuted = |because: String, findings: Vec<String>| claim(ClaimState::False, because, findings);
        let breaks = || findings_of(&[INCOMPATIBLE, LOST_FIELD, risks::CHANGED_KEY, risks::MISMATCH]);
        match meaning {
            Meaning::ContractsUnchanged => {
                let mut changed: Vec<&RelPath> = files().filter(|it| changes_contract(it)).map(|it| &it.path).collect();
                let of_contracts = |it: &&ReviewFinding| {
                    it.code == super::vanished::CODE
                        && files().any(|file| file.path == it.file && file.kind() == Kind::Contract)
                };
                let lost: Vec<&ReviewFinding> = self.findings.iter().filter(of_contracts).collect();
                let mut against = breaks();
                against.extend(lost.iter().map(|it| it.id.clone()));
                changed.extend(lost.iter().map(|it| &it.file));
                if changed.is_empty() {
                    // Code alone breaks a contract whose document stays.
                    let broken = self.findings.iter().filter(|it| against.contains(&it.id));
                    changed.extend(broken.map(|it| &it.file));
                }
                changed.sort();
                changed.dedup();
                if !against.is_empty() || !changed.is_empty() {
                    return refuted(format!("{} changed", named(&changed)), against);
                }
                // Of a contract that was reworded, only who reads it can tell.
                let is_contract = |it: &&FileChange| {
                    matches!(it.kind(), Kind::Schema | Kind::Asyncapi | Kind::Contract) && !is_harmless(it, self.config)
                };
                if files().any(|it| is_contract(&it)) {
                    return None;
                }
                if let Some(because) = self.unread_schemas(said) {
                    return claim(ClaimState::Open, because, Vec::new());
                }
                let because = "no schema, contract or AsyncAPI document says anything else".to_owned();
                claim(ClaimState::True, because, Vec::new())
            }
            Meaning::Compatible => {
                let breaks = breaks();
                let schemas = files().filter(|it| matches!(it.kind(), Kind::Schema | Kind::Asyncapi)).count();
                match (breaks.is_empty(), schemas) {
                    (false, _) => refuted("readers break".to_owned(), breaks),
                    // Of what is no message nobody here can tell.
                    (true, _) if let Some(because) = self.unread_schemas(said) => {
                        claim(ClaimState::Open, because, Vec::new())
                    }
                    (true, 0) => None,
                    (true, _) => claim(ClaimState::True, "no changed schema breaks a reader".to_owned(), Vec::new()),
                }
            }
            Meaning::DocumentsOnly => Some(self.only(said, words, "nothing else changed", &|_| true)),
            Meaning::TestsOnly => {
                let forbidden = |it: &RelPath| !is_test(it, &self.lexicon.words.test_path);
                Some(self.only(said, words, "no other code and no schema changed", &forbidden))
            }
            Meaning::SameBehaviour => {
                let mut against = breaks();
                against.extend(findings_of(&risks::LOSSES));
                if !against.is_empty() {
                    return refuted("it does something else".to_owned(), against);
                }
                let moved: Vec<&RelPath> = files().filter(|it| changes_messaging(it)).map(|it| &it.path).collect();
                if !moved.is_empty() {
                    return refuted(format!("{} sends or receives otherwise", named(&moved)), Vec::new());
                }
                let has_code = self.code(said).next().is_some();
                has_code
                    .then(|| claim(ClaimState::Open, "what the code does is not computed".to_owned(), Vec::new()))?
            }
            Meaning::Simpler => {
                let lost = findings_of(&risks::LOSSES);
                if lost.is_empty() {
                    return None;
                }
                refuted("it loses what it had".to_owned(), lost)
            }
            Meaning::Faster => {
                let is_measure = |unit: &str| self.lexicon.words.measures.iter().any(|it| it == unit);
                if numbers(&said.text).iter().any(|it| is_measure(&it.unit)) {
                    return None;
                }
                claim(ClaimState::Open, "no measurement".to_owned(), Vec::new())
            }
        }
    }

    /// Whether no code changed, but for comments, and but for what is allowed.
    fn only(&self, said: &Said, words: &str, kept: &str, forbidden: &dyn Fn(&RelPath) -> bool) -> Claim {
        let code: Vec<&RelPath> = self.code(said).filter(|it| forbidden(it)).collect();
        let words = words.to_owned();
        if code.is_empty() {
            let unjudged: Vec<&RelPath> = self.unjudged(said).filter(|it| forbidden(it)).collect();
            let (state, because) = match unjudged.as_slice() {
                [] => (ClaimState::True, kept.to_owned()),
                some => (ClaimState::Open, format!("{} changed, and what that is for is not computed", named(some))),
            };
            return Claim { state, words, because, findings: Vec::new() };
        }
        let about = |it: &&ReviewFinding| code.contains(&&it.file);
        let findings = self.findings.iter().filter(about).map(|it| it.id.clone()).collect();
        Claim { state: ClaimState::False, words, because: format!("{} changed", named(&code)), findings }
    }

    /// Why nobody can say what becomes of the schemas that a text is about, if some were not read.
    fn unread_schemas(&self, said: &Said) -> Option<String> {
        let about = |path: &&RelPath| said.files.as_ref().is_none_or(|it| it.contains(*path));
        let unread: Vec<&RelPath> = self.diff.schemas.iter().filter(about).collect();
        (!unread.is_empty()).then(|| format!("{} changed, and was not read as a schema", named(&unread)))
    }

    /// What changed and is neither code nor a document, as far as anybody looked: pipelines, packages, links.
    fn unjudged(&self, said: &Said) -> impl Iterator<Item = &RelPath> {
        let about = |path: &RelPath| said.files.as_ref().is_none_or(|it| it.contains(path));
        let is_document = |path: &RelPath| self.lexicon.words.document.iter().any(|it| it == path.extension());
        let others = self.diff.files.iter().filter(|it| it.kind() == Kind::Document).map(|it| &it.path);
        let is_compared = |path: &RelPath| self.diff.other_code.iter().any(|it| it.path == *path);
        let unread = self.diff.not_read.iter().flat_map(|it| &it.files).filter(move |it| !is_compared(it));
        let linked = |path: &RelPath| self.diff.links.contains(path);
        let unjudged = others.chain(unread).filter(|it| about(it) && (linked(it) || !is_document(it)));
        unjudged.collect::<Vec<_>>().into_iter()
    }

    /// The code and the schemas that a text is about and that changed, but for comments.
    fn code(&self, said: &Said) -> impl Iterator<Item = &RelPath> {
        let about = |path: &RelPath| said.files.as_ref().is_none_or(|it| it.contains(path));
        let is_code = |it: &&FileChange| {
            matches!(it.kind(), Kind::Code | Kind::Schema | Kind::Asyncapi) && !is_harmless(it, self.config)
        };
        let read = self.diff.files.iter().filter(is_code).map(|it| &it.path);
        let other = self.diff.other_code.iter();
        let changed = other.filter(|it| !code::is_same_code(&it.before, &it.after)).map(|it| &it.path);
        read.chain(changed).filter(move |it| about(it)).collect::<Vec<_>>().into_iter()
    }
}

/// Whether a schema, a contract or an AsyncAPI document promises something else than it did.
fn changes_contract(file: &FileChange) -> bool {
    if !matches!(file.kind(), Kind::Schema | Kind::Asyncapi | Kind::Contract) {
        return false;
    }
    let (Some(before), Some(after)) = (&file.before, &file.after) else { return true };
    let promises = |it: &super::change::Side| -> Vec<(Key, u64)> {
        let of_channel = it.facts.entries.iter().filter(|it| matches!(it.key, Key::Channel(_)));
        of_channel.map(|it| (it.key.clone(), it.hash)).collect()
    };
    let fields = |it: &super::change::Side| {
        let shape = it.facts.schema().map(|it| &it.shape);
        shape.map(|it| it.fields.iter().map(|it| (it.path.clone(), it.ty.clone(), it.required)).collect::<Vec<_>>())
    };
    promises(before) != promises(after) || fields(before) != fields(after)
}

/// Whether code sends to or receives from other channels than it did.
fn changes_messaging(file: &FileChange) -> bool {
    let sites = |it: Option<&super::change::Side>| -> BTreeSet<(String, archwright_model::facts::ChannelRole)> {
        let channels = it.filter(|it| it.facts.kind == Kind::Code).map(|it| &it.facts.channels);
        channels.into_iter().flatten().map(|it| (it.name.text.to_string(), it.role)).collect()
    };
    file.kind() == Kind::Code
        && file.before.is_some()
        && file.after.is_some()
        && sites(file.before.as_ref()) != sites(file.after.as_ref())
}

fn named(files: &[&RelPath]) -> String {
    let shown: Vec<&str> = files.iter().take(MAX_FILES).map(|it| it.as_str()).collect();
    let more = files.len().saturating_sub(MAX_FILES);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_what_the_author_says_of_the_change() {
        let claims = |text: &str| found(text, Lexicon::load()).into_iter().map(|it| it.1).collect::<Vec<_>>();
        assert_eq!(claims("Simplify the retry, no contract change."), ["simplify", "no contract change"]);
        assert_eq!(claims("Docs-only: fix typos"), ["docs only"]);
        assert_eq!(claims("Rename the topic. This is backwards-compatible."), ["backwards compatible"]);
        assert_eq!(claims("Non-breaking, and pure refactoring"), ["non breaking", "pure refactoring"]);
        for text in [
            "This is not backward compatible",
            "Check that schemas are backward compatible",
            "> no contract change",
            "- [ ] no breaking changes",
            "It should be backward compatible",
            "Fail unless there is no schema change",
            "Say \"docs only\" in the title",
            "```\nno contract change\n```",
            "Make nothing faster than it has to be if asked",
        ] {
            assert_eq!(claims(text), [""; 0], "{text}");
        }
    }
}
