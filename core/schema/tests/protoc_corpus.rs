//! Whether our verdict on Protobuf files is that of `protoc`: on the files of a corpus, and on each of them with one
//! random change.
//!
//! `ARCHWRIGHT_CORPUS` names the folder of the corpora. Further folders, whose imports are relative to themselves,
//! stand in `ARCHWRIGHT_PROTOS`, with `:` between them. The program comes from a package, which has it for one
//! platform.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use archwright_schema::{Language, shape_with_imports};
use serde_json::Value;

/// A file, and the folder that its imports are relative to.
struct Base {
    root: PathBuf,
    path: String,
    text: String,
}

fn protos(root: &Path, folder: &Path, out: &mut Vec<Base>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            protos(root, &path, out);
        } else if path.extension().is_some_and(|it| it == "proto") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            let Ok(text) = fs::read_to_string(&path) else { continue };
            out.push(Base { root: root.to_owned(), path: name, text });
        }
    }
}

fn corpus() -> Vec<Base> {
    let corpus = std::env::var("ARCHWRIGHT_CORPUS").expect("ARCHWRIGHT_CORPUS names the folder of the corpora");
    let mut bases = Vec::new();
    for side in ["previous", "current"] {
        let folder = Path::new(&corpus).join("compat/buf").join(side);
        let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
        cases.sort();
        for case in &cases {
            protos(case, case, &mut bases);
        }
    }
    let cases = fs::read_to_string(Path::new(&corpus).join("compat/cases.jsonl")).unwrap();
    let cases = cases.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
    for case in cases.filter(|it| it["format"] == "protobuf") {
        for text in case["old"].as_array().unwrap().iter().chain([&case["new"]]) {
            let text = text.as_str().unwrap().to_owned();
            bases.push(Base { root: Path::new(&corpus).join("none"), path: "case.proto".to_owned(), text });
        }
    }
    let own = protoc_bin_vendored_linux_x86_64::include_path();
    protos(&own, &own, &mut bases);
    for folder in std::env::var("ARCHWRIGHT_PROTOS").unwrap_or_default().split(':').filter(|it| !it.is_empty()) {
        protos(Path::new(folder), Path::new(folder), &mut bases);
    }
    bases
}

/// What is wrong, in lines; nothing for a file that is taken.
type Verdict = Vec<String>;

fn ours(base: &Base, text: &str) -> Verdict {
    let mut read = |path: &str| fs::read_to_string(base.root.join(path)).ok().map(Arc::from);
    let shape = shape_with_imports(text, Language::Protobuf, &base.path, &mut read);
    shape.verify(text).unwrap();
    let line = |at: u32| text[..at as usize].matches('\n').count() + 1;
    let shown = |it: &archwright_schema::Diagnostic| {
        format!("{}: `{}`: {}", line(it.span.start), it.span.of(text).lines().next().unwrap_or_default(), it.message)
    };
    shape.diagnostics.iter().map(shown).collect()
}

/// `scratch` is a folder that is looked at before the one of the file.
fn protoc(base: &Base, text: &str, scratch: &Path) -> Verdict {
    let program = protoc_bin_vendored_linux_x86_64::protoc_bin_path();
    let file = scratch.join(&base.path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    let run = Command::new(program)
        .arg(format!("-I{}", scratch.display()))
        .arg(format!("-I{}", base.root.display()))
        .args(["--descriptor_set_out=/dev/null", &base.path])
        .output()
        .unwrap();
    fs::remove_file(file).unwrap();
    if run.status.success() {
        return Vec::new();
    }
    let told = String::from_utf8_lossy(&run.stderr);
    told.lines()
        .filter(|it| !it.contains("warning: "))
        .map(|it| it.replace(&format!("{}/", scratch.display()), ""))
        .collect()
}

/// Random numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// The words of a text by their places; comments and white space are left out.
fn words(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut at, mut out) = (0, Vec::new());
    while at < bytes.len() {
        let start = at;
        let rest = &text[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |it| it + 2);
        } else if bytes[at] == b'"' || bytes[at] == b'\'' {
            at += 1;
            while at < bytes.len() && bytes[at] != bytes[start] && bytes[at] != b'\n' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at = (at + 1).min(bytes.len());
            while !text.is_char_boundary(at) {
                at += 1;
            }
            out.push((start, at));
        } else if bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_' {
            while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
                at += 1;
            }
            out.push((start, at));
        } else {
            at += rest.chars().next().unwrap().len_utf8();
            if !text[start..at].trim().is_empty() {
                out.push((start, at));
            }
        }
    }
    out
}

/// What may be put into a file, by what it is.
fn changes(what: &str) -> Vec<&'static str> {
    let all = include_str!("protobuf/changes.txt").lines();
    let section = all.skip_while(|it| it.strip_prefix("# ") != Some(what)).skip(1);
    section.take_while(|it| !it.starts_with("# ")).map(|it| if it == "(nothing)" { "" } else { it }).collect()
}

/// A text with one random change; `None` when there is nothing of the kind to change.
fn mutated(text: &str, random: &mut Random) -> Option<String> {
    let words = words(text);
    let word = |at: usize| &text[words[at].0..words[at].1];
    let all = |is: &dyn Fn(usize) -> bool| (0..words.len()).filter(|it| is(*it)).collect::<Vec<usize>>();
    let replaced = |at: usize, by: &str| format!("{}{by}{}", &text[..words[at].0], &text[words[at].1..]);
    let inserted = |at: usize, what: &str| format!("{} {what} {}", &text[..at], &text[at..]);
    let is_name = |at: usize| word(at).starts_with(|it: char| it.is_ascii_alphabetic());
    let bodies = |keyword: &str| all(&|it| word(it) == "{" && it >= 2 && word(it - 2) == keyword);
    let numbers = all(&|it| it >= 1 && word(it - 1) == "=" && word(it).starts_with(|it: char| it.is_ascii_digit()));
    if words.len() < 4 {
        return None;
    }
    let any = random.below(words.len());
    Some(match random.below(18) {
        0 => replaced(any, ""),
        1 => inserted(words[any].1, word(any)),
        2 => {
            let at = random.below(words.len() - 1);
            let ((a, b), (c, d)) = (words[at], words[at + 1]);
            format!("{}{} {}{}", &text[..a], &text[c..d], &text[a..b], &text[d..])
        }
        3 => {
            let names = all(&|it| is_name(it));
            let (at, by) = (random.pick(&names), random.pick(&names));
            replaced(at, word(by))
        }
        4 => {
            if numbers.is_empty() {
                return None;
            }
            replaced(random.pick(&numbers), random.pick(&changes("numbers")))
        }
        5 => {
            let types = all(&|it| it + 2 < words.len() && is_name(it) && is_name(it + 1) && word(it + 2) == "=");
            if types.is_empty() {
                return None;
            }
            replaced(random.pick(&types), random.pick(&changes("types")))
        }
        6 => {
            let heads = all(&|it| matches!(word(it), "syntax" | "edition"));
            let start = words[*heads.first()?].0;
            let end = start + text[start..].find(';')? + 1;
            format!("{}{}{}", &text[..start], random.pick(&changes("heads")), &text[end..])
        }
        7 | 8 => {
            let ends = all(&|it| it + 1 < words.len() && numbers.contains(&it) && word(it + 1) == ";");
            if ends.is_empty() {
                return None;
            }
            inserted(words[random.pick(&ends)].1, &format!("[{}]", random.pick(&changes("options of fields"))))
        }
        9 | 10 => {
            let bodies = bodies("message");
            if bodies.is_empty() {
                return None;
            }
            inserted(words[random.pick(&bodies)].1, random.pick(&changes("members of messages")))
        }
        11 | 12 => {
            let bodies = bodies("message");
            if bodies.is_empty() {
                return None;
            }
            inserted(words[random.pick(&bodies)].1, random.pick(&changes("fields")))
        }
        13 | 14 => format!("{text}\n{}\n", random.pick(&changes("statements"))),
        15 => {
            let labels = all(&|it| matches!(word(it), "optional" | "required" | "repeated"));
            if labels.is_empty() {
                return None;
            }
            replaced(random.pick(&labels), random.pick(&["optional", "required", "repeated", ""]))
        }
        16 => {
            let imports = all(&|it| word(it) == "import");
            let start = words[*imports.get(random.below(imports.len()))?].0;
            let end = start + text[start..].find(';')? + 1;
            format!("{}{}", &text[..start], &text[end..])
        }
        _ => {
            let signs = [
                "{", "}", ";", "=", "[", "]", "(", ")", "<", ">", ",", ".", "\"", "'", "-", "/*", "//", "0", "09",
                "1.5", "\u{e9}", "\\",
            ];
            inserted(words[any].0, random.pick(&signs))
        }
    })
}

/// How many changes are tried of each file.
const CHANGES: usize = 12;

#[test]
#[ignore = "needs ARCHWRIGHT_CORPUS"]
fn verdicts_are_those_of_protoc() {
    let scratch = std::env::temp_dir().join(format!("archwright-protoc-{}", std::process::id()));
    let seed = std::env::var("ARCHWRIGHT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (seed * 0x1234_5678_9abc));
    let (mut checked, mut valid, mut differ) = (0, 0, 0);
    for base in corpus() {
        // protoc lets its own files use an edition that is being worked on.
        if base.text.contains("\"UNSTABLE\"") {
            continue;
        }
        // Imports that nobody has are not judged.
        if !protoc(&base, &base.text, &scratch).is_empty() && ours(&base, &base.text).is_empty() {
            continue;
        }
        let changed = (0..CHANGES).filter_map(|_| mutated(&base.text, &mut random)).collect::<Vec<_>>();
        for text in std::iter::once(&base.text).chain(&changed) {
            let (wanted, found) = (protoc(&base, text, &scratch), ours(&base, text));
            checked += 1;
            valid += usize::from(wanted.is_empty());
            if wanted.is_empty() != found.is_empty() && !wanted.iter().any(|it| it.contains("File not found")) {
                differ += 1;
                println!("{} {}\n  protoc {wanted:?}\n  ours   {found:?}", base.root.display(), base.path);
                if let Ok(folder) = std::env::var("ARCHWRIGHT_KEEP") {
                    fs::write(format!("{folder}/{differ}.proto"), text).unwrap();
                }
            }
        }
    }
    let _ = fs::remove_dir_all(scratch);
    println!("{} of {checked} verdicts agree, {valid} files are valid", checked - differ);
    assert_eq!(differ, 0);
}
