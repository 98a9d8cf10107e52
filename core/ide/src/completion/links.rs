//! Link targets: artifacts, the nearest first, and headings behind `#`.

use archwright_model::{
    FileId, RelPath,
    facts::{FileFacts, target_of},
};
use archwright_syntax::markdown::{decode_target, encode_target};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Completion, CompletionKind, Cursor, EXPLAINED, LIMIT};
use crate::hover::{show_path, summary};

/// Inside the parentheses of a link or behind the label of a link definition.
pub(super) fn targets(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let typed = match cursor.before.rsplit_once("](") {
        Some((_, typed)) => typed,
        None => cursor.before.strip_prefix('[')?.split_once("]:")?.1.trim_start(),
    };
    if typed.contains([')', ' ', '<']) {
        return None;
    }
    match typed.split_once('#') {
        Some((path, anchor)) => headings(cursor, path, anchor),
        None => Some(files(cursor, typed)),
    }
}

fn headings(cursor: &Cursor<'_>, path: &str, anchor: &str) -> Option<Vec<Completion>> {
    let target = if path.is_empty() {
        cursor.facts
    } else {
        let path = target_of(&cursor.facts.path, path);
        cursor.workspace.facts(cursor.workspace.file(&path)?)?
    };
    let tree = target.markdown()?;
    let replace = cursor.word(anchor, is_target);
    let heading = |(slug, id): (SmolStr, _)| Completion {
        label: slug.to_string(),
        kind: CompletionKind::File,
        detail: Some(tree.plain_title(id, &target.text).into_owned()),
        documentation: None,
        replace,
        insert: slug.to_string(),
    };
    let wanted = decode_target(anchor).to_lowercase();
    Some(
        tree.anchors(&target.text)
            .into_iter()
            .filter(|it| it.0.to_lowercase().contains(&wanted))
            .map(heading)
            .collect(),
    )
}

fn files(cursor: &Cursor<'_>, typed: &str) -> Vec<Completion> {
    let folder = cursor.facts.path.parent();
    let replace = cursor.word(typed, |it| is_target(it) && it != '#');
    // `./`, `../../` and `/` say from where the path counts, and what is offered keeps to it.
    let rest = typed.trim_start_matches("./").trim_start_matches("../").trim_start_matches('/');
    let (lead, wanted) = (typed.strip_suffix(rest).unwrap_or_default(), rest.to_lowercase());
    let written = |path: &RelPath| match lead {
        "/" => Some(format!("/{path}")),
        "" => Some(path.relative_to(&folder)),
        _ if lead.starts_with("./") => {
            Some(format!("./{}", path.relative_to(&folder))).filter(|it| !it.starts_with("./.."))
        }
        _ => Some(path.relative_to(&folder)).filter(|it| it.starts_with(lead)),
    };
    let is_meant = |it: &&FileFacts| {
        it.kind.is_artifact() && it.path != cursor.facts.path && it.path.as_str().to_lowercase().contains(&wanted)
    };
    let others = nearest(cursor, typed);
    let mut artifacts: Vec<(usize, String, &FileFacts)> = others
        .into_iter()
        .filter(is_meant)
        .filter_map(|it| Some((written(&it.path)?, it)))
        .map(|(path, it)| (path.matches('/').count(), path, it))
        .collect();
    // The nearest first: an answer is cut, and what lies near is meant most often.
    if artifacts.len() > LIMIT {
        artifacts.select_nth_unstable_by(LIMIT, |a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        artifacts.truncate(LIMIT);
    }
    artifacts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let file = |(at, (_, path, it)): (usize, (usize, String, &FileFacts))| Completion {
        insert: encode_target(&path),
        label: path,
        kind: CompletionKind::File,
        detail: Some(it.kind.title().to_owned()),
        documentation: (at < EXPLAINED).then(|| summary(it, cursor.workspace.config(), &show_path)),
        replace,
    };
    artifacts.into_iter().enumerate().map(file).collect()
}

/// So many files are looked at: in a larger workspace those near the document, and those whose folder is typed.
const MOST_LOOKED_AT: usize = if cfg!(test) { 40 } else { 5_000 };

/// The files to choose from, folder by folder from that of the document outwards. The time that an answer takes does
/// not depend on how many there are.
fn nearest<'w>(cursor: &Cursor<'w>, typed: &str) -> Vec<&'w FileFacts> {
    let workspace = cursor.workspace;
    let mut seen: FxHashSet<FileId> = FxHashSet::default();
    let mut found = Vec::new();
    let home = cursor.facts.path.parent();
    let mut folders: Vec<RelPath> = Vec::new();
    if let Some((folder, _)) = typed.rsplit_once('/').filter(|it| !it.0.trim_matches(['.', '/']).is_empty()) {
        folders.push(target_of(&cursor.facts.path, folder));
    }
    let mut folder = home;
    while !folder.as_str().is_empty() {
        let above = folder.parent();
        folders.push(std::mem::replace(&mut folder, above));
    }
    folders.push(RelPath::default());
    let mut looked_at = 0;
    for folder in folders {
        for file in workspace.inside(&folder) {
            looked_at += 1;
            if looked_at > MOST_LOOKED_AT {
                return found;
            }
            if seen.insert(file) {
                found.extend(workspace.facts(file));
            }
        }
    }
    found
}

/// Whether a character behind the cursor still belongs to the target.
fn is_target(it: char) -> bool {
    !(it.is_whitespace() || matches!(it, ')' | '(' | '"' | '<' | '>'))
}
