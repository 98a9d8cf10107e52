//! The editors hand to the server what it reads.

use std::{fs, path::Path};

use archwright_scan::Language;
use archwright_syntax::FileType;

fn editor_file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../editors").join(path);
    fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
}

/// The types that are read wherever they are; of TOML files only the configuration is.
fn read_types() -> impl Iterator<Item = FileType> {
    FileType::ALL.into_iter().filter(|it| !matches!(it, FileType::Toml | FileType::Mermaid))
}

#[test]
fn vs_code_selects_every_file_type() {
    let text = editor_file("vscode/src/server.ts");
    let pattern = text.split("const FILES = '**/*.{").nth(1).and_then(|it| it.split('}').next()).unwrap_or_default();
    let listed: Vec<&str> = pattern.split(',').collect();
    for extension in read_types().flat_map(FileType::extensions) {
        assert!(listed.contains(extension), "`{extension}` is missing in {pattern}");
    }
}

#[test]
fn neovim_has_a_file_type_for_every_extension() {
    let (lsp, plugin) = (editor_file("neovim/lsp/archwright.lua"), editor_file("neovim/plugin/archwright.lua"));
    let served = lsp.lines().find(|it| it.contains("filetypes = ")).unwrap_or_default();
    let added = plugin.lines().find(|it| it.contains("extension = {")).unwrap_or_default();
    for ty in read_types() {
        // Neovim's own names are those of fences, but for Protobuf.
        let name = if ty == FileType::Protobuf { "proto" } else { ty.fence() };
        assert!(served.contains(&format!("'{name}'")), "{name} is not served: {served}");
        // Neovim knows these by itself (runtime/lua/vim/filetype.lua).
        let known = ["md", "markdown", "yaml", "yml", "json", "proto"];
        for extension in ty.extensions().iter().filter(|it| !known.contains(it)) {
            assert!(added.contains(&format!("{extension} = '{name}'")), "{extension} has no file type: {added}");
        }
    }
}

/// What editors call a language: VS Code, and Neovim where it differs.
fn names(language: Language) -> &'static [&'static str] {
    match language {
        Language::JavaScript => &["javascript", "javascriptreact"],
        Language::TypeScript => &["typescript"],
        Language::Tsx => &["typescriptreact"],
        Language::Python => &["python"],
        Language::Java => &["java"],
        Language::Kotlin => &["kotlin"],
        Language::Go => &["go"],
        Language::CSharp => &["csharp"],
        Language::Ruby => &["ruby"],
        Language::Php => &["php"],
        Language::Rust => &["rust"],
    }
}

#[test]
fn code_in_which_channels_are_found_reaches_the_server() {
    let (vscode, neovim) = (editor_file("vscode/src/server.ts"), editor_file("neovim/lsp/archwright.lua"));
    let selected = vscode.split("const CODE = [").nth(1).and_then(|it| it.split("];").next()).unwrap_or_default();
    let served = neovim.split("local code = {").nth(1).and_then(|it| it.split('}').next()).unwrap_or_default();
    for file in ["a.js", "a.ts", "a.tsx", "a.py", "a.java", "a.kt", "a.go", "a.cs", "a.rb", "a.php", "a.rs"] {
        for name in Language::of_path(file).map(names).unwrap_or_default() {
            assert!(selected.contains(&format!("'{name}'")), "{name} is missing in {selected}");
            let name = if *name == "csharp" { "cs" } else { name };
            assert!(served.contains(&format!("{name} = true")), "{name} is missing in {served}");
        }
    }
}
