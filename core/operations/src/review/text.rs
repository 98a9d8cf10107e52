//! The answer as a text: for agents, for terminals, and as Markdown for pull requests. It keeps to a budget, and says
//! what it left out.

use std::{collections::BTreeMap, fmt::Write as _};

use archwright_model::{RelPath, Severity};

use super::reviewed::{
    ClaimState, ContractVerdict, Mark, ReviewFinding, ReviewPlace, ReviewVerdict, Reviewed, RowState,
};

/// How long an answer is unless more is asked for, in bytes.
pub const USUAL_BYTES: usize = 6_000;

/// So many warnings are told where the answer would be too long.
const FEW_WARNINGS: usize = 10;

/// So many findings of one rule in one file are told one by one where the answer would be too long.
const FEW_ALIKE: usize = 3;

/// How long a message is where the answer would be too long, in bytes.
const SHORT_MESSAGE: usize = 200;

/// What is left out, in the order in which it is.
#[derive(Clone, Copy, Default)]
struct LeftOut {
    old: bool,
    harmless: bool,
    advice: bool,
    warnings: bool,
    decisions: bool,
    proofs: bool,
    alike: bool,
}

impl Reviewed {
    /// The answer as a text, within its budget as far as errors and claims allow.
    pub fn text(&self) -> String {
        self.within(false)
    }

    /// The answer as Markdown, for a pull request.
    pub fn markdown(&self) -> String {
        self.within(true)
    }

    fn within(&self, is_markdown: bool) -> String {
        let budget = if self.budget == 0 { USUAL_BYTES } else { self.budget };
        let mut out = LeftOut::default();
        let steps: [fn(&mut LeftOut); 7] = [
            |it| it.old = true,
            |it| it.harmless = true,
            |it| it.advice = true,
            |it| it.warnings = true,
            |it| it.decisions = true,
            |it| it.proofs = true,
            |it| it.alike = true,
        ];
        let mut text = Page::new(self, out, is_markdown).write();
        for step in steps {
            if text.len() <= budget {
                break;
            }
            step(&mut out);
            text = Page::new(self, out, is_markdown).write();
        }
        text
    }
}

/// A text that is being written.
struct Page<'a> {
    reviewed: &'a Reviewed,
    out: LeftOut,
    is_markdown: bool,
    prefixes: Vec<(String, String)>,
    text: String,
}

impl<'a> Page<'a> {
    fn new(reviewed: &'a Reviewed, out: LeftOut, is_markdown: bool) -> Self {
        // Links of a pull request want whole paths.
        let prefixes = if is_markdown { Vec::new() } else { prefixes(reviewed) };
        Self { reviewed, out, is_markdown, prefixes, text: String::new() }
    }

    fn write(mut self) -> String {
        self.head();
        if !self.reviewed.is_quiet() {
            self.claims();
            self.findings("ERRORS", &|it| it.severity == Severity::Error);
            let is_warning = |it: &ReviewFinding| it.severity > Severity::Error && it.mark == Mark::Computed;
            self.findings("WARNINGS", &is_warning);
            self.findings("LEADS", &|it| it.severity > Severity::Error && it.mark == Mark::Lead);
            self.findings("TO JUDGE", &|it| it.severity > Severity::Error && it.mark == Mark::Judge);
            self.reliability();
            self.contracts();
            self.rest();
        }
        self.old();
        self.left_out();
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn title(&mut self, title: &str) {
        let title = if self.is_markdown {
            let (first, rest) = title.split_at(title.len().min(1));
            format!("\n### {first}{}\n", rest.to_lowercase())
        } else {
            title.to_owned()
        };
        self.line(&title);
    }

    fn head(&mut self) {
        let it = self.reviewed;
        let verdict = match it.verdict {
            ReviewVerdict::RequestChanges => "REQUEST CHANGES",
            ReviewVerdict::Comment => "COMMENT",
            ReviewVerdict::NothingAgainst => "NOTHING AGAINST IT",
            ReviewVerdict::NotJudged => "NOT JUDGED",
        };
        let files = if it.files == 0 { "nothing differs".to_owned() } else { count(it.files, "file") };
        let mut head = format!("{}..{}, {files}", it.base, it.head);
        let of_mark = |mark| it.findings.iter().filter(|it| it.severity > Severity::Error && it.mark == mark).count();
        let counts = [
            (it.count(Severity::Error), "error"),
            (of_mark(Mark::Computed), "warning"),
            (of_mark(Mark::Lead), "lead"),
            (of_mark(Mark::Judge), "question"),
        ];
        for (number, noun) in counts.into_iter().filter(|it| it.0 > 0) {
            let _ = write!(head, ", {}", count(number, noun));
        }
        let not_read: Vec<String> = it.not_read.iter().map(|it| format!("{} {}", it.files.len(), it.reason)).collect();
        if !not_read.is_empty() {
            let _ = write!(head, "; not read: {}", not_read.join(", "));
        }
        if self.is_markdown {
            self.line(&format!("## {verdict}\n\n{head}"));
        } else {
            self.line(&format!("{verdict}  {head}"));
        }
        if !self.prefixes.is_empty() {
            let shown: Vec<String> = self.prefixes.iter().map(|(letter, path)| format!("{letter}={path}")).collect();
            self.line(&shown.join(" "));
        }
    }

    fn claims(&mut self) {
        if self.reviewed.claims.is_empty() {
            return;
        }
        let unsaid = self.reviewed.unsaid.join(" ");
        self.title("CLAIMS");
        for claim in &self.reviewed.claims {
            let state = match claim.state {
                ClaimState::False => "false",
                ClaimState::Open => "open ",
                ClaimState::True => "true ",
            };
            let findings =
                if claim.findings.is_empty() { String::new() } else { format!(" ({})", claim.findings.join(" ")) };
            let bullet = if self.is_markdown { "- " } else { " " };
            let because = self.abbreviated(&claim.because);
            self.line(&format!("{bullet}{state} \"{}\": {because}{findings}", claim.words));
        }
        if !unsaid.is_empty() {
            let bullet = if self.is_markdown { "- " } else { " " };
            self.line(&format!("{bullet}unsaid {unsaid}"));
        }
    }

    /// The contracts that the change touches.
    fn contracts(&mut self) {
        let shown = |it: &super::reviewed::TouchedContract| {
            let mut text = it.channel.clone();
            if let Some(mode) = &it.compatibility {
                let _ = write!(text, " {mode}");
            }
            let verdict = match it.verdict {
                ContractVerdict::Broken => "broken",
                ContractVerdict::Missing => "missing",
                ContractVerdict::New => "new",
                ContractVerdict::Kept => "kept",
            };
            let _ = write!(text, " {verdict}");
            if !it.findings.is_empty() {
                let _ = write!(text, " {}", it.findings.join(" "));
            }
            if !it.readers.is_empty() {
                let _ = write!(text, ", read by {}", self.abbreviated(&it.readers.join(", ")));
            }
            text
        };
        let all: Vec<String> = self.reviewed.contracts.iter().map(shown).collect();
        if !all.is_empty() {
            self.row("CONTRACTS", &all.join("; "));
        }
    }

    /// How to prove the errors.
    fn proofs(&mut self) {
        let proofs = &self.reviewed.proofs;
        if proofs.is_empty() || self.out.proofs {
            return;
        }
        self.title("PROVE");
        for it in proofs {
            let bullet = if self.is_markdown { "- " } else { " " };
            self.line(&format!(
                "{bullet}{} {} -> {}",
                it.findings.join(" "),
                it.action.trim_end_matches('.'),
                it.holds
            ));
        }
    }

    /// What was there before, if it was asked for.
    fn old(&mut self) {
        let old = &self.reviewed.old_findings;
        if old.is_empty() || self.out.old {
            return;
        }
        self.title("OLD");
        for it in old {
            let line = self.finding(it, false);
            self.line(&line);
        }
    }

    /// What the budget cost.
    fn left_out(&mut self) {
        let it = self.reviewed;
        let warnings = it.findings.iter().any(|it| it.severity > Severity::Error && it.advice.is_some());
        let parts = [
            (self.out.old && !it.old_findings.is_empty(), "what was there before"),
            (self.out.harmless && !it.harmless.is_empty(), "harmless files"),
            (self.out.advice && warnings, "fixes of warnings"),
            (self.out.decisions && !it.decisions.is_empty(), "governing documents"),
            (self.out.proofs && !it.proofs.is_empty(), "how to prove the errors"),
            (self.out.alike, "what findings alike say"),
        ];
        let shown: Vec<&str> = parts.into_iter().filter(|it| it.0).map(|it| it.1).collect();
        if !shown.is_empty() {
            let budget = if it.budget == 0 { USUAL_BYTES } else { it.budget };
            let way = "a larger `budget_bytes`, or `--format json`, shows it";
            self.row("LEFT OUT", &format!("{}, to stay below {budget} bytes; {way}", shown.join(", ")));
        }
    }

    fn findings(&mut self, title: &str, of: &dyn Fn(&ReviewFinding) -> bool) {
        let findings: Vec<&ReviewFinding> = self.reviewed.findings.iter().filter(|it| of(it)).collect();
        if findings.is_empty() {
            return;
        }
        self.title(title);
        let is_error = findings.iter().any(|it| it.severity == Severity::Error);
        let most = if self.out.warnings && !is_error { FEW_WARNINGS } else { usize::MAX };
        let mut alike: BTreeMap<(&RelPath, &str), usize> = BTreeMap::new();
        let mut folded: BTreeMap<(&RelPath, &str), usize> = BTreeMap::new();
        for finding in findings.iter().take(most) {
            let key = (&finding.file, finding.code);
            let before = alike.entry(key).or_default();
            *before += 1;
            if self.out.alike && *before > FEW_ALIKE {
                *folded.entry(key).or_default() += 1;
                continue;
            }
            let line = self.finding(finding, is_error);
            self.line(&line);
        }
        for ((file, code), more) in folded {
            let line = format!(" +{more} C {}: {code}, as above", self.path(file));
            self.line(&line);
        }
        let left = findings.len().saturating_sub(most);
        if left > 0 {
            self.line(&format!(" {} not shown", count(left, "more warning")));
        }
    }

    fn finding(&self, it: &ReviewFinding, is_error: bool) -> String {
        let place = format!("{}:{}", self.path(&it.file), it.start.line);
        let mut message = self.abbreviated(&it.message);
        if self.out.alike && message.len() > SHORT_MESSAGE {
            let cut = message.get(..message.floor_char_boundary(SHORT_MESSAGE)).unwrap_or_default();
            message = format!("{}…", cut.rsplit_once(' ').map_or(cut, |it| it.0));
        }
        let code = if it.code.starts_with("review/") { String::new() } else { format!(" [{}]", it.code) };
        let mut line = if self.is_markdown {
            format!("- **{}** {} `{place}` {message}{code}", it.id, it.mark.letter())
        } else {
            format!(" {} {} {place} {message}{code}", it.id, it.mark.letter())
        };
        // Where it was is news only if that is elsewhere.
        let is_lost = it.code == super::vanished::CODE;
        let is_here = |other: &&ReviewPlace| other.file == it.file && other.line == it.start.line;
        let places = it.against.iter().filter(|it| !is_here(it)).take(3);
        let shown: Vec<String> = places.map(|it| self.place(it)).collect();
        if !shown.is_empty() {
            let word = if is_lost { "At the base" } else { "Against" };
            let _ = write!(line, " {word}: {}.", shown.join(", "));
        }
        if let Some(advice) = it.advice.as_ref().filter(|_| is_error || !self.out.advice) {
            let _ = write!(line, " Fix: {advice}");
        }
        line.replace('\n', " ")
    }

    fn reliability(&mut self) {
        let it = self.reviewed;
        if it.reliability.is_empty() {
            return;
        }
        let of = |state: RowState| -> Vec<String> {
            let rows = it.reliability.iter().filter(|it| it.state == state);
            rows.map(|row| [vec![row.name.clone()], row.findings.clone()].concat().join(" ")).collect()
        };
        let parts: Vec<String> =
            [("Regressed", RowState::Regressed), ("Open", RowState::Open), ("Answered", RowState::Answered)]
                .into_iter()
                .filter_map(|(name, state)| {
                    let rows = of(state);
                    (!rows.is_empty()).then(|| format!("{name}: {}", rows.join("; ")))
                })
                .collect();
        self.title("RELIABILITY");
        let bullet = if self.is_markdown { "" } else { " " };
        self.line(&format!("{bullet}{}", parts.join("    ")));
    }

    fn rest(&mut self) {
        let it = self.reviewed;
        let patterns = &it.anti_patterns;
        if !patterns.introduced.is_empty() || !patterns.removed.is_empty() {
            let new = patterns.introduced.iter().map(|it| format!("+{it}"));
            let gone = patterns.removed.iter().map(|it| format!("-{it}"));
            self.row("ANTI-PATTERNS", &new.chain(gone).collect::<Vec<_>>().join(", "));
        }
        if !it.decisions.is_empty() {
            if self.out.decisions {
                self.row("GOVERNED BY", &format!("{} not shown", count(it.decisions.len(), "document")));
            } else {
                let shown: Vec<String> = it
                    .decisions
                    .iter()
                    .map(|it| {
                        let names: Vec<String> = it.names.iter().take(3).map(|it| format!("`{it}`")).collect();
                        format!("L {} names {}", self.place(&it.place), names.join(", "))
                    })
                    .collect();
                self.row("GOVERNED BY", &shown.join("; "));
            }
        }
        self.proofs();
        if !it.questions.is_empty() {
            let shown: Vec<String> =
                it.questions.iter().map(|it| format!("{} in {}", it.count, self.path(&it.file))).collect();
            self.row("OPEN QUESTIONS", &shown.join(", "));
        }
        if it.gone > 0 {
            self.row("MENDED", &count(it.gone, "finding"));
        }
        if it.remarks > 0 {
            self.row("REMARKS", &format!("{}, in `check`", count(it.remarks, "new remark")));
        }
        if !it.harmless.is_empty() {
            if self.out.harmless {
                self.row("HARMLESS", &format!("{} not shown", count(it.harmless.len(), "file")));
            } else {
                let shown: Vec<String> = it.harmless.iter().map(|it| self.path(it)).collect();
                self.row("HARMLESS", &shown.join(" "));
            }
        }
    }

    fn row(&mut self, title: &str, text: &str) {
        if self.is_markdown {
            self.title(title);
            self.line(text);
        } else {
            self.line(&format!("{title}  {text}"));
        }
    }

    fn place(&self, place: &ReviewPlace) -> String {
        format!("{}:{}", self.path(&place.file), place.line)
    }

    fn path(&self, path: &RelPath) -> String {
        self.abbreviated(path.as_str())
    }

    /// A text with its paths shortened.
    fn abbreviated(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (letter, path) in &self.prefixes {
            let prefix = format!("{path}/");
            if text.contains(&prefix) {
                text = text.replace(&prefix, &format!("{letter}/"));
            }
        }
        text
    }
}

/// The folders that most places lie in, each with the letter that stands for it.
fn prefixes(reviewed: &Reviewed) -> Vec<(String, String)> {
    if reviewed.is_quiet() {
        return Vec::new();
    }
    let places =
        reviewed.findings.iter().flat_map(|it| std::iter::once(&it.file).chain(it.against.iter().map(|it| &it.file)));
    let places = places.chain(reviewed.harmless.iter()).chain(reviewed.decisions.iter().map(|it| &it.place.file));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for path in places {
        let parts: Vec<&str> = path.as_str().split('/').collect();
        let depth = parts.len().saturating_sub(1).min(3);
        if depth >= 2 {
            *counts.entry(parts.get(..depth).unwrap_or_default().join("/")).or_default() += 1;
        }
    }
    let mut folders: Vec<(String, usize)> = counts.into_iter().filter(|it| it.1 >= 3 && it.0.len() >= 10).collect();
    folders.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    folders.truncate(5);
    let mut taken: Vec<(String, String)> = Vec::new();
    for (folder, _) in folders {
        let name = folder.rsplit('/').next().unwrap_or_default();
        let letters = name.chars().chain(folder.chars()).chain('A'..='Z').filter(char::is_ascii_alphabetic);
        let letter =
            letters.map(|it| it.to_ascii_uppercase().to_string()).find(|it| !taken.iter().any(|known| known.0 == *it));
        if let Some(letter) = letter {
            taken.push((letter, folder));
        }
    }
    // The longer first, so that a folder within another keeps its own letter.
    taken.sort_by_key(|it| std::cmp::Reverse(it.1.len()));
    taken
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
