//! Runs the examples of every rule's page, one test per page.
//!
//! `cargo test -p archwright-analysis --test pages channel/dlq-name` runs one of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[allow(dead_code, reason = "pages have no cursor")]
#[path = "../../rules/src/fixture.rs"]
mod fixture;

use std::process::ExitCode;

use archwright_analysis::{
    FileId, Finding, Fix, Rule, Workspace, operations,
    page::{self, Mark, Role},
    rules::rules,
    writer,
};
use archwright_syntax::{Encoding, LineIndex, markdown};
use fixture::Fixture;
use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let test = |rule: &'static Rule| {
        Trial::test(rule.code, move || {
            Page::new(rule).check();
            Ok(())
        })
    };
    libtest_mimic::run(&Arguments::from_args(), rules().iter().map(|rule| test(rule)).collect()).exit_code()
}

/// More rounds of fixing than any page needs.
const ROUNDS: usize = 20;

/// The examples of a rule's page.
struct Page {
    rule: &'static Rule,
    bad: Vec<Bad>,
    good: Vec<String>,
    fixed: Vec<String>,
}

/// A `bad` example: the rule fires where its marks are, and nowhere else.
struct Bad {
    text: String,
    /// Whether its fence says `no-fix`: whatever the rule does elsewhere, here it offers nothing.
    no_fix: bool,
}

/// Where a rule fires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: String,
    mark: Mark,
}

impl Page {
    /// Reads a page; every block of files in it has to be an example.
    fn new(rule: &'static Rule) -> Self {
        let mut page = Self { rule, bad: Vec::new(), good: Vec::new(), fixed: Vec::new() };
        for example in page::examples(rule.page) {
            let text = example.text;
            match example.role {
                Role::Bad => page.bad.push(Bad { text, no_fix: false }),
                Role::BadWithoutFix => {
                    let before = &rule.page[..example.span.start as usize];
                    let explained = !before.trim_end().ends_with("````");
                    assert!(explained, "the page says why an example without a fix has none:\n{text}");
                    page.bad.push(Bad { text, no_fix: true });
                }
                Role::Good => page.good.push(text),
                Role::Fixed => page.fixed.push(text),
            }
        }
        let examples: Vec<_> = page::examples(rule.page).iter().map(|it| it.span).collect();
        for block in markdown::parse(rule.page).code_blocks.iter().filter(|it| !examples.contains(&it.span)) {
            let text = block.span.of(rule.page);
            assert!(page::files(text).is_empty(), "this is no kind of example:\n{text}");
        }
        page
    }

    fn check(&self) {
        self.is_whole();
        self.summary_states_the_fault();
        assert!(!self.bad.is_empty(), "there is no bad example");
        assert!(!self.good.is_empty(), "there is no good example");
        self.bad.iter().for_each(|bad| self.fires_where_it_says(&bad.text));
        self.good.iter().for_each(|good| self.is_silent(good));
        self.check_fixes();
    }

    fn is_whole(&self) {
        let rule = self.rule;
        assert_eq!(rule.code.split('/').count(), 2, "a code is a family and a name");
        assert!(!rule.applies_to.is_empty(), "the rule looks at no kind of file");
        assert!(!rule.sources.is_empty(), "the rule carries no row of the catalogue");
        assert!(rule.page.contains("## Example"), "the examples have no heading");
    }

    /// A summary says what is found ("A link names a heading that its target does not have."), not what ought to be.
    fn summary_states_the_fault(&self) {
        const DEMANDS: [&str; 6] = ["must", "should", "shall", "ought", "only", "always"];
        const SUBJECTS: [&str; 6] = ["A", "An", "The", "Two", "None", "Code"];
        let summary = self.rule.summary;
        assert!(summary.ends_with('.'), "the summary is no sentence: {summary}");
        let mut words = summary.split([' ', ',', ';', ':', '.']);
        let first = words.next().unwrap_or_default();
        // A fault has somebody or something at its beginning; an imperative has a verb, a good state "Every" or "No".
        let is_subject = SUBJECTS.contains(&first) || first.starts_with('`') || first.ends_with('s');
        assert!(is_subject, "the summary does not begin with what is at fault: {summary}");
        assert_eq!(words.find(|word| DEMANDS.contains(word)), None, "the summary demands something: {summary}");
    }

    fn fires_where_it_says(&self, bad: &str) {
        let fixture = Fixture::new(bad);
        let found = self.fired(&self.open(&fixture));
        let marks = fixture
            .files
            .iter()
            .flat_map(|file| file.marks.iter().map(|mark| Place { path: file.path.to_string(), mark: mark.clone() }));
        let mut expected: Vec<Place> = marks.collect();
        expected.sort();
        assert!(!expected.is_empty(), "a bad example marks no place:\n{bad}");
        let silently = |places: &[Place]| places.iter().map(Place::without_message).collect::<Vec<_>>();
        assert_eq!(silently(&found), silently(&expected), "\nfound: {found:#?}\nin:\n{bad}");
        for (found, expected) in found.iter().zip(&expected) {
            let (found, expected) = (&found.mark.message, &expected.mark.message);
            assert!(found.contains(expected.as_str()), "{found:?} does not contain {expected:?}");
        }
    }

    /// Opens a workspace, and reads all its code for a rule that needs that.
    fn open(&self, fixture: &Fixture) -> Workspace {
        let mut workspace = fixture.open();
        if self.rule.on_request {
            operations::check_code(&mut workspace);
        }
        workspace
    }

    fn is_silent(&self, good: &str) {
        assert_eq!(self.fired(&self.open(&Fixture::new(good))), [], "a good example is found fault with:\n{good}");
    }

    /// Every `bad` example is either fixed as its `fixed` example says, in the order of the page, or has no fix.
    fn check_fixes(&self) {
        if !self.rule.fixable() {
            assert!(self.fixed.is_empty(), "there is a fixed example and no fix");
            assert!(self.bad.iter().all(|bad| !bad.no_fix), "`no-fix` is said of every example by the rule itself");
            return;
        }
        for bad in self.bad.iter().filter(|bad| bad.no_fix) {
            let workspace = Fixture::new(&bad.text).open();
            let fixes = self.fixes(&workspace);
            assert!(fixes.is_empty(), "marked `no-fix`, but there is `{}`:\n{}", fixes[0].title, bad.text);
            let fixable = self.findings(&workspace).any(|(_, finding)| finding.fixable);
            assert!(!fixable, "a finding without a fix says that it has one:\n{}", bad.text);
        }
        let fixable: Vec<&Bad> = self.bad.iter().filter(|bad| !bad.no_fix).collect();
        assert_eq!(
            fixable.len(),
            self.fixed.len(),
            "the bad examples that are not marked `no-fix` and the fixed ones are not as many"
        );
        for (bad, fixed) in fixable.into_iter().zip(&self.fixed) {
            self.fixes_leave_fewer_findings(&bad.text);
            self.fixes_give(&bad.text, fixed);
        }
    }

    /// Each fix that is offered makes the whole workspace better, not only the place that it is offered for. A question
    /// in the place of a fault is better.
    fn fixes_leave_fewer_findings(&self, bad: &str) {
        let all = |workspace: &Workspace| -> Vec<String> {
            // A finding that tells of several things has a related place for each of them.
            let told = |(file, finding): (FileId, &Finding)| {
                let told = format!("{}: {}: {}", workspace.path(file), finding.rule.code, finding.message);
                let more = if finding.rule.code.starts_with("document/missing-") { finding.related.len() } else { 0 };
                vec![told; 1 + more]
            };
            all_findings(workspace).filter(|it| !it.1.rule.asks).flat_map(told).collect()
        };
        let fixture = Fixture::new(bad);
        let workspace = fixture.open();
        let before = all(&workspace);
        for fix in self.fixes(&workspace) {
            let fixture = Fixture::new(bad);
            writer::apply(fixture.folder.path(), &fix.edit).unwrap();
            let after = all(&fixture.open());
            assert!(after.len() < before.len(), "`{}` makes {after:#?} of {before:#?} in:\n{bad}", fix.title);
        }
    }

    /// The first fixes, applied one after another, silence the rule and make of the files what the page shows.
    fn fixes_give(&self, bad: &str, fixed: &str) {
        let fixture = Fixture::new(bad);
        for round in 0.. {
            assert!(round < ROUNDS, "the fixes do not come to an end:\n{bad}");
            let workspace = fixture.open();
            let Some(fix) = self.fixes(&workspace).into_iter().next() else { break };
            writer::apply(fixture.folder.path(), &fix.edit).unwrap();
        }
        assert_eq!(self.fired(&fixture.open()), [], "the fixes leave findings in:\n{bad}");
        let shown = page::files(fixed);
        assert!(!shown.is_empty(), "a fixed example shows no file");
        for file in shown {
            assert_eq!(fixture.read(&file.path), file.text, "{}", file.path);
        }
    }

    fn findings<'w>(&self, workspace: &'w Workspace) -> impl Iterator<Item = (FileId, &'w Finding)> {
        let rule = self.rule;
        all_findings(workspace).filter(move |(_, finding)| finding.rule == rule)
    }

    fn fixes(&self, workspace: &Workspace) -> Vec<Fix> {
        self.findings(workspace).flat_map(|(file, finding)| workspace.fixes(file, finding)).collect()
    }

    fn fired(&self, workspace: &Workspace) -> Vec<Place> {
        let mut places: Vec<Place> =
            self.findings(workspace).map(|(file, finding)| Place::of(workspace, file, finding)).collect();
        places.sort();
        places
    }
}

impl Place {
    fn of(workspace: &Workspace, file: FileId, finding: &Finding) -> Self {
        let text = workspace.text(file).unwrap_or_default();
        let lines = LineIndex::new(&text);
        let at = |offset: u32| lines.position(offset as usize, &text, Encoding::Utf32);
        let (start, end) = (at(finding.span.start), at(finding.span.end));
        let end = if end.line == start.line { end.column } else { u32::MAX };
        let mark = Mark { line: start.line, start: start.column, end, message: finding.message.to_string() };
        Self { path: workspace.path(file).to_string(), mark }
    }

    fn without_message(&self) -> Self {
        Self { path: self.path.clone(), mark: Mark { message: String::new(), ..self.mark.clone() } }
    }
}

fn all_findings(workspace: &Workspace) -> impl Iterator<Item = (FileId, &Finding)> {
    workspace.found().flat_map(|file| workspace.findings(file).iter().map(move |finding| (file, finding)))
}
