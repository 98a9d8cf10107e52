//! The packaged extension in a real VS Code, on a copy of the faulty workspace.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use archwright_e2e::{
    artifacts, binary, editor_task, path_with_binary, read_json, repository, run, temporary_folder, tool, workspace,
    write,
};

#[test]
fn shows_a_diagnostic_hovers_applies_its_fix_and_designs() {
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
    for picture in ["hover", "diagnostic", "design", "timeout"] {
        let _ = std::fs::copy(
            folder.path().join(format!("{picture}.png")),
            artifacts().join(format!("vscode-{picture}.png")),
        );
    }
    let finished = finished.expect_code(0);

    let result = read_json(&folder.path().join("result.json"));
    assert!(result["error"].is_null(), "{result:#}\n{finished}");
    assert_eq!(result["diagnostic"]["message"], task["message"]);
    assert_eq!(result["diagnostic"]["documented"], true, "the rule's code links to its page");
    assert!(result["hover"].as_str().unwrap().contains("Outbox"), "{result:#}");
    assert!(result["design"].as_str().unwrap().contains("## Reliability checklist"), "{result:#}");
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
