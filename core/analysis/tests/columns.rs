//! Code is read side by side: no line of it is wider than 120 columns. What tests quote has the width of what it is.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

mod sources;

use sources::{rust_files, without_tests};

/// As in `rustfmt.toml`, which leaves alone what it cannot break.
const WIDTH: usize = 120;

#[test]
fn no_line_of_code_is_wider_than_a_screen() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files: Vec<_> =
        ["core", "lsp", "mcp", "cli", "xtask"].iter().flat_map(|it| rust_files(&root.join(it))).collect();
    assert!(files.len() > 300, "only {} files were found", files.len());
    let mut wide = Vec::new();
    for file in files {
        let text = without_tests(&fs::read_to_string(&file).unwrap());
        for (number, line) in (1..).zip(text.lines()).filter(|it| it.1.chars().count() > WIDTH) {
            wide.push(format!("{}:{number}: {} columns", file.display(), line.chars().count()));
        }
    }
    assert!(wide.is_empty(), "lines above {WIDTH} columns:\n{}", wide.join("\n"));
}
