//! What is said of small Protobuf files, one for each thing that `protoc` refuses, with the verdict that `protoc`
//! gives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

use std::{collections::BTreeMap, fmt::Write as _, fs};
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
use std::{process::Command, sync::Arc};

use archwright_schema::{Language, shape_with_imports};

/// A case: `main.proto` and what it imports.
struct Case {
    name: &'static str,
    is_valid: bool,
    files: BTreeMap<&'static str, String>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut file = "";
    for line in include_str!("protobuf/cases.proto.txt").lines() {
        if let Some(head) = line.strip_prefix("//= ") {
            let (verdict, name) = head.split_once(": ").unwrap();
            assert!(matches!(verdict, "valid" | "invalid"), "{head}");
            cases.push(Case { name, is_valid: verdict == "valid", files: BTreeMap::new() });
            file = "main.proto";
        } else if let Some(path) = line.strip_prefix("//- ") {
            file = path;
        } else {
            let text = cases.last_mut().unwrap().files.entry(file).or_default();
            *text += line;
            *text += "\n";
        }
    }
    cases
}

/// What is said of the main file, each with the text it is said of.
fn told(case: &Case) -> String {
    let text = &case.files["main.proto"];
    let mut read = |path: &str| case.files.get(path).map(|it| Arc::from(it.as_str()));
    let shape = shape_with_imports(text, Language::Protobuf, "main.proto", &mut read);
    shape.verify(text).unwrap();
    let mut out = String::new();
    for it in &shape.diagnostics {
        let line = text[..it.span.start as usize].matches('\n').count() + 1;
        writeln!(out, "  {line} `{}`: {}", it.span.of(text), it.message).unwrap();
    }
    out
}

#[test]
fn each_case_is_told_as_recorded() {
    let mut out = String::new();
    for case in cases() {
        let told = told(&case);
        assert_eq!(told.is_empty(), case.is_valid, "{}:\n{told}", case.name);
        if !case.is_valid {
            writeln!(out, "{}\n{told}", case.name).unwrap();
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_recorded_verdicts_are_those_of_protoc() {
    let program = protoc_bin_vendored_linux_x86_64::protoc_bin_path();
    let folder = std::env::temp_dir().join(format!("archwright-cases-{}", std::process::id()));
    let mut wrong = 0;
    for case in cases() {
        fs::create_dir_all(&folder).unwrap();
        for (path, text) in &case.files {
            fs::write(folder.join(path), text).unwrap();
        }
        let run = Command::new(&program)
            .arg(format!("-I{}", folder.display()))
            .args(["--descriptor_set_out=/dev/null", "main.proto"])
            .output()
            .unwrap();
        if run.status.success() != case.is_valid {
            wrong += 1;
            println!("{}: {}{}", case.name, String::from_utf8_lossy(&run.stderr), told(&case));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    assert_eq!(wrong, 0);
}
