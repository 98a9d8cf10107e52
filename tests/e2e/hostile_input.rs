//! Input that breaks programs: whatever stands in one file, the rest is checked, nothing crashes, and it ends soon.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use archwright_e2e::{Finished, Place, archwright, binary, places, report, run, temporary_folder, workspace, write};
use tempfile::TempDir;

/// A debug build reads about a megabyte in a second; the limit is there to catch what never ends.
const LIMIT: Duration = Duration::from_secs(60);

const ADR: &str = "docs/features/order-checkout/adrs/0009-hostile.md";
const ASYNCAPI: &str = "docs/features/order-checkout/asyncapi/orders.hostile.v1.yaml";
const SCHEMA: &str = "docs/features/order-checkout/schemas/orders.hostile.v1.json";

#[test]
fn invalid_utf8_is_named() {
    let finished = check_with(ADR, b"# Design \xff\xfe\n\nText.\n");
    expect_named(&finished, ADR);
}

#[test]
fn binary_content_is_named() {
    let bytes: Vec<u8> = (0..100_000_u32).map(|it| (it.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for path in [ADR, ASYNCAPI, SCHEMA] {
        expect_named(&check_with(path, &bytes), path);
    }
}

#[test]
fn a_huge_file_is_named() {
    let line = "A sentence with a [link](missing.md) and `orders.placed.v1`.\n";
    let text = line.repeat(50_000_000 / line.len());
    expect_named(&check_with(ADR, text.as_bytes()), ADR);
    let yaml = format!("asyncapi: 3.0.0\nchannels:\n{}", "  a: {address: b}\n".repeat(2_700_000));
    expect_named(&check_with(ASYNCAPI, yaml.as_bytes()), ASYNCAPI);
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    let deep = 10_000;
    expect_named(&check_with(SCHEMA, format!("{}1{}", "[".repeat(deep), "]".repeat(deep)).as_bytes()), SCHEMA);
    expect_named(
        &check_with(SCHEMA, format!("{}1{}", r#"{"properties":"#.repeat(deep), "}".repeat(deep)).as_bytes()),
        SCHEMA,
    );
    let flow = format!("asyncapi: 3.0.0\nchannels: {}1{}\n", "{a: ".repeat(deep), "}".repeat(deep));
    expect_named(&check_with(ASYNCAPI, flow.as_bytes()), ASYNCAPI);
    let mut block = String::from("asyncapi: 3.0.0\n");
    (0..2_000).for_each(|depth| block.push_str(&format!("{}a:\n", " ".repeat(depth))));
    check_with(ASYNCAPI, block.as_bytes());
    for opening in ["> ", "- ", "[", "![", "*", "<div>"] {
        check_with(ADR, format!("# Design\n\n{}x\n", opening.repeat(deep)).as_bytes());
    }
}

#[test]
fn an_alias_bomb_does_not_explode() {
    let mut yaml = String::from("asyncapi: 3.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        yaml.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    yaml.push_str("channels: *a29\n");
    check_with(ASYNCAPI, yaml.as_bytes());
    check_with(ASYNCAPI, b"asyncapi: 3.0.0\nchannels: &loop\n  a: *loop\n");
}

#[test]
fn a_reference_to_itself_ends() {
    check_with(SCHEMA, br##"{"$ref": "#", "properties": {"a": {"$ref": "#/properties/a"}}}"##);
    check_with(
        ASYNCAPI,
        b"asyncapi: 3.0.0\nchannels:\n  a:\n    $ref: '#/channels/a'\ncomponents:\n  $ref: orders.hostile.v1.yaml\n",
    );
}

#[test]
fn line_endings_and_byte_order_marks_change_no_finding() {
    let workspace = workspace("shop-faulty");
    let before = places(&report(workspace.path()));
    for_each_document(workspace.path(), &|text| text.replace('\n', "\r\n"));
    assert_eq!(places(&report(workspace.path())), before, "with CRLF");
    for_each_document(workspace.path(), &|text| format!("\u{feff}{text}"));
    assert_eq!(places(&report(workspace.path())), before, "with CRLF and a byte order mark");
}

#[test]
fn symlink_loops_end() {
    let workspace = workspace("shop-faulty");
    let before = places(&report(workspace.path()));
    symlink("..", workspace.path().join("docs/features/loop")).unwrap();
    symlink("nowhere.md", workspace.path().join("docs/features/dangling.md")).unwrap();
    symlink("self.md", workspace.path().join("docs/features/self.md")).unwrap();
    assert_eq!(places(&report(workspace.path())), before);
}

#[test]
fn an_unreadable_folder_is_named_and_the_rest_is_checked() {
    let workspace = workspace("shop-faulty");
    write(workspace.path(), "docs/features/secret/README.md", "# Secret\n");
    let secret = workspace.path().join("docs/features/secret");
    fs::set_permissions(workspace.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();

    let (program, _copy) = program_for_everybody();
    // Permissions do not bind root, so root checks as nobody.
    let mut check = if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let mut check = Command::new("setpriv");
        check.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program);
        check
    } else {
        Command::new(program)
    };
    check.args(["check", ".", "--format", "json"]).current_dir(workspace.path());
    let finished = run(&mut check, LIMIT);
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o755)).unwrap();
    expect_rest_checked(&finished);
    expect_named(&finished, "docs/features/secret");
}

#[test]
fn an_invalid_configuration_is_named() {
    for (text, mistake) in [("nonsense = [", "archwright.toml"), ("no_such_key = 1\n", "no_such_key")] {
        let workspace = workspace("shop");
        write(workspace.path(), "archwright.toml", text);
        let finished = run(archwright(["check", "."]).current_dir(workspace.path()), LIMIT);
        assert!([1, 2].contains(&finished.code), "{finished}");
        expect_named(&finished, "archwright.toml");
        expect_named(&finished, mistake);
    }
}

/// Checks the faulty workspace with one more file, and makes sure that the planted faults are still found.
#[track_caller]
fn check_with(path: &str, content: &[u8]) -> Finished {
    let workspace = workspace("shop-faulty");
    write(workspace.path(), path, content);
    let mut check = archwright(["check", ".", "--format", "json"]);
    let finished = run(check.current_dir(workspace.path()), LIMIT);
    expect_rest_checked(&finished);
    finished
}

#[track_caller]
fn expect_rest_checked(finished: &Finished) {
    static PLANTED: OnceLock<BTreeSet<Place>> = OnceLock::new();
    let planted = PLANTED.get_or_init(|| places(&report(workspace("shop-faulty").path())));
    assert_eq!(finished.code, 1, "{}", finished.stderr);
    let found = places(&finished.json());
    let missed: Vec<_> = planted.difference(&found).collect();
    assert!(missed.is_empty(), "findings in other files got lost: {missed:#?}\n{}", finished.stderr);
}

#[track_caller]
fn expect_named(finished: &Finished, name: &str) {
    assert!(finished.stdout.contains(name) || finished.stderr.contains(name), "{name} is not named\n{finished}");
}

fn for_each_document(folder: &Path, change: &dyn Fn(&str) -> String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            for_each_document(&path, change);
        } else {
            fs::write(&path, change(&fs::read_to_string(&path).unwrap())).unwrap();
        }
    }
}

/// A copy of the binary where every user may run it, since the checkout may lie in a private folder.
fn program_for_everybody() -> (std::path::PathBuf, TempDir) {
    let folder = temporary_folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = folder.path().join("archwright");
    fs::copy(binary(), &copy).unwrap();
    (copy, folder)
}
