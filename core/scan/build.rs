//! Embeds the client libraries, `languages/<language>/clients/*.toml`, as one sorted table `(language, file, text)`.

use std::{env, fs, io, path::PathBuf};

fn main() -> io::Result<()> {
    let languages = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("languages");
    println!("cargo::rerun-if-changed={}", languages.display());
    let mut clients = Vec::new();
    for language in fs::read_dir(&languages)? {
        let folder = language?.path().join("clients");
        if !folder.is_dir() {
            continue;
        }
        // Each folder is watched, so that a new file rebuilds the crate.
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in fs::read_dir(&folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|it| it == "toml") {
                println!("cargo::rerun-if-changed={}", path.display());
                clients.push(path);
            }
        }
    }
    clients.sort();
    let mut table = String::from(
        "/// Language, file and text of every client library.\npub(crate) static CLIENTS: &[(&str, &str, &str)] = &[\n",
    );
    for path in &clients {
        let name = |it: Option<&std::ffi::OsStr>| it.unwrap_or_default().to_string_lossy().into_owned();
        let language = name(path.parent().and_then(|it| it.parent()).and_then(|it| it.file_name()));
        let (stem, path) = (name(path.file_stem()), path.display().to_string());
        table += &format!("    ({language:?}, {stem:?}, include_str!({path:?})),\n");
    }
    table += "];\n";
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("clients.rs"), table)
}
