//! How the cost grows: one generator for each dimension that may be large, each with doubled sizes. Twice the size may
//! cost 2.5 times the time.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{fmt::Write, fs, path::Path};

use archwright_analysis::{Change, OpenOptions, RelPath, Root, open};
use divan::{Bencher, counter::ItemsCount};
use tempfile::TempDir;

fn main() {
    divan::main();
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A workspace of one file with so many parts, between a beginning and an end.
fn file(path: &str, config: &str, parts: usize, begin: &str, part: impl Fn(&mut String, usize), end: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = begin.to_owned();
    (0..parts).for_each(|it| part(&mut text, it));
    text += end;
    write(folder.path(), "archwright.toml", config);
    write(folder.path(), path, &text);
    folder
}

fn measure(bencher: Bencher<'_, '_>, parts: usize, folder: &TempDir) {
    bencher
        .counter(ItemsCount::new(parts))
        .bench_local(|| open(OpenOptions::batch(Root::Folder(folder.path().to_path_buf())), &|_| {}).unwrap());
}

const LINKS: &str = "[links]\ncheck = \"all\"\n";
const ASYNCAPI: &str = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n";

#[divan::bench(args = [10_000, 20_000, 40_000], sample_count = 5)]
fn suppressions(bencher: Bencher<'_, '_>, parts: usize) {
    let part = |text: &mut String, _| *text += "<!-- archwright: allow link/dead-target -- x -->\n";
    measure(bencher, parts, &file("a.md", LINKS, parts, "# A\n\n", part, "[x](y.md)\n"));
}

#[divan::bench(args = [10_000, 20_000, 40_000], sample_count = 5)]
fn missing_references(bencher: Bencher<'_, '_>, parts: usize) {
    let part = |text: &mut String, at| writeln!(text, "    S{at}: {{$ref: '#/components/schemas/Gone{at}'}}").unwrap();
    let begin = format!("{ASYNCAPI}components:\n  schemas:\n");
    measure(bencher, parts, &file("docs/a.yaml", "", parts, &begin, part, ""));
}

#[divan::bench(args = [1_000, 2_000, 4_000], sample_count = 5)]
fn sensitive_names(bencher: Bencher<'_, '_>, parts: usize) {
    let names: Vec<String> = (0..parts).map(|it| format!("\"word{it} name\"")).collect();
    let config = format!("[sensitive]\npersonal = [{}]\n", names.join(", "));
    let part = |text: &mut String, at| writeln!(text, "        word{at}Name: {{type: string}}").unwrap();
    let begin = format!("{ASYNCAPI}components:\n  messages:\n    M:\n     payload:\n      properties:\n");
    measure(bencher, parts, &file("docs/a.yaml", &config, parts, &begin, part, ""));
}

#[divan::bench(args = [10_000, 20_000, 40_000], sample_count = 5)]
fn channels_with_one_address(bencher: Bencher<'_, '_>, parts: usize) {
    let part = |text: &mut String, at| writeln!(text, "  c{at}: {{address: orders.created.v1}}").unwrap();
    measure(bencher, parts, &file("docs/a.yaml", "", parts, &format!("{ASYNCAPI}channels:\n"), part, ""));
}

#[divan::bench(args = [25_000, 50_000, 100_000], sample_count = 3)]
fn headings(bencher: Bencher<'_, '_>, parts: usize) {
    let part = |text: &mut String, at| writeln!(text, "## H{at}\n").unwrap();
    measure(bencher, parts, &file("a.md", LINKS, parts, "# A\n\n", part, ""));
}

#[divan::bench(args = [1_000, 2_000, 4_000], sample_count = 3)]
fn records_in_one_folder(bencher: Bencher<'_, '_>, parts: usize) {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..parts {
        write(folder.path(), &format!("docs/adr/{at:04}-x.md"), &format!("# {at}. X\n\n## Status\n\nAccepted\n"));
    }
    measure(bencher, parts, &folder);
}

#[divan::bench(args = [100, 200, 400], sample_count = 3)]
fn files_in_a_ring(bencher: Bencher<'_, '_>, parts: usize) {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..parts {
        let next = (at + 1) % parts;
        let schemas = format!("components:\n  schemas:\n    S: {{$ref: 's{next}.yaml#/components/schemas/S'}}\n");
        write(folder.path(), &format!("docs/s{at}.yaml"), &format!("{ASYNCAPI}{schemas}"));
    }
    measure(bencher, parts, &folder);
}

#[divan::bench(args = [500, 1_000, 2_000], sample_count = 3)]
fn new_folders(bencher: Bencher<'_, '_>, parts: usize) {
    let folder = tempfile::tempdir().unwrap();
    bencher
        .counter(ItemsCount::new(parts))
        .with_inputs(|| {
            let _ = fs::remove_dir_all(folder.path().join("docs"));
            let workspace = open(OpenOptions::server(Root::Folder(folder.path().to_path_buf())), &|_| {}).unwrap();
            (0..parts).for_each(|it| write(folder.path(), &format!("docs/features/f{it}/design.md"), "# F\n"));
            workspace
        })
        .bench_local_values(|mut workspace| {
            let paths = (0..parts).map(|it| RelPath::new(&format!("docs/features/f{it}"))).collect();
            workspace.apply(vec![Change::Disk { paths }]);
            workspace
        });
}
