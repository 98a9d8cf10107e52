//! Order fulfilment from an empty repository to its launch, through the official clients and the real program.
//!
//! The steps and the answers are those of `mcp/tests/server/fulfilment.rs`, which says what they show. Here each answer
//! has to come out of the official clients as it is there, with a session of its own, as when people work over days.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use archwright_e2e::{Client, Era, archwright, read_json, repository, run, temporary_folder, workspace, write};
use serde_json::{Value, json};

#[test]
fn order_fulfilment_goes_to_its_launch_through_the_typescript_client() {
    walk(Client::TypeScript, Era::Legacy);
}

#[test]
fn order_fulfilment_goes_to_its_launch_through_the_python_client() {
    walk(Client::Python, Era::Stateless);
}

/// Writing the design, contract, record and runbook of such a service by hand took so many bytes.
const BY_HAND: usize = 13_700;

/// A new service in the sample shop takes a third of the bytes, and the answers stay small.
#[test]
fn a_loyalty_service_is_written_with_a_third_of_the_bytes() {
    let steps = read_json(&repository().join("tests/e2e/loyalty.json"));
    let steps: Vec<(&str, Value)> =
        steps.as_array().unwrap().iter().map(|it| (it["tool"].as_str().unwrap(), it["arguments"].clone())).collect();
    let folder = workspace("shop");
    let server = json!({"command": "archwright", "args": ["mcp"]});
    let answers = Client::TypeScript.session(Era::Legacy, &server, folder.path(), &steps);
    let results = answers["results"].as_array().unwrap();
    for (result, (tool, _)) in results.iter().zip(&steps) {
        assert_ne!(result["isError"], true, "{tool}: {result:#}");
        assert!(text(result).starts_with("Written."), "{tool}: {result:#}");
    }
    let given: usize = steps.iter().map(|it| it.1.to_string().len()).sum();
    assert!(given * 3 <= BY_HAND, "{given} bytes given");
    // Clients hand on either form, so the larger one counts.
    let forms = |it: &Value| text(it).len().max(it["structuredContent"].to_string().len());
    let answered: usize = results.iter().map(forms).sum();
    assert!(answered <= 40 * 1024, "{answered} bytes answered");

    let feature = folder.path().join("docs/features/loyalty-points");
    for file in
        ["design.md", "contracts/points.booked.v1.md", "schemas/points.booked.v1.json", "runbooks/dlq-triage.md"]
    {
        assert!(feature.join(file).is_file(), "{file} is missing");
    }
    let readme = fs::read_to_string(feature.join("README.md")).unwrap();
    assert!(readme.contains("adrs/0001-book-points-when-money-has-arrived.md"), "{readme}");
    let mut check = archwright(["check", ".", "--format", "json"]);
    let report = run(check.current_dir(folder.path()), Duration::from_secs(60)).json();
    assert_eq!(report["summary"]["errors"], 0, "{report:#}");
}

fn walk(client: Client, era: Era) {
    let steps = read_json(&tests().join("fulfilment.json"));
    let folder = temporary_folder();
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    let mut calls = 0;
    for step in steps.as_array().unwrap() {
        if let Some(path) = step["write"].as_str() {
            write(root, path, step["text"].as_str().unwrap());
        } else if let Some(message) = step["commit"].as_str() {
            git(root, &["add", "-A"]);
            git(root, &["commit", "-qm", message]);
            if let Some(branch) = step["branch"].as_str() {
                git(root, &["checkout", "-qb", branch]);
            }
        } else {
            calls += 1;
            let (name, tool) = (step["call"].as_str().unwrap(), step["tool"].as_str().unwrap());
            let call = (tool, step["arguments"].clone());
            let server = json!({"command": "archwright", "args": ["mcp"]});
            let answer = client.session(era, &server, root, &[call])["results"][0].take();
            assert_ne!(answer["isError"], true, "{name}: {answer:#}");
            assert!(answer["structuredContent"].is_object(), "{name}: {answer:#}");
            let expected = snapshot(&format!("{calls:02}_{name}"));
            assert_eq!(format!("# {tool}\n\n{}", stable(&text(&answer))).trim(), expected.trim(), "{client:?} {era:?}");
        }
    }
    assert!(calls >= 10, "{calls} calls");
    // Neither an error nor a warning is left, by the program of the pipeline as well.
    let mut check = archwright(["check", ".", "--format", "json"]);
    let report = run(check.current_dir(root), Duration::from_secs(60)).expect_code(0).json();
    assert_eq!(report["summary"]["errors"], 0, "{report:#}");
    assert_eq!(report["summary"]["warnings"], 0, "{report:#}");
}

fn tests() -> PathBuf {
    repository().join("mcp/tests/server")
}

/// An answer as it was accepted.
fn snapshot(name: &str) -> String {
    let file = tests().join(format!("snapshots/server__fulfilment__{name}.snap"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.splitn(3, "---\n").nth(2).unwrap_or_else(|| panic!("{} has no answer", file.display())).to_owned()
}

fn text(answer: &Value) -> String {
    answer["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
}

/// An answer without hashes, which differ from run to run.
fn stable(text: &str) -> String {
    let mut stable = String::new();
    for piece in text.split_inclusive(|it: char| !it.is_ascii_alphanumeric()) {
        let word = piece.trim_end_matches(|it: char| !it.is_ascii_alphanumeric());
        let is_hash = word.len() >= 7
            && word.chars().all(|it| it.is_ascii_hexdigit())
            && word.chars().any(|it| it.is_ascii_digit());
        if is_hash {
            stable.push_str(&piece.replace(word, "…"));
        } else {
            stable.push_str(piece);
        }
    }
    stable
}

fn git(root: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"]);
    command.args(arguments);
    run(&mut command, Duration::from_secs(30)).expect_code(0);
}
