//! Reading front matter and YAML data files into plain values. Wrong shapes read as nothing; the tests over all files
//! report them.

pub(crate) use archwright_syntax::data::Node;
use archwright_syntax::data::{Format, Tree, parse};
use smol_str::SmolStr;

/// A Markdown file cut at its front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Split<'a> {
    /// The YAML between the `---` lines.
    pub(crate) front: &'a str,
    /// Everything after them, without leading blank lines.
    pub(crate) body: &'a str,
}

/// Cuts `text` at its front matter; nothing if there is none.
pub(crate) fn split(text: &str) -> Option<Split<'_>> {
    let rest = text.strip_prefix("---\n")?;
    let (front, body) = rest.split_once("\n---\n")?;
    Some(Split { front, body: body.trim_start_matches('\n') })
}

/// Parses one YAML text.
pub(crate) fn yaml(text: &str) -> Tree {
    parse(text, Format::Yaml)
}

/// The string under `key`, without surrounding blanks; nothing if it is missing or empty.
pub(crate) fn text(node: Node<'_>, key: &str) -> Option<SmolStr> {
    let value = node.get(key)?;
    let value = value.scalar()?.trim();
    (!value.is_empty()).then(|| SmolStr::new(value))
}

/// The strings of the list under `key`; a missing list is empty.
pub(crate) fn texts(node: Node<'_>, key: &str) -> Vec<SmolStr> {
    nodes(node, key).into_iter().filter_map(|it| it.scalar().map(SmolStr::new)).collect()
}

/// The items of the list under `key`; a missing list is empty.
pub(crate) fn nodes<'a>(node: Node<'a>, key: &str) -> Vec<Node<'a>> {
    node.get(key).map(|it| it.items().collect()).unwrap_or_default()
}
