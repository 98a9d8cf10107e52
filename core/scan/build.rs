//! Embeds the client libraries, `languages/<language>/clients/*.toml`, as one sorted table `(language, file, text)`,
//! and the tools of infrastructure, `infrastructure/*.toml`; says which version of code and data this is.

use std::{
    env, fs,
    hash::{DefaultHasher, Hasher},
    io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let languages = folder.join("languages");
    println!("cargo::rerun-if-changed={}", folder.join("infrastructure").display());
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
    tell_version(&folder)?;
    let mut tools = Vec::new();
    collect(&folder.join("infrastructure"), &mut tools)?;
    tools.retain(|it| it.extension().is_some_and(|it| it == "toml"));
    tools.sort();
    let mut texts = String::from("/// The text of every tool.\nstatic INFRASTRUCTURE: &[&str] = &[\n");
    for path in &tools {
        println!("cargo::rerun-if-changed={}", path.display());
        texts += &format!("    include_str!({:?}),\n", path.display().to_string());
    }
    texts += "];\n";
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("infrastructure.rs"), texts)?;
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("clients.rs"), table)
}

/// What is kept from one run to the next is of use to the same code, data and grammars only. The latter and the readers
/// of settings stand outside of the crate, and only in a checkout.
fn tell_version(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for place in ["src", "languages", "infrastructure", "Cargo.toml", "../syntax/src", "../../Cargo.lock"] {
        let place = folder.join(place);
        if place.exists() {
            println!("cargo::rerun-if-changed={}", place.display());
            collect(&place, &mut files)?;
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        let bytes = fs::read(file)?;
        hasher.write_usize(bytes.len());
        hasher.write(&bytes);
    }
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rustc-env=ARCHWRIGHT_SCAN_VERSION={version}-{:016x}", hasher.finish());
    Ok(())
}

fn collect(place: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if place.is_file() {
        files.push(place.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(place)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
