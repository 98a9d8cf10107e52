//! The packaged extension in a real VS Code, on a copy of the faulty workspace.

use std::{path::Path, process::Command, time::Duration};

use archwright_e2e::{
    artifacts, binary, editor_task, path_with_binary, read_json, repository, run, temporary_folder, tool, workspace,
    write,
};

#[test]
fn shows_a_diagnostic_hovers_applies_its_fix_and_carries_out_operations() {
    let node = tool("vscode.sh", "node/bin/node");
    let tools = tool("vscode.sh", "vscode/stamp").ancestors().nth(2).unwrap().to_owned();
    let vsix = package_extension();
    let tests = bundle_tests();

    let workspace = workspace("shop-faulty");
    let task = editor_task(workspace.path());
    let folder = temporary_folder();
    write(folder.path(), "task.json", task.to_string());

    let mut command = Command::new(node);
    command.arg(repository().join("tests/e2e/vscode/run.mjs")).arg(tools).arg(vsix).arg(tests.path());
    command.arg(workspace.path()).arg(folder.path()).arg(binary()).env("PATH", path_with_binary());
    let finished = run(&mut command, Duration::from_secs(240));
    for picture in std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path()) {
        if picture.extension().is_some_and(|it| it == "png") {
            let name = format!("vscode-{}", picture.file_name().unwrap().to_string_lossy());
            let _ = std::fs::copy(&picture, artifacts().join(name));
        }
    }
    let finished = finished.expect_code(0);

    let result = read_json(&folder.path().join("result.json"));
    assert!(result["error"].is_null(), "{result:#}\n{finished}");
    assert_eq!(result["diagnostic"]["message"], task["message"]);
    assert_eq!(result["diagnostic"]["documented"], true, "the rule's code links to its page");
    assert!(result["hover"].as_str().unwrap().contains("Outbox"), "{result:#}");
    let link = format!("](file://{}/docs/features/payment-capture/contracts/", workspace.path().display());
    let code = result["code"].as_str().unwrap();
    assert!(code.contains("received from in code") && code.contains(&link), "{code}");
    let one_root = |it: &serde_json::Value| it.as_array().unwrap().len() == 1;
    assert!(one_root(&result["outline"]), "the outline is shown once: {result:#}");
    assert_eq!(result["references"], 1, "the heading is found once: {result:#}");
    assert!(one_root(&result["symbols"]), "the heading is a symbol once: {result:#}");
    assert!(result["design"].as_str().unwrap().contains("## Reliability checklist"), "{result:#}");
    assert!(result["contract"].as_str().unwrap().contains("orders.audited.v1"), "{result:#}");
    let told = std::fs::read_to_string(folder.path().join("contract.txt")).unwrap();
    assert!(told.contains("4 files changed in the editor. Left: 11 questions"), "{told}");
    assert!(std::fs::read_to_string(folder.path().join("menu.txt")).unwrap().contains("Recognised: "));
    assert_eq!(result["untouched"], true, "nothing is changed before it is agreed to");
    assert!(result["converted"].as_str().unwrap().starts_with("asyncapi: 3.0.0"), "{result:#}");
}

/// Type-checks the extension and packs it as users install it.
fn package_extension() -> std::path::PathBuf {
    npm(&["run", "check"]);
    npm(&["run", "package"]);
    extension().join("archwright.vsix")
}

/// The extension's tests, in the shape of an extension under development, which is what VS Code runs tests for.
fn bundle_tests() -> tempfile::TempDir {
    let folder = temporary_folder();
    npm(&["run", "bundle:test", "--", &format!("--outfile={}/index.js", folder.path().display())]);
    write(
        folder.path(),
        "package.json",
        r#"{"name": "archwright-tests", "publisher": "archwright", "version": "0.0.0", "engines": {"vscode": "*"}}"#,
    );
    folder
}

fn npm(args: &[&str]) {
    assert!(
        extension().join("node_modules").exists(),
        "the extension's packages are not installed; run: tests/setup/vscode.sh"
    );
    let mut command = Command::new("npm");
    command.args(args).current_dir(extension()).env("PATH", path_with_binary());
    run(&mut command, Duration::from_secs(120)).expect_code(0);
}

fn extension() -> &'static Path {
    static EXTENSION: std::sync::OnceLock<std::path::PathBuf> = std::sync::OnceLock::new();
    EXTENSION.get_or_init(|| repository().join("editors/vscode"))
}
