//! `archwright diff` from outside: files and revisions, formats and exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, missing_docs)]

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

const OLD: &str = r#"{
  "type": "record",
  "name": "OrderPlaced",
  "fields": [
    {"name": "orderId", "type": "string"}
  ]
}
"#;

/// The same with a field that old messages do not have, and a type that grew.
fn new() -> String {
    OLD.replace("}\n  ]", "},\n    {\"name\": \"note\", \"type\": \"string\"}\n  ]")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("diff-").tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Exit code, stdout and stderr of `archwright diff`.
fn diff(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
    let output = command.arg("diff").args(arguments).current_dir(folder).env_remove("ARCHWRIGHT_LOG").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn git(folder: &Path, arguments: &[&str]) {
    let fixed = [
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "core.autocrlf=false",
    ];
    let mut command = Command::new("git");
    command.current_dir(folder).args(fixed).args(arguments);
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE");
    assert!(command.output().unwrap().status.success(), "git {arguments:?}");
}

#[test]
fn places_in_long_lines_are_those_of_the_file() {
    let line = |fields: &str| {
        let before: Vec<String> = (0..9).map(|it| format!(r#"{{"name":"field{it}","type":"string"}},"#)).collect();
        let long = before.concat();
        format!(r#"{{"type":"record","name":"OrderPlaced","fields":[{long}{fields}]}}"#)
    };
    let (old, new) = (line(r#"{"name":"id","type":"string"}"#), line(r#"{"name":"id","type":"int"}"#));
    let folder = folder(&[("old.avsc", &old), ("new.avsc", &new)]);
    let (_, stdout, _) = diff(folder.path(), &["old.avsc", "new.avsc"]);
    let (_, json, _) = diff(folder.path(), &["old.avsc", "new.avsc", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let column = json["changes"][0]["new"]["start"]["column"].as_u64().unwrap();
    assert!(column > 300 && stdout.contains(&format!("new.avsc:1:{column}")), "{column}\n{stdout}");
}

#[test]
fn text_shows_both_versions_of_what_breaks() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", &new())]);
    let (code, stdout, stderr) = diff(folder.path(), &["old.avsc", "new.avsc"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    insta::assert_snapshot!(stdout);
}

#[test]
fn markdown_is_a_table() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", &new())]);
    let (code, stdout, _) = diff(folder.path(), &["old.avsc", "new.avsc", "--format", "markdown"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(stdout);
}

#[test]
fn the_mode_decides_whom_to_serve() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", &new())]);
    for (mode, expected) in [("backward", 1), ("forward", 0), ("full", 1), ("none", 0)] {
        let (code, stdout, _) = diff(folder.path(), &["old.avsc", "new.avsc", "--mode", mode, "--format", "json"]);
        let answer: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!((code, &answer["compatible"]), (expected, &Value::from(expected == 0)), "{mode}");
    }
}

#[test]
fn transitive_modes_look_at_every_old_file() {
    let middle = OLD.replace("\n  ]", ",\n    {\"name\": \"note\", \"type\": \"string\", \"default\": \"\"}\n  ]");
    let folder = folder(&[("1.avsc", OLD), ("2.avsc", &middle), ("3.avsc", &new())]);
    let code = |mode| diff(folder.path(), &["1.avsc", "2.avsc", "3.avsc", "--mode", mode]).0;
    assert_eq!((code("backward"), code("backward_transitive")), (0, 1));
}

#[test]
fn json_has_both_places_of_a_change() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", &new())]);
    let (_, stdout, _) = diff(folder.path(), &["old.avsc", "new.avsc", "--format", "json"]);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    let change = &answer["changes"][0];
    assert_eq!(change["kind"], "READER_FIELD_MISSING_DEFAULT_VALUE");
    assert_eq!((&change["path"], &change["breaks"][0]), (&"/fields/1".into(), &"backward".into()));
    assert_eq!((&change["new"]["file"], &change["new"]["start"]["line"]), (&"new.avsc".into(), &6.into()));
    assert_eq!(change["old"]["file"], "old.avsc");
}

#[test]
fn sarif_has_one_result_per_change() {
    let folder = folder(&[("old.avsc", OLD), ("new.avsc", &new())]);
    let (code, stdout, _) = diff(folder.path(), &["old.avsc", "new.avsc", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&stdout).unwrap();
    let (run, result) = (&log["runs"][0], &log["runs"][0]["results"][0]);
    assert_eq!((code, &log["version"], &result["level"]), (1, &"2.1.0".into(), &"error".into()));
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], result["ruleId"]);
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "new.avsc");
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "old.avsc");
}

/// A JSON Schema, written as YAML, and one that came after it.
fn orders() -> (String, String) {
    let old = "\
$schema: http://json-schema.org/draft-07/schema#
type: object
required: [id]
additionalProperties: false
properties:
  id: { type: string }
  state: { enum: [open, done, late] }
  lines:
    type: array
    items: { $ref: '#/definitions/line' }
definitions:
  line: { type: object, properties: { amount: { type: number } } }
";
    let new = old.replace(", late]", "]").replace("type: number", "type: integer");
    let new =
        new.replace("  state:", "  note: { type: string }\n  state:").replace("required: [id]", "required: [id, note]");
    (old.to_owned(), new)
}

#[test]
fn json_schemas_in_yaml_are_compared_in_both_directions() {
    let (old, new) = orders();
    let folder = folder(&[("old.yaml", &old), ("new.yaml", &new)]);
    let (code, stdout, stderr) = diff(folder.path(), &["old.yaml", "new.yaml", "--mode", "full"]);
    assert_eq!((code, stderr.as_str()), (1, ""));
    insta::assert_snapshot!(stdout);
}

#[test]
fn the_profile_decides_whose_definition_holds() {
    let (old, new) = orders();
    let folder = folder(&[("old.yaml", &old), ("new.yaml", &new)]);
    let kinds = |profile| {
        let (_, stdout, _) = diff(folder.path(), &["old.yaml", "new.yaml", "--profile", profile, "--format", "json"]);
        let answer: Value = serde_json::from_str(&stdout).unwrap();
        let changes = answer["changes"].as_array().unwrap().iter();
        changes
            .map(|it| format!("{} {}", it["kind"].as_str().unwrap(), it["path"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let told = ["confluent", "confluent-lenient", "karapace", "apicurio"]
        .map(|it| format!("{it}\n  {}\n", kinds(it).join("\n  ")));
    insta::assert_snapshot!(told.concat());
}

#[test]
fn what_cannot_be_compared_ends_with_two_and_its_place() {
    let folder = folder(&[("old.avsc", OLD), ("bad.avsc", "{\"type\": \"recrod\"}"), ("notes.md", "# Notes\n")]);
    for (arguments, expected) in [
        (["old.avsc", "bad.avsc"], "bad.avsc:1:10: `recrod` is no type"),
        (["old.avsc", "missing.avsc"], "missing.avsc: "),
        (["notes.md", "notes.md"], "notes.md: cannot tell the format; say it with --format-of"),
    ] {
        let (code, stdout, stderr) = diff(folder.path(), &arguments);
        assert!(code == 2 && stdout.is_empty() && stderr.contains(expected), "{stderr}");
    }
}

#[test]
fn asyncapi_documents_are_compared_as_a_whole() {
    let old = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n\
        channels:\n  placed:\n    address: orders.placed.v1\n";
    let new = old.replace("orders.placed.v1", "orders.placed.v2");
    let folder = folder(&[("old.yaml", old), ("new.yaml", &new)]);
    let (code, stdout, _) = diff(folder.path(), &["old.yaml", "new.yaml"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(stdout);
}

#[test]
fn the_working_tree_is_compared_with_where_it_left_the_default_branch() {
    let contract = "# orders.placed.v1\n\n- **Status**: Active\n- **Compatibility**: FULL\n";
    let schema = "docs/features/shop/schemas/orders.placed.v1.avsc";
    let folder = folder(&[
        (schema, OLD),
        ("docs/features/shop/contracts/orders.placed.v1.md", contract),
        ("archwright.toml", ""),
    ]);
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "Begin"]);
    git(root, &["checkout", "-q", "-b", "work"]);
    let (code, stdout, _) = diff(root, &[]);
    assert!(code == 0 && stdout.starts_with("Nothing compared against "), "{stdout}");
    let (code, stdout, _) = diff(root, &["--base", "main", "--format", "json"]);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((code, answer.get("compatible")), (0, Some(&Value::Null)), "{stdout}");

    write(root, schema, &new());
    let (code, stdout, stderr) = diff(root, &["--base"]);
    assert!(
        code == 1 && stdout.contains("READER_FIELD_MISSING_DEFAULT_VALUE") && stderr.is_empty(),
        "{stdout}{stderr}"
    );
    assert!(stdout.contains(&format!("{schema}:6:14")) && stdout.contains(&format!("{schema}@")), "{stdout}");
    git(root, &["commit", "-q", "-a", "-m", "Change"]);
    assert_eq!(diff(root, &[]).0, 1);
    assert_eq!(diff(root, &["--base", "HEAD"]).0, 0);
    assert_eq!(diff(root, &["--base", "main", "--mode", "forward", schema]).0, 0);
    assert_eq!(diff(root, &["--base", "main", "docs/features/shop/contracts"]).0, 0);

    let (code, _, stderr) = diff(root, &["--base", "nowhere"]);
    assert!(code == 2 && stderr.contains("`nowhere` names no commit"), "{stderr}");
}

#[test]
fn the_contract_of_the_channel_says_which_mode_holds() {
    let contract = |mode: &str| {
        format!("# orders.placed.v1\n\n## Topology\n\n- **Channel**: `orders.placed.v1`\n- **Compatibility**: {mode}\n")
    };
    let (schema, document) =
        ("docs/features/shop/schemas/orders.placed.v1.avsc", "docs/features/shop/contracts/orders.placed.v1.md");
    let folder = folder(&[(schema, &new()), (document, &contract("BACKWARD")), ("archwright.toml", "")]);
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "Begin"]);
    write(root, schema, OLD);
    assert_eq!(diff(root, &["--base", "main"]).0, 0);
    write(root, document, &contract("FULL"));
    assert_eq!(diff(root, &["--base", "main"]).0, 1);
}

/// A repository with these files on its default branch, and a branch to work on.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(files);
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "Begin"]);
    git(root, &["checkout", "-q", "-b", "work"]);
    folder
}

/// The kinds of changes that `archwright diff` tells with these arguments.
fn kinds(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let (_, stdout, stderr) = diff(folder, &[arguments, &["--format", "json"]].concat());
    let answer: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
    answer["changes"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_file_that_moved_is_compared_with_what_it_was() {
    let folder = repository(&[
        ("schemas/order.avsc", OLD),
        ("schemas/gone.avsc", "{\"type\": \"fixed\", \"name\": \"F\", \"size\": 2}"),
    ]);
    let root = folder.path();
    git(root, &["rm", "-q", "schemas/gone.avsc"]);
    git(root, &["mv", "schemas/order.avsc", "schemas/placed.avsc"]);
    write(root, "schemas/placed.avsc", &new());
    let all = ["FILE_REMOVED", "FILE_MOVED", "READER_FIELD_MISSING_DEFAULT_VALUE"];
    assert_eq!(kinds(root, &[]), all);
    // Both paths tell of the move, and a path that is gone can still be asked for.
    assert_eq!(kinds(root, &["schemas/placed.avsc"]), all[1..]);
    assert_eq!(kinds(root, &["schemas/order.avsc"]), all[1..]);
    assert_eq!(kinds(root, &["schemas/gone.avsc"]), all[..1]);
    // Each result stands in a file: code scanning drops those that stand nowhere.
    let log: Value = serde_json::from_str(&diff(root, &["--format", "sarif"]).1).unwrap();
    let file =
        |it: &Value| it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
    let files: Vec<_> = log["runs"][0]["results"].as_array().unwrap().iter().map(file).collect();
    assert_eq!(files, ["schemas/gone.avsc", "schemas/placed.avsc", "schemas/placed.avsc"]);
    let (code, _, stderr) = diff(root, &["schemas/never.avsc"]);
    assert!(code == 2 && stderr.contains("schemas/never.avsc: there is no such file or folder"), "{stderr}");
}

#[test]
fn json_schemas_outside_of_the_layout_are_known_by_their_dialect_or_by_name() {
    let schema = |ty: &str| format!("{{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"{ty}\"}}");
    let plain = |ty: &str| format!("{{\"type\": \"{ty}\"}}");
    let files =
        [("a/order.json", schema("string")), ("a/plain.json", plain("string")), ("package.json", plain("module"))];
    let files: Vec<_> = files.iter().map(|it| (it.0, it.1.as_str())).collect();
    let folder = repository(&files);
    let root = folder.path();
    for (path, text) in
        [("a/order.json", schema("integer")), ("a/plain.json", plain("integer")), ("package.json", plain("commonjs"))]
    {
        write(root, path, &text);
    }
    assert_eq!(kinds(root, &[]), ["TYPE_CHANGED"]);
    assert_eq!(kinds(root, &["a/plain.json"]), ["TYPE_CHANGED"]);
    assert_eq!(kinds(root, &["a"]), ["TYPE_CHANGED"]);
}

#[test]
fn a_file_that_was_invalid_may_be_mended() {
    let folder = repository(&[("order.avsc", "{\"type\": \"recrod\"}"), ("other.avsc", OLD)]);
    let root = folder.path();
    write(root, "order.avsc", OLD);
    write(root, "other.avsc", &new());
    assert_eq!(kinds(root, &[]), ["FILE_WAS_INVALID", "READER_FIELD_MISSING_DEFAULT_VALUE"]);
    write(root, "other.avsc", OLD);
    assert_eq!(diff(root, &[]).0, 0);
    write(root, "other.avsc", "{");
    let (code, stdout, _) = diff(root, &[]);
    assert!(code == 1 && stdout.contains("FILE_INVALID") && stdout.contains("other.avsc:1:1"), "{stdout}");
}

#[test]
fn versions_of_one_document_have_one_format() {
    let proto = "syntax = \"proto3\"; message A {}";
    let folder = folder(&[
        ("a.proto", proto),
        ("a.avsc", OLD),
        ("old.json", OLD),
        ("new.json", &new()),
        ("schema.json", "{\"type\": \"object\"}"),
    ]);
    for (old, new) in [("a.proto", "a.avsc"), ("schema.json", "a.proto"), ("a.avsc", "a.proto")] {
        let (code, _, stderr) = diff(folder.path(), &[old, new]);
        assert!(code == 2 && stderr.contains("compare versions of one document"), "{stderr}");
    }
    // JSON that is an Avro schema is taken for one, whatever the file is called.
    assert_eq!(kinds(folder.path(), &["old.json", "new.json"]), ["READER_FIELD_MISSING_DEFAULT_VALUE"]);
    assert_eq!(kinds(folder.path(), &["a.avsc", "new.json"]), ["READER_FIELD_MISSING_DEFAULT_VALUE"]);
}

const DOCUMENT: &str = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\n\
    channels:\n  placed:\n    address: orders.placed.v1\n    messages:\n      OrderPlaced: { payload: { $ref: \
    ./schemas/order.json } }\n";

/// A schema of orders that refers to one of money.
const ORDER: &str = "{\"type\": \"object\", \"properties\": {\"total\": {\"$ref\": \"money.json\"}}}\n";

#[test]
fn a_break_in_a_file_that_a_document_refers_to_is_found_there() {
    let files =
        [("orders.yaml", DOCUMENT), ("schemas/order.json", ORDER), ("schemas/money.json", "{\"type\": \"string\"}\n")];
    let folder = repository(&files);
    write(folder.path(), "schemas/money.json", "{\"type\": \"integer\"}\n");
    for arguments in
        [&["--base", "main"][..], &["--base", "main", "orders.yaml"], &["--base", "main", "schemas/order.json"]]
    {
        let (code, stdout, stderr) = diff(folder.path(), arguments);
        assert!(code == 1 && stdout.contains("schemas/money.json:1:10"), "{arguments:?} {stdout}{stderr}");
        assert!(stdout.contains("TYPE_CHANGED") && stdout.contains("Incompatible: 1 breaking change"), "{stdout}");
    }
    // Files that lie beside each other as well.
    for version in ["old", "new"] {
        let ty = if version == "old" { "string" } else { "integer" };
        write(folder.path(), &format!("{version}/orders.yaml"), DOCUMENT);
        write(folder.path(), &format!("{version}/schemas/order.json"), ORDER);
        write(folder.path(), &format!("{version}/schemas/money.json"), &format!("{{\"type\": \"{ty}\"}}\n"));
    }
    for file in ["orders.yaml", "schemas/order.json"] {
        let (code, stdout, _) = diff(folder.path(), &[&format!("old/{file}"), &format!("new/{file}")]);
        assert!(code == 1 && stdout.contains("new/schemas/money.json:1:10"), "{stdout}");
    }
}

#[test]
fn a_break_in_a_schema_that_is_named_by_its_id_is_found() {
    let order =
        "{\"$id\": \"https://x.example/order.json\", \"properties\": {\"total\": {\"$ref\": \"amount.json\"}}}\n";
    let amount = |ty: &str| format!("{{\"$id\": \"https://x.example/amount.json\", \"type\": \"{ty}\"}}\n");
    let schema = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", ";
    let order = order.replacen('{', schema, 1);
    let folder = repository(&[("order.json", &order), ("lib/money.json", &amount("string"))]);
    write(folder.path(), "lib/money.json", &amount("integer"));
    for arguments in [&["--base", "main"][..], &["--base", "main", "order.json"]] {
        let (code, stdout, stderr) = diff(folder.path(), arguments);
        assert!(code == 1 && stdout.contains("lib/money.json:1:"), "{arguments:?} {stdout}{stderr}");
        assert!(stdout.contains("TYPE_CHANGED"), "{stdout}");
    }
    // Beside each of two files.
    for (version, ty) in [("old", "string"), ("new", "integer")] {
        write(folder.path(), &format!("{version}/order.json"), &order);
        write(folder.path(), &format!("{version}/money.json"), &amount(ty));
    }
    let (code, stdout, _) = diff(folder.path(), &["old/order.json", "new/order.json"]);
    assert!(code == 1 && stdout.contains("new/money.json:1:"), "{stdout}");
}

#[test]
fn a_file_in_utf_16_is_told_and_not_passed_over() {
    let wide = |text: &str| -> Vec<u8> {
        [&[0xff, 0xfe], &*text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat()
    };
    let folder = repository(&[("a.avsc", OLD), ("b.avsc", OLD)]);
    std::fs::write(folder.path().join("a.avsc"), wide(OLD)).unwrap();
    let (code, stdout, _) = diff(folder.path(), &["--base", "main"]);
    assert!(code == 1 && stdout.contains("a.avsc") && stdout.contains("UTF-16"), "{stdout}");
}

#[test]
fn a_file_that_cannot_be_read_hides_nothing_of_the_others() {
    let folder = repository(&[("a.avsc", OLD), ("b.avsc", OLD)]);
    write(folder.path(), "a.avsc", "{\"type\": \"record\",");
    write(folder.path(), "b.avsc", &new());
    let (code, stdout, _) = diff(folder.path(), &["--base", "main"]);
    assert!(code == 1 && stdout.contains("FILE_INVALID") && stdout.contains("READER_FIELD_MISSING"), "{stdout}");
}

#[test]
fn every_change_of_a_large_schema_is_listed_or_counted() {
    let record = |count: usize, ty: &str| {
        let fields: Vec<_> = (0..count).map(|it| format!("{{\"name\": \"f{it}\", \"type\": \"{ty}\"}}")).collect();
        format!("{{\"type\": \"record\", \"name\": \"Order\", \"fields\": [{}]}}", fields.join(", "))
    };
    for (count, expected) in [(300, 300), (2_500, 2_001)] {
        let folder = folder(&[("old.avsc", &record(count, "string")), ("new.avsc", &record(count, "int"))]);
        let (_, stdout, _) = diff(folder.path(), &["old.avsc", "new.avsc", "--format", "json"]);
        let answer: Value = serde_json::from_str(&stdout).unwrap();
        let changes = answer["changes"].as_array().unwrap();
        assert_eq!(changes.len(), expected);
        assert_eq!(changes.last().unwrap()["kind"] == "MORE_CHANGES", count > 2_000);
    }
}

#[test]
fn a_schema_that_a_document_refers_to_is_told_once_with_the_document() {
    let document = |format: &str, file: &str| {
        format!(
            "asyncapi: 3.0.0\ninfo: {{ title: Orders, version: 1.0.0 }}\nchannels:\n  placed:\n    address: \
             orders.placed.v1\n    messages:\n      Placed: {{ payload: {{ schemaFormat: '{format}', schema: {{ $ref: \
             './schemas/{file}' }} }} }}\noperations:\n  tell: {{ action: send, channel: {{ $ref: \
             '#/channels/placed' }} }}\n"
        )
    };
    let json = "application/schema+json;version=draft-07";
    let cases = [
        (json, "order.json", "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\"}}}", "integer"),
        (
            "application/vnd.apache.avro;version=1.9.0",
            "order.avsc",
            "{\"type\": \"record\", \"name\": \"A\", \"fields\": [{\"name\": \"id\", \"type\": \"string\"}]}",
            "int",
        ),
        (
            "application/vnd.google.protobuf;version=3",
            "order.proto",
            "syntax = \"proto3\";\nmessage A { string id = 1; }\n",
            "int32",
        ),
    ];
    for (format, file, old, ty) in cases {
        let old = old.replace(
            "{\"type\": \"object\"",
            "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"type\": \"object\"",
        );
        let path = format!("schemas/{file}");
        let folder = repository(&[("orders.yaml", &document(format, file)), (&path, &old)]);
        let root = folder.path();
        write(root, &path, &old.replace("string", ty));
        let (code, stdout, stderr) = diff(root, &["--format", "json"]);
        let answer: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
        let changes = answer["changes"].as_array().unwrap();
        assert!(code == 1 && changes.len() == 1, "{stdout}");
        assert_eq!(changes[0]["new"]["file"], path.as_str());
        assert_eq!(changes[0]["related"][0]["file"], "orders.yaml");
        assert_eq!(changes[0]["related"][0]["start"]["line"], 7);
        let text = diff(root, &[]).1;
        assert!(text.contains("refers to it") && text.contains("orders.yaml:7"), "{text}");
        let table = diff(root, &["--format", "markdown"]).1;
        assert!(table.contains("used by orders.yaml:7"), "{table}");
        // Asked for by itself, the document tells it.
        assert_eq!(kinds(root, &["orders.yaml"]).len(), 1);
    }
}

#[test]
fn a_part_of_a_schema_is_asked_whom_its_document_serves() {
    let schema = |property: &str| {
        format!("{{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"properties\": {{{property}}}}}")
    };
    let document = "asyncapi: 3.0.0\ninfo: { title: Orders, version: 1.0.0 }\nchannels:\n  placed:\n    messages:\n      \
                    Placed: { payload: { $ref: './order.json' } }\noperations:\n  tell: { action: send, channel: { $ref: \
                    '#/channels/placed' } }\n";
    let order = schema("\"line\": {\"$ref\": \"line.json\"}");
    let line = |values: &str| schema(&format!("\"state\": {{\"enum\": [{values}]}}"));
    let files = [("orders.yaml", document), ("order.json", &order), ("line.json", &line("\"a\", \"b\""))];
    let folder = repository(&files);
    let root = folder.path();
    // Readers with the old schema do not know the new value.
    write(root, "line.json", &line("\"a\", \"b\", \"c\""));
    let answer: Value = serde_json::from_str(&diff(root, &["--format", "json"]).1).unwrap();
    let changes = answer["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{answer}");
    assert_eq!((&changes[0]["class"], &changes[0]["mode"]), (&"breaking".into(), &"forward".into()));
    assert_eq!(changes[0]["related"].as_array().unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_not_read() {
    let folder = folder(&[("old.avsc", OLD)]);
    let pipe = folder.path().join("pipe.avsc");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.yaml")).unwrap();
    for arguments in [
        ["diff", "old.avsc", "pipe.avsc"].as_slice(),
        &["diff", "/dev/zero", "old.avsc"],
        &["convert", "zero.yaml"],
        &["convert", "pipe.avsc"],
        &["design", "a", "--facts", "zero.yaml"],
        &["design", "a", "--facts", "pipe.avsc"],
        &["review", "--text", "pipe.avsc"],
        &["check", "--config", "pipe.avsc"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_archwright"));
        let output = command.args(arguments).current_dir(folder.path()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("it is no regular file"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_schema_without_a_dialect_is_compared_or_named() {
    let schema = "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\"}}}\n";
    let data = "{\"type\": \"object\", \"properties\": {\"id\": \"string\"}}\n";
    let contract = "# Contract: a.placed.v1\n\nThe schema is [here](../../../../schemas/linked.json).\n";
    let folder = repository(&[
        ("schemas/linked.json", schema),
        ("schemas/lonely.json", schema),
        ("schemas/data.json", data),
        ("docs/features/a/contracts/a.placed.v1.md", contract),
    ]);
    for name in ["linked", "lonely", "data"] {
        let path = format!("schemas/{name}.json");
        let text = fs::read_to_string(folder.path().join(&path)).unwrap();
        write(folder.path(), &path, &text.replace("string", "integer"));
    }
    let (code, stdout, _) = diff(folder.path(), &["--base", "HEAD", "--format", "json"]);
    let answer: Value = serde_json::from_str(&stdout).unwrap();
    let told: Vec<(&str, &str)> = answer["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["kind"].as_str().unwrap(), it["old"]["file"].as_str().unwrap()))
        .collect();
    let expected = [("TYPE_CHANGED", "schemas/linked.json@HEAD"), ("FILE_NOT_COMPARED", "schemas/lonely.json@HEAD")];
    assert_eq!((code, told.as_slice()), (1, &expected[..]), "{stdout}");
    // Somebody who names it says that it is one.
    let (code, stdout, _) = diff(folder.path(), &["--base", "HEAD", "schemas/lonely.json"]);
    assert!(code == 1 && stdout.contains("TYPE_CHANGED"), "{stdout}");
}

#[test]
fn a_clone_of_parts_is_compared_where_what_it_lacks_is_no_schema() {
    let folder = repository(&[("order.avsc", "\"string\"\n"), ("data/clicks.csv", "a;b\n"), ("demo.gif", "GIF\n")]);
    for path in ["data/clicks.csv", "demo.gif"] {
        let id = Command::new("git").current_dir(folder.path()).args(["rev-parse", &format!("HEAD:{path}")]).output();
        let id = String::from_utf8(id.unwrap().stdout).unwrap();
        let (start, rest) = id.trim().split_at(2);
        fs::remove_file(folder.path().join(".git/objects").join(start).join(rest)).unwrap();
        fs::remove_file(folder.path().join(path)).unwrap();
    }
    write(folder.path(), "order.avsc", "\"int\"\n");
    let (code, stdout, stderr) = diff(folder.path(), &["--base", "HEAD"]);
    assert!(code == 1 && stdout.contains("1 file compared against HEAD"), "{stdout}{stderr}");
}
