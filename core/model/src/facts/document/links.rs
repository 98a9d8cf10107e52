//! Links of documents: where they lead, and how a document writes the way to a file.

use archwright_syntax::{
    Span,
    markdown::{Document, LinkKind, SectionId, decode_target, encode_target, split_destination},
};

use crate::RelPath;

/// A link that leads to a file of the workspace or a heading.
#[derive(Clone, Debug)]
pub struct LinkFact {
    /// All of it: text and destination, or text and label of a reference.
    pub span: Span,
    /// The destination in the text, path and fragment; for a reference, that of its definition.
    pub target: Span,
    /// The path part of the destination in the text; empty for a link inside the file.
    pub path_span: Span,
    /// The fragment in the text, without `#`.
    pub fragment: Option<Span>,
    /// The file that is meant; the file itself for a link of only a fragment.
    pub path: RelPath,
    /// The section it stands in.
    pub section: SectionId,
    /// Whether readers see it: a definition that no reference names is kept alive and not checked.
    pub shown: bool,
}

/// The links of a document at `path`, and its definitions that no reference names.
pub(super) fn links(tree: &Document, text: &str, path: &RelPath) -> Vec<LinkFact> {
    let shown = tree.links.iter().filter(|it| it.kind != LinkKind::Autolink);
    let mut used = vec![false; tree.definitions.len()];
    for definition in tree.links.iter().filter_map(|it| it.definition) {
        if let Some(used) = used.get_mut(definition as usize) {
            *used = true;
        }
    }
    let unused = tree.definitions.iter().zip(used).filter(|(_, used)| !used).map(|it| it.0);
    let shown = shown.filter_map(|it| fact(text, path, it.span, it.target, it.section, true));
    let unused =
        unused.filter_map(|it| fact(text, path, it.span, it.target, tree.section_at(it.span.start as usize), false));
    shown.chain(unused).collect()
}

fn fact(text: &str, path: &RelPath, span: Span, target: Span, section: SectionId, shown: bool) -> Option<LinkFact> {
    let written = target.of(text);
    if written.is_empty() || is_external(written) {
        return None;
    }
    let parts = split_destination(written);
    let at = |range: std::ops::Range<usize>| {
        Span::new(target.start as usize + range.start, target.start as usize + range.end)
    };
    let to = match written.get(parts.path.clone()).unwrap_or_default() {
        "" => path.clone(),
        it => target_of(path, it),
    };
    let (path_span, fragment) = (at(parts.path), parts.fragment.map(at));
    Some(LinkFact { span, target, path_span, fragment, path: to, section, shown })
}

/// The file that the path part of a destination in the document `from` means, as GitHub resolves it: a leading slash
/// counts from the root of the repository.
pub fn target_of(from: &RelPath, path: &str) -> RelPath {
    let decoded = decode_target(path);
    match decoded.strip_prefix('/') {
        Some(absolute) => RelPath::new(absolute),
        None => from.beside(&decoded),
    }
}

/// How the document `from` writes the way to a file, in the manner of the path `old` that stands there: from the root,
/// with `./` in front or with a slash behind if it had that before.
pub fn destination(target: &RelPath, from: &RelPath, old: &str) -> String {
    if old.starts_with('/') {
        return format!("/{}", encode_target(target.as_str()));
    }
    encode_target(&way(target, from, old))
}

/// The way from one file to another as it is read, in the manner of `old`.
pub fn way(target: &RelPath, from: &RelPath, old: &str) -> String {
    let path = target.relative_to(&from.parent());
    let path = if old.ends_with('/') && !path.ends_with('/') { path + "/" } else { path };
    if old.starts_with("./") && !path.starts_with("..") { format!("./{path}") } else { path }
}

/// Whether a destination names something outside the workspace: it has a scheme, or a host.
pub(super) fn is_external(target: &str) -> bool {
    if target.starts_with("//") {
        return true;
    }
    let scheme = target.bytes().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.')).count();
    scheme > 1 && target.as_bytes().get(scheme) == Some(&b':')
}
