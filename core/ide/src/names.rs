//! Names that AsyncAPI documents use without `$ref`: servers and security schemes (2.x), and mappings of
//! discriminators.

use archwright_syntax::{
    Span, Spanned,
    data::{Kind, Node, Tree},
};

/// A name of something that is declared in the same document.
pub(super) struct NameUse {
    /// With its quotes.
    pub(super) span: Span,
    /// The key of the declaration, with its quotes.
    pub(super) declared: Span,
}

/// Keys whose values are data, in which nothing is a name.
const DATA: [&str; 5] = ["examples", "example", "const", "enum", "default"];

/// The names in a document that stand for a declaration that is there.
pub(super) fn name_uses(tree: &Tree) -> Vec<NameUse> {
    let mut found = Vec::new();
    let Some(root) = tree.root() else { return found };
    let is_v2 = root.get("asyncapi").and_then(Node::scalar).is_some_and(|it| it.starts_with('2'));
    let mut use_of = |section: &str, name: &str, span: Span| {
        let declared = root.resolve(section).and_then(|it| it.entry(name)).map(|it| it.key_span);
        found.extend(declared.filter(|it| *it != span).map(|declared| NameUse { span, declared }));
    };
    walk(root, &mut |key, value| match key {
        "servers" if is_v2 => value.items().for_each(|it| {
            if let Some(name) = it.as_str() {
                use_of("/servers", name, it.span());
            }
        }),
        "security" if is_v2 => value.items().flat_map(Node::written_entries).for_each(|it| {
            use_of("/components/securitySchemes", it.key, it.key_span);
        }),
        "discriminator" => mapped(value).for_each(|it| {
            if let Some(name) = it.as_str().filter(|it| !is_reference(it)) {
                use_of("/components/schemas", name, it.span());
            }
        }),
        _ => {}
    });
    found
}

/// The values in mappings of discriminators that are written as references.
pub(super) fn mapping_references(tree: &Tree) -> Vec<Spanned> {
    let mut found = Vec::new();
    let Some(root) = tree.root() else { return found };
    walk(root, &mut |key, value| {
        if key == "discriminator" {
            found.extend(
                mapped(value).filter(|it| it.as_str().is_some_and(is_reference)).filter_map(Spanned::of_scalar),
            );
        }
    });
    found
}

/// Whether a node is a reference in the mapping of a discriminator.
pub(super) fn is_mapping_reference(node: Node<'_>) -> bool {
    let mapping = node.parent().and_then(Node::as_entry).filter(|it| it.key == "mapping");
    let holder = mapping.and_then(|it| it.value.parent()?.as_entry());
    holder.is_some_and(|it| it.key == "discriminator") && node.as_str().is_some_and(is_reference)
}

fn mapped(discriminator: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    discriminator.get("mapping").into_iter().flat_map(Node::written_entries).map(|it| it.value)
}

fn is_reference(text: &str) -> bool {
    text.contains(['#', '/'])
}

/// Calls `visit` with every entry of a document where it is written.
fn walk<'t>(root: Node<'t>, visit: &mut impl FnMut(&str, Node<'t>)) {
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        if node.is_alias() {
            continue;
        }
        match node.kind() {
            Kind::Mapping => {
                for entry in node.written_entries().filter(|it| !DATA.contains(&it.key)) {
                    visit(entry.key, entry.value);
                    waiting.push(entry.value);
                }
            }
            Kind::Sequence => waiting.extend(node.items()),
            _ => {}
        }
    }
}
