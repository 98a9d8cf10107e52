//! The plugin in a real Neovim, on a copy of the faulty workspace and on documents that share names.

use std::{path::Path, process::Command, time::Duration};

use archwright_e2e::{
    editor_task, path_with_binary, read_json, repository, run, temporary_folder, tool, workspace, write,
};
use serde_json::{Value, json};

#[test]
fn shows_a_diagnostic_applies_its_fix_hovers_and_carries_out_operations() {
    let workspace = workspace("shop-faulty");
    let task = editor_task(workspace.path());
    let result = session("session.lua", workspace.path(), &task);
    assert_eq!(result["root"], workspace.path().to_str().unwrap());
    assert_eq!(result["diagnostic"]["message"], task["message"]);
    assert!(result["hover"].as_str().unwrap().contains("Outbox"), "{result:#}");
    assert!(result["explanation"].as_str().unwrap().contains("Outbox"), "{result:#}");
    let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
    assert!(text(&result["code"]).contains("received from in code"), "{result:#}");
    assert!(text(&result["status"]).contains("Recognised: "), "{result:#}");
    let completed = &result["completed"];
    assert_eq!(completed["operation"], json!(["contract", "convert"]));
    assert!(completed["channel"].as_array().unwrap().contains(&task["channel"]), "{completed:#}");
    assert_eq!(completed["document"].as_array().unwrap().len(), 1, "{completed:#}");
    assert_eq!(completed["option"], json!(["document="]));

    let said: Vec<String> = result["said"].as_array().unwrap().iter().map(text).collect();
    assert!(said[0].contains("3 files changed; :wall writes what is changed. Left: "), "{said:#?}");
    assert!(text(&result["design"]).contains("## Reliability checklist"), "{result:#}");
    assert!(said[1].contains("not due") && said[1].contains(":Archwright! design"), "{said:#?}");
    assert!(!workspace.path().join("docs/features/footer").exists(), "{result:#}");
    assert!(text(&result["contract"]).contains("orders.audited.v1"), "{result:#}");
    assert!(text(&result["report"]).contains("## Questions to answer"), "{result:#}");
    let followed = (text(&result["followed"]["file"]), result["followed"]["line"].as_u64().unwrap());
    assert!(followed.0.ends_with("order-checkout/README.md") && followed.1 > 1, "{followed:?}");
    assert!(text(&result["converted"]).starts_with("asyncapi: 3.0.0"), "{result:#}");
    assert!(said[4].contains("there is no operation \"no-such-operation\""), "{said:#?}");
    // Whatever changes a file that is there is shown first.
    let planned = result["planned"].as_array().unwrap();
    assert_eq!(planned.len(), 3, "{planned:#?}");
    assert!(planned.iter().all(|it| it["filetype"] == "diff"), "{planned:#?}");
    let shown = text(&planned[2]["shown"]);
    assert!(shown.contains("-asyncapi: 2.6.0\n") && shown.contains("\n+asyncapi: 3.0.0"), "{shown}");
}

#[test]
fn every_operation_that_answers_opens_its_page() {
    let workspace = workspace("shop");
    let schema = "docs/features/order-checkout/schemas/orders.placed.v1.json";
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
        run(command.current_dir(workspace.path()), Duration::from_secs(30)).expect_code(0);
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "Start"]);
    let text = std::fs::read_to_string(workspace.path().join(schema)).unwrap();
    write(workspace.path(), schema, text.replace("total_minor", "amount_minor"));
    let pages = [
        ("review", "is now called `amount_minor`"),
        ("prelaunch order-checkout tier=Production-ready", "## Questions to answer"),
        ("scan services unresolved=false", "sends to orders.placed.v1"),
        ("impact orders.placed.v1", "## produced by"),
        ("graph orders.placed.v1 depth=1", "received by payments"),
        ("graph view=mermaid", "```mermaid\nflowchart LR"),
        ("recommend crosses-services loss-costs", "Idempotent Receiver"),
    ];
    let commands: Vec<&str> = pages.iter().map(|it| it.0).collect();
    let task = json!({"file": "docs/features/order-checkout/design.md", "commands": commands});
    let result = session("answers.lua", workspace.path(), &task);
    let answers = result["answers"].as_array().unwrap();
    assert_eq!(answers.len(), pages.len(), "{result:#}");
    for (answer, (command, page)) in answers.iter().zip(pages) {
        assert!(answer["page"].as_str().unwrap().contains(page), "{command}: {answer:#}");
        // What only answers opens nothing else; a launch decision is a document.
        let is_launch = command.starts_with("prelaunch");
        assert_eq!(answer["opened"].as_str().is_some_and(|it| it.contains("/launches/")), is_launch, "{answer:#}");
        assert_eq!(answer["said"].as_array().unwrap().len(), usize::from(is_launch), "{answer:#}");
    }
    let offered = result["operations"].as_array().unwrap();
    let help = std::fs::read_to_string(repository().join("editors/neovim/doc/archwright.txt")).unwrap();
    assert_eq!(offered.len(), 13 + 3, "{offered:#?}");
    for name in offered {
        let name = name.as_str().unwrap();
        let is_told = help.contains(&format!("\n        {name} ")) || help.contains(&format!(":Archwright {name}"));
        assert!(is_told || help.contains(&format!("\n        {name}\n")), "the help does not know {name}");
    }
}

/// Runs a script in Neovim in a workspace, and gives its result.
fn session(script: &str, workspace: &Path, task: &Value) -> Value {
    let nvim = tool("neovim.sh", "neovim/nvim");
    let folder = temporary_folder();
    write(folder.path(), "task.json", task.to_string());
    let mut command = Command::new(nvim);
    command.args(["--headless", "--clean", "-n", "--cmd"]);
    command.arg(format!("set rtp^={}", repository().join("editors/neovim").display()));
    command.arg("-S").arg(repository().join("tests/e2e/neovim").join(script));
    // The editor keeps its log and state inside the test's folder.
    command.current_dir(workspace).env("PATH", path_with_binary()).env("ARCHWRIGHT_E2E", folder.path());
    command
        .env("XDG_STATE_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .env("XDG_CACHE_HOME", folder.path());
    let finished = run(&mut command, Duration::from_secs(90)).expect_code(0);
    let result = read_json(&folder.path().join("result.json"));
    assert!(result["error"].is_null(), "{result:#}\n{finished}");
    result
}

const DESIGN: &str = "# Design: shop

## Goals

| Id | Objective | Owner |
| --- | --- | --- |
| SLO-1 | 99 % within 60 min | team-orders |
| SLO-2 | No lost Order | team-orders |
| SLO-3 | p99 of 120 s | team-platform |

Each service has a Transactional Outbox, and SLO-1 holds for every Order.

## Reliability checklist

1. **Delivery**: at-least-once
2. **Idempotency**: [TBD]
";
const RUNBOOK: &str = "# Runbook: lag

Stop if SLO-1 is missed, and keep the Order.

| Step | Owner |
| --- | --- |
| Look at the Transactional Outbox | team-orders |
";
const SHARED: &str = "# Shared

## Glossary

| Term | Meaning |
| --- | --- |
| Order | A cart that is paid. |

## Teams

- **team-orders**: checkout, with a Transactional Outbox
- **team-platform**: brokers
";

#[test]
fn names_resolve_and_are_renamed_over_documents() {
    let workspace = temporary_folder();
    let files = [
        ("docs/features/shop/design.md", DESIGN),
        ("docs/features/shop/runbooks/lag.md", RUNBOOK),
        ("docs/system/glossary.md", SHARED),
        ("archwright.toml", ""),
    ];
    for (path, text) in files {
        write(workspace.path(), path, text);
    }
    let at = |path: &str| workspace.path().join(path).display().to_string();
    let (design, runbook) = (at(files[0].0), at(files[1].0));
    let task = json!({
        "design": design,
        "names": [
            { "file": runbook, "text": "SLO-1", "defined": true, "rename": "OBJ-1" },
            { "file": runbook, "text": "team-orders", "defined": true, "rename": "team-checkout" },
            { "file": runbook, "text": "Order.", "defined": true, "rename": "Purchase" },
            { "file": design, "text": "Transactional", "defined": false },
        ],
    });
    let result = session("names.lua", workspace.path(), &task);

    let names = &result["names"];
    let sorted = |it: &Value| {
        let mut all: Vec<&str> = it.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        all.sort_unstable();
        all.join(" ")
    };
    assert!(names["SLO-1"]["hover"].as_str().unwrap().contains("99 % within 60 min"), "{names:#}");
    assert_eq!(names["SLO-1"]["definition"], json!(["design.md:7"]));
    assert_eq!(sorted(&names["SLO-1"]["references"]), "design.md:11 design.md:7 lag.md:3");
    assert!(names["team-orders"]["hover"].as_str().unwrap().contains("checkout"), "{names:#}");
    assert_eq!(names["team-orders"]["definition"], json!(["glossary.md:11"]));
    assert_eq!(sorted(&names["team-orders"]["references"]), "design.md:7 design.md:8 glossary.md:11 lag.md:7");
    assert!(names["Order."]["hover"].as_str().unwrap().contains("A cart that is paid."), "{names:#}");
    assert_eq!(names["Order."]["definition"], json!(["glossary.md:7"]));
    assert_eq!(sorted(&names["Order."]["references"]), "design.md:11 design.md:8 glossary.md:7 lag.md:3");
    assert!(names["Transactional"]["hover"].as_str().unwrap().contains("Outbox"), "{names:#}");
    assert_eq!(sorted(&names["Transactional"]["references"]), "design.md:11 glossary.md:11 lag.md:7");

    let read = |path: &str| std::fs::read_to_string(workspace.path().join(path)).unwrap();
    let lag = read("docs/features/shop/runbooks/lag.md");
    assert!(lag.contains("Stop if OBJ-1 is missed, and keep the Purchase."), "{lag}");
    assert!(lag.contains("| Look at the Transactional Outbox | team-checkout |"), "{lag}");
    let design = read("docs/features/shop/design.md");
    assert!(design.contains("| OBJ-1 | 99 % within 60 min | team-checkout |"), "{design}");
    assert!(design.contains("and OBJ-1 holds for every Purchase."), "{design}");
    let shared = read("docs/system/glossary.md");
    assert!(shared.contains("| Purchase |") && shared.contains("- **team-checkout**: "), "{shared}");

    assert!(result["card"].as_str().unwrap().starts_with("# Transactional Outbox"), "{result:#}");
    let lens = result["lenses"][0].as_str().unwrap();
    assert!(lens.starts_with("1 of 8 questions answered; open: Idempotency"), "{result:#}");
    assert_eq!(result["field"], json!(["team-checkout", "team-platform"]));
    assert_eq!(result["typed"], json!([]), "nothing is offered in a sentence while it is typed");
    assert_eq!(result["asked"], json!(["team-checkout", "team-platform"]));
}
