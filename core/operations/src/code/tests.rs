//! What is kept of code gives what reading it anew gives.
#![allow(clippy::format_collect, reason = "the texts are short")]

use std::{fs, path::Path};

use archwright_engine::{OpenOptions, Root, cache::Cache};

use super::{Code, discovered};

/// A workspace with enough code for a cache, and a place for it beside.
struct Case(tempfile::TempDir);

impl Case {
    fn new() -> Self {
        let case = Self(tempfile::tempdir().unwrap());
        case.write("package.json", "{ \"dependencies\": { \"kafkajs\": \"2\" } }");
        case.write("config/topics.yml", "topics:\n  refunds: refunds.asked\n");
        let filler: String = (0..2_000)
            .map(|it| format!("// Line {it} of a text that nobody reads and that makes the file long.\n"))
            .collect();
        case.write("src/filler.ts", &filler);
        case.write("src/bus.ts", &sends("orders.placed"));
        case.write("src/twin.ts", &sends("orders.placed"));
        case
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join("shop").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn cache(&self) -> std::path::PathBuf {
        self.0.path().join("cache")
    }

    fn found(&self, cache: Option<&Path>) -> Code {
        let options = OpenOptions::batch(Root::Folder(self.0.path().join("shop")));
        let options = OpenOptions { cache: cache.map(Path::to_path_buf), ..options };
        discovered(&archwright_rules::open(options, &|_| {}).unwrap())
    }

    /// Asks twice with what is kept, and once without; all have to say the same. Gives the channels.
    fn agrees(&self) -> Vec<String> {
        let fresh = self.found(None);
        for _ in 0..2 {
            let kept = self.found(Some(&self.cache()));
            assert_eq!(kept.found, fresh.found);
            assert_eq!((kept.files, &kept.unreadable), (fresh.files, &fresh.unreadable));
        }
        fresh.found.edges.iter().map(|it| format!("{}:{}", it.path, it.channel.name)).collect()
    }

    fn files(&self) -> Vec<std::path::PathBuf> {
        let mut files: Vec<_> = fs::read_dir(self.cache()).unwrap().map(|it| it.unwrap().path()).collect();
        files.sort();
        files
    }
}

fn sends(channel: &str) -> String {
    format!("import {{ Kafka }} from 'kafkajs';\nawait producer.send({{ topic: '{channel}', messages }});\n")
}

#[test]
fn every_change_is_seen() {
    let case = Case::new();
    assert_eq!(case.agrees(), ["src/bus.ts:orders.placed", "src/twin.ts:orders.placed"]);
    assert_eq!(case.files().len(), 2);
    case.write("src/bus.ts", &sends("orders.closed"));
    assert_eq!(case.agrees(), ["src/bus.ts:orders.closed", "src/twin.ts:orders.placed"]);
    // The text of one file, the name of another.
    fs::rename(case.0.path().join("shop/src/twin.ts"), case.0.path().join("shop/src/more.ts")).unwrap();
    assert_eq!(case.agrees(), ["src/bus.ts:orders.closed", "src/more.ts:orders.placed"]);
    // The same text is read in another way.
    fs::rename(case.0.path().join("shop/src/more.ts"), case.0.path().join("shop/src/more.py")).unwrap();
    assert_eq!(case.agrees().first().unwrap(), "src/bus.ts:orders.closed");
    // Settings and manifests decide as well.
    case.write("src/bus.ts", "await producer.send({ topic: config.topics.refunds, messages });\n");
    let with = case.agrees();
    case.write("config/topics.yml", "topics:\n  refunds: refunds.paid\n");
    assert_ne!(case.agrees(), with);
    case.write("package.json", "{}");
    case.write("src/bus.ts", "run();\n");
    case.agrees();
    fs::remove_file(case.0.path().join("shop/src/bus.ts")).unwrap();
    case.agrees();
}

#[test]
fn what_is_kept_is_taken() {
    let case = Case::new();
    let fresh = case.found(Some(&case.cache()));
    // Something else is put in its place, to be seen in the answer.
    let cache = Cache::new(&case.cache(), &case.0.path().join("shop")).unwrap();
    let [_, found] = case.files().try_into().unwrap();
    let bytes = fs::read(found).unwrap();
    let key = bytes.get(56..88).unwrap().iter().map(|it| format!("{it:02x}")).collect::<String>();
    let mut other = fresh.found.clone();
    other.edges.truncate(1);
    let entry = (key.parse().unwrap(), other.to_bytes().unwrap());
    cache.write(super::kept::FOUND, archwright_scan::discover::VERSION, &[entry]);
    assert_eq!(case.found(Some(&case.cache())).found, other);
    // Of another version of the data it is not taken.
    let entry = (key.parse().unwrap(), other.to_bytes().unwrap());
    cache.write(super::kept::FOUND, "another version", &[entry]);
    assert_eq!(case.found(Some(&case.cache())).found, fresh.found);
}

#[test]
fn what_is_broken_is_read_anew() {
    let case = Case::new();
    case.agrees();
    for broken in [&b""[..], b"archwright-kept1", b"something else that is longer than the head of such a file ....."] {
        for file in case.files() {
            fs::write(file, broken).unwrap();
        }
        case.agrees();
    }
    for file in case.files() {
        let mut bytes = fs::read(&file).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&file, bytes).unwrap();
    }
    case.agrees();
    fs::remove_dir_all(case.cache()).unwrap();
    case.agrees();
}

#[test]
fn little_code_leaves_nothing_behind() {
    let case = Case::new();
    fs::remove_file(case.0.path().join("shop/src/filler.ts")).unwrap();
    assert_eq!(case.agrees().len(), 2);
    assert!(!case.cache().exists());
}

#[test]
fn code_that_a_build_seems_to_have_made_is_told() {
    let case = Case::new();
    case.write("src/build/bus.ts", &sends("builds.done"));
    case.write("dist/bus.js", &sends("orders.placed"));
    case.write("dist/page.js", "render();");
    let code = case.found(None);
    assert!(code.found.edges.iter().any(|it| it.path == "src/build/bus.ts"));
    assert_eq!(code.unreadable, ["dist/bus.js: it stands where a build puts what it makes"]);
}
