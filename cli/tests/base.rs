//! `archwright check` in real repositories: what schemas and AsyncAPI documents are compared with, and that the
//! terminal and agents say the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

const SCHEMA: &str = "docs/features/shop/schemas/orders.placed.v1.avsc";
const OLD: &str = r#"{"type": "record", "name": "OrderPlaced", "fields": [{"name": "orderId", "type": "string"}]}"#;
const BROKEN: &str = r#"{"type": "record", "name": "OrderPlaced", "fields": [{"name": "orderId", "type": "long"}]}"#;

/// What pipelines that run these tests would say of their own pull request.
const PIPELINES: [&str; 6] = [
    "GITHUB_WORKSPACE",
    "CI_PROJECT_DIR",
    "BUILD_SOURCESDIRECTORY",
    "BITBUCKET_CLONE_DIR",
    "BUILDKITE_BUILD_CHECKOUT_PATH",
    "WORKSPACE",
];

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn git(folder: &Path, arguments: &[&str]) {
    let fixed = ["user.name=Test", "user.email=test@example.org", "commit.gpgsign=false", "core.autocrlf=false"];
    let mut command = Command::new("git");
    command.current_dir(folder).args(fixed.iter().flat_map(|it| ["-c", it])).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE");
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A repository with these files on its default branch, and a branch to work on.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("base-").tempdir().unwrap();
    let root = folder.path();
    for (path, text) in files {
        write(root, path, text);
    }
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "Begin"]);
    git(root, &["checkout", "-q", "-b", "work"]);
    folder
}

fn archwright(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    command.current_dir(folder).args(arguments).env_remove("ARCHWRIGHT_LOG");
    for it in PIPELINES {
        command.env_remove(it);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn check(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    archwright(folder, &[], &[&["check"], arguments].concat())
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let (_, stdout, stderr) = check(folder, &[arguments, &["--format", "json", "--severity", "hint"]].concat());
    serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{stderr}"))
}

/// The messages of the rule, each with its file and severity.
fn breaks(report: &Value) -> Vec<String> {
    let found = report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "schema/incompatible-change");
    let text = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
    found.map(|it| format!("{} {}: {}", text(it, "severity"), text(it, "file"), text(it, "message"))).collect()
}

#[test]
fn a_change_that_breaks_readers_is_found_where_the_work_began() {
    let folder = repository(&[(SCHEMA, OLD)]);
    let root = folder.path();
    let (_, stdout, _) = check(root, &[]);
    assert!(stdout.contains("No changed schema or AsyncAPI document was compared with"), "{stdout}");
    assert!(stdout.contains("HEAD itself, because main has all its commits."), "{stdout}");
    write(root, SCHEMA, BROKEN);
    for commits in 0..2 {
        let (code, stdout, stderr) = check(root, &[]);
        assert!(code == 1 && stdout.contains("error[schema/incompatible-change]"), "{stdout}{stderr}");
        assert!(stdout.contains("1 changed schema or AsyncAPI document was compared with"), "{stdout}");
        assert_eq!(stdout.contains("the merge base of HEAD and main."), commits > 0, "{stdout}");
        git(root, &["commit", "-q", "-a", "--allow-empty", "-m", "Break"]);
    }
    git(root, &["reset", "-q", "--hard", "HEAD^"]);
    let report = report(root, &[]);
    let compared = &report["summary"]["compared_with"][0];
    assert_eq!((compared["commit"].as_str().unwrap().len(), &compared["changed"]), (40, &1.into()));
    assert_eq!(compared["base"], "the merge base of HEAD and main");
    // What is compared with can be chosen, and left out.
    assert_eq!(breaks(&self::report(root, &["--base", "HEAD"])), [""; 0]);
    assert_eq!(breaks(&self::report(root, &["--base", "HEAD^"])).len(), 1);
    let (_, stdout, _) = check(root, &["--no-base"]);
    assert!(!stdout.contains("incompatible") && !stdout.contains("compared"), "{stdout}");
    let (code, stdout, stderr) = check(root, &["--base", "nowhere"]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("`nowhere` names no commit"), "{stdout}{stderr}");
    write(root, "archwright.toml", "[compatibility]\nbase = \"none\"\n");
    assert_eq!(breaks(&self::report(root, &[])), [""; 0]);
    assert_eq!(breaks(&self::report(root, &["--base", "main"])).len(), 1);
    write(root, "archwright.toml", "[compatibility]\nbase = \"HEAD\"\n");
    assert_eq!(breaks(&self::report(root, &[])), [""; 0]);
    write(root, "archwright.toml", "[compatibility]\nbase = \"gone\"\n");
    let (_, stdout, _) = check(root, &[]);
    assert!(stdout.contains("were not compared with what they were: `gone` names no commit"), "{stdout}");
}

#[test]
fn what_others_did_since_is_none_of_the_work() {
    let folder = repository(&[(SCHEMA, OLD), ("README.md", "# Shop\n")]);
    let root = folder.path();
    git(root, &["checkout", "-q", "main"]);
    write(root, SCHEMA, BROKEN);
    git(root, &["commit", "-q", "-a", "-m", "Break"]);
    git(root, &["checkout", "-q", "work"]);
    for arguments in [&["check"][..], &["check", "--base", "main"], &["diff", "--base", "main"], &["diff"]] {
        let (_, stdout, _) = archwright(root, &[], arguments);
        assert!(!stdout.contains("incompatible-change") && !stdout.contains("Incompatible"), "{arguments:?} {stdout}");
    }
}

#[test]
fn where_nothing_can_be_compared_it_says_so_and_goes_on() {
    let nowhere = tempfile::tempdir().unwrap();
    write(nowhere.path(), SCHEMA, OLD);
    let (_, stdout, _) = check(nowhere.path(), &[]);
    assert!(stdout.contains("were not compared with what they were: there is no git repository."), "{stdout}");
    let (code, _, stderr) = check(nowhere.path(), &["--base", "main"]);
    assert!(code == 2 && stderr.contains("lies in no git repository"), "{stderr}");
    // Where there is no schema, there is nothing to say.
    fs::remove_dir_all(nowhere.path().join("docs/features/shop/schemas")).unwrap();
    write(nowhere.path(), "docs/features/shop/README.md", "# Shop\n");
    assert!(!check(nowhere.path(), &[]).1.contains("compared"));

    let origin = repository(&[(SCHEMA, OLD)]);
    write(origin.path(), SCHEMA, BROKEN);
    git(origin.path(), &["commit", "-q", "-a", "-m", "Break"]);
    git(origin.path(), &["checkout", "-q", "main"]);
    write(origin.path(), "more.md", "# More\n");
    git(origin.path(), &["add", "-A"]);
    git(origin.path(), &["commit", "-q", "-m", "Go on"]);
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    git(clone.path(), &["clone", "-q", "--depth", "1", "--branch", "work", "--no-single-branch", &url, "."]);
    let (_, stdout, _) = check(clone.path(), &[]);
    assert!(stdout.contains("have no common commit; in a shallow clone, fetch the whole history"), "{stdout}");
    let missing = &report(clone.path(), &[])["summary"]["compared_with"][0]["missing"];
    assert!(missing.as_str().unwrap().contains("shallow"), "{missing}");
    // A pipeline that did not fetch what the pull request goes to.
    let here = clone.path().to_str().unwrap();
    let (_, stdout, _) =
        archwright(clone.path(), &[("GITHUB_WORKSPACE", here), ("GITHUB_BASE_REF", "release")], &["check"]);
    assert!(stdout.contains("(`release`, as GITHUB_BASE_REF says) was not fetched"), "{stdout}");
    git(clone.path(), &["fetch", "-q", "--unshallow"]);
    assert_eq!(breaks(&report(clone.path(), &[])).len(), 1);
}

#[test]
fn what_cannot_be_compared_is_named() {
    let folder = repository(&[("a.avsc", "{\"type\": \"recrod\"}"), ("b.avsc", OLD), ("c.avsc", OLD)]);
    let root = folder.path();
    write(root, "a.avsc", OLD);
    write(root, "b.avsc", "{");
    write(root, "c.avsc", BROKEN);
    let report = report(root, &[]);
    assert_eq!(breaks(&report).len(), 1, "{report:#}");
    let compared = &report["summary"]["compared_with"][0];
    let reasons: Vec<_> = compared["not_compared"].as_array().unwrap().iter().map(ToString::to_string).collect();
    assert!(reasons[0].contains("a.avsc") && reasons[0].contains("its old version cannot be read"), "{reasons:?}");
    assert!(reasons[1].contains("b.avsc") && reasons[1].contains("it cannot be read"), "{reasons:?}");
    let (_, stdout, _) = check(root, &[]);
    assert!(stdout.contains("a.avsc was not compared: its old version cannot be read"), "{stdout}");
}

#[test]
fn schemas_and_documents_outside_of_the_layout_are_compared() {
    let json = |ty: &str| {
        format!(
            "{{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"properties\": {{\"a\": {{\"type\": \
            \"{ty}\"}}}}}}"
        )
    };
    let proto = |ty: &str| format!("syntax = \"proto3\";\nmessage A {{ {ty} a = 1; }}\n");
    let (old, new) = ((json("string"), proto("string")), (json("integer"), proto("int32")));
    let folder = repository(&[
        ("src/avro/placed.avsc", OLD),
        ("schemas/order.json", &old.0),
        ("proto/a.proto", &old.1),
        ("package.json", "{\"type\": \"module\"}"),
    ]);
    let root = folder.path();
    let texts = [("src/avro/placed.avsc", BROKEN), ("schemas/order.json", &new.0), ("proto/a.proto", &new.1)];
    for (path, text) in texts {
        write(root, path, text);
    }
    write(root, "package.json", "{\"type\": \"commonjs\"}");
    let report = report(root, &[]);
    // Nobody said whom they serve, so nothing fails.
    let found = breaks(&report);
    assert!(found.len() == 3 && found.iter().all(|it| it.starts_with("info ")), "{report:#}");
    assert_eq!(report["findings"].as_array().unwrap().len(), 3, "nothing else is said of them: {report:#}");
    // A file that is named was looked at, and one that nothing can be said of was not.
    let (code, _, stderr) = check(root, &["src/avro/placed.avsc"]);
    assert!(code == 0 && stderr.is_empty(), "{stderr}");
    write(root, "archwright.toml", "[compatibility]\nregistry = \"karapace\"\n");
    assert_eq!(check(root, &["src/avro/placed.avsc"]).0, 1);
    assert_eq!(check(root, &["--no-base", "src/avro/placed.avsc"]).0, 0);
}

#[test]
fn an_optional_property_of_an_open_schema_is_no_error_unless_a_registry_is_chosen() {
    let schema = "docs/features/shop/schemas/orders.placed.v1.json";
    let of =
        |more: &str| format!("{{\"type\": \"object\", \"properties\": {{\"id\": {{\"type\": \"string\"}}{more}}}}}");
    let folder = repository(&[(schema, &of(""))]);
    let root = folder.path();
    write(root, schema, &of(", \"note\": {\"type\": \"string\"}"));
    let found = breaks(&report(root, &[]));
    assert!(found.len() == 1 && found[0].starts_with("hint ") && found[0].contains("strict policy"), "{found:?}");
    for (registry, expected) in [("confluent", "error "), ("karapace", "error ")] {
        write(root, "archwright.toml", &format!("[compatibility]\nregistry = \"{registry}\"\n"));
        let found = breaks(&report(root, &[]));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{registry} {found:?}");
    }
    write(root, "archwright.toml", "[compatibility]\nregistry = \"confluent-lenient\"\n");
    assert_eq!(breaks(&report(root, &[])), [""; 0]);
}

#[test]
fn a_document_that_sends_is_asked_for_its_readers() {
    let document = |action: &str, states: &str| {
        format!(
            "asyncapi: 3.0.0\ninfo: {{ title: Orders, version: 1.0.0 }}\n\
            channels:\n  placed:\n    address: orders.placed.v1\n    messages:\n      OrderPlaced: {{ payload: {{ \
            type: object, properties: {{ state: {{ enum: [{states}] }} }} }} }}\n\
            operations:\n  it: {{ action: {action}, channel: {{ $ref: '#/channels/placed' }} }}\n"
        )
    };
    for (action, old, new, mode) in [
        ("send", "a, b", "a, b, c", Some("FORWARD")),
        ("send", "a, b", "a", None),
        ("receive", "a, b", "a, b, c", None),
        ("receive", "a, b", "a", Some("BACKWARD")),
    ] {
        let folder = repository(&[("asyncapi.yaml", &document(action, old))]);
        write(folder.path(), "asyncapi.yaml", &document(action, new));
        let found = breaks(&report(folder.path(), &[]));
        assert_eq!(found.len(), usize::from(mode.is_some()), "{action} {old} -> {new} {found:?}");
        let (code, stdout, _) = archwright(folder.path(), &[], &["diff", "--format", "json"]);
        assert_eq!(code, i32::from(mode.is_some()), "{stdout}");
        if let Some(mode) = mode {
            assert!(found[0].contains(&format!("the default mode `{mode}`")), "{found:?}");
            let change = &serde_json::from_str::<Value>(&stdout).unwrap()["changes"][0];
            assert_eq!(change["mode"], mode.to_lowercase());
        }
    }
}

#[test]
fn levels_of_buf_are_asked_where_a_project_names_them() {
    let proto = |name: &str| format!("syntax = \"proto3\";\npackage pay.v1;\nmessage Paid {{ string {name} = 1; }}\n");
    let settings = |level: &str| format!("version: v2\nmodules:\n  - path: proto\nbreaking:\n  use: [{level}]\n");
    let folder = repository(&[("buf.yaml", "version: v2\n"), ("proto/pay/v1/pay.proto", &proto("id"))]);
    let root = folder.path();
    write(root, "proto/pay/v1/pay.proto", &proto("key"));
    let both = |arguments: &[&str]| {
        let (_, stdout, stderr) = archwright(root, &[], &[&["diff", "--format", "json"], arguments].concat());
        let answer: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
        let kinds = answer["changes"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap().to_owned());
        (breaks(&report(root, &[])), kinds.collect::<Vec<_>>())
    };
    // Names are free on the wire, and nobody asked for more.
    assert_eq!(both(&[]), (vec![], vec![]));
    for (level, expected) in [("FILE", 1), ("WIRE_JSON", 1), ("WIRE", 0)] {
        write(root, "buf.yaml", &settings(level));
        let (found, kinds) = both(&[]);
        // A field with another name has another one in JSON too, which buf tells and which is one mistake.
        assert_eq!((found.len(), kinds.len()), (expected, 2 * expected), "{level} {found:?} {kinds:?}");
        assert!(found.iter().all(|it| it.contains("`FIELD_SAME_") && it.contains("`buf.yaml`")), "{found:?}");
    }
    assert_eq!(both(&["--level", "file"]).1, ["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"]);
    write(root, "archwright.toml", "[compatibility]\nprotobuf = \"WIRE_JSON\"\n");
    let (found, kinds) = both(&[]);
    assert!(found[0].contains("which the level `WIRE_JSON` asks for") && kinds.len() == 2, "{found:?} {kinds:?}");
}

#[test]
fn a_break_in_a_file_that_a_document_refers_to_is_told_once() {
    let document = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n\
        channels:\n  placed:\n    address: orders.placed.v1\n    messages:\n      OrderPlaced: { payload: { $ref: \
        ./schemas/order.json } }\noperations:\n  tell: { action: send, channel: { $ref: '#/channels/placed' } }\n";
    for (head, file) in
        [("", "asyncapi.yaml"), ("\"$schema\": \"http://json-schema.org/draft-07/schema#\", ", "schemas/order.json")]
    {
        let schema = |states: &str| {
            format!("{{{head}\"type\": \"object\", \"properties\": {{\"state\": {{\"enum\": [{states}]}}}}}}")
        };
        let folder = repository(&[("asyncapi.yaml", document), ("schemas/order.json", &schema("\"a\""))]);
        write(folder.path(), "schemas/order.json", &schema("\"a\", \"b\""));
        let found = breaks(&report(folder.path(), &[]));
        assert!(found.len() == 1 && found[0].starts_with(&format!("error {file}: ")), "{found:?}");
        assert!(found[0].contains("the default mode `FORWARD` for what the application sends"), "{found:?}");
    }
}

/// The findings of the MCP tool, page by page.
fn agent(folder: &Path, arguments: &Value) -> (BTreeSet<String>, Value) {
    let mut found = BTreeSet::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut arguments = arguments.clone();
        arguments["limit"] = 100.into();
        if let Some(cursor) = &cursor {
            arguments["cursor"] = cursor.as_str().into();
        }
        let answer = call(folder, &arguments);
        let content = &answer["result"]["structuredContent"];
        for it in content["findings"].as_array().unwrap_or_else(|| panic!("{answer:#}")) {
            found.insert(format!("{} {}", it["rule"].as_str().unwrap(), it["message"].as_str().unwrap()));
        }
        match content["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return (found, content["summary"].clone()),
        }
    }
}

fn call(folder: &Path, arguments: &Value) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    command.arg("mcp").current_dir(folder).env_remove("CLAUDE_PROJECT_DIR");
    for it in PIPELINES {
        command.env_remove(it);
    }
    let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let messages = [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "check", "arguments": arguments}}),
    ];
    let mut input = server.stdin.take().unwrap();
    for message in messages {
        writeln!(input, "{message}").unwrap();
    }
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(server.stdout.take().unwrap()));
    let answer = lines.find_map(|it| {
        let message: Value = serde_json::from_str(&it.unwrap()).unwrap();
        (message["id"] == 2).then_some(message)
    });
    drop(input);
    server.wait().unwrap();
    answer.unwrap()
}

#[test]
fn terminal_and_agent_say_the_same() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop-faulty");
    let folder = tempfile::tempdir().unwrap();
    copy(&sample, folder.path());
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "Begin"]);
    write(root, "docs/features/order-checkout/schemas/extra.made.v1.avsc", OLD);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "More"]);
    write(root, "docs/features/order-checkout/schemas/extra.made.v1.avsc", BROKEN);
    for (flags, arguments) in [
        (vec![], json!({"severity": "hint"})),
        (vec!["--no-base"], json!({"severity": "hint", "base": "none"})),
        (vec!["--base", "HEAD^"], json!({"severity": "hint", "base": "HEAD^"})),
    ] {
        let report = report(root, &flags);
        let texts = |it: &Value| format!("{} {}", it["rule"].as_str().unwrap(), it["message"].as_str().unwrap());
        let terminal: BTreeSet<String> = report["findings"].as_array().unwrap().iter().map(texts).collect();
        let (agent, mut summary) = agent(root, &arguments);
        assert_eq!(terminal, agent, "{flags:?}");
        // Messages that are cut would not be equal, so this counts more than it seems.
        assert!(terminal.len() > 50, "{}", terminal.len());
        let mut expected = report["summary"].clone();
        for it in [&mut summary, &mut expected] {
            it.as_object_mut().unwrap().remove("kinds");
        }
        assert_eq!(summary, expected, "{flags:?}");
        assert_eq!(breaks(&report).len(), usize::from(flags.is_empty()), "{flags:?}");
    }
    let refused = call(root, &json!({"base": "nowhere"}));
    assert!(refused.to_string().contains("`nowhere` names no commit"), "{refused}");
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn files_that_are_gone_are_told_where_their_contract_stands() {
    let contract = "docs/features/shop/contracts/orders.placed.v1.md";
    let api = "asyncapi: 3.0.0\ninfo: { title: Shop, version: 1.0.0 }\nchannels: { a: { address: orders.paid.v1 } }\n";
    let folder = repository(&[
        (SCHEMA, OLD),
        (contract, "# Contract: orders.placed.v1\n\n- **Status**: Active\n"),
        ("apis/shop.yaml", api),
        ("archwright.toml", "exclude = [\"vendor/**\"]\n"),
    ]);
    let root = folder.path();
    let told = || -> Vec<(String, String)> {
        let report = report(root, &[]);
        let all = report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "schema/removed-file");
        all.map(|it| (it["file"].as_str().unwrap().to_owned(), it["severity"].as_str().unwrap().to_owned())).collect()
    };
    assert_eq!(told(), []);
    git(root, &["rm", "-q", "apis/shop.yaml"]);
    fs::remove_file(root.join(SCHEMA)).unwrap();
    let of = |file: &str, severity: &str| (file.to_owned(), severity.to_owned());
    assert_eq!(told(), [of("archwright.toml", "warning"), of(contract, "error")]);
    git(root, &["commit", "-q", "-a", "-m", "Remove"]);
    assert_eq!(told().len(), 2);
    // The other branch had it removed as well.
    git(root, &["branch", "-f", "main", "work"]);
    assert_eq!(told(), []);
}
