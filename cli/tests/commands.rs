//! The other commands from outside: explain, rules, schema, convert and design.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// Exit code, stdout and stderr.
fn archwright(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    command.args(arguments).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn here(arguments: &[&str]) -> (i32, String, String) {
    archwright(Path::new("."), arguments, "")
}

#[test]
fn explain_prints_markdown_and_names_what_is_near() {
    let (code, stdout, _) = here(&["explain", "link/dead-target", "outbox"]);
    assert!(
        code == 0 && stdout.starts_with("# link/dead-target\n") && stdout.contains("\n# Transactional Outbox\n"),
        "{stdout}"
    );
    let (code, stdout, stderr) = here(&["explain", "link/dead-targt"]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("did you mean `link/dead-target`?"), "{stderr}");
    let (code, stdout, _) = here(&["explain", "reliability"]);
    assert!(code == 0 && stdout.starts_with("# Reliability questions\n"), "{stdout}");
}

#[test]
fn impact_and_recommend_answer_people_and_programs() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop");
    let (code, stdout, _) = archwright(&shop, &["impact", "orders.placed.v1", "--root", "."], "");
    assert!(code == 0 && stdout.starts_with("channel orders.placed.v1  docs/"), "{stdout}");
    assert!(stdout.contains("\nconsumed by\n  service payment-capture  docs/"), "{stdout}");
    let to = ["impact", "order-checkout", "--to", "payment-capture", "--root", ".", "--format", "json"];
    let (_, stdout, _) = archwright(&shop, &to, "");
    let impact: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(impact["to"]["name"], "payment-capture");
    let (code, stdout, stderr) = archwright(&shop, &["impact", "orders.plced.v1", "--root", "."], "");
    assert!(code == 2 && stdout.is_empty() && stderr.contains("did you mean `orders.placed.v1`?"), "{stderr}");
    let (code, stdout, _) = here(&["recommend", "loss-costs", "crosses-services", "--topic", "reliability"]);
    assert!(code == 0 && stdout.contains("reliability: Level 1"), "{stdout}");
    let (code, _, stderr) = here(&["recommend", "one-receiver", "several-receivers"]);
    assert!(code == 2 && stderr.contains("cannot both hold"), "{stderr}");
}

#[test]
fn scan_tells_what_code_sends_and_receives() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop");
    let scan = |more: &[&str]| archwright(&shop, &[&["scan", "--root", "."], more].concat(), "");
    let (code, stdout, _) = scan(&[]);
    let line = "  sends to payments.captured.v1  services/payments/payments/outbox.py:65  (aiokafka)";
    assert!(code == 0 && stdout.lines().any(|it| it == line), "{stdout}");
    assert!(stdout.contains("\n7 sends and receives in 7 files of code.\n"), "{stdout}");
    // The contracts name features, which are not called as the folders of the code are.
    let said = "could not be compared: whether the service is one that documents name could not be told.\n";
    assert!(stdout.ends_with(said) && !stdout.contains("say otherwise"), "{stdout}");
    assert!(!stdout.contains("Database writes") && !stdout.contains("no document describes"), "{stdout}");

    let (_, stdout, _) = scan(&["services/checkout", "--format", "json"]);
    let scanned: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(scanned["edges"].as_array().unwrap().len(), 4);
    let edge = &scanned["edges"][0];
    assert_eq!((&edge["dir"], &edge["channel"]), (&"produce".into(), &"orders.placed.v1".into()));
    assert_eq!((&edge["file"], &edge["line"]), (&"services/checkout/src/outbox.ts".into(), &48.into()));
    assert_eq!(scanned["brokers"][0]["kind"], "kafka");

    let (_, stdout, _) = scan(&["--format", "mermaid"]);
    assert!(stdout.starts_with("flowchart LR\n") && stdout.contains("([\"orders.placed.v1\"])"), "{stdout}");
    let (_, stdout, _) = scan(&["--format", "dot"]);
    assert!(stdout.starts_with("digraph messages {\n") && stdout.ends_with("}\n"), "{stdout}");
    let (code, stdout, _) = scan(&["--unresolved"]);
    assert!(code == 0 && stdout.ends_with("The name of every channel is known.\n"), "{stdout}");
    let (code, stdout, stderr) = scan(&["services/nowhere"]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("`services/nowhere`"), "{stderr}");
}

#[test]
fn graph_shows_what_is_declared_and_what_is_found() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/workspaces/shop");
    let graph = |more: &[&str]| archwright(&shop, &[&["graph", "--root", "."], more].concat(), "");
    let (code, stdout, _) = graph(&[]);
    let found = "  sent by payments  (found)  services/payments/payments/outbox.py:65\n";
    assert!(code == 0 && stdout.contains(found), "{stdout}");
    assert!(stdout.contains("  received by warehouse system of the logistics partner  (declared)  "), "{stdout}");
    assert!(stdout.contains("  order-checkout in documents: checkout in code\n"), "{stdout}");
    let (_, stdout, _) = graph(&["--of", "orders.cancelled.v1", "--depth", "1", "--format", "json"]);
    let flow: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(flow["arrows"].as_array().unwrap().len(), 3, "{stdout}");
    assert_eq!(flow["channels"][0]["owners"][0]["value"], "team-orders", "{stdout}");
    let (_, stdout, _) = graph(&["--format", "mermaid"]);
    assert!(stdout.starts_with("flowchart LR\n") && stdout.contains(" -.-> "), "{stdout}");
    let (_, stdout, _) = graph(&["--format", "dot"]);
    assert!(stdout.starts_with("digraph flow {\n") && stdout.ends_with("}\n"), "{stdout}");
    let (_, stdout, _) = graph(&["--format", "svg"]);
    assert!(stdout.starts_with("<svg xmlns=") && stdout.ends_with("</svg>\n"), "{stdout}");
    assert_eq!(stdout, graph(&["--format", "svg"]).1);
    let (_, stdout, _) = graph(&["--format", "sequence"]);
    let retry = "loop 5 attempts, exponential backoff from 200 ms with jitter#59; declined cards are permanent\n";
    assert!(stdout.starts_with("sequenceDiagram\n") && stdout.contains(retry), "{stdout}");
    let (_, stdout, _) = graph(&["--format", "states"]);
    assert!(stdout.starts_with("stateDiagram-v2\n") && stdout.contains("No saga and no state machine"), "{stdout}");
    let faulty = shop.with_file_name("shop-faulty");
    let (_, stdout, _) = archwright(&faulty, &["graph", "--root", ".", "--format", "states"], "");
    assert!(stdout.contains("state \"Release paper\" as m1s4\n"), "{stdout}");
    let (_, stdout, _) = graph(&["--format", "catalog"]);
    assert!(stdout.contains("| OrderPlaced | `orders.placed.v1` | 1 | checkout *code*, order-checkout"), "{stdout}");
    let (code, stdout, stderr) = graph(&["--of", "orders.plcaed.v1"]);
    assert!(code == 2 && stdout.is_empty() && stderr.contains("did you mean `orders.placed.v1`?"), "{stderr}");
}

#[test]
fn scan_holds_code_of_other_languages_against_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("billing/pom.xml", "<artifactId>spring-kafka</artifactId>");
    write(
        "billing/src/main/java/Billing.java",
        r#"
        class Billing {
          private final KafkaTemplate<String, Invoice> template;
          private final InvoiceRepository repository;
          @KafkaListener(topics = "orders.placed.v1")
          void on(Order order) {
            repository.save(new Invoice(order));
            template.send("invoices.issued.v1", new Invoice(order));
          }
        }"#,
    );
    let contract = "# Contract: orders.placed.v1\n\n- **Channel**: `orders.placed.v1`\n";
    write("docs/features/orders/contracts/orders.placed.v1.md", contract);
    let other = "# Contract: orders.closed.v1\n\n- **Channel**: `orders.closed.v1`\n";
    write("docs/features/orders/contracts/orders.closed.v1.md", other);
    let (code, stdout, _) = archwright(folder.path(), &["scan", "--root", ".", "--format", "json"], "");
    let scanned: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(code, 0);
    assert_eq!(scanned["undocumented"], serde_json::json!(["invoices.issued.v1"]), "{stdout}");
    assert_eq!(scanned["not_seen"], serde_json::json!(["orders.closed.v1"]), "{stdout}");
    let writes = &scanned["dual_writes"][0];
    assert_eq!((&writes["write_line"], &writes["line"]), (&7.into(), &8.into()), "{stdout}");
    assert_eq!(scanned["edges"][0]["service"], "billing");
    let risk = &scanned["risks"][0];
    assert_eq!((&risk["kind"], &risk["line"]), (&"no-dead-letter".into(), &5.into()), "{stdout}");
    let (_, text, _) = archwright(folder.path(), &["scan", "--root", "."], "");
    let told = "Billing.java:5  information no-dead-letter: ";
    assert!(text.contains(told) && text.contains("; Dead Letter Channel"), "{text}");
}

#[test]
fn scan_tells_where_documents_say_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (service, listener) in [("billing", "orders.placed.v1"), ("loyalty", "orders.placed.v1")] {
        write(&format!("{service}/pom.xml"), "<artifactId>spring-kafka</artifactId>");
        let code =
            format!("class Events {{\n  @KafkaListener(topics = \"{listener}\")\n  void on(Order order) {{}}\n}}");
        write(&format!("{service}/Events.java"), &code);
    }
    let channel = "  orders.placed.v1:\n    description: Consumed by billing-service for invoices.\n";
    let document = format!("asyncapi: 2.6.0\ninfo: {{ title: Shop, version: 1.0.0 }}\nchannels:\n{channel}");
    write("docs/asyncapi.yaml", &document);
    let (code, text, _) = archwright(folder.path(), &["scan", "--root", "."], "");
    let line = "  loyalty/Events.java:2  unlisted-consumer: loyalty receives from orders.placed.v1, whose consumers \
        are billing-service  docs/asyncapi.yaml:5\n";
    assert!(code == 0 && text.contains("Documents that say otherwise than the code\n"), "{text}");
    assert!(text.contains(line), "{text}");
    let (_, json, _) = archwright(folder.path(), &["scan", "--root", ".", "--format", "json"], "");
    let scanned: Value = serde_json::from_str(&json).unwrap();
    let drift = &scanned["drift"][0];
    assert_eq!((&drift["kind"], &drift["document_line"]), (&"unlisted-consumer".into(), &5.into()), "{json}");
    assert_eq!((&drift["in_code"], &drift["in_document"]), (&"loyalty".into(), &"billing-service".into()), "{json}");
    assert_eq!(scanned["drift"].as_array().map(Vec::len), Some(1), "{json}");

    let finding = |json: &str| -> Vec<Value> {
        let report: Value = serde_json::from_str(json).unwrap();
        let all = report["findings"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|it| it["rule"] == "drift/unlisted-consumer").collect()
    };
    let check = |more: &[&str]| archwright(folder.path(), &[&["check", "--root", "."], more].concat(), "");
    let (_, json, _) = check(&["--format", "json"]);
    assert!(finding(&json).is_empty(), "{json}");
    let (code, json, _) = check(&["--code", "--format", "json"]);
    let found = finding(&json);
    assert_eq!((code, found.len()), (0, 1), "{json}");
    assert_eq!(found[0]["file"], "loyalty/Events.java");
    assert_eq!((&found[0]["start"]["line"], &found[0]["start"]["column"]), (&2.into(), &3.into()), "{json}");
    assert_eq!(found[0]["related"][0]["file"], "docs/asyncapi.yaml");
    let (_, text, _) = check(&["--code"]);
    assert!(text.contains("warning[drift/unlisted-consumer]") && text.contains("loyalty/Events.java:2:3"), "{text}");
    assert!(text.contains("Code: 2 files read, with 2 places that send or receive."), "{text}");
    let (_, sarif, _) = check(&["--code", "--format", "sarif"]);
    assert!(sarif.contains("drift/unlisted-consumer") && sarif.contains("loyalty/Events.java"), "{sarif}");
    // A file that is asked for, and the setting instead of the flag.
    write("archwright.toml", "[scan]\ncheck = true\n[rules]\n\"drift/*\" = \"error\"\n");
    let (code, text, error) = check(&["loyalty/Events.java"]);
    assert!(code == 1 && text.contains("error[drift/unlisted-consumer]"), "{code} {text} {error}");
}

#[test]
fn rules_are_listed_for_people_and_programs() {
    let (_, text, _) = here(&["rules"]);
    let (_, json, _) = here(&["rules", "--format", "json"]);
    let rules: Value = serde_json::from_str(&json).unwrap();
    let rules = rules.as_array().unwrap();
    assert_eq!(text.lines().count(), rules.len());
    let rule = rules.iter().find(|it| it["code"] == "link/dead-target").unwrap();
    assert_eq!(rule["severity"], "error");
    assert!(
        rule["url"].as_str().unwrap().ends_with("/docs/rules/link/dead-target.md") && rule["sources"].is_array(),
        "{rule}"
    );
}

#[test]
fn schemas_are_json_schemas() {
    for of in ["config", "report", "diff", "eval-manifest", "eval"] {
        let (code, stdout, _) = here(&["schema", of]);
        let schema: Value = serde_json::from_str(&stdout).unwrap();
        assert!(code == 0 && schema["$schema"].is_string() && schema["properties"].is_object(), "{stdout}");
    }
}

#[test]
fn a_converted_document_is_printed_and_overwrites_nothing_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let text = "asyncapi: 2.6.0\ninfo: { title: a, version: '1' }\n\
        channels:\n  a:\n    deprecated: true # soon\n    publish: {}\n";
    fs::write(folder.path().join("a.yaml"), text).unwrap();
    let (code, printed, notes) = archwright(folder.path(), &["convert", "a.yaml"], "");
    assert!(
        code == 0 && printed.starts_with("asyncapi: 3.0.0\n") && printed.contains("    x-deprecated: true # soon\n"),
        "{printed}"
    );
    assert_eq!(notes, "a.yaml:5:17: channels cannot be deprecated in 3.0: kept as `x-deprecated`\n");
    assert_eq!(archwright(folder.path(), &["convert", "-", "--quiet"], text), (0, printed.clone(), String::new()));
    let (code, stdout, stderr) = archwright(folder.path(), &["convert", "a.yaml", "--output", "a.yaml"], "");
    assert!(code == 2 && stdout.is_empty() && stderr.contains("a.yaml"), "{stderr}");
    assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), text);
    let (code, ..) = archwright(folder.path(), &["convert", "a.yaml", "--output", "a.yaml", "--force"], "");
    assert!(code == 0 && fs::read_to_string(folder.path().join("a.yaml")).unwrap() == printed);
    let (code, _, stderr) = archwright(folder.path(), &["convert", "a.yaml", "--to", "4.0.0"], "");
    assert!(code == 2 && stderr.contains("4.0.0"), "{stderr}");
}

#[test]
fn a_design_is_shown_then_written_and_then_unchanged() {
    let folder = tempfile::Builder::new().prefix("design-").tempdir().unwrap();
    let facts = r#"{"description": "Reserve stock for an order.", "services": ["checkout", "warehouse"], "teams": ["team-a", "team-b"]}"#;
    let arguments = ["design", "order-checkout", "--facts", "-", "--owner-team", "team-a"];
    let design = folder.path().join("docs/features/order-checkout/design.md");

    let (code, stdout, stderr) = archwright(folder.path(), &[&arguments[..], &["--dry-run"]].concat(), facts);
    assert!(code == 0 && stdout.contains("+++ b/docs/features/order-checkout/design.md"), "{stdout}{stderr}");
    assert!(!design.exists());

    let (code, stdout, _) = archwright(folder.path(), &arguments, facts);
    assert!(code == 0 && stdout.starts_with("created    docs/features/order-checkout/design.md\n"), "{stdout}");
    assert!(fs::read_to_string(&design).unwrap().contains("team-a"));

    let (_, stdout, _) = archwright(folder.path(), &[&arguments[..], &["--format", "json"]].concat(), facts);
    let outcome: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(outcome["files"][0]["state"], "unchanged");

    let (code, _, stderr) = archwright(folder.path(), &arguments, "{\"servces\": []}");
    assert!(code == 2 && stderr.contains("servces"), "{stderr}");
}

#[test]
fn facts_suffice_and_what_is_said_otherwise_is_told() {
    let folder = tempfile::Builder::new().prefix("facts-").tempdir().unwrap();
    let run = |arguments: &[&str], facts: &str| {
        fs::write(folder.path().join("f.yaml"), facts).unwrap();
        archwright(folder.path(), &[arguments, &["--facts", "f.yaml", "--dry-run"]].concat(), "")
    };
    for (name, facts, written) in [
        (
            "design",
            "feature: stock\ndescription: Two services reserve stock.\nforce: true\n",
            "features/stock/design.md",
        ),
        ("contract", "channel: stock.reserved.v1\nfeature: stock\n", "contracts/stock.reserved.v1.md"),
        ("architecture", "title: Poll the outbox\ndecision: A worker polls it.\n", "0001-poll-the-outbox.md"),
        ("runbook", "incident: dlq-triage\nchannel: stock.reserved.v1\n", "runbooks/"),
    ] {
        let (code, stdout, stderr) = run(&[name], facts);
        assert!(code == 0 && stdout.contains(written) && stderr.is_empty(), "{name}: {stdout}{stderr}");
        let (code, stdout, stderr) = run(&[name], "{}");
        let expected = "error: neither the command line nor the facts say `";
        assert!(code == 2 && stdout.is_empty() && stderr.starts_with(expected), "{name}: {stdout}{stderr}");
        // Without facts the command line alone can say it.
        let (code, _, stderr) = archwright(folder.path(), &[name], "");
        assert!(code == 2 && stderr.contains("required arguments were not provided"), "{name}: {stderr}");
    }
    let (code, _, stderr) = run(&["prelaunch"], "feature: stock\n");
    assert!(code == 2 && stderr.contains("stock"), "{stderr}");

    let facts = "feature: stock\ntitle: Stock\ndescription: Two services reserve stock.\nforce: true\n";
    let (_, stdout, stderr) = run(&["design", "goods", "--title", "Stock"], facts);
    assert!(stdout.contains("features/goods/design.md"), "{stdout}");
    assert_eq!(stderr, "note: `feature` is `stock` in f.yaml and `goods` on the command line; `goods` is taken\n");
    let facts = "incident: consumer-lag\n";
    let (_, _, stderr) = run(&["runbook", "dlq-triage"], facts);
    assert!(
        stderr.contains("`incident` is `consumer-lag` in") && stderr.ends_with("`dlq-triage` is taken\n"),
        "{stderr}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    let mut child =
        command.args(["rules", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn the_design_that_the_readme_shows_is_written() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let line = readme.lines().find_map(|it| it.strip_prefix("archwright design ")).unwrap();
    let (feature, description) = line.split_once(" --description ").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["design", feature, "--description", description.trim_matches('"')];
    let (code, stdout, stderr) = archwright(folder.path(), &arguments, "");
    assert!(code == 0 && stdout.starts_with("created"), "{stdout}{stderr}");
}

#[test]
fn a_contract_and_a_next_version_are_planned_like_a_design() {
    let folder = tempfile::tempdir().unwrap();
    let asyncapi = folder.path().join("docs/features/shop/asyncapi");
    fs::create_dir_all(&asyncapi).unwrap();
    let text = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n\
        channels:\n  placed:\n    address: orders.placed.v1\n    messages:\n      OrderPlaced: { payload: { type: \
        object } }\n";
    fs::write(asyncapi.join("orders.placed.v1.yaml"), text).unwrap();
    let contract = folder.path().join("docs/features/shop/contracts/orders.placed.v1.md");
    let (code, stdout, _) = archwright(folder.path(), &["contract", "orders.placed.v1", "--dry-run"], "");
    assert!(code == 0 && stdout.contains("+# Contract: orders.placed.v1") && !contract.exists(), "{stdout}");
    let (code, stdout, _) = archwright(folder.path(), &["contract", "orders.placed.v1"], "");
    assert!(code == 0 && stdout.starts_with("created") && contract.exists(), "{stdout}");
    let (code, stdout, _) = archwright(folder.path(), &["contract", "orders.placed.v1"], "");
    assert!(code == 0 && stdout.starts_with("unchanged"), "{stdout}");
    let (code, _, stderr) = archwright(folder.path(), &["contract", "orders.paid.v1"], "");
    assert!(code == 2 && stderr.contains("name its `feature`"), "{stderr}");
    let new =
        ["contract", "orders.paid.v1", "--feature", "shop", "--field", "order_id:uuid", "--field", "note:string?"];
    let (code, stdout, stderr) = archwright(folder.path(), &new, "");
    let schema = folder.path().join("docs/features/shop/schemas/orders.paid.v1.json");
    assert!(code == 0 && stdout.contains("asyncapi/orders.paid.v1.yaml"), "{stdout}{stderr}");
    let schema = fs::read_to_string(schema).unwrap();
    assert!(schema.contains("\"note\"") && schema.contains("\"required\": [\n    \"order_id\"\n  ]"), "{schema}");
    let (code, stdout, _) = archwright(folder.path(), &["next-version", "orders.placed.v1"], "");
    assert!(
        code == 0 && stdout.contains("Move the consumers of `orders.placed.v1` to `orders.placed.v2`."),
        "{stdout}"
    );
    let (code, stdout, _) = archwright(folder.path(), &["next-version", "orders.placed.v9", "--format", "json"], "");
    assert!(code == 2 && stdout.is_empty());
}

#[test]
fn a_review_holds_a_change_against_its_base_and_its_author() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(folder.path()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"]);
        assert!(command.args(arguments).output().unwrap().status.success(), "git {arguments:?}");
    };
    let contract = folder.path().join("docs/features/shop/contracts/orders.placed.v1.md");
    std::fs::create_dir_all(contract.parent().unwrap()).unwrap();
    let text = "# Contract: orders.placed.v1\n\n- **DLQ**: `orders.placed.v1.dlq`, alert at 1 message\n";
    std::fs::write(&contract, text).unwrap();
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "Start"]);
    let (code, stdout, _) = archwright(folder.path(), &["review"], "");
    assert_eq!((code, stdout.lines().count()), (0, 1), "{stdout}");

    std::fs::write(&contract, text.replace(", alert at 1 message", "")).unwrap();
    let (code, stdout, _) = archwright(folder.path(), &["review", "--text", "-"], "Rewording, no contract change.");
    assert!(stdout.starts_with("REQUEST CHANGES") && stdout.contains("F1 C "), "{stdout}");
    assert!(stdout.contains("false \"no contract change\"") && stdout.contains("lost its alert"), "{stdout}");
    assert_eq!(code, 1);
    let (_, json, _) = archwright(folder.path(), &["review", "--format", "json"], "");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["verdict"], &json["findings"][0]["mark"]), (&"comment".into(), &"C".into()), "{json}");
    let (code, _, stderr) = archwright(folder.path(), &["review", "--base", "nowhere"], "");
    assert!(code == 2 && stderr.contains("`nowhere` names no commit"), "{stderr}");
}

#[test]
fn a_launch_is_decided_by_what_the_files_show() {
    let folder = tempfile::tempdir().unwrap();
    let design = "# Design: gifts\n\n## System concerns\n\n- **Tenancy**: Single tenant\n\n## Patterns\n\n\
        - Transactional Outbox: one transaction.\n";
    let path = folder.path().join("docs/features/gifts/design.md");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, design).unwrap();
    let launch = folder.path().join("docs/features/gifts/launches/2026-11-29.md");
    let arguments = [
        "prelaunch",
        "gifts",
        "--tier",
        "service-ready",
        "--decision",
        "go",
        "--date",
        "2026-11-29",
        "--trigger",
        "1% fail",
        "--step",
        "Switch the flag off",
        "--rto",
        "5 minutes",
        "--approver",
        "Ada",
        "--facts",
        "-",
    ];
    let facts = r#"{"risks": [{"risk": "One broker only", "accepted_by": "Ada"}]}"#;

    let (code, stdout, stderr) = archwright(folder.path(), &[&arguments[..], &["--dry-run"]].concat(), facts);
    assert!(code == 0 && !launch.exists(), "{stderr}");
    assert!(
        stdout.contains("+# Launch decision: gifts") && stdout.contains("\nNO-GO  gifts on 2026-11-29, "),
        "{stdout}"
    );

    let (code, stdout, stderr) = archwright(folder.path(), &arguments, facts);
    assert!(code == 0 && stdout.starts_with("NO-GO  gifts on 2026-11-29, "), "{stdout}{stderr}");
    for told in [
        " concern:owner-team F/design.md:1 “Owner team” has no answer.",
        "One broker only accepted by Ada",
        "It was to go ahead",
        "created    docs/features/gifts/launches/2026-11-29.md",
    ] {
        assert!(stdout.contains(told), "{told}: {stdout}");
    }
    let text = fs::read_to_string(&launch).unwrap();
    assert!(text.contains("- **Approver**: Ada\n") && text.contains("- **RTO**: 5 minutes\n"), "{text}");

    let (_, json, _) = archwright(folder.path(), &[&arguments[..], &["--format", "json"]].concat(), facts);
    let plan: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(plan["launch"]["decision"], "no-go", "{json}");
    let (code, _, stderr) = archwright(folder.path(), &["prelaunch", "gift"], "");
    assert!(code == 2 && stderr.contains("did you mean `gifts`?"), "{stderr}");
}

#[test]
fn a_review_without_a_repository_or_revision_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, stderr) = archwright(folder.path(), &["review"], "");
    assert!(code == 2 && stderr.contains("git repository"), "{stderr}");
    let (code, _, stderr) = here(&["review", "--base", "no-such-branch"]);
    assert!(code == 2 && stderr.contains("no-such-branch"), "{stderr}");
}
