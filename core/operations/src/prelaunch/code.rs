//! Evidence in code and in pipelines: tests, the signal to stop, the job that compares schemas.

use archwright_knowledge::evidence_words;
use archwright_model::{RelPath, TextFile, conventions::role::Role, facts::prose};
use archwright_syntax::{
    Encoding, LineIndex,
    data::{Format, Node, parse},
};

use super::{
    super::{ReviewPlace, review::code_lines},
    case::{Case, Said, is_test},
    channels,
    gates::Found,
};

/// So deep and so much of a data file is looked through.
const MAX_DEPTH: usize = 24;
const MAX_NODES: usize = 50_000;

/// Whether a line has one of the words of a kind, as it is written there.
fn has_piece(line: &str, kind: &str) -> bool {
    evidence_words(kind).iter().any(|it| line.contains(it.as_str()))
}

/// Files of code that are no comment in the lines asked for: the first line for which `is` holds.
fn line_of(path: &RelPath, text: &str, is: impl Fn(&str) -> bool) -> Option<ReviewPlace> {
    let code = code_lines(text);
    let line = code.into_iter().find(|it| is(it))?;
    let at = line.as_ptr() as usize - text.as_ptr() as usize;
    let line = LineIndex::new(text).position(at, text, Encoding::Utf32).line + 1;
    Some(ReviewPlace { file: path.clone(), line })
}

/// The tests that run: files from which nothing was taken out.
fn running_tests<'c>(case: &'c Case) -> impl Iterator<Item = &'c TextFile> {
    case.code().iter().filter(|it| is_test(&it.path) && !has_piece(&it.text, "skipped"))
}

/// Tests of duplicates, retries, dead letters and replay, by their names.
pub(super) fn tests(case: &Case) -> Found {
    let kinds = ["duplicates", "retries", "dead-lettered", "replays"];
    let (mut places, mut absent) = (Vec::new(), Vec::new());
    for kind in kinds {
        let is_named = |line: &str| has_piece(line, "test") && has_piece(&line.to_lowercase(), kind);
        let found = running_tests(case).find_map(|it| line_of(&it.path, &it.text, is_named));
        match found {
            Some(found) => places.push(found),
            None => absent.push(kind.replace('-', " ")),
        }
    }
    match (absent.is_empty(), places.is_empty()) {
        (true, _) => Found::met("", places),
        (_, true) => Found::unknown(),
        _ if case.has_more_code() => Found::unknown(),
        _ => Found::open(format!("no test here is named after {}", absent.join(", ")), places),
    }
}

/// A test that starts a broker.
pub(super) fn broker_test(case: &Case) -> Found {
    let starts = |line: &str| has_piece(line, "broker") && !line.starts_with("import ") && !line.starts_with("from ");
    let tests = running_tests(case).filter(|it| code_lines(&it.text).into_iter().any(|line| has_piece(line, "test")));
    let found = tests.into_iter().find_map(|it| line_of(&it.path, &it.text, starts));
    found.map_or_else(Found::unknown, |it| Found::met("", vec![it]))
}

/// Code that handles the signal to stop.
pub(super) fn shutdown(case: &Case) -> Found {
    let handles = |line: &str| {
        let takes = has_piece(line, "signal") && has_piece(line, "takes-signal");
        (takes || has_piece(line, "shutdown")) && !has_piece(line, "exits")
    };
    let mut places = Vec::new();
    // What one service does at its end says nothing of the others.
    for service in case.services() {
        let folder = format!("{service}/");
        let code = case.code().iter().filter(|it| !is_test(&it.path) && it.path.as_str().starts_with(&folder));
        let Some(found) = code.into_iter().find_map(|it| line_of(&it.path, &it.text, handles)) else {
            return Found::unknown();
        };
        places.push(found);
    }
    if places.is_empty() { Found::unknown() } else { Found::met("", places) }
}

/// The job that each contract names, in a pipeline where it can refuse.
pub(super) fn ci_gate(case: &Case) -> Found {
    if case.sent.is_empty() {
        return channels::nothing_sent(case);
    }
    let mut places = Vec::new();
    for channel in &case.sent {
        let Some(contract) = case.contract(channel) else { return Found::unknown() };
        let (name, at) = match case.field(contract, Role::CiGate) {
            Said::Yes(said, at) if prose::affirms(&said) => match job_name(&said) {
                Some(name) => (name, at),
                None => {
                    let text = format!("the contract of `{channel}` says so, and names no job by its name");
                    return Found::open(text, vec![at]);
                }
            },
            Said::Absent(at) => {
                return Found::open(
                    format!("the contract of `{channel}` names no job in a field of its own"),
                    vec![at],
                );
            }
            Said::Yes(_, at) | Said::No(at) => {
                return Found::missing(format!("the contract of `{channel}` names no job"), vec![at]);
            }
        };
        let pipelines = case.pipelines();
        if pipelines.is_empty() {
            let text =
                format!("the contract of `{channel}` names `{name}`, and there is no pipeline here to look into");
            return Found::open(text, vec![at]);
        }
        let jobs: Vec<(&RelPath, Job)> =
            pipelines.iter().filter_map(|it| Some((&it.path, job(&it.text, &name)?))).collect();
        match jobs.iter().find(|it| it.1.refuses).or_else(|| jobs.first()) {
            Some((path, it)) if it.refuses => places.push(ReviewPlace { file: (*path).clone(), line: it.line }),
            Some((path, it)) => {
                let place = ReviewPlace { file: (*path).clone(), line: it.line };
                return Found::missing(format!("the job `{name}` is switched off or may fail"), vec![place]);
            }
            None => return Found::missing(format!("no pipeline here has a job `{name}`"), vec![at]),
        }
    }
    places.dedup();
    Found::met("", places)
}

/// The name of a job in a sentence: what stands in code, or the sentence if it is one word.
fn job_name(said: &str) -> Option<String> {
    let in_code = said.split_once('`').and_then(|it| it.1.split_once('`')).map(|it| it.0);
    let name = in_code.or_else(|| (!said.trim().contains(char::is_whitespace)).then_some(said))?.trim();
    (name.len() > 2).then(|| name.to_owned())
}

/// A job or a step of a pipeline.
struct Job {
    line: u32,
    /// Whether it runs and its failure counts.
    refuses: bool,
}

/// The job of a name in a pipeline. Comments are none.
fn job(text: &str, name: &str) -> Option<Job> {
    let tree = parse(text, Format::Yaml);
    let mut nodes = 0;
    let mut found: Option<(usize, bool)> = None;
    let root = tree.root()?;
    find_job(root, name, runs_for_changes(root), false, 0, &mut nodes, &mut found);
    let (at, refuses) = found?;
    let line = LineIndex::new(text).position(at, text, Encoding::Utf32).line + 1;
    Some(Job { line, refuses })
}

/// Whether a workflow that says when it runs is run for changes.
fn runs_for_changes(root: Node<'_>) -> bool {
    let Some(on) = root.get("on") else { return true };
    let is_one = |it: &str| evidence_words("runs-for-changes").iter().any(|known| known == it);
    on.scalar().is_some_and(is_one)
        || on.items().any(|it| it.scalar().is_some_and(is_one))
        || on.entries().any(|it| is_one(it.key))
}

fn find_job(
    node: Node<'_>,
    name: &str,
    refuses: bool,
    in_script: bool,
    depth: usize,
    nodes: &mut usize,
    found: &mut Option<(usize, bool)>,
) {
    *nodes += 1;
    if depth > MAX_DEPTH || *nodes > MAX_NODES || found.is_some_and(|it| it.1) {
        return;
    }
    let is_on = |key: &str, off: &[&str]| {
        node.get(key).and_then(|it| it.scalar().map(str::trim)).is_none_or(|it| !off.contains(&it))
    };
    let refuses = refuses
        && is_on("if", &["false", "${{ false }}"])
        && is_on("continue-on-error", &["true"])
        && is_on("allow_failure", &["true"])
        && is_on("when", &["never", "manual"])
        && is_on("enabled", &["false"]);
    for entry in node.entries() {
        let at = entry.key_span.start as usize;
        let key = entry.key.to_string();
        let value = entry.value;
        // What a job is called, or what a step runs.
        let is_key = key == name && value.entries().next().is_some();
        let said = value.scalar().unwrap_or_default();
        let runs =
            says_what_runs(&key) && said.lines().any(|it| !it.trim_start().starts_with('#') && has_name(it, name));
        if is_key || runs {
            let own = if is_key { off(value) } else { false };
            keep(found, at, refuses && !own);
        }
        find_job(value, name, refuses, says_what_runs(&key), depth + 1, nodes, found);
    }
    for item in node.items() {
        if let Some(said) = item.scalar().filter(|_| in_script)
            && said.lines().any(|it| !it.trim_start().starts_with('#') && has_name(it, name))
        {
            keep(found, item.span().start as usize, refuses);
        }
        find_job(item, name, refuses, false, depth + 1, nodes, found);
    }
}

/// Whether a key of a pipeline stands before what is run.
fn says_what_runs(key: &str) -> bool {
    evidence_words("says-what-runs").iter().any(|it| it == key)
}

/// Whether a job says of itself that it does not run or may fail.
fn off(job: Node<'_>) -> bool {
    let is = |key: &str, values: &[&str]| {
        job.get(key).and_then(|it| it.scalar().map(str::trim)).is_some_and(|it| values.contains(&it))
    };
    is("if", &["false", "${{ false }}"])
        || is("continue-on-error", &["true"])
        || is("allow_failure", &["true"])
        || is("when", &["never", "manual"])
        || is("enabled", &["false"])
}

fn keep(found: &mut Option<(usize, bool)>, at: usize, refuses: bool) {
    if found.is_none_or(|it| !it.1 && refuses) {
        *found = Some((at, refuses));
    }
}

/// Whether a line has a name as a whole word. Who prints it, or goes on when it fails, runs nothing that could refuse.
fn has_name(line: &str, name: &str) -> bool {
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    let prints = line.trim_start().starts_with("echo ") || line.contains("|| true");
    !prints
        && line.match_indices(name).any(|(at, _)| {
            let before = line.get(..at).and_then(|it| it.chars().next_back());
            let after = line.get(at + name.len()..).and_then(|it| it.chars().next());
            !is_part(before) && !is_part(after)
        })
}

/// Where a document declares a property that has one of some names.
pub(super) fn property(node: Node<'_>, names: &[String]) -> Option<usize> {
    fn find(node: Node<'_>, names: &[String], declares: bool, depth: usize, nodes: &mut usize) -> Option<usize> {
        *nodes += 1;
        if depth > MAX_DEPTH || *nodes > MAX_NODES {
            return None;
        }
        for entry in node.entries() {
            let key = entry.key.to_string();
            if declares && names.contains(&key) {
                return Some(entry.key_span.start as usize);
            }
            // What an example shows is declared nowhere.
            if key == "examples" || key == "example" || key.starts_with("x-") {
                continue;
            }
            let below = find(entry.value, names, key == "properties", depth + 1, nodes);
            if below.is_some() {
                return below;
            }
        }
        node.items().find_map(|it| find(it, names, false, depth + 1, nodes))
    }
    find(node, names, false, 0, &mut 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_refuses_unless_it_is_off() {
        let refuses = |text: &str| job(text, "schema-compat").map(|it| it.refuses);
        for (text, expected) in [
            ("jobs:\n  schema-compat:\n    steps: [{ run: make }]\n", Some(true)),
            ("jobs:\n  all:\n    steps:\n      - name: schema-compat\n        run: make\n", Some(true)),
            ("jobs:\n  all:\n    steps:\n      - run: |\n          make schema-compat\n", Some(true)),
            ("schema-compat:\n  script: [make]\n", Some(true)),
            ("schema-compat:\n  script: [make]\n  allow_failure: true\n", Some(false)),
            ("jobs:\n  schema-compat:\n    if: false\n    steps: []\n", Some(false)),
            ("jobs:\n  all:\n    steps:\n      - run: make schema-compat || true\n", None),
            ("jobs:\n  all:\n    steps:\n      - run: echo schema-compat\n", None),
            (
                "# schema-compat\njobs:\n  all:\n    steps:\n      - run: |\n          # schema-compat\n          make\n",
                None,
            ),
            ("on: { schedule: [] }\njobs:\n  schema-compat:\n    steps: [{ run: make }]\n", Some(false)),
            ("on: [push]\njobs:\n  schema-compat:\n    steps: [{ run: make }]\n", Some(true)),
            ("jobs:\n  all:\n    needs: [schema-compat]\n    steps: []\n", None),
            ("jobs:\n  schema-compat-docs:\n    steps: []\n", None),
        ] {
            assert_eq!(refuses(text), expected, "{text}");
        }
    }

    #[test]
    fn a_job_is_named_in_code_or_alone() {
        assert_eq!(job_name("`schema-compat` compares the schema").as_deref(), Some("schema-compat"));
        assert_eq!(job_name("schema-compat").as_deref(), Some("schema-compat"));
        assert_eq!(job_name("the registry refuses it"), None);
    }
}
