//! `cargo xtask docs`: the pages and schemas in `docs/` that are generated from the rules, the types and the catalogue.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use archwright_analysis::{Rule, explain, operations, report, rules};

use crate::{TaskError, catalogue::Catalogue, templates};

/// The generated files: their texts by their paths below `docs`.
type Files = BTreeMap<String, String>;

/// Writes what is stale and removes the pages of rules that are no more.
///
/// # Errors
/// If a file cannot be read, written or removed.
pub fn write(root: &Path) -> Result<(), TaskError> {
    let folder = root.join("docs");
    let files = generate()?;
    for (name, text) in stale(&folder, &files) {
        let path = folder.join(name);
        write_file(&path, text).map_err(|error| TaskError::File { path, error })?;
    }
    for name in obsolete(&folder, &files)? {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|error| TaskError::File { path, error })?;
    }
    Ok(())
}

/// Says which files are not what [`write()`] would make them.
///
/// # Errors
/// If any is stale, or if a folder cannot be read.
pub fn check(root: &Path) -> Result<(), TaskError> {
    let folder = root.join("docs");
    let files = generate()?;
    let mut stale: Vec<String> = stale(&folder, &files).map(|(name, _)| name.to_owned()).collect();
    stale.extend(obsolete(&folder, &files)?);
    if stale.is_empty() { Ok(()) } else { Err(TaskError::Stale { files: stale }) }
}

fn generate() -> Result<Files, TaskError> {
    let mut files = Files::new();
    let catalogue = Catalogue::load()?;
    files.insert("catalogue.md".to_owned(), catalogue.page());
    files.insert("templates.md".to_owned(), templates::page());
    for rule in rules::rules() {
        let page = format!("{}\n## Catalogue\n\n{}", explain::rule_text(rule), catalogue.rows_of(rule));
        files.insert(format!("rules/{}.md", rule.code), page);
    }
    files.insert("rules/README.md".to_owned(), table());
    let schemas = [
        ("archwright", rules::registry().configuration_schema()),
        ("report", report::json_schema()),
        ("diff", operations::comparison_schema()),
        ("eval-manifest", operations::manifest_schema()),
        ("eval", operations::evaluation_schema()),
    ];
    for (name, schema) in schemas {
        files.insert(format!("schemas/{name}.schema.json"), serde_json::to_string_pretty(&schema)? + "\n");
    }
    Ok(files)
}

/// The files whose text on disk is another, or that are not there.
fn stale<'a>(folder: &Path, files: &'a Files) -> impl Iterator<Item = (&'a str, &'a str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .filter(|(name, text)| fs::read_to_string(folder.join(name)).map_or(true, |it| it != *text))
}

/// Pages of rules that are no more.
fn obsolete(folder: &Path, files: &Files) -> Result<Vec<String>, TaskError> {
    let mut obsolete = Vec::new();
    let families = folder.join("rules");
    for family in entries(&families)?.into_iter().filter(|it| it.is_dir()) {
        for page in entries(&family)? {
            let name = page.strip_prefix(folder).unwrap_or(&page).to_string_lossy().replace('\\', "/");
            if !files.contains_key(&name) {
                obsolete.push(name);
            }
        }
    }
    obsolete.sort();
    Ok(obsolete)
}

/// What lies in a folder; nothing if there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, TaskError> {
    let list = || fs::read_dir(folder)?.map(|it| Ok(it?.path())).collect::<io::Result<Vec<_>>>();
    match list() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other.map_err(|error| TaskError::File { path: folder.to_path_buf(), error }),
    }
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// The overview of all rules.
fn table() -> String {
    let mut table = String::from(
        "# Rules\n\n\
         What `archwright check` and the editor report. `archwright explain CODE` prints a page.\n\n\
         | Rule | Severity | Fix | What it finds | Catalogue |\n\
         |---|---|---|---|---|\n",
    );
    for rule in rules::rules() {
        table.push_str(&row(rule));
    }
    table
}

fn row(rule: &Rule) -> String {
    let fix = if rule.fixable() { "yes" } else { "" };
    let summary = rule.summary.replace('|', "\\|");
    let source = |row: &&str| format!("[{row}](../catalogue.md#{})", row.to_ascii_lowercase());
    let sources: Vec<String> = rule.sources.iter().map(source).collect();
    format!(
        "| [{code}]({code}.md) | {} | {fix} | {summary} | {} |\n",
        rule.level(),
        sources.join(", "),
        code = rule.code
    )
}
