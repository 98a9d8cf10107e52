//! `evidence/missing-script`: a document relies on a script that is not in the repository.

use archwright_knowledge::claim_words;

use super::{is_described, is_name, is_still_to_make, is_whole_repository};
use crate::{
    claim::{claims, words},
    prelude::*,
    stated::{named, within},
};

/// The rule.
pub static RULE: Rule = Rule {
    code: "evidence/missing-script",
    severity: Severity::Warning,
    summary: "A document relies on a script that is not in the repository.",
    applies_to: Kind::DOCUMENTS,
    any_dialect: false,
    sources: &["A-163", "A-224"],
    page: include_str!("missing_script.md"),
    check,
    ..Rule::OURS
};

/// What scripts and the sources of small tools end in.
const ENDINGS: [&str; 20] = [
    "", ".sh", ".bash", ".zsh", ".py", ".ts", ".js", ".mjs", ".cjs", ".rb", ".go", ".sql", ".ps1", ".bat", ".pl",
    ".php", ".rs", ".kts", ".yml", ".yaml",
];

/// Where scripts and tools have a folder of their own.
const FOLDERS: [&str; 10] = ["scripts", "script", "bin", "tools", "tool", "cmd", "hack", "ci", "ops", "jobs"];

fn check(cx: &Context, reporter: &mut Reporter) {
    let (words, scripts) = (words(cx), claim_words("script-kinds"));
    if !words.has(scripts) {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for claim in claims(cx) {
        if !words.has_within(scripts, claim.span.range()) || is_still_to_make(claim.text) {
            continue;
        }
        for it in named(claim.text).into_iter().filter(|it| is_script(it.name) && it.is_called(scripts)) {
            if told.contains(&it.name) || !is_whole_repository(cx) || is_there(cx, it.name) {
                continue;
            }
            told.push(it.name);
            let message = format!(
                "The script `{}` is not in the repository, and nothing says where it is. Add it, or link what takes \
                 its place.",
                it.name
            );
            reporter.report(within(&claim, &it.at), message);
        }
    }
}

/// Whether a text is the name of a script, and no word of a language or part of an object.
fn is_script(name: &str) -> bool {
    let ends = |it: &&&str| !it.is_empty() && name.ends_with(**it);
    is_name(name) && (name.contains(['-', '_', '/']) && !name.contains('.') || ENDINGS.iter().any(|it| ends(&it)))
}

fn is_there(cx: &Context, name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    let stem = last.split_once('.').map_or(last, |it| it.0);
    let spellings = [last.to_owned(), stem.to_owned(), stem.replace('-', "_"), stem.replace('_', "-")];
    let is_file = |it: &String| ENDINGS.iter().any(|ending| cx.count_of_name(&format!("{it}{ending}")) > 0);
    let is_folder = |it: &String| FOLDERS.iter().any(|folder| cx.exists(&RelPath::new(folder).join(it)));
    let runs = |it: &String| cx.is_spoken_of(Key::Runs(it.to_ascii_lowercase().into()));
    spellings.iter().any(|it| is_file(it) || is_folder(it) || runs(it))
        || cx.exists(&RelPath::new(name))
        || cx.exists(&cx.facts().path.beside(name))
        || is_described(cx, name)
}
