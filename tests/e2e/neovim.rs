//! The plugin in a real Neovim, on a copy of the faulty workspace.

use std::{process::Command, time::Duration};

use archwright_e2e::{
    editor_task, path_with_binary, read_json, repository, run, temporary_folder, tool, workspace, write,
};
use serde_json::json;

#[test]
fn shows_a_diagnostic_applies_its_fix_hovers_and_carries_out_operations() {
    let nvim = tool("neovim.sh", "neovim/nvim");
    let workspace = workspace("shop-faulty");
    let task = editor_task(workspace.path());
    let folder = temporary_folder();
    write(folder.path(), "task.json", task.to_string());

    let mut command = Command::new(nvim);
    command.args(["--headless", "--clean", "-n", "--cmd"]);
    command.arg(format!("set rtp^={}", repository().join("editors/neovim").display()));
    command.arg("-S").arg(repository().join("tests/e2e/neovim/session.lua"));
    // The editor keeps its log and state inside the test's folder.
    command.current_dir(workspace.path()).env("PATH", path_with_binary()).env("ARCHWRIGHT_E2E", folder.path());
    command
        .env("XDG_STATE_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .env("XDG_CACHE_HOME", folder.path());
    let finished = run(&mut command, Duration::from_secs(90)).expect_code(0);

    let result = read_json(&folder.path().join("result.json"));
    assert!(result["error"].is_null(), "{result:#}\n{finished}");
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
