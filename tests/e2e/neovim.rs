//! The plugin in a real Neovim, on a copy of the faulty workspace.

use std::process::Command;
use std::time::Duration;

use archwright_e2e::{
    editor_task, path_with_binary, read_json, repository, run, temporary_folder, tool, workspace, write,
};

#[test]
fn shows_a_diagnostic_applies_its_fix_hovers_and_designs() {
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
    let said = &result["said"];
    assert!(said[0].as_str().unwrap().contains("3 files are changed; :wall writes them"), "{result:#}");
    assert!(result["design"].as_str().unwrap().contains("## Reliability checklist"), "{result:#}");
    assert!(said[1].as_str().unwrap().contains("no design is due"), "{result:#}");
    assert!(!workspace.path().join("docs/features/footer").exists(), "{result:#}");
}
