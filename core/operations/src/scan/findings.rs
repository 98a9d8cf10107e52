//! Drift and risks of code as findings of rules, for whoever asks a check to read all code.
//!
//! The rules have a page and a severity and look at nothing themselves: what they find takes all files at once. What is
//! found while a workspace stays open carries its lines, because files change behind it.

use std::{collections::BTreeMap, sync::Arc};

use archwright_engine::{Anchor, CodeFinding, Finding, Related, Rule, Workspace, report::CodeRead};
use archwright_model::{
    RelPath,
    facts::{Suppression, suppression},
    key::FileId,
};
use archwright_syntax::Span;
use rustc_hash::FxHashMap;

use super::{
    answer::{DriftKind, Scanned, ScannedDrift, ScannedRisk},
    drift, read,
};
use crate::code::CodeView;

/// What a rule says of a file where code says less than this one.
const FOREIGN: &str = "drift/foreign-service";

/// What says more of a place where messages are lost.
const PROMISE: &str = "drift/broken-promise";

/// Reads all code of a workspace, and adds to its findings where documents say otherwise and where code surely loses
/// messages.
pub fn check_code(workspace: &mut Workspace) {
    let scanned = read::scan(workspace, &RelPath::default(), false);
    let nothing = FxHashMap::default();
    let findings = Finder::all(workspace, &nothing, &scanned.drift, &scanned.risks);
    workspace.add_findings(findings, code_read(&scanned));
}

/// The same of code that was read before, for a workspace that stays open. `None` if `stop` says that nobody waits any
/// more; it is asked now and then.
pub fn code_findings(
    workspace: &Workspace,
    code: &CodeView,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<CodeFinding>> {
    let drift = drift::drift_until(workspace, &code.found, stop)?.drift;
    let risks: Vec<ScannedRisk> = code.found.risks.iter().map(ScannedRisk::of).collect();
    let found = Finder::all(workspace, &code.texts, &drift, &risks);
    if stop() {
        return None;
    }
    let anchored = |(file, finding): (FileId, Finding)| {
        let at = anchor(workspace, file, finding.span)?;
        let related = finding.related.iter().map(|it| anchor(workspace, it.file, it.span)).collect::<Option<_>>()?;
        Some(CodeFinding { file, finding, at, related })
    };
    Some(found.into_iter().filter_map(anchored).collect())
}

fn anchor(workspace: &Workspace, file: FileId, span: Span) -> Option<Anchor> {
    let text = workspace.text(file)?;
    let before = text.get(..span.start as usize)?;
    Anchor::of(&text, u32::try_from(before.matches('\n').count()).ok()? + 1)
}

fn code_read(scanned: &Scanned) -> CodeRead {
    CodeRead { files: scanned.files, places: scanned.edges.len(), not_read: scanned.not_read.len() }
}

struct Finder<'w> {
    workspace: &'w Workspace,
    /// What the files of code were when they were read, where that may be something else than they are.
    read: &'w FxHashMap<RelPath, Arc<str>>,
    texts: BTreeMap<FileId, Text>,
    findings: Vec<(FileId, Finding)>,
}

/// A file with findings.
struct Text {
    /// All of it.
    whole: Arc<str>,
    /// What stands in each line, without what is around it.
    lines: Vec<Span>,
    suppressions: Vec<Suppression>,
}

/// A line of a file.
#[derive(Clone, Copy)]
struct Place {
    file: FileId,
    span: Span,
}

impl<'w> Finder<'w> {
    fn all(
        workspace: &'w Workspace,
        read: &'w FxHashMap<RelPath, Arc<str>>,
        drift: &[ScannedDrift],
        risks: &[ScannedRisk],
    ) -> Vec<(FileId, Finding)> {
        let mut finder = Self { workspace, read, texts: BTreeMap::new(), findings: Vec::new() };
        for it in drift {
            finder.drift(it);
        }
        for it in risks {
            finder.risk(it);
        }
        finder.findings
    }

    fn drift(&mut self, it: &ScannedDrift) {
        let code = format!("drift/{}", it.kind.name());
        let Some(rule) = archwright_rules::rule(&code) else { return };
        let places = (self.place(&it.file, it.line), self.place(&it.document, it.document_line));
        let (Some(in_code), Some(in_document)) = places else { return };
        let is_here = |it: &Finding| in_code.span.touches(it.span.start as usize);
        let is_told = |it: &Finding| it.rule.code == FOREIGN && is_here(it);
        if self.workspace.findings(in_code.file).iter().any(is_told) {
            return;
        }
        let (channel, service, document) = (&it.channel, &it.in_code, &it.in_document);
        let listed = document.split(", ").map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        let (message, related) = match it.kind {
            DriftKind::UnlistedConsumer => (
                format!("`{service}` receives from `{channel}`, whose consumers are {listed}; make the two agree."),
                "who receives stands here".to_owned(),
            ),
            DriftKind::OtherProducer => (
                format!("`{service}` sends to `{channel}`, whose producer is {listed}; make the two agree."),
                "who sends stands here".to_owned(),
            ),
            DriftKind::MissingInDocument => (
                format!("{service} `{channel}`, and the AsyncAPI document of the service has only {listed}; add it."),
                "the document has another here".to_owned(),
            ),
            DriftKind::ConsumerNotSeen => (
                format!(
                    "{listed} receives from `{channel}` by this document; its code was read and does not; make the two \
                     agree."
                ),
                format!("its code {service} here"),
            ),
            DriftKind::ProducerNotSeen => (
                format!(
                    "{listed} sends to `{channel}` by this document; its code was read and does not; make the two \
                     agree."
                ),
                format!("its code {service} here"),
            ),
            DriftKind::BrokenPromise => (
                format!("`{channel}` is promised `{document}`, and {service}; make the two agree."),
                "promised here".to_owned(),
            ),
            DriftKind::OtherGroup => (
                format!(
                    "This receives from `{channel}` for the group `{service}`, which is {listed} by the document; make \
                     the two agree."
                ),
                format!("the document says {listed}"),
            ),
            DriftKind::OtherFields => (
                format!("What is sent to `{channel}` is not what its schema says: {service}; make the two agree."),
                "the schema of the channel stands here".to_owned(),
            ),
            DriftKind::OtherPartitions => (
                format!(
                    "`{channel}` has {service} partitions here, and {document} by the document; make the two agree."
                ),
                format!("the document says {document}"),
            ),
            DriftKind::OtherRetention => (
                format!(
                    "The retention of `{channel}` is `{service}` here, and `{document}` by the document; make the two \
                     agree."
                ),
                format!("the document says `{document}`"),
            ),
            DriftKind::OtherAttempts => (
                format!(
                    "A message of `{channel}` is put aside after {service} attempts here, and after {document} by the \
                     document; make the two agree."
                ),
                format!("the document says {document}"),
            ),
            DriftKind::OtherOrdering => (
                format!(
                    "`{channel}` hands out messages in any order, and the document orders them by `{document}`; make \
                     the two agree."
                ),
                format!("the document says `{document}`"),
            ),
            DriftKind::NotProvisioned => (
                format!(
                    "`{channel}` has a contract, and no infrastructure declares it; other channels are each a \
                     {document}, such as `{service}`."
                ),
                format!("`{service}` is declared here"),
            ),
            DriftKind::UnpromisedChannel => (
                format!(
                    "`{channel}` is declared here and described by no document; other channels have a contract, such \
                     as `{document}`."
                ),
                format!("the contract of `{document}`"),
            ),
            DriftKind::OtherDeadLetters => (
                format!("Dead letters of `{channel}` go to `{service}` here, and to {listed} by the document."),
                "where dead letters go stands here".to_owned(),
            ),
        };
        let is_of_document =
            matches!(it.kind, DriftKind::ConsumerNotSeen | DriftKind::ProducerNotSeen | DriftKind::NotProvisioned);
        let (at, other) = if is_of_document { (in_document, in_code) } else { (in_code, in_document) };
        self.report(rule, at, message, Some((other, related)));
    }

    /// A risk of a kind that is sure enough for a warning: there is a rule of its name for no others.
    fn risk(&mut self, it: &ScannedRisk) {
        let Some(rule) = archwright_rules::rule(&format!("scan/{}", it.kind)) else { return };
        let Some(at) = self.place(&it.file, it.line) else { return };
        // Where it breaks what a document promises, that is told.
        let is_same =
            |other: &(FileId, Finding)| other.0 == at.file && other.1.span == at.span && other.1.rule.code == PROMISE;
        if self.findings.iter().any(is_same) {
            return;
        }
        let related = it.because_line.and_then(|line| self.place(&it.file, line));
        let related = related.filter(|it| it.span != at.span).map(|it| (it, "because of this".to_owned()));
        let mut says = it.says.clone();
        if let Some(first) = says.get(..1).map(str::to_uppercase) {
            says.replace_range(..1, &first);
        }
        self.report(rule, at, format!("{says} ({}); see the pattern {}.", it.library, it.pattern), related);
    }

    /// Adds a finding, unless the rule is off or a comment at one of its places allows it.
    fn report(&mut self, rule: &'static Rule, at: Place, message: String, related: Option<(Place, String)>) {
        let Some(severity) = self.workspace.level(rule) else { return };
        let places = std::iter::once(at).chain(related.iter().map(|it| it.0));
        if places.into_iter().any(|it| self.allows(it, rule)) {
            return;
        }
        let related =
            related.map(|(place, message)| Related { file: place.file, span: place.span, message: message.into() });
        let finding = Finding {
            rule,
            severity,
            span: at.span,
            message: message.into(),
            related: related.into_iter().collect(),
            fixable: false,
            certain: false,
            data: String::new(),
        };
        self.findings.push((at.file, finding));
    }

    fn allows(&self, at: Place, rule: &Rule) -> bool {
        let suppressions = self.texts.get(&at.file).map(|it| it.suppressions.as_slice()).unwrap_or_default();
        suppressions.iter().any(|it| {
            let is_there = it.scope.touches(at.span.start as usize) || it.scope.touches(at.span.end as usize);
            it.has_reason && is_there && it.rules.iter().any(|it| it.0 == rule.code)
        })
    }

    fn place(&mut self, path: &RelPath, line: u32) -> Option<Place> {
        let file = self.workspace.file(path)?;
        let workspace = self.workspace;
        let text = self.texts.entry(file).or_insert_with(|| Text::of(workspace, file));
        let span = match self.read.get(path).filter(|it| **it != text.whole) {
            Some(read) => Anchor::of(read, line)?.span_in(&text.whole)?,
            None => *text.lines.get((line as usize).checked_sub(1)?)?,
        };
        Some(Place { file, span })
    }
}

impl Text {
    fn of(workspace: &Workspace, file: FileId) -> Self {
        let text = workspace.text(file).unwrap_or_default();
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at + line.len() - line.trim_start().len();
            lines.push(Span::new(start.min(at + line.len()), (at + line.trim_end().len()).max(start)));
            at += line.len();
        }
        let known = workspace.facts(file).map(|it| it.suppressions.clone()).unwrap_or_default();
        let suppressions = match archwright_scan::Language::of_path(workspace.path(file).as_str()) {
            Some(_) => {
                let marker =
                    if matches!(workspace.path(file).extension(), "py" | "pyi" | "rb" | "rake") { "#" } else { "//" };
                suppression::in_comments(&text, marker)
            }
            // What infrastructure is written in has the comments of a shell.
            None if known.is_empty() => match workspace.path(file).extension() {
                "tf" | "tofu" | "yml" | "yaml" => suppression::in_comments(&text, "#"),
                _ => known,
            },
            None => known,
        };
        Self { whole: text, lines, suppressions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    const CODE: &str = "//- /services/billing/pom.xml\n<artifactId>spring-kafka</artifactId>\n\
        //- /services/billing/Events.java\nclass Events {\n  @KafkaListener(topics = \"orders.placed.v1\")\n  \
        void on(Order order) {}\n}\n//- /services/loyalty/pom.xml\n<artifactId>spring-kafka</artifactId>\n\
        //- /services/loyalty/Events.java\nclass Events {\n  @KafkaListener(topics = \"orders.placed.v1\")\n  \
        void on(Order order) {}\n}\n";

    const CONTRACT: &str = "//- /docs/features/shop/contracts/orders.placed.v1.md\n# Contract: orders.placed.v1\n\n\
        - **Status**: Active\n- **Consumers**: billing\n";

    /// What is found by rules that need all code.
    fn found(text: &str) -> Vec<String> {
        let fixture = Fixture::new(text);
        let mut workspace = fixture.open();
        check_code(&mut workspace);
        let of_file = |file: FileId| {
            let findings = workspace.findings(file).iter().filter(|it| it.rule.on_request);
            findings.map(move |it| (file, it.clone())).collect::<Vec<_>>()
        };
        let mut lines: Vec<String> = workspace
            .found()
            .flat_map(of_file)
            .map(|(file, it)| format!("{} {:?} {}", it.rule.code, it.severity, workspace.path(file)))
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn a_lost_message_that_breaks_a_promise_is_told_once() {
        let all = |delivery: &str| {
            let text = format!(
                "//- /docs/features/shop/contracts/orders-placed.md\n# Contract: orders-placed\n\n- **Status**: Active\n\
                 - **Consumers**: billing\n- **Delivery**: {delivery}\n//- /services/billing/pom.xml\n\
                 <artifactId>amqp-client</artifactId>\n//- /services/billing/Events.java\n\
                 import com.rabbitmq.client.Channel;\nclass Events {{\n  void run(Channel channel) {{\n    \
                 channel.basicConsume(\"orders-placed\", true, handler);\n  }}\n}}\n"
            );
            let fixture = Fixture::new(&text);
            let mut workspace = fixture.open();
            check_code(&mut workspace);
            let file = workspace.file(&RelPath::new("services/billing/Events.java")).unwrap();
            workspace.findings(file).iter().map(|it| it.rule.code).collect::<Vec<_>>()
        };
        assert_eq!(all("at-least-once"), ["drift/broken-promise"]);
        assert_eq!(all("at-most-once"), ["scan/auto-ack"]);
    }

    #[test]
    fn code_in_any_language_has_findings() {
        let text = format!("{CONTRACT}{CODE}");
        assert_eq!(found(&text), ["drift/unlisted-consumer Warning services/loyalty/Events.java"]);
        let fixture = Fixture::new(&text);
        let mut workspace = fixture.open();
        let line = |workspace: &Workspace| {
            let all = archwright_engine::report::ReportFilter::default();
            archwright_engine::report::summary(workspace, &all).recognised()
        };
        let told = "Not read: 2 files of Java; `archwright check --code` holds code against the contracts.";
        assert!(line(&workspace).contains(told), "{}", line(&workspace));
        check_code(&mut workspace);
        let told = "Code: 2 files read, with 2 places that send or receive.";
        assert!(line(&workspace).ends_with(told), "{}", line(&workspace));
        let file = workspace.file(&RelPath::new("services/loyalty/Events.java")).unwrap();
        let finding = &workspace.findings(file)[0];
        let text = workspace.text(file).unwrap();
        assert_eq!(finding.span.of(&text), "@KafkaListener(topics = \"orders.placed.v1\")");
        let related = &finding.related[0];
        assert_eq!(related.span.of(&workspace.text(related.file).unwrap()), "- **Consumers**: billing");
        let read = workspace.code().unwrap();
        assert_eq!((read.files, read.places, read.not_read), (2, 2, 0));
    }

    #[test]
    fn a_comment_at_either_place_allows_it_and_the_configuration_sets_it() {
        let allow = "archwright: allow drift/unlisted-consumer -- a trial";
        let in_code = format!("{CONTRACT}{CODE}").replace(
            "//- /services/loyalty/Events.java\nclass Events {\n",
            &format!("//- /services/loyalty/Events.java\nclass Events {{\n  // {allow}\n"),
        );
        assert_eq!(found(&in_code), [""; 0]);
        let in_document = format!("{CONTRACT}{CODE}")
            .replace("Consumers**: billing", &format!("Consumers**: billing <!-- {allow} -->"));
        assert_eq!(found(&in_document), [""; 0]);
        let level = |it: &str| format!("//- /archwright.toml\n[rules]\n\"drift/*\" = \"{it}\"\n{CONTRACT}{CODE}");
        assert_eq!(found(&level("off")), [""; 0]);
        assert_eq!(found(&level("error")), ["drift/unlisted-consumer Error services/loyalty/Events.java"]);
    }

    #[test]
    fn a_comment_that_allows_it_is_of_use_whether_or_not_code_is_read() {
        let text = format!("{CONTRACT}\n<!-- archwright: allow drift/consumer-not-seen -- a trial -->\n{CODE}");
        let fixture = Fixture::new(&text);
        let workspace = fixture.open();
        let all = workspace.found().flat_map(|it| workspace.findings(it)).map(|it| it.rule.code);
        assert!(all.into_iter().all(|it| !it.contains("suppression")));
    }
}
