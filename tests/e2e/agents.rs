//! The cases of the plugin, run by the official Claude Code with a model that follows a script.
//!
//! The model is on loopback and reads what Claude Code really offers it; the server is our binary. What counts is what
//! the server answered and what lies in the workspace, never the words of the script.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use archwright_e2e::{
    Call, Client, Era, Request, Script, ScriptedModel, path_with_binary, read_json, repository, run, temporary_folder,
    tool,
};
use serde_json::{Value, json};

/// A case: what the model does, and what it has to be told.
struct Case {
    script: Script,
    /// Words that each answer of the server has, and words that it must not have.
    answers: Vec<(Vec<String>, Vec<String>)>,
    /// Words that stand in what the model reads before it chooses.
    told: Vec<String>,
}

/// One run of all cases.
struct Run {
    cases: Vec<Case>,
    report: Value,
    requests: Vec<Request>,
    output: String,
}

fn evals() -> PathBuf {
    repository().join("editors/claude-code/evals")
}

fn folders() -> Vec<String> {
    let entries = fs::read_dir(evals()).unwrap().map(|it| it.unwrap().path());
    let mut names: Vec<String> = entries
        .filter(|it| it.join("case.yaml").is_file())
        .map(|it| it.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn case(name: &str) -> Case {
    let script = read_json(&repository().join("tests/e2e/agents").join(format!("{name}.json")));
    let calls = script["calls"].as_array().unwrap();
    Case {
        script: Script {
            name: name.to_owned(),
            prompt: fs::read_to_string(evals().join(name).join("prompt.md")).unwrap(),
            skill: script["skill"].as_str().map(str::to_owned),
            calls: calls
                .iter()
                .map(|it| Call { tool: it["tool"].as_str().unwrap().to_owned(), arguments: it["arguments"].clone() })
                .collect(),
        },
        answers: calls.iter().map(|it| (words(&it["answered"]), words(&it["without"]))).collect(),
        told: words(&script["told"]),
    }
}

/// Runs all cases.
fn all_cases() -> Run {
    let cases: Vec<Case> = folders().iter().map(|it| case(it)).collect();
    let model = ScriptedModel::start(cases.iter().map(|it| it.script.clone()).collect());
    let folder = temporary_folder();
    let report = folder.path().join("report.json");
    let mut command = claude(folder.path(), model.address());
    command.args(["plugin", "eval"]).arg(repository().join("editors/claude-code"));
    // What the report compares with, the same cases without the plugin, says nothing of a model that has a script.
    command.args(["--trust-plugin", "--scaffold", "--mocks", "off", "--ablation", "none", "--no-publish"]);
    command.args(["--runs", "1", "--concurrency", "2"]);
    command.args(["--allow-tools", "ToolSearch", "mcp__plugin_archwright_archwright"]);
    command.arg("--output-dir").arg(folder.path().join("results"));
    command.arg("--report").arg(folder.path().join("report.html")).arg("--json").arg(&report);
    let finished = run(&mut command, Duration::from_secs(300));
    let output = finished.to_string();
    assert!(report.is_file(), "{output}");
    Run { report: read_json(&report), requests: model.requests(), cases, output }
}

/// Claude Code with a home of its own, so that neither a user's settings nor a user's key is read, and with nobody to
/// talk to but the model on loopback.
fn claude(home: &Path, model: &str) -> Command {
    let mut command = Command::new(tool("mcp-clients.sh", "mcp-clients/node_modules/.bin/claude"));
    command.env_clear().current_dir(home).env("PATH", path_with_binary()).env("HOME", home);
    command.env("CLAUDE_CONFIG_DIR", home.join(".claude")).env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    command.env("DISABLE_TELEMETRY", "1").env("DISABLE_AUTOUPDATER", "1");
    command.env("ANTHROPIC_BASE_URL", model).env("ANTHROPIC_API_KEY", "none");
    command
}

/// The requests of each case, in order.
fn by_case(requests: &[Request]) -> BTreeMap<&str, Vec<&Request>> {
    let mut found: BTreeMap<&str, Vec<&Request>> = BTreeMap::new();
    for request in requests {
        if let Some(case) = &request.case {
            found.entry(case).or_default().push(request);
        }
    }
    found
}

/// One test, because the run takes a minute, and some runners give each test a process of its own.
#[test]
fn the_cases_are_passed_in_claude_code() {
    let run = all_cases();
    every_case_is_passed(&run);
    the_server_answers_what_each_case_expects(&run);
    the_first_request_shows_every_operation_and_when_to_call_it(&run);
    cases_that_are_not_ours_are_told_so_before_the_model_chooses(&run);
}

fn every_case_is_passed(run: &Run) {
    let cases = run.report["cases"].as_array().unwrap_or_else(|| panic!("{:#}\n{}", run.report, run.output));
    let mut graded = Vec::new();
    for case in cases {
        let name = case["name"].as_str().unwrap();
        for attempt in case["arms"]["with"].as_array().unwrap() {
            let failed: Vec<&Value> = attempt["graders"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["passed"] != true)
                .map(|it| &it["explanation"])
                .collect();
            let score = attempt["score"].as_f64();
            assert!(failed.is_empty() && score == Some(1.0), "{name}: {score:?} {failed:#?}\n{}", run.output);
            graded.push(name);
        }
    }
    assert_eq!(graded, folders(), "each case is run once\n{}", run.output);
    assert!(graded.len() >= 14, "{graded:?}");
}

fn the_server_answers_what_each_case_expects(run: &Run) {
    let requests = by_case(&run.requests);
    let mut wrong = Vec::new();
    for case in &run.cases {
        let name = &case.script.name;
        let Some(last) = requests.get(name.as_str()).and_then(|it| it.last()) else {
            wrong.push(format!("{name}: the model was not asked"));
            continue;
        };
        let answers = last.answers();
        if answers.len() != case.answers.len() {
            wrong.push(format!("{name}: {} of {} calls were answered", answers.len(), case.answers.len()));
        }
        for (number, ((with, without), answer)) in case.answers.iter().zip(&answers).enumerate() {
            let lacks = with.iter().filter(|it| !answer.contains(it.as_str())).map(|it| format!("lacks `{it}`"));
            let has = without.iter().filter(|it| answer.contains(it.as_str())).map(|it| format!("has `{it}`"));
            for what in lacks.chain(has) {
                wrong.push(format!("{name}, answer {}: {what}\n{answer}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), run.output);
}

fn the_first_request_shows_every_operation_and_when_to_call_it(run: &Run) {
    let folder = temporary_folder();
    let server = json!({"command": "archwright", "args": ["mcp"]});
    let listed = Client::TypeScript.session(Era::Legacy, &server, folder.path(), &[]);
    let mut at_once = 0;
    for (case, requests) in by_case(&run.requests) {
        // Claude Code does not wait until a server has listed all its resources, which are those of the workspace.
        let Some(first) = requests.iter().find(|it| !it.tools().is_empty()) else {
            assert!(requests[0].is_connecting(), "{case}: the model is told of no tool\n{}", requests[0].shown());
            continue;
        };
        at_once += usize::from(!requests[0].tools().is_empty());
        let tools = first.tools();
        let missing: Vec<&str> = listed["tools"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it["name"].as_str())
            .filter(|name| !tools.iter().any(|it| it.ends_with(&format!("__{name}"))))
            .collect();
        assert!(missing.is_empty(), "{case}: the model is not told of {missing:?}\n{}", first.shown());
        let shown = first.shown();
        let instructions = listed["instructions"].as_str().unwrap();
        assert!(shown.contains(instructions.trim()), "{case}: the instructions of the server are cut\n{shown}");
        for skill in ["architecture", "contract", "design", "prelaunch", "review", "runbook"] {
            let text = fs::read_to_string(repository().join(format!("skills/{skill}/SKILL.md"))).unwrap();
            let line = text.lines().find_map(|it| it.strip_prefix("description: ")).unwrap().trim_matches('"');
            assert!(shown.contains(line), "{case}: the description of {skill} is cut\n{shown}");
        }
    }
    assert!(at_once > 0, "in no case is the model told of the tools before it first chooses\n{}", run.output);
}

fn cases_that_are_not_ours_are_told_so_before_the_model_chooses(run: &Run) {
    let requests = by_case(&run.requests);
    let quiet: Vec<&Case> = run.cases.iter().filter(|it| it.script.calls.is_empty()).collect();
    assert!(quiet.len() >= 3);
    for case in quiet {
        let shown = requests[case.script.name.as_str()][0].shown();
        assert!(!case.told.is_empty(), "{} names no words that exclude it", case.script.name);
        for words in &case.told {
            assert!(shown.contains(words), "{}: nothing says `{words}`\n{shown}", case.script.name);
        }
    }
}

#[test]
fn every_operation_has_a_case() {
    let folder = temporary_folder();
    let server = json!({"command": "archwright", "args": ["mcp"]});
    let listed = Client::TypeScript.session(Era::Legacy, &server, folder.path(), &[]);
    let cases: Vec<Case> = folders().iter().map(|it| case(it)).collect();
    let called: Vec<&str> = cases.iter().flat_map(|it| &it.script.calls).map(|it| it.tool.as_str()).collect();
    for name in listed["tools"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()) {
        assert!(called.contains(&name), "no case calls `{name}`");
    }
}
