//! What every operation that writes has to keep, whatever it writes: a new one is in these tests without being named.
//!
//! A request is made of what the operation asks people for: what the workspace offers, else the example. A workspace in
//! which that writes nothing would test nothing, so it fails.

mod arguments;
mod places;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use archwright_analysis::{
    OpenOptions, Root,
    operations::{Entry, OPERATIONS},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::client::{Client, Era, shop};

/// An AsyncAPI document of an old version, for what converts.
const OLD: &str = "asyncapi: 2.6.0\ninfo: { title: Old, version: 1.0.0 }\nchannels:\n  orders.v3:\n    publish:\n      \
    message: { name: OrderTold, payload: { type: object } }\n";

/// The operations that write.
fn writing() -> impl Iterator<Item = &'static Entry> {
    OPERATIONS.iter().filter(|it| it.writes)
}

/// The sample shop, in which something is left to do for each operation, below a folder that tells what leaves it.
struct Shop {
    /// What is around the workspace.
    outside: TempDir,
}

impl Shop {
    fn new() -> Self {
        let sample = shop();
        let outside = TempDir::new().unwrap();
        let root = outside.path().join("ws");
        fs::rename(sample.path(), &root).or_else(|_| copied(sample.path(), &root)).unwrap();
        for (path, text) in files(&root) {
            // The feature of the examples is still to be designed.
            let (path, target) = (root.join(&path), root.join(path.replace("order-checkout", "checkout")));
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let text = String::from_utf8(text).unwrap().replace("order-checkout", "checkout");
            fs::remove_file(&path).unwrap();
            fs::write(target, text).unwrap();
        }
        let channel = "docs/features/checkout/contracts/orders.cancelled.v1.md";
        fs::remove_file(root.join(channel)).unwrap();
        fs::write(root.join("docs/old.yaml"), OLD).unwrap();
        fs::create_dir_all(root.join(".git/hooks")).unwrap();
        fs::write(root.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::create_dir_all(outside.path().join("ws-evil")).unwrap();
        fs::write(outside.path().join("ws-evil/secret.md"), "# Secret\n").unwrap();
        Self { outside }
    }

    fn root(&self) -> PathBuf {
        self.outside.path().join("ws")
    }

    /// All that is in and around the workspace.
    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        files(self.outside.path())
    }

    /// A request with which the operation has something to write.
    fn request(&self, operation: &Entry) -> Value {
        let options = OpenOptions::server(Root::Folder(self.root()));
        let mut workspace = archwright_analysis::open(options, &|_| {}).unwrap();
        let mut tried = Vec::new();
        let offered = operation.arguments.first().map(|it| operation.offers(&workspace, it.name)).unwrap_or_default();
        let firsts = offered.iter().map(|it| Some((json!(it.value), &it.with))).chain([None]);
        for first in firsts {
            let mut request = Map::new();
            for (at, argument) in operation.arguments.iter().enumerate() {
                let value = match first.as_ref().filter(|_| at == 0) {
                    Some((value, _)) => value.clone(),
                    // What may be left out is left out where only the workspace could know it.
                    None if argument.offered && argument.optional => continue,
                    None => json!(argument.example),
                };
                let value = if argument.list { json!([value]) } else { value };
                request.insert(argument.name.to_owned(), value);
            }
            if let Some((_, with)) = first {
                request.extend(with.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
            }
            let request = Value::Object(request);
            match operation.plan(&mut workspace, request.clone()) {
                Ok(plan) if !plan.edit.is_empty() => return request,
                Ok(_) => tried.push(format!("{request}: nothing to write")),
                Err(error) => tried.push(format!("{request}: {error}")),
            }
        }
        panic!("no request of {} writes anything:\n{}", operation.name, tried.join("\n"));
    }

    /// That request, and the same with each other value of its closed fields with which there is something to write:
    /// the kinds of documents that an operation knows.
    fn requests(&self, operation: &Entry) -> Vec<Value> {
        let request = self.request(operation);
        let mut workspace = archwright_analysis::open(OpenOptions::server(Root::Folder(self.root())), &|_| {}).unwrap();
        let schema = operation.schema();
        let mut requests = vec![request.clone()];
        for (name, field) in schema["properties"].as_object().unwrap() {
            for value in field["enum"].as_array().into_iter().flatten().filter(|it| request.get(name) != Some(it)) {
                let mut other = request.clone();
                other[name] = value.clone();
                if operation.plan(&mut workspace, other.clone()).is_ok_and(|it| !it.edit.is_empty()) {
                    requests.push(other);
                }
            }
        }
        requests
    }
}

fn copied(from: &Path, to: &Path) -> std::io::Result<()> {
    for (path, text) in files(from) {
        let target = to.join(path);
        fs::create_dir_all(target.parent().unwrap())?;
        fs::write(target, text)?;
    }
    Ok(())
}

/// All files of a folder, and what links say. What is neither a file nor a folder is only named.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = path.symlink_metadata().unwrap().file_type();
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            // The writer takes turns by a lock beside its journal.
            if name.contains(".archwright") {
                continue;
            }
            let bytes = match () {
                () if kind.is_symlink() => fs::read_link(&path).unwrap().to_string_lossy().as_bytes().to_vec(),
                () if kind.is_file() => fs::read(&path).unwrap(),
                () => Vec::new(),
            };
            found.insert(name, bytes);
        }
    }
    found
}

fn tool(operation: &Entry) -> String {
    operation.name.replace('-', "_")
}

fn dry(request: &Value) -> Value {
    let mut request = request.clone();
    request["dry_run"] = json!(true);
    request
}

/// The files of an answer, with what happens to each.
fn touched(answer: &Value) -> Vec<(String, String)> {
    let files = answer["files"].as_array().unwrap().iter();
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    files.map(|it| (text(it, "path"), text(it, "state"))).filter(|it| it.1 != "unchanged").collect()
}

/// Each operation that writes, with each of its requests.
fn requests() -> Vec<(&'static Entry, Value)> {
    let shop = Shop::new();
    writing().flat_map(|it| shop.requests(it).into_iter().map(move |request| (it, request))).collect()
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_says_what_the_call_writes() {
    for (operation, request) in requests() {
        let shop = Shop::new();
        let before = shop.all();
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let planned = client.data(&tool(operation), dry(&request)).await;
        assert_eq!((&planned["state"], shop.all() == before), (&json!("planned"), true), "{}", operation.name);
        assert!(planned["diff"].as_str().is_some_and(|it| it.contains("+++ b/")), "{planned:#}");
        let written = client.data(&tool(operation), request).await;
        assert_eq!(
            (&written["state"], &written["files"]),
            (&json!("written"), &planned["files"]),
            "{}",
            operation.name
        );
        // Each file is as it was announced, and no other one changed.
        let after = shop.all();
        for file in written["files"].as_array().unwrap() {
            let bytes = &after[&format!("ws/{}", file["path"].as_str().unwrap())];
            assert_eq!(file["sha256"], archwright_analysis::ContentHash::of(bytes).to_string(), "{file}");
        }
        let changed = after.iter().filter(|it| before.get(it.0) != Some(it.1)).map(|it| it.0.trim_start_matches("ws/"));
        let mut announced: Vec<String> = touched(&written).into_iter().map(|it| it.0).collect();
        announced.sort();
        assert_eq!(changed.collect::<Vec<_>>(), announced, "{}", operation.name);
        assert!(before.keys().all(|it| after.contains_key(it)), "{} takes a file away", operation.name);
        client.end().await;
    }
}

#[tokio::test]
async fn a_second_call_changes_nothing() {
    for (operation, request) in requests() {
        let shop = Shop::new();
        let mut client = Client::new(&shop.root(), Era::Legacy).await;
        client.data(&tool(operation), request.clone()).await;
        let written = shop.all();
        let again = client.call(&tool(operation), request).await;
        // What makes the next of something says that it is there.
        let told = again["content"][0]["text"].as_str().unwrap();
        if !told.contains("exists already") {
            let again = &again["structuredContent"];
            assert_eq!(
                (&again["state"], touched(again)),
                (&json!("unchanged"), Vec::new()),
                "{}: {told}",
                operation.name
            );
        }
        assert!(shop.all() == written, "{} changes files that say all of it", operation.name);
        client.end().await;
    }
}

/// Whether people write into a file. What is made by the tool in whole is made anew.
fn is_text(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "md")
}

#[tokio::test]
async fn texts_of_people_stay_and_so_do_their_line_endings() {
    for (operation, request) in requests() {
        let shop = Shop::new();
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let planned = client.data(&tool(operation), dry(&request)).await;
        // Somebody writes into each of the files while the server runs, on another system.
        let mut mine = BTreeMap::new();
        for (path, _) in touched(&planned).into_iter().filter(|it| it.1 == "changed" && is_text(&it.0)) {
            let at = shop.root().join(&path);
            let text = fs::read_to_string(&at).unwrap().replace('\n', "\r\n") + "\r\n## Mine\r\n\r\nWords of mine.";
            fs::write(&at, &text).unwrap();
            mine.insert(path, text);
        }
        client.data(&tool(operation), request).await;
        for (path, before) in mine {
            let after = fs::read_to_string(shop.root().join(&path)).unwrap();
            assert!(after.ends_with("\r\n## Mine\r\n\r\nWords of mine."), "{}: {path}\n{after}", operation.name);
            assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{}: {path}", operation.name);
            // Lines may be completed; a line that says something is never taken away.
            let kept = |line: &&str| after.contains(*line) || line.contains("[TBD") || line.starts_with('|');
            let gone: Vec<&str> = before.lines().filter(|it| !kept(it)).collect();
            assert!(
                gone.iter().all(|it| it.starts_with("- **") || it.starts_with("Last ")),
                "{}: {gone:?}",
                operation.name
            );
        }
        client.end().await;
    }
}

#[tokio::test]
async fn another_content_than_expected_is_not_overwritten() {
    for operation in writing() {
        let shop = Shop::new();
        let mut request = shop.request(operation);
        let before = shop.all();
        request["expected_sha256"] = json!("0".repeat(64));
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let told = client.mistake(&tool(operation), request.clone()).await;
        assert!(told.starts_with("Nothing was written: ") && shop.all() == before, "{}: {told}", operation.name);
        request["expected_sha256"] = json!("abc");
        let told = client.mistake(&tool(operation), request).await;
        assert!(told.contains("64 hexadecimal digits") && shop.all() == before, "{}: {told}", operation.name);
        client.end().await;
    }
}

#[tokio::test]
async fn what_is_written_has_no_error() {
    for (operation, request) in requests() {
        let shop = Shop::new();
        let mut client = Client::new(&shop.root(), Era::Stateless).await;
        let check = json!({ "severity": "error", "limit": 100 });
        let key = |it: &Value| ["file", "rule", "message"].map(|name| it[name].to_string()).join(" ");
        let errors = |it: &Value| it["findings"].as_array().unwrap().iter().map(key).collect::<Vec<_>>();
        let before = errors(&client.data("check", check.clone()).await);
        client.data(&tool(operation), request).await;
        let after = errors(&client.data("check", check).await);
        let new: Vec<&String> = after.iter().filter(|it| !before.contains(it)).collect();
        assert!(new.is_empty(), "{}: {new:#?}", operation.name);
        client.end().await;
    }
}
