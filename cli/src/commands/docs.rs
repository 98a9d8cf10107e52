//! `archwright docs`: writes the pages and schemas that are generated from the rules and types.

use std::{collections::BTreeMap, fs, io, path::Path};

use archwright_analysis::{Rule, config, explain, operations, report, rules};

use super::{CommandError, Outcome};
use crate::args::DocsArguments;

/// Runs the command.
///
/// # Errors
/// If a file cannot be written or, with `--check`, is not what it should be.
pub fn run(arguments: &DocsArguments) -> Result<Outcome, CommandError> {
    let files = generate()?;
    let folder = &arguments.folder;
    let mut stale: Vec<String> = files
        .iter()
        .filter(|it| fs::read_to_string(folder.join(it.0)).ok().as_ref() != Some(it.1))
        .map(|it| it.0.clone())
        .collect();
    let obsolete = obsolete(folder, &files).map_err(|error| CommandError::Path { path: folder.clone(), error })?;
    if arguments.check {
        stale.extend(obsolete);
        return if stale.is_empty() { Ok(Outcome::Clean) } else { Err(CommandError::Stale { files: stale }) };
    }
    for name in stale {
        let path = folder.join(&name);
        let failed = |error| CommandError::Path { path: path.clone(), error };
        fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(failed)?;
        fs::write(&path, files.get(&name).map_or("", String::as_str)).map_err(failed)?;
    }
    for name in obsolete {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|error| CommandError::Path { path, error })?;
    }
    Ok(Outcome::Clean)
}

/// Every generated file by its path below the documentation.
fn generate() -> Result<BTreeMap<String, String>, CommandError> {
    let mut files = BTreeMap::new();
    for rule in rules::rules() {
        files.insert(format!("rules/{}.md", rule.code), explain::rule_page(rule));
    }
    files.insert("rules/README.md".to_owned(), table());
    let schemas = [
        ("archwright", config::json_schema()),
        ("report", report::json_schema()),
        ("diff", operations::comparison_schema()),
    ];
    for (name, schema) in schemas {
        files.insert(format!("schemas/{name}.schema.json"), serde_json::to_string_pretty(&schema)? + "\n");
    }
    Ok(files)
}

/// Pages of rules that are no more.
fn obsolete(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<Vec<String>> {
    let mut obsolete = Vec::new();
    let families = folder.join("rules");
    if !families.is_dir() {
        return Ok(obsolete);
    }
    for family in fs::read_dir(families)? {
        let family = family?;
        if !family.file_type()?.is_dir() {
            continue;
        }
        for page in fs::read_dir(family.path())? {
            let name =
                format!("rules/{}/{}", family.file_name().to_string_lossy(), page?.file_name().to_string_lossy());
            if !files.contains_key(&name) {
                obsolete.push(name);
            }
        }
    }
    obsolete.sort();
    Ok(obsolete)
}

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
    format!(
        "| [{code}]({code}.md) | {} | {fix} | {summary} | {} |\n",
        rule.level(),
        rule.sources.join(", "),
        code = rule.code
    )
}
