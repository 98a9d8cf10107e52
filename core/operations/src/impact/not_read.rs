//! Code in languages that are not read: whoever asks who uses something must know that it was not looked at.

use std::collections::BTreeMap;

use archwright_engine::Workspace;
use archwright_model::{RelPath, language::unread_language};
use archwright_scan::Language;

/// What is not read, one sentence for each language that is there. Who reads a field is looked for in fewer languages
/// than who sends and receives.
pub(super) fn languages(workspace: &Workspace, of_field: bool) -> Vec<String> {
    let mut found: BTreeMap<&str, (usize, RelPath)> = BTreeMap::new();
    for file in workspace.below(&RelPath::default()) {
        let path = workspace.path(file);
        let Some(language) = unread_language(path.extension(), false) else { continue };
        if !of_field && Language::of_path(path.as_str()).is_some() {
            continue;
        }
        let entry = found.entry(language).or_insert_with(|| (0, path.clone()));
        entry.0 += 1;
        if *path < entry.1 {
            entry.1 = path.clone();
        }
    }
    let told = found.into_iter().map(|(language, (count, first))| match count {
        1 => format!("1 file of {language}: {first}"),
        _ => format!("{count} files of {language}, such as {first}"),
    });
    told.collect()
}
