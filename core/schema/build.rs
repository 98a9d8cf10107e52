//! Embeds the files that `protoc` brings along as one table, `TEXTS: &[(path, text)]`, from the package of `protoc`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let root = protoc_bin_vendored_linux_x86_64::include_path();
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    let name = |path: &Path| {
        let relative = path.strip_prefix(&root).unwrap_or(path).components();
        relative.map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    let mut files: Vec<_> = paths.iter().map(|it| (name(it), it.to_string_lossy())).collect();
    files.sort();

    let mut table = String::from("const TEXTS: &[(&str, &str)] = &[\n");
    table.extend(files.iter().map(|(name, path)| format!("    ({name:?}, include_str!({path:?})),\n")));
    table += "];\n";
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("known.rs"), table)
}

/// The Protobuf files below a folder.
fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|it| it == "proto") {
            out.push(path);
        }
    }
    Ok(())
}
