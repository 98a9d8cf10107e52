//! How the cost of taking in new folders grows: twice as many may cost 2.5 times the time. What a single check costs is
//! measured from outside, by `tests/bench/growth.py`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{fs, path::Path};

use archwright_analysis::{Change, OpenOptions, RelPath, Root, open};
use divan::{Bencher, counter::ItemsCount};

fn main() {
    divan::main();
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
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
