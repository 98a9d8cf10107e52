//! Embeds every Markdown and YAML file under `skills/` as one sorted table, `FILES: &[(path, text)]`, and the words of
//! `claims.yaml` with all their forms: to read and inflect them takes longer than to check a small repository.

#[path = "build/claims.rs"]
mod claims;
#[path = "build/inflect.rs"]
mod inflect;

use std::{
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let skills = manifest.join("../../skills");
    let mut paths = Vec::new();
    collect(&skills, &mut paths)?;
    let name = |path: &Path| {
        let relative = path.strip_prefix(&skills).unwrap_or(path).components();
        relative.map(|it| it.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    };
    // Paths sort by component; the table is searched by text.
    let mut files: Vec<_> = paths.iter().map(|it| (name(it), it.to_string_lossy())).collect();
    files.sort();

    let mut table = String::from(
        "/// Path below `skills/` with forward slashes, and the text.\npub(crate) static FILES: &[(&str, &str)] = &[\n",
    );
    table.extend(files.iter().map(|(name, path)| format!("    ({name:?}, include_str!({path:?})),\n")));
    table += "];\n";
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("files.rs");
    fs::write(out, table)?;

    let claims = fs::read_to_string(skills.join("knowledge/claims.yaml"))?;
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("claims.txt");
    fs::write(out, claims::with_forms(&claims)?)?;
    Ok(())
}

/// Collects the files to embed below `folder` and tells cargo to watch each folder, so that a new file rebuilds the
/// crate.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "md" || it == "yaml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
