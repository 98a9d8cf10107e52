//! What the end-to-end tests share: the built binary, the installed tools, the sample workspaces, and commands with a
//! time limit.

mod editor;
mod loopback;
mod mcp;
mod process;
mod report;
mod scripted_model;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde_json::Value;
use tempfile::TempDir;

pub use editor::editor_task;
pub use loopback::{Answer, Loopback};
pub use mcp::{Client, Era};
pub use process::{Finished, feed, run};
pub use report::{Place, findings, places, report};
pub use scripted_model::{Call, Request, Script, ScriptedModel};

/// The repository's root folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The `archwright` binary: the one that `ARCHWRIGHT_BIN` names, else built now from this checkout.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("ARCHWRIGHT_BIN").map_or_else(build, PathBuf::from))
}

/// Builds the binary and reads its place from Cargo's messages, because a target folder can be configured in several
/// ways.
fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(repository()).args([
        "build",
        "--package",
        "archwright",
        "--message-format",
        "json-render-diagnostics",
    ]);
    let output = command.stderr(std::process::Stdio::inherit()).output().expect("cargo starts");
    assert!(output.status.success(), "cargo build --package archwright failed");
    let stdout = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let messages = stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("cargo writes JSON"));
    let executables: Vec<_> = messages.filter_map(|it| it["executable"].as_str().map(PathBuf::from)).collect();
    executables
        .into_iter()
        .find(|it| it.file_stem().is_some_and(|name| name == "archwright"))
        .expect("cargo names the binary")
}

/// A command that runs `archwright` with arguments.
pub fn archwright<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(binary());
    command.args(args);
    command
}

/// The `PATH` on which a client finds `archwright`, and the pinned Node where it is installed.
pub fn path_with_binary() -> String {
    let folder = binary().parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    format!("{}:{}:{path}", folder.display(), tools_folder().join("node/bin").display())
}

/// A file that one of the scripts in `tests/setup` installs. Panics with the command to run where it is missing.
pub fn tool(setup_script: &str, file: &str) -> PathBuf {
    let path = tools_folder().join(file);
    assert!(path.exists(), "{} is not installed; run: tests/setup/{setup_script}", path.display());
    path
}

fn tools_folder() -> PathBuf {
    std::env::var_os("ARCHWRIGHT_TOOLS").map_or_else(|| repository().join(".tools"), PathBuf::from)
}

/// A fresh copy of `tests/workspaces/{name}`, so that a test may change it.
pub fn workspace(name: &str) -> TempDir {
    let source = repository().join("tests/workspaces").join(name);
    let copy = temporary_folder();
    copy_folder(&source, copy.path());
    copy
}

/// An empty folder that goes away with the returned value. Its name has no leading dot, because dotted folders are
/// skipped by walkers.
pub fn temporary_folder() -> TempDir {
    tempfile::Builder::new().prefix("archwright-e2e-").tempdir().expect("a temporary folder can be made")
}

fn copy_folder(from: &Path, to: &Path) {
    let entries = std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// Writes a file below a folder and makes the folders between.
pub fn write(root: &Path, path: &str, content: impl AsRef<[u8]>) {
    let file = root.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, content).unwrap();
}

/// Reads a JSON file.
pub fn read_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{} is not JSON: {error}\n{text}", path.display()))
}

/// The folder for what a test leaves for a reader, such as a picture of an editor.
pub fn artifacts() -> PathBuf {
    let folder = repository().join("target/e2e");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
